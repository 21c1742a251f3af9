"""Writes what the tests of org.grokscope.checkpoint read of TransformerLens: models and their logits.

Run as `python make_transformer_lens_fixtures.py` in this folder, once with transformer-lens 3 (3.9.0
made the one committed) and once with 4 (4.3.0): each writes the file of its version, by the package
safetensors (0.8.0). The weights are drawn, those of LayerNorm and the biases of the MLP too. Beside
the state_dict, with buffers and zero biases as it is, the file has the questions and the logits at
the last position of all p² questions.
"""

import json
from importlib.metadata import version

import torch
from safetensors.torch import save_file

P = 5
WIDTHS = dict(n_layers=2, n_ctx=3, d_model=8, n_heads=2, d_head=3, d_mlp=7)
MODEL = dict(d_vocab=P + 1, d_vocab_out=P + 1, act_fn="gelu", normalization_type="LN")


def build(major):
    if major == 3:
        from transformer_lens import HookedTransformer, HookedTransformerConfig

        return HookedTransformer(HookedTransformerConfig(**WIDTHS, **MODEL, device="cpu"))
    from transformer_lens import TransformerBridge, TransformerBridgeConfig

    return TransformerBridge.boot_native(TransformerBridgeConfig(**WIDTHS, **MODEL))


def is_drawn(name):
    """Whether it is a weight of the models here too: no bias of attention or unembedding, no buffer."""
    foreign = ".attn.b_" in name or (".attn." in name and name.endswith(".bias"))
    return not (
        foreign or name in ("unembed.b_U", "unembed.bias") or name.endswith((".mask", ".IGNORE"))
    )


def main():
    major = int(version("transformer-lens").split(".")[0])
    torch.manual_seed(17)
    model = build(major)
    state = {name: value.clone() for name, value in model.state_dict().items()}
    for name, value in state.items():
        if is_drawn(name):
            state[name] = 0.5 * torch.randn(value.shape)
    model.load_state_dict(state)
    a, b = torch.meshgrid(torch.arange(P), torch.arange(P), indexing="ij")
    questions = torch.stack([a.flatten(), b.flatten(), torch.full((P * P,), P)], dim=1)
    with torch.no_grad():
        logits = model(questions)[:, -1]
    facts = {
        "p": torch.tensor(P),
        "train_pairs": torch.tensor([0, 7, 11, 23]),
        "n_heads": torch.tensor(WIDTHS["n_heads"]),
        "logits": logits.contiguous(),
    }
    told = {"provenance": json.dumps({"model": {"activation": "GELU"}, "author": "Évariste"})}
    save_file({**state, **facts}, f"transformer-lens-{major}.safetensors", metadata=told)


if __name__ == "__main__":
    main()
