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
    case "exponents":
      return Array.from(document.querySelectorAll("msup > mn:nth-child(2)"))
        .filter((exponent) => exponent.getBoundingClientRect().bottom <=
          exponent.parentElement.firstElementChild.getBoundingClientRect().top)
        .map((exponent) => exponent.parentElement.textContent);
    default:
      throw new Error("no such step: " + step);
  }
}
