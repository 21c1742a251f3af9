// What a reader may choose: the page's theme, code shown or hidden, a cell's code copied.
(function () {
  "use strict";
  const page = document.documentElement;
  const words = JSON.parse(page.dataset.words);
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
    theme.textContent = words[page.dataset.theme];
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
    folds.get(input).textContent = shown ? words.hide : words.show;
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
    folds.set(input, button(words.hide, "fold", function () {
      const shown = isShown(input);
      input.classList.toggle("hidden", shown);
      input.classList.toggle("shown", !shown);
      nameFold(input);
    }));
    const copying = button(words.copy, "copy", async function () {
      const done = await copy(input.querySelector("pre").textContent.trimEnd());
      copying.textContent = done ? words.copied : words.refused;
      setTimeout(() => (copying.textContent = words.copy), 1500);
    });
    bar.append(folds.get(input), copying);
    input.prepend(bar);
    input.classList.toggle("hidden", "folded" in input.dataset);
    nameFold(input);
  }
  const code = document.querySelector("button.code");
  function nameCode() {
    code.textContent = page.dataset.code === "shown" ? words.hideAll : words.showAll;
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

  // The same page in another language opens where the reader is.
  document.querySelectorAll("a.language").forEach((link) =>
    link.addEventListener("click", function () {
      const places = Array.from(document.querySelectorAll("main [id]"));
      const passed = places.filter((place) => place.getBoundingClientRect().top <= 80 && place.offsetParent);
      const here = passed[passed.length - 1];
      link.hash = here && window.scrollY > 0 ? here.id : "";
    })
  );

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
