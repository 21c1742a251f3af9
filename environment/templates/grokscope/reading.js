// What a reader may choose: the page's theme, code shown or hidden, a cell's code copied.
(function () {
  "use strict";
  const page = document.documentElement;
  function remember(key, value) {
    try {
      localStorage.setItem(key, value);
    } catch (closed) {
      // this page follows the choice, the next one cannot know of it
    }
  }

  const themes = ["auto", "light", "dark"];
  const theme = document.querySelector("button.theme");
  function nameTheme() {
    theme.textContent = "theme: " + page.dataset.theme;
  }
  theme.addEventListener("click", function () {
    page.dataset.theme = themes[(themes.indexOf(page.dataset.theme) + 1) % themes.length];
    remember("grokscope-theme", page.dataset.theme);
    nameTheme();
    document.dispatchEvent(new CustomEvent("grokscope-theme"));
  });
  nameTheme();

  const inputs = Array.from(document.querySelectorAll(".input"));
  const folds = new Map(); // each cell's code, and its button
  function isShown(input) {
    return input.classList.contains("shown") ||
      (page.dataset.code === "shown" && !input.classList.contains("hidden"));
  }
  function nameFold(input) {
    const shown = isShown(input);
    folds.get(input).textContent = shown ? "hide" : "show code";
    folds.get(input).setAttribute("aria-expanded", String(shown));
  }
  function button(words, name, act) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = name;
    made.textContent = words;
    made.addEventListener("click", act);
    return made;
  }
  async function copy(text) {
    try {
      await navigator.clipboard.writeText(text);
    } catch (refused) {
      // a page from a plain web server has no clipboard of its own
      const field = document.createElement("textarea");
      field.value = text;
      document.body.append(field);
      field.select();
      const done = document.execCommand("copy");
      field.remove();
      return done;
    }
    return true;
  }
  for (const input of inputs) {
    const bar = document.createElement("div");
    bar.className = "bar";
    folds.set(input, button("hide", "fold", function () {
      const shown = isShown(input);
      input.classList.toggle("hidden", shown);
      input.classList.toggle("shown", !shown);
      nameFold(input);
    }));
    const copying = button("copy", "copy", async function () {
      const done = await copy(input.querySelector("pre").textContent.trimEnd());
      copying.textContent = done ? "copied" : "not allowed here";
      setTimeout(() => (copying.textContent = "copy"), 1500);
    });
    bar.append(folds.get(input), copying);
    input.prepend(bar);
    input.classList.toggle("hidden", "folded" in input.dataset);
    nameFold(input);
  }
  const code = document.querySelector("button.code");
  function nameCode() {
    code.textContent = page.dataset.code === "shown" ? "hide code" : "show code";
  }
  if (code) {
    code.hidden = inputs.length === 0;
    code.addEventListener("click", function () {
      page.dataset.code = page.dataset.code === "shown" ? "hidden" : "shown";
      remember("grokscope-code", page.dataset.code);
      for (const input of inputs) {
        input.classList.remove("shown", "hidden");
        nameFold(input);
      }
      nameCode();
    });
    nameCode();
  }

  // on paper nothing can be unfolded
  window.addEventListener("beforeprint", function () {
    document.querySelectorAll("details.claim").forEach((claim) => (claim.open = true));
  });

  // A link to a claim or to what is folded away opens it.
  function openTarget() {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    for (let at = target; at; at = at.parentElement) {
      if (at.tagName === "DETAILS") at.open = true;
    }
    if (target && target.closest("details")) target.scrollIntoView();
  }
  window.addEventListener("hashchange", openTarget);
  openTarget();
})();
