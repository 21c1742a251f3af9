// Draws every figure of the page from the JSON that stands beside its place, anew when the page
// becomes narrow or wide, for figures that have other settings there (layout.meta.narrow).
(function () {
  "use strict";
  const narrow = window.matchMedia("(max-width: 640px)");
  function isObject(value) {
    return value !== null && typeof value === "object" && !Array.isArray(value);
  }
  function laidOnto(base, over) {
    const result = Object.assign({}, base);
    for (const [key, value] of Object.entries(over)) {
      result[key] = isObject(value) && isObject(base[key]) ? laidOnto(base[key], value) : value;
    }
    return result;
  }
  function draw(figure) {
    const place = figure.querySelector(".drawing");
    const value = JSON.parse(figure.querySelector("script").textContent);
    const other = narrow.matches && value.layout && value.layout.meta && value.layout.meta.narrow;
    const layout = laidOnto(laidOnto(value.layout || {}, other || {}), { autosize: true });
    delete layout.width; // as wide as the page lets it be
    if (layout.height) place.style.height = layout.height + "px";
    const config = Object.assign({ displaylogo: false }, value.config, { responsive: true });
    if (narrow.matches) config.displayModeBar = false; // it would lie on the title
    return Plotly.newPlot(place, {
      data: value.data,
      layout: layout,
      config: config,
      frames: value.frames,
    });
  }
  function drawAll() {
    window.grokscopeDrawn = Promise.all(Array.from(document.querySelectorAll(".figure"), draw));
  }
  narrow.addEventListener("change", drawAll);
  drawAll();
})();
