"""The JAX side of `grokscope bench`: trains the same models on request, step by step.

The requests and the forms of the model are those of baseline.py. A whole step, from the loss to
the new weights, is one function compiled by jax.jit for the CPU.
"""

import math
import os
import sys

from baseline import (BETAS, LINE_BETAS, LINE_CLIP, LINE_DECAY, MASKED, NORM_EPSILON, POSITIONS,
                      WEIGHT_DECAY, decays, line_rate, rate, serve)

EPSILON = 1e-8  # of AdamW


def import_jax(threads):
    """JAX on so many cores: its pool of threads is as large as the cores that it finds at start."""
    global jax, jnp
    if hasattr(os, "sched_setaffinity"):
        cores = sorted(os.sched_getaffinity(0))[:threads]
        os.sched_setaffinity(0, cores)
    os.environ.setdefault("JAX_PLATFORMS", "cpu")
    if threads == 1:
        flags = os.environ.get("XLA_FLAGS", "")
        os.environ["XLA_FLAGS"] = (flags + " --xla_cpu_multi_thread_eigen=false").strip()
    try:
        import jax
        import jax.numpy as jnp
    except ImportError as missing:
        sys.exit(f"jax_baseline: {missing} in this Python; "
                 "environment/requirements-bench.txt lists what bench needs")
    jax.config.update("jax_enable_x64", True)  # for the log-softmax in float64


# ---------------------------------------------------------------- three ways to compute the logits


def published_logits(w, tokens):
    """Logits of all positions, of which the loss reads the last's, (n, outputs)."""
    heads, _, width = w["W_Q"].shape
    x = w["W_E"][tokens] + w["W_pos"]  # (n, 3, d)
    q = jnp.einsum("bpd,idh->biph", x, w["W_Q"])
    k = jnp.einsum("bpd,idh->biph", x, w["W_K"])
    v = jnp.einsum("bpd,idh->biph", x, w["W_V"])
    scores = jnp.einsum("biqh,biph->biqp", q, k)
    causal = jnp.tril(jnp.ones((POSITIONS, POSITIONS), jnp.float32))
    scores = (jnp.tril(scores) - MASKED * (1 - causal)).astype(jnp.float32)
    pattern = jax.nn.softmax(scores / math.sqrt(width), axis=-1)
    z = jnp.einsum("biqp,biph->bqih", pattern, v).reshape(len(tokens), POSITIONS, heads * width)
    x = x + z @ w["W_O"].reshape(heads * width, -1)
    hidden = jax.nn.relu(x @ w["W_in"] + w["b_in"])
    x = x + hidden @ w["W_out"] + w["b_out"]
    return (x @ w["W_U"])[:, -1]


def last_logits(w, tokens):
    """Logits of the last position, which sees every position: no mask."""
    n = len(tokens)
    heads, d, width = w["W_Q"].shape

    def flat(name):  # all heads beside each other, (d, heads·width)
        return w[name].transpose(1, 0, 2).reshape(d, heads * width)

    x = w["W_E"][tokens] + w["W_pos"]
    rows = x.reshape(n * POSITIONS, d)
    last = x[:, -1]
    q = (last @ flat("W_Q")).reshape(n, 1, heads, width)
    k = (rows @ flat("W_K")).reshape(n, POSITIONS, heads, width)
    v = (rows @ flat("W_V")).reshape(n, POSITIONS, heads, width)
    pattern = jax.nn.softmax((q * k).sum(-1) / math.sqrt(width), axis=1)  # (n, key, heads)
    z = (pattern[..., None] * v).sum(1).reshape(n, heads * width)
    x = last + z @ w["W_O"].reshape(heads * width, d)
    hidden = jax.nn.relu(x @ w["W_in"] + w["b_in"])
    return (x + hidden @ w["W_out"] + w["b_out"]) @ w["W_U"]


