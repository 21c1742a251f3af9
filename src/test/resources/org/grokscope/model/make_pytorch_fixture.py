"""Writes the fixtures that hold Grokscope's transformers to PyTorch's autograd.

    python make_pytorch_fixture.py [folder]

Models are written out here from their formulas, in float64, and differentiated by autograd; weights
are rounded to float32 first, so that float32 parameters hold them exactly. Only torch is needed.

Each file is one JSON object:
    torch       version of PyTorch that made it
    config      layers, dModel, heads, dHead, dMlp, activation, layerNorm, causal,
                vocabulary, outputs, contextLength
    tokens      [n][context], labels [n]
    weights     {name: flat row-major list}, names and shapes of TransformerLens; deeper models
                prefix blocks.N.
    logits      [n][outputs] at the last position
    loss        mean cross-entropy, natural logarithm
    gradients   {name: flat row-major list} of the loss
    training    (one_layer.json only) losses [10] before each of ten AdamW steps on this batch,
                finalWeights {name: list}, and the settings: learningRate, warmUp, weightDecay,
                beta1, beta2, epsilon. Update u = 0, 1, ... has rate learningRate * min(u/warmUp, 1),
                so the first update moves nothing.
"""

import json
import math
import pathlib
import sys

import torch

torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)


def parameter_shapes(c):
    d, heads, d_head, d_mlp = c["dModel"], c["heads"], c["dHead"], c["dMlp"]
    shapes = {"W_E": (c["vocabulary"], d), "W_pos": (c["contextLength"], d)}
    for layer in range(c["layers"]):
        at = prefix(c, layer)
        if c["layerNorm"]:
            shapes |= {at + "ln1.w": (d,), at + "ln1.b": (d,)}
        shapes |= {at + name: (heads, d, d_head) for name in ("W_Q", "W_K", "W_V")}
        shapes[at + "W_O"] = (heads, d_head, d)
        if c["layerNorm"]:
            shapes |= {at + "ln2.w": (d,), at + "ln2.b": (d,)}
        shapes |= {at + "W_in": (d, d_mlp), at + "b_in": (d_mlp,)}
        shapes |= {at + "W_out": (d_mlp, d), at + "b_out": (d,)}
    if c["layerNorm"]:
        shapes |= {"ln_final.w": (d,), "ln_final.b": (d,)}
    shapes["W_U"] = (d, c["outputs"])
    return shapes


def prefix(c, layer):
    return "" if c["layers"] == 1 else f"blocks.{layer}."


def random_weights(c, seed):
    """Every entry random, biases and LayerNorm scales too, so that no gradient hides behind a zero."""
    generator = torch.Generator().manual_seed(seed)
    weights = {}
    for name, shape in parameter_shapes(c).items():
        value = torch.randn(shape, generator=generator) * 0.5
        if ".w" in name:
            value = 1 + 0.3 * value
        weights[name] = value.float().double().requires_grad_()
    return weights


def layer_norm(w, name, x):
    return torch.nn.functional.layer_norm(
        x, x.shape[-1:], w[name + ".w"], w[name + ".b"], eps=1e-5
    )


def attention(c, w, at, x):
    q = torch.einsum("ntd,hdk->nhtk", x, w[at + "W_Q"])
    k = torch.einsum("nsd,hdk->nhsk", x, w[at + "W_K"])
    v = torch.einsum("nsd,hdk->nhsk", x, w[at + "W_V"])
    scores = torch.einsum("nhtk,nhsk->nhts", q, k) / math.sqrt(c["dHead"])
    if c["causal"]:
        t = c["contextLength"]
        future = torch.ones(t, t, dtype=torch.bool).triu(1)
        scores = scores.masked_fill(future, -math.inf)
    z = torch.einsum("nhts,nhsk->nhtk", scores.softmax(-1), v)
    return torch.einsum("nhtk,hkd->ntd", z, w[at + "W_O"])


def mlp(c, w, at, x):
    pre = x @ w[at + "W_in"] + w[at + "b_in"]
    act = {"RELU": torch.relu, "GELU": torch.nn.functional.gelu}[c["activation"]]
    return act(pre) @ w[at + "W_out"] + w[at + "b_out"]


def logits_of(c, w, tokens):
    norm = layer_norm if c["layerNorm"] else lambda w, name, x: x
    x = w["W_E"][tokens] + w["W_pos"]
    for layer in range(c["layers"]):
        at = prefix(c, layer)
        x = x + attention(c, w, at, norm(w, at + "ln1", x))
        x = x + mlp(c, w, at, norm(w, at + "ln2", x))
    return norm(w, "ln_final", x)[:, -1] @ w["W_U"]


def loss_of(c, w, tokens, labels):
    return torch.nn.functional.cross_entropy(logits_of(c, w, tokens), labels)


def train(c, w, tokens, labels):
    s = dict(learningRate=1e-3, warmUp=10, weightDecay=1.0, beta1=0.9, beta2=0.98, epsilon=1e-8)
    optimiser = torch.optim.AdamW(
        list(w.values()),
        lr=s["learningRate"],
        weight_decay=s["weightDecay"],
        betas=(s["beta1"], s["beta2"]),
        eps=s["epsilon"],
    )
    warm_up = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda u: min(u / s["warmUp"], 1))
    losses = []
    for _ in range(10):
        optimiser.zero_grad()
        loss = loss_of(c, w, tokens, labels)
        loss.backward()
        optimiser.step()
        warm_up.step()
        losses.append(loss.item())
    return s | {"losses": losses, "finalWeights": flat(w)}


def flat(tensors):
    return {name: tensor.detach().flatten().tolist() for name, tensor in tensors.items()}


def fixture(c, seed, tokens, labels, with_training):
    w = random_weights(c, seed)
    logits = logits_of(c, w, tokens)
    loss = loss_of(c, w, tokens, labels)
    loss.backward()
    result = {
        "torch": torch.__version__,
        "config": c,
        "tokens": tokens.tolist(),
        "labels": labels.tolist(),
        "weights": flat(w),
        "logits": logits.tolist(),
        "loss": loss.item(),
        "gradients": flat({name: tensor.grad for name, tensor in w.items()}),
    }
    if with_training:
        result["training"] = train(c, w, tokens, labels)
    return result


def config(layers, d_model, heads, d_head, d_mlp, activation, layer_norm, causal, p, context):
    return dict(
        layers=layers, dModel=d_model, heads=heads, dHead=d_head, dMlp=d_mlp,
        activation=activation, layerNorm=layer_norm, causal=causal,
        vocabulary=p + 1, outputs=p + 1, contextLength=context,
    )


def main(folder):
    p = 7
    table = torch.tensor([[a, b, p] for a in range(p) for b in range(p)])
    sums = table[:, :2].sum(1) % p
    generator = torch.Generator().manual_seed(5)
    free = torch.randint(0, p + 1, (11, 4), generator=generator)
    answers = torch.randint(0, p + 1, (11,), generator=generator)
    fixtures = {
        "one_layer": fixture(
            config(1, 8, 2, 4, 12, "RELU", False, True, p, 3), 1, table[::2], sums[::2], True
        ),
        "two_layers": fixture(
            config(2, 6, 2, 5, 10, "GELU", True, True, p, 4), 2, free, answers, False
        ),
        "two_way": fixture(
            config(2, 6, 3, 2, 9, "RELU", False, False, p, 4), 3, free, answers, False
        ),
    }
    for name, content in fixtures.items():
        path = pathlib.Path(folder) / f"{name}.json"
        path.write_text(json.dumps(content) + "\n")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent)
