"""The PyTorch side of `grokscope bench`: trains the same model on request, step by step.

Reads one request a line and answers each by one line of JSON:

  info                     versions, threads and libraries
  published N, last N      N training steps; milliseconds of each
  losses published N       the training losses before the first N updates, from the
  losses last N            initial weights again
  quit                     ends, as the end of input does

A request that cannot be served is answered by {"error": ...}.

Two variants of one model (one layer, no LayerNorm, ReLU), which differ in how much they compute:

  published   all three positions, einsum over batch and position, as the code published with
              Nanda et al. (2023) does
  last        queries, MLP and logits at the last position only, the one that the loss reads, and
              everything as plain matrix products: about as fast as eager PyTorch gets without
              changing the algebra

Both keep weights as the checkpoint has them, inputs first. The published code has outputs first,
which was slower here; the comparison takes the faster one.
"""

import argparse
import json
import math
import re
import sys
import time
import zipfile

try:
    import numpy as np
    import torch
    import torch.nn.functional as F
except ImportError as missing:
    sys.exit(f"torch_baseline: {missing} in this Python; "
             "environment/requirements-bench.txt lists what bench needs")

LEARNING_RATE = 1e-3
WEIGHT_DECAY = 1.0
BETAS = (0.9, 0.98)
RAMP = 10  # updates until the learning rate is whole; the very first has none
POSITIONS = 3  # a, b, =
WARM_UP_STEPS = 3
MOST_STEPS = 1_000_000  # of one request
MASKED = 1e10  # taken off the scores that the causal mask forbids

# Axes by name: t tokens, c positions, d residual, i heads, h head width, m neurons, o outputs.
SHAPES = {
    "W_E": "td", "W_pos": "cd",
    "W_Q": "idh", "W_K": "idh", "W_V": "idh", "W_O": "ihd",
    "W_in": "dm", "b_in": "m", "W_out": "md", "b_out": "d",
    "W_U": "do",
}


class Refused(Exception):
    """What was given cannot be worked with; the text says why."""


# ---------------------------------------------------------------- the two ways to compute the logits


def published_logits(w, tokens):
    """Logits (n, 3, outputs), of which the loss reads the last position's."""
    heads, _, width = w["W_Q"].shape
    x = w["W_E"][tokens] + w["W_pos"]  # (n, 3, d)
    q = torch.einsum("bpd,idh->biph", x, w["W_Q"])
    k = torch.einsum("bpd,idh->biph", x, w["W_K"])
    v = torch.einsum("bpd,idh->biph", x, w["W_V"])
    scores = torch.einsum("biqh,biph->biqp", q, k)
    causal = torch.tril(torch.ones(POSITIONS, POSITIONS))
    scores = torch.tril(scores) - MASKED * (1 - causal)
    pattern = F.softmax(scores / math.sqrt(width), dim=-1)  # (n, heads, query, key)
    z = torch.einsum("biqp,biph->biqh", pattern, v)
    z = z.transpose(1, 2).reshape(len(tokens), POSITIONS, heads * width)
    x = x + torch.einsum("bqf,fd->bqd", z, w["W_O"].flatten(0, 1))
    hidden = F.relu(torch.einsum("bqd,dm->bqm", x, w["W_in"]) + w["b_in"])
    x = x + torch.einsum("bqm,md->bqd", hidden, w["W_out"]) + w["b_out"]
    return x @ w["W_U"]


def last_logits(w, tokens):
    """Logits (n, 1, outputs) of the last position, which sees every position: no mask."""
    n = len(tokens)
    heads, d, width = w["W_Q"].shape

    def flat(name):  # all heads beside each other, (d, heads·width)
        return w[name].transpose(0, 1).reshape(d, heads * width)

    x = w["W_E"].index_select(0, tokens.reshape(-1)).view(n, POSITIONS, d) + w["W_pos"]
    rows = x.view(n * POSITIONS, d)
    last = x[:, -1]
    q = (last @ flat("W_Q")).view(n, 1, heads, width)
    k = (rows @ flat("W_K")).view(n, POSITIONS, heads, width)
    v = (rows @ flat("W_V")).view(n, POSITIONS, heads, width)
    pattern = F.softmax((q * k).sum(-1) / math.sqrt(width), dim=1)  # (n, key, heads)
    z = (pattern.unsqueeze(-1) * v).sum(1).view(n, heads * width)
    x = torch.addmm(last, z, w["W_O"].flatten(0, 1))
    hidden = torch.addmm(w["b_in"], x, w["W_in"]).relu_()
    x = torch.addmm(x + w["b_out"], hidden, w["W_out"])
    return (x @ w["W_U"]).unsqueeze(1)


LOGITS = {"published": published_logits, "last": last_logits}


def cross_entropy(logits, labels):
    """Mean of −log softmax in float64 over every column."""
    log_probabilities = F.log_softmax(logits.to(torch.float64), dim=-1)
    return -log_probabilities.gather(-1, labels.unsqueeze(-1)).mean()


