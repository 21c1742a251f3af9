// One step of a walk through a page: what is asked for, and what was found.
async (step) => {
  const page = document.documentElement;
  const style = (element) => getComputedStyle(element);
  const twoFrames = () =>
    new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  const plots = () => Array.from(document.querySelectorAll(".js-plotly-plot"));
  const light = (colour) =>
    colour.match(/[\d.]+/g).slice(0, 3).reduce((sum, part) => sum + Number(part), 0) / 765;

  function looks() {
    return {
      theme: page.dataset.theme,
      page: light(style(document.body).backgroundColor),
      ink: light(style(document.body).color),
      figures: plots().map((plot) => ({
        ground: light(style(plot.querySelector(".main-svg")).backgroundColor),
        ink: light(style(plot.querySelector(".gtitle, .xtick text, .g-xtitle text") || plot).fill),
        traces: JSON.stringify(plot.data.map((trace) => [trace.x, trace.y, trace.z])).length,
      })),
      code: Array.from(document.querySelectorAll(".highlight .n, .highlight .kd"))
        .slice(0, 1)
        .map((word) => light(style(word).color)),
    };
  }

  // what reaches over the right edge and is not in a box that scrolls by itself
  function overhanging() {
    const isClipped = (element) => {
      for (let at = element.parentElement; at && at !== document.body; at = at.parentElement) {
        if (style(at).overflowX !== "visible" || at.tagName === "svg") return true;
      }
      return false;
    };
    return Array.from(document.body.querySelectorAll("*"))
      .filter((element) => element.getBoundingClientRect().right > innerWidth + 1)
      .filter((element) => element.checkVisibility() && !isClipped(element))
      .map((element) => element.outerHTML.slice(0, 120));
  }

  switch (step) {
    case "lazy":
      return window.grokscopeFigures ? window.grokscopeFigures.drawn() : [];
    case "scroll":
      // as a reader does, to the end
      for (const figure of document.querySelectorAll(".figure")) {
        figure.scrollIntoView({ block: "center", behavior: "instant" });
        await twoFrames();
      }
      if (!window.grokscopeFigures) return [];
      await window.grokscopeFigures.drawAll();
      return window.grokscopeFigures.drawn();
    case "opening": {
      // what a reader meets first, in heights of the window; folded as a page begins
      page.dataset.code = "shown";
      for (const input of document.querySelectorAll(".input")) {
        input.classList.remove("shown");
        input.classList.toggle("hidden", "folded" in input.dataset);
      }
      await twoFrames();
      const top = (selector) => {
        const first = Array.from(document.querySelectorAll(selector)).find((one) => one.checkVisibility());
        return first ? (first.getBoundingClientRect().top + scrollY) / innerHeight : Infinity;
      };
      const figure = top(".figure");
      return { figure: Number(figure.toFixed(2)), table: top("main table") < figure };
    }
    case "end": {
      // everything that comes while a reader scrolls to the end of the page
      for (let top = 0; top < document.body.scrollHeight; top += innerHeight / 2) {
        scrollTo({ top, behavior: "instant" });
        await twoFrames();
      }
      await document.fonts.ready;
      const pictures = Array.from(document.images).filter((one) => one.checkVisibility());
      for (let frame = 0; pictures.some((one) => !one.complete) && frame < 600; frame++) {
        await twoFrames();
      }
      scrollTo({ top: 0, behavior: "instant" });
      return { missing: pictures.filter((one) => !one.naturalWidth).length };
    }
    case "looks":
      return looks();
    case "theme":
      document.querySelector("button.theme").click();
      if (window.grokscopeFigures) await window.grokscopeFigures.painted();
      await twoFrames();
      return looks();
    case "code": {
      const codes = Array.from(document.querySelectorAll(".source"));
      const seen = () => codes.filter((code) => code.checkVisibility()).length;
      const before = seen();
      document.querySelector("button.code").click();
      const hidden = seen();
      document.querySelector("button.fold").click();
      const one = seen();
      document.querySelector("button.code").click();
      const folded = document.querySelectorAll(".input[data-folded]").length;
      return { cells: codes.length, folded, before, hidden, one, after: seen() };
    }
    case "copy": {
      const cell = document.querySelectorAll(".input");
      const last = cell[cell.length - 1];
      const button = last.querySelector("button.copy");
      button.click();
      while (button.textContent === "copy") await twoFrames();
      return {
        said: button.textContent,
        copied: await navigator.clipboard.readText(),
        code: last.querySelector("pre").innerText.trimEnd(),
      };
    }
    case "paper": {
      const seen = (selector) =>
        Array.from(document.querySelectorAll(selector)).filter((part) => part.checkVisibility());
      return {
        drawings: seen(".drawing").length,
        pictures: seen(".still").length,
        buttons: seen("button, nav").length,
        cut: seen(".source pre").filter((code) => code.scrollWidth > code.clientWidth + 1).length,
      };
    }
    case "width":
      await twoFrames();
      if (window.grokscopeFigures) await window.grokscopeFigures.drawAll();
      await twoFrames();
      return { scrolls: document.scrollingElement.scrollWidth - innerWidth, over: overhanging() };
    case "types": {
      const values = Array.from(document.querySelectorAll(".figure > script"))
        .map((script) => JSON.parse(script.textContent));
      const traces = values.flatMap((value) =>
        value.data.concat((value.frames || []).flatMap((frame) => frame.data || [])));
      return Array.from(new Set(traces.map((trace) => trace.type || "scatter")));
    }
    case "drawable":
      return Object.keys(Plotly.PlotSchema.get().traces);
    case "formulas": {
      await document.fonts.ready;
      const all = Array.from(document.querySelectorAll(".katex"));
      const wrong = [];
      const families = new Set(
        Array.from(document.fonts).filter((font) => font.status === "loaded").map((font) => font.family)
      );
      for (const formula of all) {
        const said = formula.querySelector("math");
        const drawn = formula.querySelector(".katex-html");
        const words = said ? said.textContent : formula.outerHTML.slice(0, 80);
        if (!said || !drawn || drawn.getAttribute("aria-hidden") !== "true") {
          wrong.push("a formula that is not both drawn and said: " + words);
          continue;
        }
        if (!formula.checkVisibility()) continue;
        if (drawn.getBoundingClientRect().width === 0) wrong.push("a formula of no width: " + words);
        for (const letter of drawn.querySelectorAll(".mord, .mop, .mathnormal")) {
          const family = style(letter).fontFamily.split(",")[0];
          if (!families.has(family)) wrong.push(family + " is not there for " + words);
        }
        // cos w, not cosw
        for (const name of drawn.querySelectorAll(".mop:not(.mop .mop)")) {
          const next = name.nextElementSibling;
          if (!next || next.matches(".mopen, .mclose, .mpunct")) continue;
          const space = next.matches(".mspace") ? parseFloat(style(next).marginRight) : 0;
          if (!(space > 1)) wrong.push("no space after " + name.textContent + " in " + words);
        }
      }
      return { formulas: all.length, wrong: Array.from(new Set(wrong)) };
    }
    case "found":
    case "searched": {
      const form = document.querySelector("form.search");
      const field = form.querySelector("input");
      const said = form.querySelector("[role=status]");
      for (let frame = 0; step === "searched" && !said.textContent && frame < 600; frame++) {
        await twoFrames();
      }
      return {
        inField: document.activeElement === field,
        active: document.activeElement.textContent,
        said: said.textContent,
        links: Array.from(form.querySelectorAll("li a"), (link) => link.textContent),
      };
    }
    case "here":
      return { address: location.href, text: document.body ? document.body.textContent : "" };
    case "target": {
      await twoFrames();
      const isSeen = () => {
        const target = document.getElementById(location.hash.slice(1));
        const inside = target && target.querySelector("td, th");
        return Boolean(inside && inside.checkVisibility());
      };
      for (let frame = 0; !isSeen() && frame < 600; frame++) await twoFrames(); // a page may still load
      return { hash: location.hash, visible: isSeen() };
    }
    case "clear":
      document.querySelector("form.search input").value = "";
      return null;
    case "addresses":
      return Object.values(grokscopeIndex.storedFields).map((entry) => entry.address);
    default:
      throw new Error("no such step: " + step);
  }
}
