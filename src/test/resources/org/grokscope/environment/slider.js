// What the page's first figure with a slider shows, once the slider's last move is drawn; and where
// its rail is. Whoever moves the slider next finds the move awaited here.
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
  const drawn = (layer, trace, mark) =>
    Array.from(
      place.querySelectorAll(layer + " .trace")[trace].querySelectorAll(mark),
      (element) => element.getBoundingClientRect()
    );
  return {
    label: place.querySelector(".slider-container text").textContent, // the current value is first
    rail: { left: box.left, top: box.top, width: box.width, height: box.height },
    // the key frequencies' bars, and the tokens on the circle
    bars: drawn(".barlayer", 1, ".point path").map((mark) => mark.height),
    points: drawn(".scatterlayer", 0, ".points path").map(
      (mark) => mark.top + mark.height / 2 - box.top
    ),
  };
})();
