// The colours of a figure by night. What has a hue keeps it: a series is the same by day and by
// night. Greys change sides, ink for ground; what is too dark for the ground becomes lighter.
(function () {
  "use strict";
  const GROUND = [21, 27, 35]; // of site.css
  const INK = [223, 230, 238];
  const NOT_COLOURS = new Set(["x", "y", "z", "customdata", "text", "meta", "template", "args"]);
  // what Plotly takes where a figure says nothing
  const UNSAID = {
    font: { color: "#444444" },
    axis: { tickcolor: "#444444", linecolor: "#444444", zerolinecolor: "#444444" },
    slider: { bgcolor: "#F8FAFC", bordercolor: "#BEC8D9", tickcolor: "#333333" },
    menu: { bgcolor: "#FFFFFF", bordercolor: "#BEC8D9" },
  };

  function parts(colour) {
    const hex = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(colour);
    if (hex) return { rgb: hex.slice(1).map((pair) => parseInt(pair, 16)), alpha: "" };
    const named = /^rgba?\(\s*([\d.]+)\s*,\s*([\d.]+)\s*,\s*([\d.]+)\s*(?:,\s*([\d.]+)\s*)?\)$/.exec(colour);
    return named && { rgb: named.slice(1, 4).map(Number), alpha: named[4] || "" };
  }
  function written(rgb, alpha) {
    const whole = rgb.map(Math.round).join(", ");
    return alpha ? `rgba(${whole}, ${alpha})` : `rgb(${whole})`;
  }
  function light(rgb) {
    const linear = rgb.map((part) =>
      part <= 10 ? part / 3294.6 : Math.pow((part / 255 + 0.055) / 1.055, 2.4)
    );
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
  }
  function between(from, to, share) {
    return from.map((part, i) => part + share * (to[i] - part));
  }

  /** A colour by night; text needs more light than lines do. */
  function byNight(colour, isText) {
    const given = parts(colour);
    if (!given) return colour;
    const rgb = given.rgb;
    const most = Math.max(...rgb);
    const hue = most - Math.min(...rgb);
    if (hue > 5 && Math.min(...rgb) > 215) {
      // a tint for the ground behind curves
      const pure = rgb.map((part) => (255 * (part - most + hue)) / hue);
      return written(between(GROUND, pure, 0.14), given.alpha);
    }
    if (hue < 16) return written(between(INK, GROUND, most / 255), given.alpha);
    let lighter = rgb;
    for (let share = 0; light(lighter) < (isText ? 0.27 : 0.14); share += 0.05) {
      lighter = between(rgb, [255, 255, 255], share);
    }
    return written(lighter, given.alpha);
  }

  /** Whether a value is a list of numbers; a step of a colour scale, [0.3, "#0072B2"], is none. */
  function isNumbers(value) {
    return typeof value[0] === "number" && typeof value[1] !== "string";
  }

  /** Calls back for each colour below a value: who holds it, its key, and the keys to it. */
  function eachColour(value, visit, path) {
    for (const key of Object.keys(value)) {
      if (NOT_COLOURS.has(key)) continue;
      const below = value[key];
      if (typeof below === "string") {
        if (parts(below)) visit(value, key, path.concat(key));
      } else if (below !== null && typeof below === "object" && !isNumbers(below)) {
        eachColour(below, visit, path.concat(key));
      }
    }
  }

  /** Says what Plotly would assume, so that it can be changed like everything else. */
  function sayAll(layout) {
    layout.font = Object.assign({}, UNSAID.font, layout.font);
    for (const key of Object.keys(layout)) {
      if (/^[xy]axis\d*$/.test(key)) layout[key] = Object.assign({}, UNSAID.axis, layout[key]);
      if (/^scene\d*$/.test(key)) {
        for (const letter of ["xaxis", "yaxis", "zaxis"]) {
          layout[key][letter] = Object.assign({}, UNSAID.axis, layout[key][letter]);
        }
      }
    }
    layout.sliders = (layout.sliders || []).map((slider) => Object.assign({}, UNSAID.slider, slider));
    layout.updatemenus = (layout.updatemenus || []).map((menu) => Object.assign({}, UNSAID.menu, menu));
  }

  /** The axes that heat maps lie on: their cells stay as they are, and so does what is upon them. */
  function covered(data) {
    const axes = new Set();
    for (const trace of data) {
      if (trace.type === "heatmap") axes.add(trace.xaxis || "x");
    }
    return axes;
  }

  /** Everything to set for the night, as a list of places in a figure with both their colours. */
  function coloursOf(figure) {
    const list = [];
    const heat = covered(figure.data);
    figure.data.forEach(function (trace, i) {
      if (heat.has(trace.xaxis || "x") && trace.type !== "scatter3d") return;
      eachColour(trace, (holder, key, path) => list.push({ path, day: holder[key] }), ["data", i]);
    });
    for (const key of Object.keys(figure.layout)) {
      if (NOT_COLOURS.has(key) || key === "shapes" || key === "coloraxis") continue;
      const value = figure.layout[key];
      if (typeof value === "string") {
        if (parts(value)) list.push({ path: ["layout", key], day: value });
      } else if (value !== null && typeof value === "object") {
        eachColour(value, (holder, name, path) => list.push({ path, day: holder[name] }), ["layout", key]);
      }
    }
    (figure.layout.shapes || []).forEach(function (shape, i) {
      if (heat.has(shape.xref || "x")) return;
      eachColour(shape, (holder, key, path) => list.push({ path, day: holder[key] }), ["layout", "shapes", i]);
    });
    for (const place of list) place.night = byNight(place.day, place.path.some((key) => /font$/.test(key)));
    return list;
  }

  function paint(figure, colours, isNight) {
    for (const { path, day, night } of colours) {
      let holder = figure;
      for (const key of path.slice(0, -1)) holder = holder && holder[key];
      if (holder) holder[path[path.length - 1]] = isNight ? night : day;
    }
  }

  window.grokscopeColours = { byNight, sayAll, coloursOf, paint };
})();
