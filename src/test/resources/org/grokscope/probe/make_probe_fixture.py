"""Reads checkpoints and writes what every measure of `grokscope probe` says of them, by NumPy alone.

Run as `python make_probe_fixture.py` in this folder, with nothing but NumPy (2.2.6 made those
committed): for each NAME of CHECKPOINTS and ALONG it writes NAME.csv with the columns
metric,part,key,value, and exported-7.npz, the model of two-layers-7.npz as others save it. Everything is float64 from the float32 weights of the file. Written from the
definitions of the measures, not from the Java code; waves are spelt out as cosines and sines, no
FFT is used.

The checkpoints were trained by this library, `Trainer.of(config).train(split)` with

    shape  = ModelShape.nanda2023().withHeads(2).withDModel(D_MODEL).withDMlp(D_MLP).withLayers(LAYERS)
    config = TrainingConfig.nanda2023().withShape(shape).withWeightDecay(DECAY)
    split  = OperationTable.of(OPERATION, P).split(FRACTION, 0)

and the values beside CHECKPOINTS below. The model of a+b mod 29 has grokked: on the questions that
it was not shown its accuracy is .98, and 1 with its key frequencies alone.

A circle that is named decides where the waves run, cos w_k(a+b) and so on; y is the file's own answer
always. Where none is named and the answers are of none, what asks for no sum of places is measured
on the residues in their order.
"""

import copy
import csv
import itertools

import numpy as np

# NAME: (keys or the rule that picks them, sets of other frequencies), and how NAME.npz was trained:
# operation, p, fraction, d_model, d_mlp, layers, weight decay, epochs
CHECKPOINTS = {
    "add-29": ("energy", [(1, 2), (4, 13)]),  # a+b, 29, 0.7, 32, 128, 1, 2, 4000
    "subtract-23": ((1, 3, 10), [(2, 4, 11)]),  # a-b, 23, 0.8, 32, 96, 1, 2, 4000
    "multiply-23": ("energy", [(1, 5)]),  # a*b, 23, 0.8, 32, 96, 1, 2, 4000
    "divide-11": ((2, 5), []),  # a/b, 11, 0.8, 16, 32, 1, 2, 500: no circle, no answer for b = 0
    "two-layers-7": ((1,), [(2,), (3,)]),  # a+b, 7, 0.7, 16, 32, 2, 1, 200
    "no-attention-13": (
        (3, 5),
        [(1, 6)],
    ),  # a+b, 13, 0.8, 16, 48, 1, 1, 1000, shape.withoutAttention()
    "s3": ((), []),  # Group.symmetric(3).table(), 6 elements, 0.8, 16, 32, 1, 1, 2000
}

# the same along a circle that is named: NAME: (checkpoint, circle, keys, sets)
ALONG = {
    "divide-11.a+b": ("divide-11", "a+b", (1, 3), [(2, 4)]),
    "divide-11.a-b": ("divide-11", "a-b", (1, 4), [(2, 3)]),
    "subtract-23.product": ("subtract-23", "a*b", (1, 11), [(2, 4)]),
}

RULES = ("repo", "neuron85", "embedding-quarter", "wl-quarter", "energy")