def factorised_logits(w, tokens):
    """The same logits; values are told relative to those of '=', whose share is 1 less the others."""
    heads, d, width = w["W_Q"].shape
    x = w["W_E"] + w["W_pos"][:, None]  # (position, token, d)
    last = x[2, -1]  # of '='
    query = jnp.einsum("d,idh->ih", last, w["W_Q"])
    keys = jnp.einsum("idh,ih->di", w["W_K"], query) / math.sqrt(width)
    values = jnp.einsum("ctd,idh->ctih", x[:2] - last, w["W_V"])
    a, b = tokens[:, 0], tokens[:, 1]
    scores = x @ keys  # (position, token, heads)
    equals = jnp.broadcast_to(scores[2, -1], (len(tokens), heads))
    pattern = jax.nn.softmax(jnp.stack([scores[0][a], scores[1][b], equals], 1), axis=1)
    z = pattern[:, 0, :, None] * values[0][a] + pattern[:, 1, :, None] * values[1][b]
    z = z.reshape(len(tokens), heads * width)
    out = w["W_O"].reshape(heads * width, d)
    middle = last + jnp.einsum("d,idh->ih", last, w["W_V"]).reshape(-1) @ out
    hidden = jax.nn.relu(z @ (out @ w["W_in"]) + middle @ w["W_in"] + w["b_in"])
    return (hidden @ (w["W_out"] @ w["W_U"]) + z @ (out @ w["W_U"])
            + (middle + w["b_out"]) @ w["W_U"])


LOGITS = {"published": published_logits, "last": last_logits, "factorised": factorised_logits}


def cross_entropy(logits, labels):
    """Mean of −log softmax in float64 over every column."""
    log_probabilities = jax.nn.log_softmax(logits.astype(jnp.float64), axis=-1)
    return -jnp.take_along_axis(log_probabilities, labels[:, None], axis=-1).mean()


# ---------------------------------------------------------------- the model that breaks lines


def seen(config, view, tokens):
    """Who may attend to whom, (n, query, key)."""
    place = jnp.arange(config["length"])
    ends = tokens == config["newline"]
    lines = ends.cumsum(1) - ends  # a newline belongs to the line that it ends
    query, key = lines[:, :, None], lines[:, None, :]
    first = (place == 0)[None, None, :]
    own = (query == key) & ~first
    if view == "OWN_LINE":
        result = own
    elif view == "OPENED_LINE":
        result = own | (ends[:, None, :] & (key == query - 1)) | (first & (query == 0))
    elif view == "LINE_ENDS":
        result = first | ends[:, None, :]
    elif view == "HEADER":
        begin, end = config["labels"]
        label = (tokens >= begin) & (tokens < end) & (lines == 0)
        result = first | label[:, None, :]
    else:
        result = jnp.ones_like(own)
    return (result & (place[:, None] > place)) | (place[:, None] == place)


def norm(w, name, x):
    mean = x.mean(-1, keepdims=True)
    variance = ((x - mean) ** 2).mean(-1, keepdims=True)
    return (x - mean) * jax.lax.rsqrt(variance + NORM_EPSILON) * w[name + ".w"] + w[name + ".b"]


def attention(config, w, at, layer, y, tokens):
    n, length, _ = y.shape
    heads, d, width = w[at + "W_Q"].shape

    def rows(name):  # (n, heads, position, width)
        flat = w[at + name].transpose(1, 0, 2).reshape(d, heads * width)
        return (y @ flat).reshape(n, length, heads, width).transpose(0, 2, 1, 3)

    q = rows("W_Q") + w[at + "b_Q"][None, :, None, :]
    k, v = rows("W_K"), rows("W_V")
    scores = q @ k.transpose(0, 1, 3, 2) / math.sqrt(width)
    if layer["slopes"]:
        place = jnp.arange(length)
        distance = (place[:, None] - place).astype(jnp.float32)
        scores = scores - jnp.array(layer["slopes"], jnp.float32)[:, None, None] * distance
    scores = jnp.where(seen(config, layer["view"], tokens)[:, None], scores, -jnp.inf)
    if layer["sink"]:
        sinks = jnp.broadcast_to(w[at + "sink"][None, :, None, None], (n, heads, length, 1))
        pattern = jax.nn.softmax(jnp.concatenate([scores, sinks], -1), axis=-1)[..., :length]
    else:
        pattern = jax.nn.softmax(scores, axis=-1)
    z = (pattern @ v).transpose(0, 2, 1, 3).reshape(n, length, heads * width)
    return z @ w[at + "W_O"].reshape(heads * width, d) + w[at + "b_O"]


