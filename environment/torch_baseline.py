"""The PyTorch side of `grokscope bench`: trains the same models on request, step by step.

Reads one request a line and answers each by one line of JSON:

  info                     versions, threads and libraries
  published N, last N,     N training steps; milliseconds of each
  factorised N
  losses published N       the training losses before the first N updates, from the
  …                        initial weights again
  line-MODE N              the same of a model that breaks lines, of each file given by --line
  losses line-MODE N
  quit                     ends, as the end of input does

A request that cannot be served is answered by {"error": ...}.

Three variants of one model (one layer, no LayerNorm, ReLU), which differ in how much they compute:

  published   all three positions, einsum over batch and position, as the code published with
              Nanda et al. (2023) does
  last        queries, MLP and logits at the last position only, the one that the loss reads, and
              everything as plain matrix products: about as fast as eager PyTorch gets without
              changing the algebra
  factorised  with the algebra of our own fast path, as far as it pays without kernels of one's
              own: one query for all, scores and values from tables of tokens, W_O W_in and
              W_out W_U multiplied first. A table of whole rows of neurons, as our path has it, was
              three times slower here, since eager PyTorch stores every row that it adds up

All keep weights as the checkpoint has them, inputs first. The published code has outputs first,
which was slower here; the comparison takes the faster one.

The model that breaks lines is written as one writes a small transformer in PyTorch: dense attention
under a mask that each layer makes from the tokens, F.layer_norm, F.cross_entropy in float32 with a
weight a position, the gradient clipped, AdamW with two groups. Its batches are made beforehand and
taken in turn.
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


LINE_BETAS = (0.9, 0.98)  # of the recipe, as are the following
LINE_WARM_UP = 100
LINE_CLIP = 1.0
LINE_DECAY = 0.01  # of the matrices of attention and MLP, nothing else


class Refused(Exception):
    """What was given cannot be worked with; the text says why."""


# ---------------------------------------------------------------- three ways to compute the logits


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


def factorised_logits(w, tokens):
    """The same logits; values are told relative to those of '=', whose share is 1 less the others."""
    heads, _, width = w["W_Q"].shape
    x = w["W_E"] + w["W_pos"][:, None]  # (position, token, d)
    last = x[2, -1]  # of '='
    query = torch.einsum("d,idh->ih", last, w["W_Q"])
    keys = torch.einsum("idh,ih->di", w["W_K"], query) / math.sqrt(width)
    values = torch.einsum("ctd,idh->ctih", x[:2] - last, w["W_V"])
    a, b = tokens[:, 0], tokens[:, 1]
    scores = x @ keys  # (position, token, heads)
    pattern = F.softmax(torch.stack([
        scores[0].index_select(0, a),
        scores[1].index_select(0, b),
        scores[2, -1].expand(len(tokens), -1)], 1), dim=1).unsqueeze(-1)  # (n, key, heads, 1)
    z = (pattern[:, 0] * values[0].index_select(0, a)
         + pattern[:, 1] * values[1].index_select(0, b)).flatten(1)
    out = w["W_O"].flatten(0, 1)
    middle = last + torch.einsum("d,idh->ih", last, w["W_V"]).flatten() @ out
    hidden = torch.addmm(middle @ w["W_in"] + w["b_in"], z, out @ w["W_in"]).relu_()
    return torch.addmm((middle + w["b_out"]) @ w["W_U"], torch.cat([hidden, z], 1),
                       torch.cat([w["W_out"], out]) @ w["W_U"]).unsqueeze(1)


LOGITS = {"published": published_logits, "last": last_logits, "factorised": factorised_logits}


def cross_entropy(logits, labels):
    """Mean of −log softmax in float64 over every column."""
    log_probabilities = F.log_softmax(logits.to(torch.float64), dim=-1)
    return -log_probabilities.gather(-1, labels.unsqueeze(-1)).mean()


# ---------------------------------------------------------------- the model that breaks lines


class LineModel:
    """Logits at every position, the next token's; weights by the names of the checkpoint."""

    def __init__(self, config):
        self.layers = config["layers"]
        self.newline = config["newline"]
        self.labels = config["labels"]  # [first, end) among the tokens
        place = torch.arange(config["length"])
        self.distance = place[:, None] - place[None, :]
        self.before = self.distance > 0
        self.itself = self.distance == 0

    def seen(self, view, tokens):
        """Who may attend to whom, (n, query, key)."""
        ends = tokens == self.newline
        lines = ends.cumsum(1) - ends.long()  # a newline belongs to the line that it ends
        query, key = lines[:, :, None], lines[:, None, :]
        first = self.distance.new_zeros(1, 1, tokens.shape[1], dtype=torch.bool)
        first[..., 0] = True
        own = (query == key) & ~first
        if view == "OWN_LINE":
            seen = own
        elif view == "OPENED_LINE":
            seen = own | (ends[:, None, :] & (key == query - 1)) | (first & (query == 0))
        elif view == "LINE_ENDS":
            seen = first | ends[:, None, :]
        elif view == "HEADER":
            label = (tokens >= self.labels[0]) & (tokens < self.labels[1]) & (lines == 0)
            seen = first | label[:, None, :]
        else:
            seen = torch.ones_like(own)
        return (seen & self.before) | self.itself

    def attention(self, w, at, layer, y, tokens):
        n, length, _ = y.shape
        heads, d, width = w[at + "W_Q"].shape

        def flat(name):  # all heads beside each other, (d, heads·width)
            return w[at + name].transpose(0, 1).reshape(d, heads * width)

        def split(rows):
            return rows.view(n, length, heads, width).transpose(1, 2)

        q = split(y @ flat("W_Q") + w[at + "b_Q"].flatten())
        k, v = split(y @ flat("W_K")), split(y @ flat("W_V"))
        scores = q @ k.transpose(-1, -2) / math.sqrt(width)
        if layer["slopes"]:
            scores = scores - torch.tensor(layer["slopes"])[:, None, None] * self.distance
        scores = scores.masked_fill(~self.seen(layer["view"], tokens)[:, None], -math.inf)
        if layer["sink"]:
            sinks = w[at + "sink"][None, :, None, None].expand(n, heads, length, 1)
            pattern = torch.cat([scores, sinks], -1).softmax(-1)[..., :length]
        else:
            pattern = scores.softmax(-1)
        z = (pattern @ v).transpose(1, 2).reshape(n, length, heads * width)
        return z @ w[at + "W_O"].flatten(0, 1) + w[at + "b_O"]

    def logits(self, w, tokens):
        def norm(name, x):
            return F.layer_norm(x, x.shape[-1:], w[name + ".w"], w[name + ".b"])

        x = w["W_E"][tokens]  # (n, T, d)
        for number, layer in enumerate(self.layers):
            at = f"blocks.{number}."
            if layer["heads"]:
                x = x + self.attention(w, at, layer, norm(at + "ln1", x), tokens)
            if layer["dMlp"]:
                hidden = F.relu(norm(at + "ln2", x) @ w[at + "W_in"] + w[at + "b_in"])
                x = x + hidden @ w[at + "W_out"] + w[at + "b_out"]
        return norm("ln_final", x) @ w["W_U"] + w["b_U"]