class Model:
    """The activations on all p² inputs, rows r = a·p + b."""

    def __init__(self, path):
        file = np.load(path)
        self.weights = {
            name: file[name].astype(np.float64)
            for name in file.files
            if file[name].dtype.kind == "f"
        }
        self.p = p = int(file["p"])
        self.a, self.b = np.divmod(np.arange(p * p), p)
        self.y = file["labels"].astype(int)
        answered = self.y >= 0
        train = np.zeros(p * p, bool)
        train[file["train_pairs"].astype(int)] = True
        self.parts = {"train": train, "test": answered & ~train, "all": answered}
        self.layers = 1 if "W_in" in self.weights else 2
        mirrors = self.b * p + self.a
        self.strangers = self.parts["test"] & ~train[mirrors]
        self.base, self.rows, self.residues = self, np.arange(p * p), np.arange(p)
        self.run()

    def run(self):
        w, p = self.weights, self.p
        x = np.stack([w["W_E"][self.a], w["W_E"][self.b], w["W_E"][np.full(p * p, p)]], 1)
        x = x + w["W_pos"]  # (n, 3, d_model)
        for layer in range(self.layers):
            at = f"blocks.{layer}." if self.layers > 1 else ""
            if at + "W_Q" not in w:  # without attention: an MLP on the sum of the three
                mid, weight = x.sum(1, keepdims=True), np.zeros((0, p * p, 3, 3))
            else:
                mid, weight = self.attend(x, at)
            neurons = np.maximum(mid @ w[at + "W_in"] + w[at + "b_in"], 0)
            x = mid + neurons @ w[at + "W_out"] + w[at + "b_out"]
        self.logits = (x[:, -1] @ w["W_U"])[:, :p]  # (n, p)
        self.embedding = w["W_E"][:p]  # (p, d_model)
        if self.layers == 1:
            self.attention = weight[:, :, 2]  # (heads, n, 3)
            self.mid = mid[:, -1]  # (n, d_model)
            self.neurons = neurons[:, -1]  # (n, d_mlp)
            self.w_u = w["W_U"][:, :p]  # (d_model, p)
            self.w_l = w["W_out"] @ self.w_u  # (d_mlp, p)

    def attend(self, x, at):
        """The residual stream after the attention of a layer, and its weights (heads, n, 3, 3)."""
        w = self.weights
        q, k, v = (np.einsum("ntm,hmd->hntd", x, w[at + n]) for n in ("W_Q", "W_K", "W_V"))
        score = np.einsum("hnsd,hntd->hnst", q, k) / np.sqrt(q.shape[-1])
        score = np.where(np.tril(np.ones((3, 3), bool)), score, -np.inf)
        weight = np.exp(score - score.max(-1, keepdims=True))
        weight /= weight.sum(-1, keepdims=True)
        return x + np.einsum("hnst,hntd,hdm->nsm", weight, v, w[at + "W_O"]), weight

    def answers(self, table):
        """Whether the labels are those of a table of p² answers."""
        return np.array_equal(table % self.p, self.y)

    def recognised(self):
        """The circle whose answers these are, or None."""
        tables = {"a+b": self.a + self.b, "a-b": self.a - self.b, "a*b": self.a * self.b}
        return next((name for name, table in tables.items() if self.answers(table)), None)

    def on_circle(self, name):
        """The model as one of a+b or a−b on a circle of `p` places.

        A product of residues that are not zero is a sum of their discrete logarithms to the base of
        the smallest primitive root: p−1 places, zeros left out of questions and answers.
        """
        self.sign = -1 if name == "a-b" else 1
        if name != "a*b":
            return self
        powers = next(
            powers
            for powers in ([pow(g, i, self.p) for i in range(self.p - 1)] for g in range(self.p))
            if len(set(powers) - {0}) == self.p - 1
        )
        places = np.full(self.p, -1)
        places[powers] = np.arange(self.p - 1)
        rows = np.add.outer(self.p * np.array(powers), powers).ravel()  # in the order of places
        circle = copy.copy(self)
        circle.p = self.p - 1
        circle.rows, circle.residues = rows, np.array(powers)
        circle.a, circle.b, circle.y = (places[x[rows]] for x in (self.a, self.b, self.y))
        circle.y[self.y[rows] < 0] = -1
        circle.parts = {name: part[rows] & (circle.y >= 0) for name, part in self.parts.items()}
        circle.logits = self.logits[rows][:, powers]
        circle.attention, circle.mid = self.attention[:, rows], self.mid[rows]
        circle.neurons, circle.embedding = self.neurons[rows], self.embedding[powers]
        circle.w_u, circle.w_l = self.w_u[:, powers], self.w_l[:, powers]
        return circle

    def without_in_embedding(self, part):
        """The logits when a part [places, d_model] is taken off the embeddings of the places."""
        other = copy.copy(self.base)
        table = other.weights["W_E"].copy()
        table[self.residues] -= part
        other.weights = {**other.weights, "W_E": table}
        other.run()
        return other.logits[self.rows][:, self.residues]

    def loss(self, logits):
        """Mean over each part of −log softmax at the label, as log1p(Σ exp(z_c − z_y))."""
        found = {}
        for part, rows in self.parts.items():
            z, y = logits[rows], self.y[rows]
            own = z[np.arange(len(y)), y]
            gap = z - own[:, None]
            gap[np.arange(len(y)), y] = -np.inf
            top = np.maximum(gap.max(1), 0)
            others = np.exp(gap - top[:, None]).sum(1)
            losses = np.where(top > 0, top + np.log(others + np.exp(-top)), np.log1p(others))
            found[part] = losses.mean()
        return found

    def accuracy(self, logits):
        right = logits.argmax(1) == self.y
        return {part: right[rows].mean() for part, rows in self.parts.items()}


