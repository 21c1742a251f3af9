"""Writes the fixture that holds Grokscope's model for lines to PyTorch's autograd and AdamW.

    python make_line_reader_fixture.py [folder]

The model is written out here from its formulas, in float64, and differentiated by autograd; weights
are rounded to float32 first, so that float32 parameters hold them exactly. Who sees whom is made
here from the tokens. Only torch is needed.

Reads line_documents.json, five training batches of LineReaderFixture.TASK (seed 3, steps 0 to 4,
4 documents each) as that class writes them:
    newline, labels [first, end) among the tokens, length T, vocabulary
    batches     tokens [n·T], targets [n·T], weights [n·T] of each

Writes line_reader.json:
    torch       version of PyTorch that made it
    dModel, layers [{view, heads, dHead, dMlp, slopes, sink}], as above
    weights     {name: flat row-major list}
    logits      [n·T·vocabulary] of the first batch
    loss        of the first batch: sum of weight * cross-entropy over the sum of weights, nats
    gradients   {name: flat row-major list} of that loss
    training    five updates on the five batches: losses before each, norms of the gradients before
                clipping, finalWeights, and the settings: learningRate, weightDecay (of blocks.N.W_*
                alone), beta1, beta2, epsilon, warmUp, clip, steps. Update u = 0, 1, ... has rate
                learningRate * min((u+1)/warmUp, 1) * (1 if u < steps/2 else max(.02, 2(1-u/steps)))
"""

import json
import math
import pathlib
import sys

import torch

torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)

D = 6
LAYERS = [
    dict(view="OWN_LINE", heads=2, dHead=3, dMlp=5, slopes=[0.25, 0.0], sink=True),
    dict(view="OWN_LINE", heads=0, dHead=0, dMlp=4, slopes=[], sink=False),
    dict(view="OPENED_LINE", heads=2, dHead=2, dMlp=3, slopes=[], sink=False),
    dict(view="LINE_ENDS", heads=1, dHead=4, dMlp=0, slopes=[0.5], sink=True),
    dict(view="HEADER", heads=3, dHead=2, dMlp=0, slopes=[], sink=False),
]
SETTINGS = dict(learningRate=0.01, weightDecay=0.01, beta1=0.9, beta2=0.98, epsilon=1e-8,
                warmUp=2, clip=1.0, steps=5)


def parameter_shapes(vocabulary):
    shapes = {"W_E": (vocabulary, D)}
    for number, layer in enumerate(LAYERS):
        at, heads, width = f"blocks.{number}.", layer["heads"], layer["dHead"]
        if heads:
            shapes |= {at + "ln1.w": (D,), at + "ln1.b": (D,)}
            shapes |= {at + name: (heads, D, width) for name in ("W_Q", "W_K", "W_V")}
            shapes |= {at + "W_O": (heads, width, D), at + "b_Q": (heads, width), at + "b_O": (D,)}
            if layer["sink"]:
                shapes[at + "sink"] = (heads,)
        if layer["dMlp"]:
            shapes |= {at + "ln2.w": (D,), at + "ln2.b": (D,)}
            shapes |= {at + "W_in": (D, layer["dMlp"]), at + "b_in": (layer["dMlp"],)}
            shapes |= {at + "W_out": (layer["dMlp"], D), at + "b_out": (D,)}
    shapes |= {"ln_final.w": (D,), "ln_final.b": (D,)}
    return shapes | {"W_U": (D, vocabulary), "b_U": (vocabulary,)}


def random_weights(vocabulary, seed):
    """Every entry random, biases and scales too, so that no gradient hides behind a zero."""
    generator = torch.Generator().manual_seed(seed)
    weights = {}
    for name, shape in parameter_shapes(vocabulary).items():
        value = torch.randn(shape, generator=generator) * 0.7
        if name.endswith(".w"):
            value = 1 + 0.3 * value
        weights[name] = value.float().double().requires_grad_()
    return weights


def seen(view, tokens, given):
    """Who may attend to whom in each document, (n, query, key), by the words of View."""
    n, length = tokens.shape
    result = torch.zeros(n, length, length, dtype=torch.bool)
    for i in range(n):
        line, lines = 0, []
        for token in tokens[i].tolist():
            lines.append(line)  # a newline belongs to the line that it ends
            line += token == given["newline"]
        for t in range(length):
            for s in range(t + 1):
                ends = tokens[i, s] == given["newline"]
                own = lines[s] == lines[t] and s > 0
                label = given["labels"][0] <= tokens[i, s] < given["labels"][1]
                result[i, t, s] = s == t or {
                    "OWN_LINE": own,
                    "OPENED_LINE": own or (ends and lines[s] == lines[t] - 1)
                    or (s == 0 and lines[t] == 0),
                    "LINE_ENDS": s == 0 or ends,
                    "HEADER": s == 0 or (label and lines[s] == 0),
                }[view]
    return result


