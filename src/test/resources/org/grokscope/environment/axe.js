// What axe finds within a part of the page of an impact that shuts readers out; of some rules alone,
// if named. It looks at every element of a page, which takes long. So two things are taken out
// meanwhile: the drawings, which the captions stand for; and the marks around words of code, of which
// one of each ink on each ground stays. The words themselves remain.
async ({ within, rules }) => {
  const options = { resultTypes: ["violations"], preload: false }; // no style sheet from a disk
  if (rules.length > 0) options.runOnly = { type: "rule", values: rules };
  const grounds = new Map();
  function groundOf(element) {
    if (!element) return "";
    if (!grounds.has(element)) {
      const own = getComputedStyle(element).backgroundColor;
      grounds.set(element, own === "rgba(0, 0, 0, 0)" ? groundOf(element.parentElement) : own);
    }
    return grounds.get(element);
  }
  const inks = new Set();
  const repeated = Array.from(document.querySelectorAll(".highlight span")).filter((word) => {
    if (word.childElementCount > 0) return false;
    if (word.textContent.length < 2) return true; // too short for it to judge
    if (!word.checkVisibility()) return true;
    const { color, opacity, fontSize, fontWeight } = getComputedStyle(word);
    const ink = [color, opacity, fontSize, fontWeight, groundOf(word)].join();
    const isKnown = inks.has(ink);
    inks.add(ink);
    return isKnown;
  });
  const drawings = Array.from(document.querySelectorAll(".main-svg, .gl-container"));
  const takenOut = [
    ...drawings.map((drawing) => [drawing, document.createTextNode("")]),
    ...repeated.map((word) => [word, document.createTextNode(word.textContent)]),
  ];
  takenOut.forEach(([element, instead]) => element.replaceWith(instead));
  const found = await axe.run(within, options);
  takenOut.forEach(([element, instead]) => instead.replaceWith(element));
  return found.violations
    .filter((rule) => ["serious", "critical"].includes(rule.impact))
    .flatMap((rule) =>
      rule.nodes.slice(0, 5).map(
        (node) => rule.id + ": " + node.target + " " + node.html.slice(0, 150) + " " +
          node.any.concat(node.all).map((check) => check.message).join("; ").slice(0, 300)
      )
    );
}