class Waves:
    """Cosines and sines on a circle of m places, and the waves of the answer on all m² questions."""

    def __init__(self, model):
        m = self.m = model.p
        self.a, self.b = model.a, model.b
        self.sign = model.sign
        self.ks = np.arange(1, m // 2 + 1)
        self.lines = {k: [2 * k - 1] if 2 * k == m else [2 * k - 1, 2 * k] for k in self.ks}
        self.basis = np.ones((m, m))  # rows const, cos1, sin1, cos2 …
        self.names = ["const"]
        for k in self.ks:
            t = 2 * np.pi * k * np.arange(m) / m
            for line, name, wave in zip(self.lines[k], ("cos", "sin"), (np.cos(t), np.sin(t))):
                self.basis[line] = wave
                self.names.append(f"{name}{k}")
        self.basis /= np.linalg.norm(self.basis, axis=1, keepdims=True)

    def of_answer(self, k):
        """u_k and v_k, unit vectors of length n."""
        t = 2 * np.pi * k * ((self.a + self.sign * self.b) % self.m) / self.m
        waves = np.array([np.cos(t), np.sin(t)])[: len(self.lines[k])]
        return waves / np.linalg.norm(waves, axis=1, keepdims=True)

    def project(self, keys, z):
        """P_K Z."""
        found = np.zeros_like(z)
        for k in keys:
            for wave in self.of_answer(k):
                found += np.outer(wave, wave @ z)
        return found

    def block(self, keys, z, with_ones):
        """Projection on {cos_k, sin_k}², with_ones on {1, cos_k, sin_k}² without (1, 1)."""
        found = np.zeros_like(z)
        for k in keys:
            lines = [0, *self.lines[k]] if with_ones else self.lines[k]
            for i in lines:
                for j in lines:
                    if (i, j) != (0, 0):
                        wave = self.basis[i][self.a] * self.basis[j][self.b]
                        found += np.outer(wave, wave @ z)
        return found

    def cosine(self, k):
        """cos w_k(a ± b − c), (n, p)."""
        answer = (self.a + self.sign * self.b)[:, None] - np.arange(self.m)
        return np.cos(2 * np.pi * k * (answer % self.m) / self.m)

    def energy(self, k, z):
        return sum(((wave @ z) ** 2).sum() for wave in self.of_answer(k))


def gini(values):
    x = np.sort(values)
    n = len(x)
    return ((2 * np.arange(1, n + 1) - n - 1) * x).sum() / (n * x.sum())


def neuron_fractions(model, waves):
    """f_k of every neuron, (d_mlp, frequencies), and which of them are live."""
    centred = model.neurons - model.neurons.mean(0)
    tables = centred.T.reshape(-1, waves.m, waves.m)
    spectrum = waves.basis @ tables @ waves.basis.T
    energy = (spectrum**2).sum((1, 2))
    live = energy > 0
    fractions = np.zeros((len(energy), len(waves.ks)))
    for k in waves.ks:
        lines = [0, *waves.lines[k]]
        block = (spectrum[:, lines][:, :, lines] ** 2).sum((1, 2))
        fractions[live, k - 1] = block[live] / energy[live]
    return fractions, live


def frequencies_by(rule, model, waves):
    """The key frequencies that a published rule picks, ascending."""
    ks = waves.ks
    if rule == "energy":
        energies = np.array([waves.energy(k, model.logits) for k in ks])
        return ks[energies >= 0.01 * energies.max()].tolist()
    if rule in ("repo", "neuron85"):
        fractions, live = neuron_fractions(model, waves)
        if rule == "repo":
            return sorted({int(k) + 1 for k in fractions[live, :-1].argmax(1)})
        return sorted({int(k) + 1 for k in fractions[fractions.max(1) > 0.85].argmax(1)})
    if rule == "embedding-quarter":
        norms = np.linalg.norm(waves.basis @ model.embedding, axis=1)
        return [int(k) for k in ks if norms[waves.lines[k]].max() > norms.max() / 4]
    norms = np.linalg.norm(model.w_l @ waves.basis.T, axis=0)
    pairs = np.array([np.sqrt((norms[waves.lines[k]] ** 2).sum()) for k in ks])
    return ks[pairs > pairs.max() / 4].tolist()


class Readings:
    def __init__(self):
        self.rows = []

    def add(self, metric, value, part="", key=""):
        self.rows.append((metric, part, key, float(value)))

    def add_parts(self, metric, values, key=""):
        for part, value in values.items():
            self.add(metric, value, part, key)


def without_frequencies(model, readings):
    readings.add_parts("loss", model.loss(model.logits))
    readings.add_parts("accuracy", model.accuracy(model.logits))
    right = model.logits.argmax(1) == model.y
    if model.strangers.any() and model.p % 2:
        readings.add("accuracy.strangers", right[model.strangers].mean())
    for name, tensor in model.weights.items():
        readings.add("squared_norm", (tensor**2).sum(), key=name)
    total = sum((tensor**2).sum() for tensor in model.weights.values())
    readings.add("squared_norm", total, key="total")
    rows = model.parts["all"]
    z, y = model.logits[rows], model.y[rows]
    others = z.copy()
    others[np.arange(len(y)), y] = -np.inf
    margins = z[np.arange(len(y)), y] - others.max(1)
    readings.add("margin.min", margins.min())
    readings.add("margin.mean", margins.mean())
    if model.layers == 1:
        s = np.linalg.svd(model.w_l, compute_uv=False)
        shares = [np.sqrt((s[r:] ** 2).sum() / (s**2).sum()) for r in range(len(s) + 1)]
        readings.add("wl_rank_2pct", next(r for r, share in enumerate(shares) if share < 0.02))
        for head, weights in enumerate(model.attention):
            readings.add("attention_to_equals", weights[:, 2].mean(), key=str(head))


def of_embedding(model, waves, readings):
    norms = np.linalg.norm(waves.basis @ model.embedding, axis=1)
    for name, norm in zip(waves.names, norms):
        readings.add("embedding_norm", norm, key=name)
    readings.add("embedding_gini", gini(norms))


def of_weights_and_neurons(model, waves, readings):
    readings.add("wl_gini", gini(np.linalg.norm(model.w_l @ waves.basis.T, axis=0)))
    fractions, _ = neuron_fractions(model, waves)
    readings.add("neuron_fraction_85", (fractions.max(1) > 0.85).mean())
    energies = ((model.neurons - model.neurons.mean(0)) ** 2).sum(0)
    pure = energies[fractions.max(1) > 0.85].sum()
    readings.add("neuron_energy_85", pure / energies.sum())
    for percent in (10, 25, 50, 75, 90):
        quantile = np.quantile(fractions.max(1), percent / 100)
        readings.add("neuron_fraction.quantile", quantile, key=str(percent))
    without_neurons(model, waves, readings)
    for head, weights in enumerate(model.attention):
        for place, name in enumerate("ab"):
            shares = []
            centred = weights[:, place] - weights[:, place].mean()
            for k in waves.ks:
                lines = [waves.basis[i] for i in waves.lines[k]]
                columns = [line[at] for line in lines for at in (model.a, model.b)]
                design = np.stack([np.ones(len(model.a)), *columns], 1)
                fit = design @ np.linalg.lstsq(design, centred, rcond=None)[0]
                shares.append((fit**2).sum() / (centred**2).sum())
            readings.add("attention_fve", max(shares), key=f"{head}.{name}")


def without_neurons(model, waves, readings):
    fractions, live = neuron_fractions(model, waves)
    pure = fractions.max(1) > 0.85
    groups = {"single": np.flatnonzero(live & pure), "mixed": np.flatnonzero(live & ~pure)}
    for name, group in groups.items():
        if len(group):
            readings.add("neuron_on", (model.neurons[:, group] > 0).mean(), key=name)
    mixed, single = groups["mixed"], groups["single"]
    removed = [("mixed", "", mixed)]
    for i in range(10):
        removed.append(("single", str(i), np.roll(single, -(i * len(single) // 10))[: len(mixed)]))
    for name, key, group in removed:
        if len(group):
            kept = model.neurons.copy()
            kept[:, group] = kept[:, group].mean(0)
            # what the other parts of the model say stays: only the change of the neurons is mapped
            logits = model.logits + (kept - model.neurons) @ model.w_l
            readings.add_parts(f"neuron_removed.{name}", model.loss(logits), key)


def of_blocks(model, waves, keys, readings):
    z, mean = model.logits, model.logits.mean(0)
    for name, with_ones in (("block2x2", False), ("block3x3", True)):
        block = waves.block(keys, z, with_ones)
        readings.add_parts(f"restricted.{name}", model.loss(block + mean))
        readings.add_parts(f"excluded.{name}", model.loss(z - block))


def of_logits(model, waves, keys, controls, readings):
    z, mean = model.logits, model.logits.mean(0)
    kept = waves.project(keys, z)
    readings.add_parts("restricted.logits", model.loss(kept + mean))
    readings.add_parts("excluded.logits", model.loss(z - kept))
    for k in keys:
        wave = waves.project([k], z)
        readings.add_parts("excluded.single", model.loss(z - wave), str(k))
        wave = wave[model.parts["all"]]
        right = np.arange(model.p) == model.y[model.parts["all"], None]
        readings.add("wave.right", wave[right].mean(), key=str(k))
        readings.add("wave.wrong", wave[~right].mean(), key=str(k))

    alphas = {k: (z * waves.cosine(k)).sum() / (waves.cosine(k) ** 2).sum() for k in keys}
    for k, alpha in alphas.items():
        readings.add("fit.alpha", alpha, key=str(k))
    fitted = sum(alpha * waves.cosine(k) for k, alpha in alphas.items())
    readings.add_parts("fit.loss", model.loss(fitted))
    readings.add_parts("excluded.cosine", model.loss(z - fitted))
    by_input = z.mean(1, keepdims=True)
    centred = {
        "raw": z,
        "global": z - z.mean(),
        "per_class": z - mean,
        "per_input": z - by_input,
        "double": z - mean - by_input + z.mean(),
    }
    explained = (fitted**2).sum()
    for name, deviations in centred.items():
        readings.add(f"fit.fve.{name}", explained / (deviations**2).sum())
    rest = z - kept - mean
    rest = ((rest - rest.mean(1, keepdims=True)) ** 2).sum()
    readings.add("fit.fve.waves", 1 - rest / (centred["per_input"] ** 2).sum())
    clock = np.zeros(model.p)
    for k, alpha in alphas.items():
        clock += alpha * np.cos(2 * np.pi * k * np.arange(model.p) / model.p)
    readings.add("margin.ideal", clock[0] - clock[1:].max())

    for name, frequencies in [("key", keys)] + [("control", others) for others in controls]:
        text = "+".join(map(str, frequencies))
        part = waves.project(frequencies, z)
        readings.add_parts(f"{name}.kept", model.accuracy(part + mean), text)
        readings.add_parts(f"{name}.removed", model.accuracy(z - part), text)


def of_neurons(model, waves, keys, readings):
    w, mean, n = model.weights, model.logits.mean(0), model.neurons
    kept = waves.project(keys, n)
    restricted = (kept + n.mean(0)) @ model.w_l
    restricted += mean - restricted.mean(0)
    readings.add_parts("restricted.mlp", model.loss(restricted))
    excluded = (n - kept) @ w["W_out"] + model.mid
    for name, bias in (("excluded.mlp", 0), ("excluded.mlp_bias", w["b_out"])):
        readings.add_parts(name, model.loss((excluded + bias) @ model.w_u))
    directions = model.w_l @ waves.basis.T
    weighted, weights = 0, 0
    for k in keys:
        cosine = waves.cosine(k)
        weight = ((model.logits * cosine).sum() / (cosine**2).sum()) ** 2
        for wave, name, column in zip(waves.of_answer(k), ("cos", "sin"), waves.lines[k]):
            projected = n @ directions[:, column]
            variance = ((projected - projected.mean()) ** 2).sum()
            share = (wave @ projected) ** 2 / variance
            readings.add("wl_direction_fve", share, key=f"{name}{k}")
            weighted, weights = weighted + weight * share, weights + weight
    readings.add("wl_direction_fve.weighted", weighted / weights)


def of_places(model, waves, keys, readings):
    w, n = model.weights, model.neurons
    directions = model.w_l @ waves.basis.T
    residual = model.w_l.copy()
    for k in keys:
        sizes = np.linalg.svd(directions[:, waves.lines[k]], compute_uv=False)
        for name, size in zip(("larger", "smaller"), sizes):
            readings.add("wl_wave_size", size / np.linalg.norm(model.w_l), key=f"{name}{k}")
        for column in waves.lines[k]:
            residual -= np.outer(directions[:, column], waves.basis[column])
    inputs = model.mid @ w["W_in"] + w["b_in"]
    for name, x in (("attention", model.mid), ("mlp_pre", inputs), ("mlp_post", n)):
        share = (waves.block(keys, x, False) ** 2).sum() / ((x - x.mean(0)) ** 2).sum()
        readings.add(f"product_share.{name}", share)
    readings.add("wl_residual", np.linalg.norm(residual) / np.linalg.norm(model.w_l))
    lines = [line for k in keys for line in waves.lines[k]]
    for head, weights in enumerate(model.attention):
        for place, name in enumerate("ab"):
            centred = weights[:, place] - weights[:, place].mean()
            columns = [waves.basis[line][at] for line in lines for at in (model.a, model.b)]
            fit = np.stack(columns, 1) @ np.linalg.lstsq(np.stack(columns, 1), centred, rcond=None)[0]
            share = (fit**2).sum() / (centred**2).sum()
            readings.add("attention_fve.keys", share, key=f"{head}.{name}")
    in_embedding = waves.basis[lines].T @ (waves.basis[lines] @ model.embedding)
    readings.add_parts(
        "removed.embedding", model.accuracy(model.without_in_embedding(in_embedding))
    )

    def without(x):
        """X without all products of waves of the keys, and of one of them and a constant."""
        found = x.copy()
        for i in [0, *lines]:
            for j in [0, *lines]:
                if (i, j) != (0, 0):
                    wave = waves.basis[i][model.a] * waves.basis[j][model.b]
                    found -= np.outer(wave, wave @ x)
        return found

    mid = without(model.mid)
    neurons = np.maximum(mid @ w["W_in"] + w["b_in"], 0)
    bias = w["b_out"] @ model.w_u
    readings.add_parts(
        "removed.residual", model.accuracy(mid @ model.w_u + neurons @ model.w_l + bias)
    )
    logits = model.mid @ model.w_u + without(n) @ model.w_l + bias
    readings.add_parts("removed.neurons", model.accuracy(logits))


def of_distance(model, waves, readings):
    """How far the logit of the answer varies where the difference of the places is fixed."""
    rows = model.parts["all"]
    right = model.logits[rows, model.y[rows]]
    distance = ((waves.sign * waves.b - waves.a) % waves.m)[rows]
    spreads = [right[distance == d].std() for d in range(waves.m) if (distance == d).any()]
    readings.add("distance_irrelevance", np.mean(spreads) / right.std())


def of_gradients(model, readings):
    """Central differences: a shift of W_pos[t] is one of the embedding at t, for all questions."""
    base, size = model.base, 1e-6
    n = len(base.a)
    c = (base.a**2 + 2 * base.b**2) % base.p
    gradients = np.zeros((2, n, base.weights["W_pos"].shape[1]))
    for t in range(2):
        for i in range(gradients.shape[2]):
            for sign in (1, -1):
                other = copy.copy(base)
                positions = base.weights["W_pos"].copy()
                positions[t, i] += sign * size
                other.weights = {**base.weights, "W_pos": positions}
                other.run()
                gradients[t, :, i] += sign * other.logits[np.arange(n), c] / (2 * size)
    norms = np.linalg.norm(gradients, axis=2)
    cosines = (gradients[0] * gradients[1]).sum(1) / norms[0] / norms[1]
    readings.add("gradient_symmetricity", cosines.mean())


def of_three_things(model, readings):
    """Shares of the representations of S3: functions of where each thing goes, and the sign."""
    n, logits, w = model.p, model.logits, model.weights
    elements = list(itertools.permutations(range(3)))
    product = np.array([[elements.index(tuple(x[i] for i in y)) for y in elements] for x in elements])
    assert (product.ravel() == model.y).all()
    inverse = product.argmin(1)  # where the product is the identity, element 0
    places = np.array([[g[i] == j for i in range(3) for j in range(3)] for g in elements]) - 1 / 3
    sign = np.array([np.linalg.det(np.eye(3)[list(g)]) for g in elements])
    u, s, _ = np.linalg.svd(places, full_matrices=False)
    bases = {"2+1": u[:, s > 1e-9], "1+1+1": sign[:, None] / np.sqrt(n)}
    characters = {
        "2+1": np.array([sum(g[i] == i for i in range(3)) - 1 for g in elements]),
        "1+1+1": sign,
    }
    x = w["W_E"][:n] - w["W_E"][:n].mean(0)
    centred = logits - logits.mean(0) - logits.mean(1, keepdims=True) + logits.mean()
    of_product = {name: basis[product.ravel()] / np.sqrt(n) for name, basis in bases.items()}
    shares = {}
    for name, basis in bases.items():
        readings.add("group.embedding", ((basis.T @ x) ** 2).sum() / (x**2).sum(), key=name)
        found = (of_product[name].T @ centred) ** 2
        readings.add("group.logits", found.sum() / (centred**2).sum(), key=name)
        wave = characters[name][product[product.ravel()][:, inverse]]  # χ(xyc⁻¹), (n², n)
        shares[name] = (wave * centred).sum() ** 2 / (wave**2).sum() / (centred**2).sum()
        readings.add("group.characters", shares[name], key=name)
    total = sum(shares.values())
    readings.add("group.characters.total", total)
    largest = max(shares, key=shares.get)
    keys = [largest] if shares[largest] >= 0.95 * total else list(bases)
    readings.add("group.count_95", len(keys))

    subgroups = [
        h
        for size in (2, 3)
        for h in itertools.combinations(range(n), size)
        if all(product[a, b] in h for a in h for b in h)
    ]
    inputs = (model.mid @ w["W_in"] + w["b_in"]).reshape(n, n, -1)
    explained = energy = 0
    for side in (inputs.mean(1), inputs.mean(0)):
        side = side - side.mean(0)
        best = np.zeros(side.shape[1])
        for h in subgroups:
            for table in (product, product.T):
                cosets = {frozenset(table[a, list(h)]) for a in range(n)}
                means = np.zeros_like(side)
                for coset in cosets:
                    means[list(coset)] = side[list(coset)].mean(0)
                share = (means**2).sum(0) / (side**2).sum(0)
                best = np.maximum(best, 1 - (1 - share) * (n - 1) / (n - len(cosets)))
        explained += (best * (side**2).sum(0)).sum()
        energy += (side**2).sum()
    readings.add("group.cosets", explained / energy)

    sets = {name: [name] for name in bases}
    sets["keys"] = keys
    sets["others"] = [name for name in bases if name not in keys]
    for key, names in sets.items():
        if names:
            basis = np.concatenate([bases[name] for name in names], 1)
            embedding = model.without_in_embedding(basis @ (basis.T @ w["W_E"][:n]))
            basis = np.concatenate([of_product[name] for name in names], 1)
            for site, z in (
                ("embedding", embedding),
                ("logits", logits - basis @ (basis.T @ logits)),
            ):
                readings.add_parts(f"group.removed.{site}", model.accuracy(z), key)
                readings.add_parts(f"group.removed.{site}.loss", model.loss(z), key)


def measure(path, keys, controls, circle=None):
    model, readings = Model(path), Readings()
    without_frequencies(model, readings)
    if model.p == 6:
        of_gradients(model, readings)
        of_three_things(model, readings)
        return readings.rows
    circle = circle or model.recognised()
    model = model.on_circle(circle)
    waves = Waves(model)
    if isinstance(keys, str):
        keys = frequencies_by(keys, model, waves)
    for rule in RULES:
        if rule == "energy" and circle is None:
            continue
        if rule in ("energy", "embedding-quarter") or model.layers == 1:
            for k in frequencies_by(rule, model, waves):
                readings.add(f"key_frequency.{rule}", waves.energy(k, model.logits), key=str(k))
    of_embedding(model, waves, readings)
    if circle is not None:
        of_logits(model, waves, keys, controls, readings)
        of_distance(model, waves, readings)
    of_blocks(model, waves, keys, readings)
    if model.layers == 1:
        of_weights_and_neurons(model, waves, readings)
        if circle is not None:
            of_neurons(model, waves, keys, readings)
        of_places(model, waves, keys, readings)
    of_gradients(model, readings)
    return readings.rows


def export(path, to):
    """As another trainer may save it: float64, Fortran order, neither labels, epoch nor provenance."""
    file = np.load(path)
    weights = {name: file[name] for name in file.files if file[name].dtype.kind == "f"}
    arrays = {name: np.asfortranarray(array, np.float64) for name, array in weights.items()}
    np.savez(to, **arrays, p=file["p"], train_pairs=file["train_pairs"])


def write(name, rows):
    with open(f"{name}.csv", "w", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(("metric", "part", "key", "value"))
        out.writerows(row[:3] + (repr(row[3]),) for row in rows)


def main():
    export("two-layers-7.npz", "exported-7.npz")
    for name, (keys, controls) in CHECKPOINTS.items():
        write(name, measure(f"{name}.npz", keys, controls))
    for name, (checkpoint, circle, keys, controls) in ALONG.items():
        write(name, measure(f"{checkpoint}.npz", keys, controls, circle))


if __name__ == "__main__":
    main()