def layer_norm(w, name, x):
    centred = x - x.mean(-1, keepdim=True)
    sigma = torch.sqrt((centred * centred).mean(-1, keepdim=True) + 1e-5)
    return centred / sigma * w[name + ".w"] + w[name + ".b"]


def attention(w, at, layer, x, tokens, given):
    q = torch.einsum("ntd,hdk->nhtk", x, w[at + "W_Q"]) + w[at + "b_Q"][None, :, None]
    k = torch.einsum("nsd,hdk->nhsk", x, w[at + "W_K"])
    v = torch.einsum("nsd,hdk->nhsk", x, w[at + "W_V"])
    scores = torch.einsum("nhtk,nhsk->nhts", q, k) / math.sqrt(layer["dHead"])
    place = torch.arange(x.shape[1])
    for h, slope in enumerate(layer["slopes"]):
        scores[:, h] = scores[:, h] - slope * (place[:, None] - place[None, :])
    e = torch.exp(scores) * seen(layer["view"], tokens, given)[:, None]
    total = e.sum(-1, keepdim=True)
    if layer["sink"]:
        total = total + torch.exp(w[at + "sink"])[None, :, None, None]
    z = torch.einsum("nhts,nhsk->nhtk", e / total, v)
    return torch.einsum("nhtk,hkd->ntd", z, w[at + "W_O"]) + w[at + "b_O"]


def logits_of(w, tokens, given):
    x = w["W_E"][tokens]
    for number, layer in enumerate(LAYERS):
        at = f"blocks.{number}."
        if layer["heads"]:
            x = x + attention(w, at, layer, layer_norm(w, at + "ln1", x), tokens, given)
        if layer["dMlp"]:
            pre = layer_norm(w, at + "ln2", x) @ w[at + "W_in"] + w[at + "b_in"]
            x = x + torch.relu(pre) @ w[at + "W_out"] + w[at + "b_out"]
    return layer_norm(w, "ln_final", x) @ w["W_U"] + w["b_U"]


def loss_of(w, batch, given):
    tokens = torch.tensor(batch["tokens"]).view(-1, given["length"])
    logits = logits_of(w, tokens, given)
    of_each = torch.nn.functional.cross_entropy(
        logits.flatten(0, 1), torch.tensor(batch["targets"]), reduction="none")
    weights = torch.tensor(batch["weights"])
    return logits, (of_each * weights).sum() / weights.sum()


def train(w, given):
    s = SETTINGS
    groups = [
        {"params": [v for n, v in w.items() if ".W_" in n], "weight_decay": s["weightDecay"]},
        {"params": [v for n, v in w.items() if ".W_" not in n], "weight_decay": 0.0},
    ]
    optimiser = torch.optim.AdamW(
        groups, lr=s["learningRate"], betas=(s["beta1"], s["beta2"]), eps=s["epsilon"])
    losses, norms = [], []
    for u, batch in enumerate(given["batches"]):
        falling = 1 if u < s["steps"] / 2 else max(0.02, 2 * (1 - u / s["steps"]))
        for group in optimiser.param_groups:
            group["lr"] = s["learningRate"] * min((u + 1) / s["warmUp"], 1) * falling
        optimiser.zero_grad()
        _, loss = loss_of(w, batch, given)
        loss.backward()
        norms.append(torch.nn.utils.clip_grad_norm_(w.values(), s["clip"]).item())
        optimiser.step()
        losses.append(loss.item())
    return s | {"losses": losses, "norms": norms, "finalWeights": flat(w)}


def flat(tensors):
    return {name: tensor.detach().flatten().tolist() for name, tensor in tensors.items()}


def main(folder):
    here = pathlib.Path(__file__).parent
    given = json.loads((here / "line_documents.json").read_text())
    w = random_weights(given["vocabulary"], 4)
    logits, loss = loss_of(w, given["batches"][0], given)
    loss.backward()
    content = {
        "torch": torch.__version__,
        "dModel": D,
        "layers": LAYERS,
        "weights": flat(w),
        "logits": logits.detach().flatten().tolist(),
        "loss": loss.item(),
        "gradients": flat({name: value.grad for name, value in w.items()}),
    }
    content["training"] = train(w, given)
    (pathlib.Path(folder) / "line_reader.json").write_text(json.dumps(content) + "\n")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent)
