// Draws the figures of the page from the JSON that stands beside their places, each when it comes
// near the window; anew when the page becomes narrow or wide, for figures that have other settings
// there (layout.meta.narrow); and in the colours of the theme.
(function () {
  "use strict";
  const narrow = window.matchMedia("(max-width: 640px)");
  const night = window.matchMedia("(prefers-color-scheme: dark)");
  const ink = window.grokscopeColours;
  const words = JSON.parse(document.documentElement.dataset.words).figures || {};
  const figures = Array.from(document.querySelectorAll(".figure"));
  const drawn = new Map(); // figures, and the promises of their drawings
  const colours = new WeakMap();
  function isNight() {
    const theme = document.documentElement.dataset.theme;
    return theme === "dark" || (theme !== "light" && night.matches);
  }
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
  function inLines(text, most) {
    const lines = [""];
    for (const word of text.split(" ")) {
      const last = lines.length - 1;
      if (lines[last] && lines[last].length + 1 + word.length > most) lines.push(word);
      else lines[last] = lines[last] ? lines[last] + " " + word : word;
    }
    return lines.join("<br>");
  }
  // How many pixels stand left of the drawing: numbers, or names of rows.
  function leftOf(data) {
    const names = data.flatMap((trace) => (Array.isArray(trace.y) ? trace.y : []))
      .filter((name) => typeof name === "string")
      .flatMap((name) => name.split("<br>"));
    return Math.max(80, 20 + 7 * Math.max(0, ...names.map((name) => name.length)));
  }
  // On a phone a title begins at the figure's edge and is smaller; long ones go on in a second line.
  function fitTitles(layout, width, left) {
    for (const [name, part] of [["title", layout]].concat(Object.entries(layout))) {
      const title = part && (typeof part.title === "string" ? { text: part.title } : part.title);
      if (!title || !title.text) continue;
      if (name === "title") {
        const place = { x: 8 / width, xref: "container", font: { size: 16 } };
        place.text = inLines(title.text, Math.floor((width - 16) / 9)); // letters of this size
        part.title = laidOnto(title, place);
      } else if (/^xaxis/.test(name)) {
        const span = part.domain ? part.domain[1] - part.domain[0] : 1;
        const text = inLines(title.text, Math.floor((span * (width - left)) / 8));
        part.title = laidOnto(title, { text: text });
      }
    }
  }
  async function drawNow(figure) {
    const place = figure.querySelector(".drawing");
    const value = JSON.parse(figure.querySelector("script").textContent);
    const other = narrow.matches && value.layout && value.layout.meta && value.layout.meta.narrow;
    value.layout = laidOnto(laidOnto(value.layout || {}, other || {}), { autosize: true });
    delete value.layout.width; // as wide as the page lets it be
    value.config = Object.assign({ displaylogo: false }, value.config, {
      responsive: true,
      locale: "here",
      locales: { here: { dictionary: words, format: {} } },
    });
    if (narrow.matches) {
      value.config.displayModeBar = false; // it would lie on the title
      fitTitles(value.layout, figure.clientWidth, leftOf(value.data));
    }
    ink.sayAll(value.layout);
    colours.set(figure, ink.coloursOf(value));
    ink.paint(value, colours.get(figure), isNight());
    try {
      await Plotly.newPlot(place, {
        data: value.data,
        layout: value.layout,
        config: value.config,
        frames: value.frames,
      });
    } catch (error) {
      figure.classList.add("undrawn"); // the static picture stands in
      throw error;
    }
    // its letters and ticks one by one say less than the caption does
    place.querySelectorAll("svg.main-svg").forEach((svg) => svg.setAttribute("aria-hidden", "true"));
  }
  function draw(figure) {
    if (!drawn.has(figure)) drawn.set(figure, drawNow(figure));
    return drawn.get(figure);
  }
  function repaint() {
    return Promise.all(Array.from(drawn.keys(), async function (figure) {
      await draw(figure);
      const place = figure.querySelector(".drawing");
      ink.paint(place, colours.get(figure), isNight());
      await Plotly.redraw(place);
    }));
  }

  const near = new IntersectionObserver(
    function (entries) {
      for (const entry of entries) {
        if (!entry.isIntersecting) continue;
        near.unobserve(entry.target);
        draw(entry.target);
      }
    },
    { rootMargin: "600px 0px" }
  );
  figures.forEach((figure) => near.observe(figure));
  narrow.addEventListener("change", function () {
    for (const figure of drawn.keys()) drawn.set(figure, drawNow(figure));
  });
  let painted = Promise.resolve();
  function follow() {
    painted = painted.then(repaint);
  }
  night.addEventListener("change", follow);
  document.addEventListener("grokscope-theme", follow);
  // for those who want to see all at once
  window.grokscopeFigures = {
    drawAll: () => Promise.all(figures.map(draw)),
    drawn: () => figures.map((figure) => drawn.has(figure)),
    painted: () => painted,
  };
})();
