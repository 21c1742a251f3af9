// How many figures the page has a place for, and how many of them are drawn.
(async () => {
  const places = Array.from(document.querySelectorAll("figure.figure"));
  await window.grokscopeDrawn;
  const isSeen = (element) => {
    const box = element.getBoundingClientRect();
    return box.width > 1 && box.height > 1;
  };
  const marks = [
    ".plot path", ".plot image", ".heatmaplayer image", ".imagelayer image", ".pielayer path",
    ".contour path", ".polar path", ".barlayer path", ".boxlayer path", ".violinlayer path",
  ].join(", ");
  function isDrawn(place) {
    const figure = place.querySelector(".js-plotly-plot");
    const frame = figure && figure.querySelector("svg.main-svg");
    if (!frame || !isSeen(frame) || frame.childElementCount === 0) return false;
    const wanted = JSON.parse(place.querySelector("script").textContent).data.length;
    if (wanted === 0 || !figure.data || figure.data.length !== wanted) return false;
    if (figure.querySelector(".no-webgl")) return false;
    const canvases = figure.querySelectorAll(".gl-container canvas");
    return Array.from(canvases).some(isSeen) || figure.querySelectorAll(marks).length > 0;
  }
  return { figures: places.length, drawn: places.filter(isDrawn).length };
})();
