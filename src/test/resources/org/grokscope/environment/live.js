// The engine of live.html in a worker of its own: the training losses of the first updates.
async (asked) => {
  const worker = await window.grokscopeLive.open(asked.script);
  const losses = await new Promise((resolve, reject) => {
    worker.onmessage = (event) => {
      if (event.data.losses) resolve(event.data.losses);
      if (event.data.problem) reject(new Error(event.data.problem));
    };
    worker.postMessage({ losses: asked.settings, updates: asked.updates });
  });
  worker.terminate();
  return losses;
};
