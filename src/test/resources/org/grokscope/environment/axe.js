// What axe finds on the page of an impact that shuts readers out; of some rules alone, if named.
// The drawings themselves, which the captions stand for, are put away while it looks: they have
// thousands of elements, and it measures each.
async (rules) => {
  const options = { resultTypes: ["violations"], preload: false }; // no style sheet from a disk
  if (rules.length > 0) options.runOnly = { type: "rule", values: rules };
  const away = document.createElement("style");
  away.textContent = ".main-svg, .gl-container { display: none !important }";
  document.head.append(away);
  const found = await axe.run(document, options);
  away.remove();
  return found.violations
    .filter((rule) => ["serious", "critical"].includes(rule.impact))
    .flatMap((rule) =>
      rule.nodes.slice(0, 5).map(
        (node) => rule.id + ": " + node.target + " " + node.html.slice(0, 150) + " " +
          node.any.concat(node.all).map((check) => check.message).join("; ").slice(0, 300)
      )
    );
}
