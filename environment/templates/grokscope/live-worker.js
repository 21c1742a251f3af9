// In a worker of its own: trains in turns short enough to be stopped, and tells the page what there
// is to see. The engine is the library, compiled; all numbers come from it.
(function () {
"use strict"; // names of its own: the engine as a script puts its functions into the global ones
const TURN = 40; // milliseconds of training between two looks at the messages
const SHOWN = 250; // milliseconds between two pictures
const EVERY = 10; // updates between two measurements
const AFTERWARDS = 100; // updates more when all is understood
const UNDERSTOOD = 0.99; // share of strangers answered right

let engine;
let settings;
let pair = [0, 0];
let number; // of the run, as the page counts them
let running = false;
let chain = 0; // of turns; one goes on at a time
let epoch = 0;
let end = 0;
let rows = [];
let shown = 0;

async function load(wasm) {
  engine = wasm ? (await TeaVM.wasmGC.load(wasm)).exports : self;
}

function begin(chosen, count) {
  settings = chosen;
  number = count;
  engine.begin(settings.p, settings.share, settings.seed, settings.rate, settings.decay,
    settings.width, settings.width, settings.random);
  epoch = 0;
  end = settings.most;
  rows = [];
  postMessage({ number, known: Array.from(engine.known()), labels: Array.from(engine.labels()) });
  measure();
  show();
}

function measure() {
  const row = Array.from(engine.evaluate());
  rows.push(row);
  if (row[4] >= UNDERSTOOD) end = Math.min(end, epoch + AFTERWARDS);
}

function show() {
  const shares = Array.from(engine.spectrum());
  const strongest = shares.indexOf(Math.max(...shares)) + 1;
  postMessage({
    number, rows, shares, strongest, pair,
    circle: Array.from(engine.circle(strongest)),
    answers: Array.from(engine.answers()),
    scores: Array.from(engine.scores(pair[0], pair[1])),
  });
  rows = [];
  shown = performance.now();
}

function start() {
  running = true;
  chain++;
  turn(chain);
}

function turn(mine) {
  if (!running || mine !== chain) return;
  const start = performance.now();
  do {
    engine.step(1);
    epoch++;
    if (epoch % EVERY === 0) measure();
  } while (epoch < end && performance.now() - start < TURN);
  running = epoch < end;
  if (!running || performance.now() - shown > SHOWN) show();
  if (running) setTimeout(turn, 0, mine);
  else postMessage({ number, ended: true });
}

/** The training losses of the first updates, to be compared with those of another machine. */
function losses(chosen, updates) {
  begin(chosen);
  return Array.from({ length: updates }, () => engine.step(1));
}

self.onmessage = async function (event) {
  const asked = event.data;
  try {
    if ("load" in asked) {
      await load(asked.load);
      postMessage({ ready: true });
    } else if (asked.begin) {
      begin(asked.begin, asked.number);
      start();
    } else if (asked.pair) {
      pair = asked.pair;
      if (settings && !running) show();
    } else if (asked.losses) {
      running = false;
      postMessage({ losses: losses(asked.losses, asked.updates) });
    } else if ("run" in asked) {
      if (!asked.run) running = false;
      else if (!running && epoch < end) start();
    }
  } catch (problem) {
    running = false;
    postMessage({ problem: String((problem && problem.message) || problem), loading: "load" in asked });
  }
};
})();
