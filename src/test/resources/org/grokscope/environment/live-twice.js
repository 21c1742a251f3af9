// Two runs in one worker, the second begun while the first trains: what the worker told, in order.
async (asked) => {
  const worker = await window.grokscopeLive.open(false);
  const told = await new Promise((resolve, reject) => {
    const all = [];
    worker.onmessage = ({ data }) => {
      if (data.problem) return reject(new Error(data.problem));
      const kind = data.known ? "known" : data.rows ? "rows" : "ended";
      all.push({ number: data.number, kind, epochs: (data.rows || []).map((row) => row[0]) });
      if (all.length === 2) worker.postMessage({ begin: asked.settings, number: 2 });
      if (kind === "ended" && data.number === 2) setTimeout(() => resolve(all), 300);
    };
    worker.postMessage({ begin: { ...asked.settings, most: 1000000 }, number: 1 });
  });
  worker.terminate();
  return told;
};
