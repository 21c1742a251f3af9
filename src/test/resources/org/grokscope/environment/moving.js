// The spaces and sliders of a page; with a number, where one of them is and what it shows. Asked again,
// once its last move is drawn: a slider says when, and a space is looked at until it shows something
// else than before, for five seconds at most. Where it is, is told once it stays there: figures above
// that are drawn late push it down.
async (number) => {
  const sliders = Array.from(document.querySelectorAll(".slider-rail-touch-rect"));
  const spaces = Array.from(document.querySelectorAll(".gl-container canvas"));
  const parts = spaces.concat(sliders);
  if (number === null) return { sliders: sliders.length, spaces: spaces.length };
  const part = parts[number];
  const plot = part.closest(".js-plotly-plot");
  const twoFrames = () =>
    new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  part.scrollIntoView({ block: "center", behavior: "instant" });
  if (sliders.includes(part)) {
    const moves = (window.grokscopeMoves = window.grokscopeMoves || []);
    await moves[number];
    moves[number] = new Promise((resolve) => plot.once("plotly_animated", resolve));
  }
  const scene = part.parentElement.id; // scene, scene2
  const shown = () =>
    sliders.includes(part)
      ? JSON.stringify(plot.data.map((trace) => [trace.x, trace.y, trace.z]))
      : JSON.stringify(plot._fullLayout[scene]._scene.getCamera().eye);
  const before = (window.grokscopeShown = window.grokscopeShown || []);
  const end = performance.now() + 5_000;
  do {
    await twoFrames();
  } while (spaces.includes(part) && shown() === before[number] && performance.now() < end);
  before[number] = shown();
  let box = part.getBoundingClientRect();
  for (let still = 0; still < 10; still++) {
    await twoFrames();
    const next = part.getBoundingClientRect();
    if (next.top !== box.top || next.left !== box.left) {
      part.scrollIntoView({ block: "center", behavior: "instant" });
      still = -1;
    }
    box = part.getBoundingClientRect();
  }
  return {
    left: box.left,
    top: box.top,
    width: box.width,
    height: box.height,
    shows: before[number],
  };
}
