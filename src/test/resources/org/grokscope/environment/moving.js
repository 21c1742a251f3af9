// The spaces and sliders of a page; with a number, where one of them is and what it shows, once its
// last move is drawn.
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
  await twoFrames();
  const box = part.getBoundingClientRect();
  const scene = part.parentElement.id; // scene, scene2
  return {
    left: box.left,
    top: box.top,
    width: box.width,
    height: box.height,
    shows: sliders.includes(part)
      ? JSON.stringify(plot.data.map((trace) => [trace.x, trace.y, trace.z]))
      : JSON.stringify(plot._fullLayout[scene]._scene.getCamera().eye),
  };
}
