// What a page in Chinese shows: words in Latin letters beside the names and titles that are given,
// letters that are in no usual Chinese font, and numbers that begin with their point.
async (names) => {
  const titles = names.filter((name) => name.includes(" "));
  const known = new Set(names.map((name) => name.toLowerCase()));
  const code = "code, pre, script, style, noscript, .source, .katex, .file, svg.modebar, dt span, a.language";
  document.querySelectorAll("details").forEach((one) => (one.open = true));
  if (window.grokscopeFigures) await window.grokscopeFigures.drawAll();
  const latin = new Set();
  const odd = new Set();
  const bare = new Set();
  let letters = 0;
  function look(text) {
    letters += (text.match(/\p{Script=Han}/gu) || []).length;
    // formulas, metrics, files and calls are code, also outside of code's own elements
    const untitled = titles.reduce((rest, title) => rest.replaceAll(title, " "), text);
    const plain = untitled.replace(/\S*[_.[(^=\\]\S*|\S*\/\S*|\b[0-9a-f]{16}\b|\b[a-z]+(-[a-z]+)+\b/g, " ");
    const words = (plain.match(/[A-Za-z]{2,}/g) || []).filter((word) => !known.has(word.toLowerCase()));
    if (words.length > 0) latin.add(words.join(" ") + " in: " + text.trim().slice(0, 90));
    for (const number of text.match(/(?<![\w.…])\.\d+/g) || []) bare.add(number + " in: " + text.trim().slice(0, 90));
    const rare = /[^\p{Script=Han}\p{Script=Latin}\p{Script=Greek}\p{P}\p{S}\p{N}\p{Z}\p{Cf}\p{M}\s\p{Script=Common}]/gu;
    for (const letter of text.match(rare) || []) odd.add(letter);
    for (const letter of text.match(/[\u{20000}-\u{3ffff}\u3400-\u4dbf]/gu) || []) odd.add(letter);
  }
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (!node.parentElement.closest(code)) look(node.data);
  }
  for (const element of document.querySelectorAll("[aria-label], [title], [alt], [placeholder]")) {
    if (element.closest(".katex, .modebar")) continue;
    for (const name of ["aria-label", "title", "alt", "placeholder"]) look(element.getAttribute(name) || "");
  }
  look(document.title);
  return {
    language: document.documentElement.lang,
    latin: Array.from(latin),
    odd: Array.from(odd),
    bare: Array.from(bare),
    letters: letters,
    marks: document.querySelectorAll(".untranslated").length,
    back: (document.querySelector("a.language[hreflang=en]") || { getAttribute: String })
      .getAttribute("href"),
  };
}
