// Draws every figure of the page from the JSON that stands beside its place.
(function () {
  "use strict";
  function draw(figure) {
    const place = figure.querySelector(".drawing");
    const value = JSON.parse(figure.querySelector("script").textContent);
    const layout = Object.assign({}, value.layout, { autosize: true });
    delete layout.width; // as wide as the page lets it be
    const config = Object.assign({ displaylogo: false }, value.config, { responsive: true });
    return Plotly.newPlot(place, {
      data: value.data,
      layout: layout,
      config: config,
      frames: value.frames,
    });
  }
  window.grokscopeDrawn = Promise.all(Array.from(document.querySelectorAll(".figure"), draw));
})();
