// What the lines and the points in space of the page's first figure with a slider are, once the
// slider's last move is drawn; and where its rail is. The next move is awaited as in slider.js.
(async () => {
  await window.grokscopeFigures.drawAll();
  const place = Array.from(document.querySelectorAll(".js-plotly-plot")).find((figure) =>
    figure.querySelector(".slider-container")
  );
  await window.sliderMoved;
  window.sliderMoved = new Promise((resolve) =>
    place.once("plotly_animated", () => requestAnimationFrame(() => requestAnimationFrame(resolve)))
  );
  const rail = place.querySelector(".slider-rail-touch-rect");
  rail.scrollIntoView({ block: "center", behavior: "instant" });
  const box = rail.getBoundingClientRect();
  const path = (line) => line.getAttribute("d");
  const inSpace = place.data.filter((trace) => trace.type === "scatter3d");
  return {
    label: place.querySelector(".slider-container text").textContent, // the current value is first
    rail: { left: box.left, top: box.top, width: box.width, height: box.height },
    lines: Array.from(place.querySelectorAll(".scatterlayer .js-line"), path),
    points: inSpace.map((trace) => [Array.from(trace.x), Array.from(trace.y), Array.from(trace.z)]),
  };
})();
