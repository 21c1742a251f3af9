// From where the page's first space is looked at, and where its middle is on the screen.
(async () => {
  await window.grokscopeFigures.drawAll();
  const place = document.querySelector(".js-plotly-plot");
  const canvas = place.querySelector(".gl-container canvas");
  canvas.scrollIntoView({ block: "center", behavior: "instant" });
  // two frames, so that what the mouse did is drawn
  await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  const box = canvas.getBoundingClientRect();
  return {
    eye: place._fullLayout.scene._scene.getCamera().eye,
    middle: { x: box.left + box.width / 2, y: box.top + box.height / 2 },
  };
})();
