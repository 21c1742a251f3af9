"""The PyTorch side of `grokscope bench`: trains the same models on request, step by step.

The requests and the forms of the model are those of baseline.py. Each form is there as it is
written, run eagerly, and compiled by torch.compile, as compiled-FORM.
"""

import math
import re
import sys

from baseline import (BETAS, LEARNING_RATE, LINE_BETAS, LINE_CLIP, LINE_DECAY, MASKED, POSITIONS,
                      WEIGHT_DECAY, decays, line_rate, rate, serve)

try:
    import numpy as np
    import torch
    import torch.nn.functional as F
except ImportError as missing:
    sys.exit(f"torch_baseline: {missing} in this Python; "
             "environment/requirements-bench.txt lists what bench needs")


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


    def loss(self, w, tokens, targets, weights):
        losses = F.cross_entropy(self.logits(w, tokens).flatten(0, 1), targets, reduction="none")
        return (losses * weights).sum() / weights.sum()


# ---------------------------------------------------------------- training


def parameters(weights):
    return {name: torch.nn.Parameter(torch.from_numpy(value.copy()))
            for name, value in weights.items()}


def set_rate(optimiser, value):
    for group in optimiser.param_groups:
        group["lr"] = value


class LineTraining:
    """A fresh copy of the weights of a model that breaks lines, and its optimiser."""

    def __init__(self, description, compiled):
        self.config, weights, batches = description
        loss = LineModel(self.config).loss
        self.loss = torch.compile(loss, fullgraph=True, dynamic=False) if compiled else loss
        self.batches = [tuple(map(torch.from_numpy, batch)) for batch in batches]
        self.updates = 0
        self.weights = parameters(weights)
        groups = {True: [], False: []}
        for name, value in self.weights.items():
            groups[decays(name)].append(value)
        self.optimiser = torch.optim.AdamW(
            [{"params": groups[True], "weight_decay": LINE_DECAY},
             {"params": groups[False], "weight_decay": 0.0}],
            lr=self.config["learningRate"], betas=LINE_BETAS)

    def step(self):
        """One update; the loss before it."""
        loss = self.loss(self.weights, *self.batches[self.updates % len(self.batches)])
        self.optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.weights.values(), LINE_CLIP)
        set_rate(self.optimiser, line_rate(self.config, self.updates))
        self.optimiser.step()
        self.updates += 1
        return loss.item()


class Training:
    """A fresh copy of the weights, and its optimiser."""

    def __init__(self, form, weights, batch, compiled):
        def loss(w, tokens, labels):
            return cross_entropy(LOGITS[form](w, tokens)[:, -1], labels)

        self.loss = torch.compile(loss, fullgraph=True, dynamic=False) if compiled else loss
        self.batch = tuple(map(torch.from_numpy, batch))
        self.updates = 0
        self.weights = parameters(weights)
        self.optimiser = torch.optim.AdamW(
            self.weights.values(), lr=LEARNING_RATE, weight_decay=WEIGHT_DECAY, betas=BETAS)

    def step(self):
        """One full-batch update; the loss before it."""
        loss = self.loss(self.weights, *self.batch)
        loss.backward()
        set_rate(self.optimiser, rate(self.updates))
        self.optimiser.step()
        self.optimiser.zero_grad()
        self.updates += 1
        return loss.item()


def trainings(threads, weights, batch, lines):
    torch.set_num_interop_threads(1)
    torch.set_num_threads(threads)
    begin = {}
    for prefix, compiled in ("", False), ("compiled-", True):
        for form in LOGITS:
            begin[prefix + form] = lambda form=form, compiled=compiled: Training(
                form, weights, batch, compiled)
        for name, line in lines.items():
            begin[f"{prefix}line-{name}"] = lambda line=line, compiled=compiled: LineTraining(
                line, compiled)
    return begin


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


if __name__ == "__main__":
    serve("torch_baseline", __doc__, trainings, info)