def line_loss(config, w, batch):
    tokens, targets, weights = batch
    x = w["W_E"][tokens]  # (n, T, d)
    for number, layer in enumerate(config["layers"]):
        at = f"blocks.{number}."
        if layer["heads"]:
            x = x + attention(config, w, at, layer, norm(w, at + "ln1", x), tokens)
        if layer["dMlp"]:
            hidden = jax.nn.relu(norm(w, at + "ln2", x) @ w[at + "W_in"] + w[at + "b_in"])
            x = x + hidden @ w[at + "W_out"] + w[at + "b_out"]
    logits = norm(w, "ln_final", x) @ w["W_U"] + w["b_U"]
    log_probabilities = jax.nn.log_softmax(logits.reshape(len(targets), -1), axis=-1)
    losses = -jnp.take_along_axis(log_probabilities, targets[:, None], axis=-1)[:, 0]
    return (losses * weights).sum() / weights.sum()


def clipped(gradients):
    norms = sum((gradient ** 2).sum() for gradient in gradients.values())
    scale = jnp.minimum(1, LINE_CLIP / (jnp.sqrt(norms) + 1e-6))
    return {name: gradient * scale for name, gradient in gradients.items()}


# ---------------------------------------------------------------- training


def adamw(weights, gradients, moments, update, learning_rate, betas, decay):
    """The new weights and moments, float32."""
    first, second = betas
    now_m, now_v, now = {}, {}, {}
    for name, w in weights.items():
        g = gradients[name]
        m = first * moments[0][name] + (1 - first) * g
        v = second * moments[1][name] + (1 - second) * g * g
        root = jnp.sqrt(v / (1 - second ** update)) + EPSILON
        rate_32 = learning_rate.astype(jnp.float32)
        kept = w * (1 - rate_32 * decay(name))
        now[name] = (kept - rate_32 * (m / (1 - first ** update)) / root).astype(jnp.float32)
        now_m[name], now_v[name] = m.astype(jnp.float32), v.astype(jnp.float32)
    return now, (now_m, now_v)


class Training:
    """A fresh copy of the weights, their moments, and the compiled step."""

    def __init__(self, loss, weights, batches, rate_of, betas, decay, change=lambda gradients: gradients):
        def step(w, moments, update, learning_rate, batch):
            value, gradients = jax.value_and_grad(loss)(w, batch)
            return value, *adamw(
                w, change(gradients), moments, update, learning_rate, betas, decay)

        self.compiled = jax.jit(step, donate_argnums=(0, 1))
        self.weights = {name: jnp.array(value) for name, value in weights.items()}
        self.moments = tuple(
            {name: jnp.zeros_like(value) for name, value in self.weights.items()} for _ in range(2))
        self.batches = [tuple(map(jnp.array, batch)) for batch in batches]
        self.rate_of = rate_of
        self.updates = 0

    def step(self):
        """One update; the loss before it."""
        batch = self.batches[self.updates % len(self.batches)]
        update = jnp.float32(self.updates + 1)
        learning_rate = jnp.float64(self.rate_of(self.updates))
        loss, self.weights, self.moments = self.compiled(
            self.weights, self.moments, update, learning_rate, batch)
        jax.block_until_ready(self.weights)
        self.updates += 1
        return float(loss)


def trainings(threads, weights, batch, lines):
    import_jax(threads)

    def table(form):
        def loss(w, given):
            tokens, labels = given
            return cross_entropy(LOGITS[form](w, tokens), labels)

        return Training(loss, weights, [batch], rate, BETAS, lambda name: WEIGHT_DECAY)

    def line(description):
        config, own, batches = description
        return Training(
            lambda w, given: line_loss(config, w, given), own, batches,
            lambda updates: line_rate(config, updates), LINE_BETAS,
            lambda name: LINE_DECAY if decays(name) else 0.0, clipped)

    begin = {form: lambda form=form: table(form) for form in LOGITS}
    for name, description in lines.items():
        begin["line-" + name] = lambda description=description: line(description)
    return begin


def info():
    return {"jax": jax.__version__, "cores": len(os.sched_getaffinity(0))
            if hasattr(os, "sched_getaffinity") else os.cpu_count()}


if __name__ == "__main__":
    serve("jax_baseline", __doc__, trainings, info)
