// The field in which a reader searches the site. What it needs is loaded when it is first used, by
// scripts, since a page from a disk may fetch nothing else.
(function () {
  "use strict";
  const form = document.querySelector("form.search");
  const field = form.querySelector("input");
  const found = form.querySelector(".found");
  const said = found.querySelector("[role=status]");
  const list = found.querySelector("ol");
  const MOST = 20; // shown at a time
  let ask = null;

  function script(name) {
    return new Promise(function (resolve, reject) {
      const element = document.createElement("script");
      element.src = document.documentElement.dataset.root + "assets/" + name;
      element.addEventListener("load", resolve);
      element.addEventListener("error", () => reject(new Error(name)));
      document.head.append(element);
    });
  }
  async function load() {
    await script("minisearch.js");
    await script("finding.js");
    await script(form.dataset.index);
    return window.grokscopeFinding.read(window.grokscopeIndex);
  }
  function prepare() {
    ask = ask || load().catch(function () {
      ask = null; // the next key tries again
    });
    return ask;
  }
  function close() {
    found.classList.remove("open");
    list.replaceChildren();
    said.textContent = "";
  }
  function count(number) {
    const words = number === 0 ? "none" : number === 1 ? "one" : number <= MOST ? "many" : "more";
    return form.dataset[words].replace("{n}", number).replace("{most}", MOST);
  }
  function item(entry) {
    const line = document.createElement("li");
    const link = document.createElement("a");
    link.href = entry.address;
    link.textContent = entry.title;
    const page = document.createElement("span");
    page.textContent = entry.page;
    line.append(link, page);
    return line;
  }
  async function show() {
    const words = field.value.trim();
    const finder = await prepare();
    if (words !== field.value.trim()) return; // typed on meanwhile
    if (!words) {
      close();
      return;
    }
    const entries = finder ? finder(words) : [];
    list.replaceChildren(...entries.slice(0, MOST).map(item));
    found.classList.add("open");
    said.textContent = finder ? count(entries.length) : form.dataset.failed;
  }

  field.addEventListener("focus", prepare);
  field.addEventListener("input", show);
  form.addEventListener("submit", function (event) {
    event.preventDefault();
    const first = list.querySelector("a");
    if (first) first.click();
  });
  list.addEventListener("click", function (event) {
    if (event.target.closest("a")) close();
  });
  form.addEventListener("focusout", function (event) {
    if (event.relatedTarget && !form.contains(event.relatedTarget)) close();
  });
  document.addEventListener("pointerdown", function (event) {
    if (!form.contains(event.target)) close();
  });
  form.addEventListener("keydown", function (event) {
    if (event.key === "Escape") {
      close();
      field.focus();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const stops = [field, ...list.querySelectorAll("a")];
      const next = stops.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1);
      if (stops[next]) stops[next].focus();
      event.preventDefault();
    }
  });
  document.addEventListener("keydown", function (event) {
    const isTyping = event.target.closest("input:not([type=radio]), textarea, select, [contenteditable]");
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || isTyping) return;
    event.preventDefault();
    field.focus();
    field.select();
  });
})();
