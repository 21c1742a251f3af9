"""What the two peers of `grokscope bench`, PyTorch's and JAX's process, have in common.

Each reads one request a line and answers it by one line of JSON:

  info                     versions, threads and libraries
  NAME N                   N training steps of a form of the model; milliseconds of each
  losses NAME N            the training losses before the first N updates, from the initial weights
                           again
  quit                     ends, as the end of input does

A request that cannot be served is answered by {"error": ...}.

Three forms of one model (one layer, no LayerNorm, ReLU) differ in how much they compute:

  published   all three positions, einsum over batch and position, as the code published with
              Nanda et al. (2023) does
  last        queries, MLP and logits at the last position only, the one that the loss reads, and
              everything as plain matrix products
  factorised  with the algebra of our own fast path, as far as it pays without kernels of one's
              own: one query for all, scores and values from tables of tokens, W_O W_in and
              W_out W_U multiplied first. A table of whole rows of neurons, as our path has it, was
              three times slower in eager PyTorch, which stores every row that it adds up

All keep weights as the checkpoint has them, inputs first. The published code has outputs first,
which was slower; the comparison takes the faster one. line-MODE is a model that breaks lines, of
each file given by --line: dense attention under a mask that each layer makes from the tokens,
a log-softmax in float32 with a weight a position, the gradient clipped, AdamW with two groups. Its
batches are made beforehand and taken in turn.
"""

import argparse
import json
import re
import sys
import time
import zipfile

try:
    import numpy as np
except ImportError as missing:
    sys.exit(f"bench: {missing} in this Python; "
             "environment/requirements-bench.txt lists what bench needs")

LEARNING_RATE = 1e-3
WEIGHT_DECAY = 1.0
BETAS = (0.9, 0.98)
RAMP = 10  # updates until the learning rate is whole; the very first has none
POSITIONS = 3  # a, b, =
MASKED = 1e10  # taken off the scores that the causal mask forbids
WARM_UP_STEPS = 3
MOST_STEPS = 1_000_000  # of one request

# Axes by name: t tokens, c positions, d residual, i heads, h head width, m neurons, o outputs.
SHAPES = {
    "W_E": "td", "W_pos": "cd",
    "W_Q": "idh", "W_K": "idh", "W_V": "idh", "W_O": "ihd",
    "W_in": "dm", "b_in": "m", "W_out": "md", "b_out": "d",
    "W_U": "do",
}

LINE_BETAS = (0.9, 0.98)  # of the recipe, as are the following
LINE_WARM_UP = 100
LINE_CLIP = 1.0
LINE_DECAY = 0.01  # of the matrices of attention and MLP, nothing else
NORM_EPSILON = 1e-5


class Refused(Exception):
    """What was given cannot be worked with; the text says why."""


def rate(updates):
    """The learning rate of the next update."""
    return LEARNING_RATE * min(updates / RAMP, 1)


def line_rate(config, updates):
    """The same of a model that breaks lines."""
    steps = config["steps"]
    falling = 1 if updates < steps / 2 else max(0.02, 2 * (1 - updates / steps))
    return config["learningRate"] * min(1, (updates + 1) / LINE_WARM_UP) * falling


def decays(name):
    """Whether a weight of a model that breaks lines decays."""
    return ".W_" in name


# ---------------------------------------------------------------- what it is given


def read_batch(path):
    """The modulus, the tokens a, b, = (n, 3) and the labels (n,)."""
    try:
        with open(path, encoding="utf-8") as file:
            data = json.load(file)
    except (OSError, ValueError) as error:
        raise Refused(f"--data {path}: {error}") from error
    p = data.get("p") if isinstance(data, dict) else None
    if type(p) is not int or p < 2:
        raise Refused(f"--data {path}: p is {p!r}, expected a whole number of at least 2")
    listed = data.get("train_rows")
    if not isinstance(listed, list) or not listed:
        raise Refused(f"--data {path}: no train_rows, expected a list of a·p + b")
    for row in listed:
        if type(row) is not int or not 0 <= row < p * p:
            raise Refused(f"--data {path}: train_rows has {row!r}, expected 0 to {p * p - 1}")
    rows = np.array(listed)
    a, b = rows // p, rows % p
    return p, (np.stack([a, b, np.full_like(a, p)], axis=1), (a + b) % p)


def read_weights(path, p):
    try:
        if not zipfile.is_zipfile(path):
            with open(path, "rb"):  # one that is not there says so itself
                raise Refused(f"--weights {path}: no .npz file")
        with np.load(path, allow_pickle=False) as file:
            missing = [name for name in SHAPES if name not in file]
            if missing:
                raise Refused(f"--weights {path}: no {', '.join(missing)}")
            arrays = {name: file[name] for name in SHAPES}
    except Refused:
        raise
    except Exception as error:  # of zip, of NumPy, of the file system
        raise Refused(f"--weights {path}: {error}") from error
    require_shapes(path, arrays, {"t": p + 1, "c": POSITIONS, "o": p + 1})
    return {name: np.array(array, dtype=np.float32, order="C") for name, array in arrays.items()}