# ---------------------------------------------------------------- training


class Training:
    """A fresh copy of the weights, and its optimiser."""

    def __init__(self, variant, weights, batch):
        self.logits = LOGITS[variant]
        self.tokens, self.labels = batch
        self.weights = {name: torch.nn.Parameter(value.clone()) for name, value in weights.items()}
        self.optimiser = torch.optim.AdamW(
            self.weights.values(), lr=LEARNING_RATE, weight_decay=WEIGHT_DECAY, betas=BETAS)
        self.schedule = torch.optim.lr_scheduler.LambdaLR(
            self.optimiser, lambda update: min(update / RAMP, 1))

    def step(self):
        """One full-batch update; the loss before it."""
        logits = self.logits(self.weights, self.tokens)[:, -1]
        loss = cross_entropy(logits, self.labels)
        loss.backward()
        self.optimiser.step()
        self.schedule.step()
        self.optimiser.zero_grad()
        return loss.item()

    def timed_step(self):
        """Milliseconds of one update."""
        start = time.perf_counter()
        self.step()
        return (time.perf_counter() - start) * 1e3


class Worker:
    """Answers requests; a variant's training goes on from one request to the next."""

    def __init__(self, weights, batch):
        self.weights = weights
        self.batch = batch
        self.trainings = {}

    def answer(self, line):
        match line.split():
            case ["info"]:
                return info()
            case ["losses", variant, count]:
                training = self.fresh(variant)
                return [training.step() for _ in range(steps(count))]
            case [variant, count] if variant in LOGITS:
                number = steps(count)
                training = self.warm(variant)
                return [training.timed_step() for _ in range(number)]
        raise Refused(f"request: got '{line}', expected info, published N, last N, "
                      "losses published N, losses last N or quit")

    def fresh(self, variant):
        if variant not in LOGITS:
            raise Refused(f"variant: got '{variant}', expected {' or '.join(LOGITS)}")
        return Training(variant, self.weights, self.batch)

    def warm(self, variant):
        if variant not in self.trainings:
            training = self.fresh(variant)
            for _ in range(WARM_UP_STEPS):
                training.step()
            self.trainings[variant] = training
        return self.trainings[variant]


def steps(text):
    if not re.fullmatch("[0-9]{1,7}", text) or not 1 <= int(text) <= MOST_STEPS:
        raise Refused(f"steps: got '{text}', expected a whole number from 1 to {MOST_STEPS}")
    return int(text)


def info():
    return {
        "torch": torch.__version__,
        "numpy": np.__version__,
        "threads": torch.get_num_threads(),
        "blas": blas(),
        "cpu": torch.backends.cpu.get_cpu_capability(),
    }


def blas():
    """Whose matrix products these are, in short."""
    built = torch.__config__.show()
    name = re.search(r"\bBLAS_INFO=(\w+)", built)
    mkl = re.search(r"Math Kernel Library Version ([\w.]+)", built)
    if mkl:
        return f"MKL {mkl[1]}"
    return name[1] if name else "unknown"


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
    rows = torch.tensor(listed)
    a, b = rows // p, rows % p
    return p, (torch.stack([a, b, torch.full_like(a, p)], dim=1), (a + b) % p)


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
    return {name: torch.from_numpy(np.array(array, dtype=np.float32, order="C"))
            for name, array in arrays.items()}


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


def text(shape):
    return "[" + ", ".join(map(str, shape)) + "]"


def thread_count(given):
    if not re.fullmatch("[0-9]{1,4}", given) or int(given) < 1:
        raise argparse.ArgumentTypeError(f"got '{given}', expected a whole number of at least 1")
    return int(given)


def read_arguments():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--threads", type=thread_count, required=True, metavar="N",
                        help="threads that PyTorch may use")
    parser.add_argument("--data", required=True, metavar="FILE",
                        help="JSON object with p and train_rows, a list of a·p + b")
    parser.add_argument("--weights", required=True, metavar="FILE",
                        help="checkpoint (.npz) with the initial weights")
    return parser.parse_args()


# ---------------------------------------------------------------- one line in, one line out


def main():
    arguments = read_arguments()
    torch.set_num_interop_threads(1)
    torch.set_num_threads(arguments.threads)
    try:
        p, batch = read_batch(arguments.data)
        worker = Worker(read_weights(arguments.weights, p), batch)
    except Refused as error:
        sys.exit(f"torch_baseline: {error}")
    for line in sys.stdin:
        request = line.strip()
        if request == "quit":
            break
        print(reply(worker, request), flush=True)


def reply(worker, request):
    """One line of JSON, whatever happens."""
    try:
        return json.dumps(worker.answer(request), allow_nan=False)
    except Refused as error:
        return json.dumps({"error": str(error)})
    except Exception as error:  # such as no memory left: the one who asked has to know
        return json.dumps({"error": f"'{request}': {type(error).__name__}: {error}"})


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:  # nobody listens any more
        sys.stderr.close()
        sys.exit(1)
