// How many figures the page has a place for, and how many of them are drawn.
(async () => {
  const places = Array.from(document.querySelectorAll("figure.figure"));
  try {
    if (window.grokscopeFigures) await window.grokscopeFigures.drawAll();
  } catch (error) {
    console.error(String(error));
  }
  const isSeen = (element) => {
    const box = element.getBoundingClientRect();
    return box.width > 1 && box.height > 1;
  };
  // the layers of traces: not the axes, the grid, the title or the legend
  const marks = ".mlayer path, .mlayer image, .mlayer text, .pielayer path";
  function isDrawn(place) {
    const figure = place.querySelector(".js-plotly-plot");
    const frame = figure && figure.querySelector("svg.main-svg");
    if (!frame || !isSeen(frame) || frame.childElementCount === 0) return false;
    const wanted = JSON.parse(place.querySelector("script").textContent).data.length;
    if (wanted === 0 || !figure.data || figure.data.length !== wanted) return false;
    if (figure.querySelector(".no-webgl")) return false;
    const canvases = figure.querySelectorAll(".gl-container canvas, canvas.gl-canvas");
    return Array.from(canvases).some(isSeen) || figure.querySelectorAll(marks).length > 0;
  }
  return { figures: places.length, drawn: places.filter(isDrawn).length };
})();