def require_shapes(path, arrays, sizes):
    """Axes of one name have one size; the first array that has an axis sets it."""
    for name, axes in SHAPES.items():
        shape = arrays[name].shape
        if len(shape) == len(axes):
            for axis, size in zip(axes, shape):
                sizes.setdefault(axis, size)
        expected = tuple(sizes.get(axis, "any") for axis in axes)
        if shape != expected:
            raise Refused(f"--weights {path}: {name} has the shape {text(shape)}, "
                          f"expected {text(expected)}")
        if not np.isfinite(arrays[name]).all():
            raise Refused(f"--weights {path}: {name} has entries that are not finite")


def read_line(path):
    """The mode, and what trains its model: configuration, initial weights, batches."""
    try:
        with open(path, encoding="utf-8") as file:
            data = json.load(file)
        with np.load(data["weights"], allow_pickle=False) as file:
            arrays = {name: file[name] for name in data["parameters"]}
        weights = {name: np.array(array, dtype=np.float32, order="C")
                   for name, array in arrays.items()}
        batches = [
            (np.array(batch["tokens"]).reshape(-1, data["length"]),
             np.array(batch["targets"]),
             np.array(batch["weights"], dtype=np.float32))
            for batch in data["batches"]]
        return data["mode"], (data, weights, batches)
    except KeyError as error:
        raise Refused(f"--line {path}: no {error}") from error
    except Exception as error:  # of zip, of NumPy, of the file system, of JSON
        raise Refused(f"--line {path}: {error}") from error


def text(shape):
    return "[" + ", ".join(map(str, shape)) + "]"


def thread_count(given):
    if not re.fullmatch("[0-9]{1,4}", given) or int(given) < 1:
        raise argparse.ArgumentTypeError(f"got '{given}', expected a whole number of at least 1")
    return int(given)


# ---------------------------------------------------------------- one line in, one line out


class Worker:
    """Answers requests; a training goes on from one request to the next."""

    def __init__(self, begin, info):
        """begin: what starts each training, by name; info: what tells versions and libraries."""
        self.begin = begin
        self.info = info
        self.trainings = {}

    def answer(self, line):
        match line.split():
            case ["info"]:
                return self.info()
            case ["losses", name, count] if name in self.begin:
                training = self.begin[name]()
                return [training.step() for _ in range(steps(count))]
            case [name, count] if name in self.begin:
                number = steps(count)
                training = self.warm(name)
                return [milliseconds(training.step) for _ in range(number)]
        forms = ", ".join(f"{name} N, losses {name} N" for name in self.begin)
        raise Refused(f"request: got '{line}', expected info, {forms} or quit")

    def warm(self, name):
        if name not in self.trainings:
            training = self.begin[name]()
            for _ in range(WARM_UP_STEPS):
                training.step()
            self.trainings[name] = training
        return self.trainings[name]

    def reply(self, line):
        """One line of JSON, whatever happens."""
        try:
            return json.dumps(self.answer(line), allow_nan=False)
        except Refused as error:
            return json.dumps({"error": str(error)})
        except Exception as error:  # such as no memory left: the one who asked has to know
            return json.dumps({"error": f"'{line}': {type(error).__name__}: {error}"})


def milliseconds(step):
    start = time.perf_counter()
    step()
    return (time.perf_counter() - start) * 1e3


def steps(text):
    if not re.fullmatch("[0-9]{1,7}", text) or not 1 <= int(text) <= MOST_STEPS:
        raise Refused(f"steps: got '{text}', expected a whole number from 1 to {MOST_STEPS}")
    return int(text)


def read_arguments(description):
    parser = argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--threads", type=thread_count, required=True, metavar="N",
                        help="threads that it may use")
    parser.add_argument("--data", required=True, metavar="FILE",
                        help="JSON object with p and train_rows, a list of a·p + b")
    parser.add_argument("--weights", required=True, metavar="FILE",
                        help="checkpoint (.npz) with the initial weights")
    parser.add_argument("--line", action="append", default=[], metavar="FILE",
                        help="JSON object with a model that breaks lines: mode, layers, newline, "
                             "labels, length, learningRate, steps, parameters (names), weights "
                             "(file), batches of tokens, targets, weights; may be repeated")
    return parser.parse_args()


def serve(name, description, trainings, info):
    """
    The whole process.

    trainings: from the threads, the weights, the batch and the line models' descriptions to what
    starts each training, by name
    """
    try:
        arguments = read_arguments(description)
        try:
            p, batch = read_batch(arguments.data)
            lines = dict(read_line(path) for path in arguments.line)
            weights = read_weights(arguments.weights, p)
            worker = Worker(trainings(arguments.threads, weights, batch, lines), info)
        except Refused as error:
            sys.exit(f"{name}: {error}")
        for line in sys.stdin:
            request = line.strip()
            if request == "quit":
                break
            print(worker.reply(request), flush=True)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:  # nobody listens any more
        sys.stderr.close()
        sys.exit(1)
