// What axe-core finds within a part of the page of an impact that shuts readers out; of some rules
// alone, if named. It looks at every element, which takes long on a page of thousands. So contrast is
// asked about one text of each look: its ink, size and weight on its ground. And what has no words of
// its own is taken out meanwhile: the drawings, which the captions stand for, and the marks around
// words of code. The words themselves remain.
async ({ within, rules }) => {
  const CONTRAST = "color-contrast";
  const known = new Map();
  const style = (element) => getComputedStyle(element);
  // what is painted behind an element, and how much of it shines through its own
  function groundOf(element) {
    if (!element) return "";
    if (!known.has(element)) {
      const { backgroundColor, backgroundImage, opacity } = style(element);
      const isClear = backgroundColor === "rgba(0, 0, 0, 0)" && backgroundImage === "none";
      known.set(element,
        isClear && opacity === "1"
          ? groundOf(element.parentElement)
          : [backgroundColor, backgroundImage, opacity, groundOf(element.parentElement)].join("/"));
    }
    return known.get(element);
  }
  const hasWords = (element) =>
    element.matches("input, select, textarea") || Array.from(element.childNodes).some(
      (part) => part.nodeType === Node.TEXT_NODE && part.textContent.trim().length > 1); // as axe asks
  const looks = new Map();
  for (const element of document.querySelector(within).querySelectorAll("*")) {
    if (!hasWords(element) || element.closest(".main-svg, :disabled, script, style")) continue;
    if (!element.checkVisibility()) continue;
    const { color, fontSize, fontWeight, textShadow } = style(element);
    const look = [color, fontSize, fontWeight, textShadow, groundOf(element)].join();
    if (!looks.has(look)) looks.set(look, element);
  }
  const kept = new Set(looks.values());
  const drawings = Array.from(document.querySelectorAll(".main-svg, .gl-container"));
  const marks = Array.from(document.querySelectorAll(".highlight span"))
    .filter((word) => word.childElementCount === 0 && !kept.has(word));
  const takenOut = [
    ...drawings.map((drawing) => [drawing, document.createTextNode("")]),
    ...marks.map((word) => [word, document.createTextNode(word.textContent)]),
  ];
  takenOut.forEach(([element, instead]) => element.replaceWith(instead));
  const options = { resultTypes: ["violations"], preload: false }; // no style sheet from a disk
  const violations = [];
  const others = rules.filter((rule) => rule !== CONTRAST);
  if (rules.length === 0 || others.length > 0) {
    const some = others.length > 0
      ? { runOnly: { type: "rule", values: others } }
      : { rules: { [CONTRAST]: { enabled: false } } };
    violations.push(...(await axe.run(within, { ...options, ...some })).violations);
  }
  if ((rules.length === 0 || rules.includes(CONTRAST)) && kept.size > 0) {
    const contrast = { runOnly: { type: "rule", values: [CONTRAST] } };
    violations.push(...(await axe.run({ include: [...kept] }, { ...options, ...contrast })).violations);
  }
  takenOut.forEach(([element, instead]) => instead.replaceWith(element));
  return violations
    .filter((rule) => ["serious", "critical"].includes(rule.impact))
    .flatMap((rule) =>
      rule.nodes.slice(0, 5).map(
        (node) => rule.id + ": " + node.target + " " + node.html.slice(0, 150) + " " +
          node.any.concat(node.all).map((check) => check.message).join("; ").slice(0, 300)
      )
    );
}
