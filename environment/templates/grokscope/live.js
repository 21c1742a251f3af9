// The page that trains: settings, the worker, and what is drawn of a run.
(function () {
  "use strict";
  const texts = JSON.parse(document.getElementById("texts").textContent);
  const RATE = 0.003;
  const MOST = 4000; // updates of a run
  const MEMORISED = 0.999;
  const at = (id) => document.getElementById(id);
  const form = at("live");
  const train = form.querySelector(".train");
  const pause = form.querySelector(".pause");
  const link = form.querySelector(".link");
  const said = form.querySelector(".said");
  const time = form.querySelector(".time");
  const SVG = "http://www.w3.org/2000/svg";

  function tell(name, values) {
    return texts[name].replace(/\{(\w+)\}/g, (all, key) => values[key]);
  }
  function percent(share) {
    const value = 100 * share;
    return (value > 0 && value < 10 ? value.toFixed(1) : Math.floor(value)) + " %";
  }
  function count(number) {
    return number === null ? texts.none : number.toLocaleString(document.documentElement.lang);
  }

  // ------------------------------------------------------------ settings

  function chosen() {
    return {
      p: Number(at("p").value),
      share: Number(at("share").value),
      decay: Number(at("decay").value),
      width: Number(at("width").value),
      seed: Math.max(0, Math.min(9999, Math.floor(Number(at("seed").value) || 0))),
      random: at("random").checked,
      rate: RATE,
      most: MOST,
    };
  }
  function address(settings) {
    const parts = ["p", "share", "decay", "width", "seed"].map((name) => name + "=" + settings[name]);
    return "#" + parts.join("&") + (settings.random ? "&random=1" : "");
  }
  function fromAddress() {
    const given = new URLSearchParams(location.hash.slice(1));
    if (!given.has("p")) return;
    for (const name of ["p", "share", "decay", "width", "seed"]) {
      const field = at(name);
      const value = given.get(name);
      const fits = field.tagName === "SELECT"
        ? Array.from(field.options).some((option) => option.value === value)
        : value !== null && value !== "" && isFinite(Number(value));
      if (fits) field.value = value; // a slider keeps it within its ends
    }
    at("random").checked = given.get("random") === "1";
    follow();
  }
  function follow() {
    const settings = chosen();
    form.querySelector("output[for=share]").textContent = settings.share.toFixed(2);
    form.querySelector("output[for=decay]").textContent = settings.decay.toFixed(1);
    at("cell").textContent =
      `var sums = ModularAddition.mod(${settings.p})${settings.random ? `.withRandomLabels(${settings.seed})` : ""};\n` +
      `var split = sums.splitMirrorsTogether(${settings.share.toFixed(2)}, ${settings.seed});\n` +
      `var shape = ModelShape.nanda2023().withDModel(${settings.width}).withDMlp(${settings.width});\n` +
      `var config = TrainingConfig.nanda2023().withShape(shape)\n` +
      `    .withLearningRate(${RATE}).withWeightDecay(${settings.decay.toFixed(1)})\n` +
      `    .withSeed(${settings.seed}).withEpochs(${MOST});\n` +
      "var run = Trainer.of(config).train(split);\nLossCurve.of(run.history()).withLogEpochs()";
  }

  // ------------------------------------------------------------ the worker

  /** Whether WebAssembly knows structures that the garbage collector keeps. */
  function hasGarbageCollection() {
    try {
      return WebAssembly.validate(
        new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 95, 1, 120, 0]));
    } catch (missing) {
      return false;
    }
  }
  function script(name, global) {
    return new Promise(function (done, failed) {
      if (window[global]) return done(window[global]);
      const element = document.createElement("script");
      element.src = document.documentElement.dataset.root + "assets/" + name;
      element.onload = () => done(window[global]);
      element.onerror = () => failed(new Error(name));
      document.head.append(element);
    });
  }
  function bytes(base64) {
    const letters = atob(base64);
    const all = new Uint8Array(letters.length);
    // a loop takes a twentieth of what Uint8Array.from with a function takes, and the page waits for it
    for (let i = 0; i < letters.length; i++) all[i] = letters.charCodeAt(i);
    return all;
  }
  async function open(plain) {
    const engine = await script("live-engine.js", "grokscopeEngine");
    const first = plain ? await script("live-fallback.js", "grokscopeFallback") : engine.runtime;
    const source = URL.createObjectURL(
      new Blob([first, "\n", engine.worker], { type: "text/javascript" }));
    const made = new Worker(source);
    await new Promise(function (done, failed) {
      made.onmessage = (event) => (event.data.ready ? done() : failed(new Error(event.data.problem)));
      made.onerror = (event) => failed(new Error(event.message));
      made.postMessage({ load: plain ? null : bytes(engine.wasm) });
    });
    return made;
  }
  let opened = null;
  /** The worker, with the engine in it; the other kind where one does not load. */
  function worker() {
    if (!opened) {
      const plain = !hasGarbageCollection() || location.search === "?engine=script";
      opened = open(plain).catch((problem) => (plain ? Promise.reject(problem) : open(true)));
      opened.then((made) => (made.onmessage = (event) => hear(event.data)),
        (problem) => (opened = null, broken(problem)));
    }
    return opened;
  }

  // ------------------------------------------------------------ one run

  let run = null;
  let runs = 0;
  let started = 0;
  let spent = 0; // milliseconds before the last pause
  let running = false;
  let latest = null; // what the worker last showed

  function seconds() {
    return (spent + (running ? performance.now() - started : 0)) / 1000;
  }
  function say(words) {
    if (said.textContent !== words) said.textContent = words;
  }
  function broken(problem) {
    running = false;
    name();
    say(tell("broken", { problem: problem.message || problem }));
  }
  function name() {
    pause.disabled = !run || (run.ended && !running);
    pause.textContent = running || !run || run.ended ? texts.pause : texts.resume;
    train.textContent = run ? texts.again : texts.train;
  }
  async function begin() {
    const settings = chosen();
    history.replaceState(null, "", address(settings));
    say(texts.loading);
    let engine;
    try {
      engine = await worker();
    } catch (problem) {
      return;
    }
    runs++;
    run = { number: runs, settings, rows: [], known: [], labels: [], byHeart: null, half: null, all: null, ended: false };
    latest = null;
    running = true;
    spent = 0;
    started = performance.now();
    for (const hand of [at("a"), at("b")]) {
      hand.max = settings.p - 1;
      hand.parentElement.querySelector(`output[for=${hand.id}]`).textContent = hand.value;
    }
    list();
    name();
    say(texts.training);
    engine.postMessage({ pair: [Number(at("a").value), Number(at("b").value)] });
    engine.postMessage({ begin: settings, number: run.number });
  }
  async function stopOrGoOn() {
    running = !running;
    if (running) started = performance.now();
    else spent += performance.now() - started;
    name();
    say(running ? texts.training : texts.paused);
    (await worker()).postMessage({ run: running });
  }

  function hear(message) {
    if (message.losses) return; // asked by a test, which listens itself
    if (message.problem) return broken(message);
    if (message.number !== run.number) return; // of the run before, on its way when this one began
    if (message.known) {
      run.known = message.known;
      run.labels = message.labels;
    } else if (message.rows) {
      message.rows.forEach(note);
      latest = message;
      requestAnimationFrame(draw);
    } else if (message.ended) {
      spent += performance.now() - started;
      running = false;
      run.ended = true;
      name();
      verdict();
      list();
    }
  }
  function note(row) {
    run.rows.push(row);
    const [epoch, , , known, strangers] = row;
    const values = { epoch: count(epoch), test: percent(strangers) };
    if (run.byHeart === null && known >= MEMORISED) {
      run.byHeart = epoch;
      if (strangers < 0.5) say(tell("memorised", values));
      list();
    }
    if (run.half === null && strangers >= 0.5) {
      run.half = epoch;
      say(tell("half", values));
      list();
    }
    if (run.all === null && strangers >= 0.99) {
      run.all = epoch;
      say(tell("understood", values));
      list();
    }
  }
  function verdict() {
    const [epoch, , , known, strangers] = run.rows[run.rows.length - 1];
    const kind = run.all !== null ? "understood" : run.byHeart !== null && strangers < 0.5 ? "never" : "neither";
    if (kind !== "understood") {
      say(tell(kind, { epoch: count(epoch), test: percent(strangers), train: percent(known) }));
    }
  }

  // ------------------------------------------------------------ pictures

  function make(parent, tag, attributes, words) {
    const element = document.createElementNS(SVG, tag);
    for (const key in attributes) element.setAttribute(key, attributes[key]);
    if (words !== undefined) element.textContent = words;
    parent.append(element);
    return element;
  }
  const LEFT = 48, RIGHT = 350, TOP = 10, BOTTOM = 172;
  const FIRST = 10;
  function across(epoch) {
    return LEFT + (RIGHT - LEFT) * Math.log(Math.max(epoch, FIRST) / FIRST) / Math.log(MOST / FIRST);
  }
  /** Axes, drawn once; and the two lines that grow. */
  function chart(svg, marks, height, labels) {
    for (const [value, words] of marks) {
      const y = BOTTOM - (BOTTOM - TOP) * height(value);
      make(svg, "path", { class: "grid", d: `M${LEFT} ${y}H${RIGHT}` });
      make(svg, "text", { x: LEFT - 5, y: y + 4, "text-anchor": "end" }, words);
    }
    for (const epoch of [10, 100, 1000]) {
      make(svg, "path", { class: "grid", d: `M${across(epoch)} ${BOTTOM}v4` });
      make(svg, "text", { x: across(epoch), y: BOTTOM + 17, "text-anchor": "middle" },
        count(epoch) + (epoch === 1000 ? " " + texts.updates : ""));
    }
    make(svg, "text", { class: "of-known", x: labels.x, y: labels.y }, "– – " + texts.knownPairs);
    make(svg, "text", { class: "of-stranger", x: labels.x, y: labels.y + 18 }, "— " + texts.strangers);
    const known = make(svg, "polyline", { class: "known" });
    const strangers = make(svg, "polyline", { class: "stranger" });
    return function (rows, ofKnown, ofStrangers) {
      for (const [line, column] of [[known, ofKnown], [strangers, ofStrangers]]) {
        line.setAttribute("points", rows.map((row) => across(row[0]).toFixed(1) + "," +
          (BOTTOM - (BOTTOM - TOP) * height(row[column])).toFixed(1)).join(" "));
      }
    };
  }
  const accuracy = chart(at("accuracy"), [[0, "0"], [0.5, "50 %"], [1, "100 %"]], (share) => share, { x: 165, y: 84 });
  const loss = chart(at("loss"), [[1e-4, "10⁻⁴"], [1e-2, "10⁻²"], [1, "1"]],
    (nats) => Math.min(1, Math.max(0, (Math.log10(nats) + 4.5) / 6)), { x: LEFT + 8, y: BOTTOM - 34 });

  const table = at("table");
  function colour(key) {
    return getComputedStyle(document.querySelector(".key." + key), "::before").backgroundColor;
  }
  function drawTable() {
    const p = run.settings.p;
    const cell = Math.max(4, Math.floor(704 / p));
    if (table.width !== p * cell) table.width = table.height = p * cell;
    const pen = table.getContext("2d");
    pen.clearRect(0, 0, table.width, table.height);
    const colours = { known: colour("known"), stranger: colour("stranger"), wrong: colour("wrong") };
    for (let i = 0; i < latest.answers.length; i++) {
      const right = latest.answers[i] === run.labels[i];
      pen.fillStyle = colours[!right ? "wrong" : run.known[i] ? "known" : "stranger"];
      pen.fillRect(Math.floor(i / p) * cell, (i % p) * cell, cell - 1, cell - 1);
    }
  }
  /** The number that stands one step of the wave after another. */
  function steps(p, k) {
    const order = [];
    for (let i = 0; i < p; i++) order[(i * k) % p] = i;
    return order;
  }
  function drawCircle() {
    const p = run.settings.p;
    const places = latest.circle;
    let largest = 0;
    for (let a = 0; a < p; a++) largest = Math.max(largest, Math.hypot(places[2 * a], places[2 * a + 1]));
    const scale = 112 / (largest || 1);
    const x = (a) => (scale * places[2 * a]).toFixed(1);
    const y = (a) => (-scale * places[2 * a + 1]).toFixed(1);
    const svg = at("circle");
    svg.replaceChildren();
    make(svg, "path", { class: "path",
      d: "M" + steps(p, latest.strongest).map((a) => x(a) + " " + y(a)).join("L") + "Z" });
    for (let a = 0; a < p; a++) make(svg, "text", { class: "number", x: x(a), y: y(a) }, String(a));
    at("circle-how").textContent = tell("circleHow", {
      last: p - 1, k: latest.strongest, share: percent(latest.shares[latest.strongest - 1]) });
  }
  function drawClock() {
    const p = run.settings.p;
    const k = latest.strongest;
    const [a, b] = latest.pair;
    const svg = at("clock");
    svg.replaceChildren();
    make(svg, "circle", { class: "grid", r: 78 });
    const lowest = Math.min(...latest.scores);
    const highest = Math.max(...latest.scores);
    const best = latest.scores.indexOf(highest);
    const angle = (number) => (2 * Math.PI * ((k * number) % p)) / p - Math.PI / 2;
    const point = (number, r) => `${(r * Math.cos(angle(number))).toFixed(1)} ${(r * Math.sin(angle(number))).toFixed(1)}`;
    for (let c = 0; c < p; c++) {
      const length = 26 * Math.pow((latest.scores[c] - lowest) / (highest - lowest || 1), 2);
      make(svg, "path", { class: "score" + (c === best ? " best" : ""),
        d: `M${point(c, 84)}L${point(c, 84 + length)}` });
      const [x, y] = point(c, 68).split(" ");
      make(svg, "text", { class: "number", x, y }, String(c));
    }
    make(svg, "path", { class: "hand a", d: `M0 0L${point(a, 44)}` });
    make(svg, "path", { class: "hand b", d: `M0 0L${point(a + b, 56)}` });
    at("clock-how").textContent = tell("says", { a, b, answer: best, label: run.labels[a * p + b] }) +
      " " + tell("clockHow", { k });
  }
  function draw() {
    if (!run || !latest || !run.labels.length || !run.rows.length) return;
    accuracy(run.rows, 3, 4);
    loss(run.rows, 1, 2);
    drawTable();
    drawCircle();
    drawClock();
    const last = run.rows[run.rows.length - 1];
    time.textContent = tell("clockTime", { epoch: count(last[0]), seconds: seconds().toFixed(1) });
  }

  // ------------------------------------------------------------ fates

  const past = [];
  function list() {
    if (!past.includes(run)) past.unshift(run);
    const body = document.querySelector(".fates tbody");
    body.replaceChildren(...past.map(function (one) {
      const settings = one.settings;
      const line = document.createElement("tr");
      const words = document.createElement("td");
      const anchor = document.createElement("a");
      anchor.href = address(settings);
      anchor.textContent = `p ${settings.p}, ${settings.share.toFixed(2)}, λ ${settings.decay.toFixed(1)}, ` +
        `${settings.width}, #${settings.seed}${settings.random ? ", " + texts.inRandom : ""}`;
      words.append(anchor);
      line.append(words);
      const last = one.rows[one.rows.length - 1];
      for (const value of [count(one.byHeart), count(one.half), count(one.all),
        last && one.ended ? percent(last[4]) : "…"]) {
        line.append(Object.assign(document.createElement("td"), { textContent: value }));
      }
      return line;
    }));
  }

  // ------------------------------------------------------------ what a reader does

  form.addEventListener("submit", function (event) {
    event.preventDefault();
    begin();
  });
  form.addEventListener("input", follow);
  pause.addEventListener("click", stopOrGoOn);
  link.addEventListener("click", async function () {
    const url = location.href.split("#")[0] + address(chosen());
    history.replaceState(null, "", address(chosen()));
    try {
      await navigator.clipboard.writeText(url);
      link.textContent = texts.copied;
      setTimeout(() => (link.textContent = texts.link), 1500);
    } catch (refused) {
      say(url);
    }
  });
  for (const id of ["a", "b"]) {
    at(id).addEventListener("input", async function () {
      at(id).parentElement.querySelector(`output[for=${id}]`).textContent = at(id).value;
      if (run) (await worker()).postMessage({ pair: [Number(at("a").value), Number(at("b").value)] });
    });
  }
  window.addEventListener("hashchange", fromAddress);
  document.addEventListener("grokscope-theme", draw);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
  follow();
  fromAddress();
  window.grokscopeLive = { open, texts }; // the test of the engine opens one of its own
})();