class LineTraining:
    """A fresh copy of the weights of a model that breaks lines, and its optimiser."""

    def __init__(self, config, weights, batches):
        self.model = LineModel(config)
        self.batches = batches
        self.updates = 0
        self.weights = {name: torch.nn.Parameter(value.clone()) for name, value in weights.items()}
        decaying = [value for name, value in self.weights.items() if ".W_" in name]
        others = [value for name, value in self.weights.items() if ".W_" not in name]
        self.optimiser = torch.optim.AdamW(
            [{"params": decaying, "weight_decay": LINE_DECAY},
             {"params": others, "weight_decay": 0.0}],
            lr=config["learningRate"], betas=LINE_BETAS)
        steps = config["steps"]
        self.schedule = torch.optim.lr_scheduler.LambdaLR(
            self.optimiser,
            lambda update: min(1, (update + 1) / LINE_WARM_UP)
            * (1 if update < steps / 2 else max(0.02, 2 * (1 - update / steps))))

    def step(self):
        """One update; the loss before it."""
        tokens, targets, weights = self.batches[self.updates % len(self.batches)]
        logits = self.model.logits(self.weights, tokens)
        losses = F.cross_entropy(logits.flatten(0, 1), targets, reduction="none")
        loss = (losses * weights).sum() / weights.sum()
        self.optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.weights.values(), LINE_CLIP)
        self.optimiser.step()
        self.schedule.step()
        self.updates += 1
        return loss.item()

    def timed_step(self):
        """Milliseconds of one update."""
        start = time.perf_counter()
        self.step()
        return (time.perf_counter() - start) * 1e3


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

    def __init__(self, weights, batch, lines):
        self.begin = {
            variant: lambda variant=variant: Training(variant, weights, batch)
            for variant in LOGITS}
        for name, line in lines.items():
            self.begin["line-" + name] = lambda line=line: LineTraining(*line)
        self.trainings = {}

    def answer(self, line):
        match line.split():
            case ["info"]:
                return info()
            case ["losses", variant, count]:
                training = self.fresh(variant)
                return [training.step() for _ in range(steps(count))]
            case [variant, count] if variant in self.begin:
                number = steps(count)
                training = self.warm(variant)
                return [training.timed_step() for _ in range(number)]
        variants = ", ".join(f"{variant} N, losses {variant} N" for variant in self.begin)
        raise Refused(f"request: got '{line}', expected info, {variants} or quit")

    def fresh(self, variant):
        if variant not in self.begin:
            raise Refused(f"variant: got '{variant}', expected {' or '.join(self.begin)}")
        return self.begin[variant]()

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


def read_line(path):
    """The mode, and what trains its model: configuration, initial weights, batches."""
    try:
        with open(path, encoding="utf-8") as file:
            data = json.load(file)
        with np.load(data["weights"], allow_pickle=False) as file:
            arrays = {name: file[name] for name in data["parameters"]}
        weights = {name: torch.from_numpy(np.array(array, dtype=np.float32, order="C"))
                   for name, array in arrays.items()}
        batches = [
            (torch.tensor(batch["tokens"]).view(-1, data["length"]),
             torch.tensor(batch["targets"]),
             torch.tensor(batch["weights"], dtype=torch.float32))
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


def read_arguments():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--threads", type=thread_count, required=True, metavar="N",
                        help="threads that PyTorch may use")
    parser.add_argument("--data", required=True, metavar="FILE",
                        help="JSON object with p and train_rows, a list of a·p + b")
    parser.add_argument("--weights", required=True, metavar="FILE",
                        help="checkpoint (.npz) with the initial weights")
    parser.add_argument("--line", action="append", default=[], metavar="FILE",
                        help="JSON object with a model that breaks lines: mode, layers, newline, "
                             "labels, length, learningRate, steps, parameters (names), weights "
                             "(file), batches of tokens, targets, weights; may be repeated")
    return parser.parse_args()


# ---------------------------------------------------------------- one line in, one line out


def main():
    arguments = read_arguments()
    torch.set_num_interop_threads(1)
    torch.set_num_threads(arguments.threads)
    try:
        p, batch = read_batch(arguments.data)
        lines = dict(read_line(path) for path in arguments.line)
        worker = Worker(read_weights(arguments.weights, p), batch, lines)
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
