// The static pictures that stand on a page whose scripts do not run, once they are decoded.
(async () => {
  const pictures = Array.from(document.querySelectorAll("figure.figure img"));
  await Promise.all(pictures.map((picture) => picture.decode()));
  return pictures.map((picture) => ({
    width: picture.naturalWidth,
    height: picture.naturalHeight,
    seen: picture.getBoundingClientRect().width > 1,
    text: picture.alt,
  }));
})();
