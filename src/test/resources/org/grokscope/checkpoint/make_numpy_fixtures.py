"""Writes the NumPy files that the tests of org.grokscope.checkpoint read.

Run as `python make_numpy_fixtures.py` in this folder, with nothing but NumPy (2.4.6 made those
committed). Every weight is ((7·s + 3·i) mod 41 − 20) / 64, with s the number of the array in the
order of shapes() and i the row-major index: small enough to be exact in float16, and known to the
tests by the same formula.
"""

import io
import json
import math
import zipfile

import numpy as np

P, D_MODEL, HEADS, D_HEAD, D_MLP = 3, 4, 2, 3, 5


def shapes(layers=1, layer_norm=False, outputs=P + 1, prefix_single=False):
    found = {"W_E": (P + 1, D_MODEL), "W_pos": (3, D_MODEL)}
    norm = {"w": (D_MODEL,), "b": (D_MODEL,)}
    for layer in range(layers):
        at = f"blocks.{layer}." if layers > 1 or prefix_single else ""
        if layer_norm:
            found |= {f"{at}ln1.{k}": v for k, v in norm.items()}
        found |= {at + name: (HEADS, D_MODEL, D_HEAD) for name in ("W_Q", "W_K", "W_V")}
        found[at + "W_O"] = (HEADS, D_HEAD, D_MODEL)
        if layer_norm:
            found |= {f"{at}ln2.{k}": v for k, v in norm.items()}
        found |= {at + "W_in": (D_MODEL, D_MLP), at + "b_in": (D_MLP,)}
        found |= {at + "W_out": (D_MLP, D_MODEL), at + "b_out": (D_MODEL,)}
    if layer_norm:
        found |= {f"ln_final.{k}": v for k, v in norm.items()}
    found["W_U"] = (D_MODEL, outputs)
    return found


def weights(dtype=np.float32, **model):
    arrays = {}
    for s, (name, shape) in enumerate(shapes(**model).items()):
        i = np.arange(math.prod(shape))
        arrays[name] = (((7 * s + 3 * i) % 41 - 20) / 64).astype(dtype).reshape(shape)
    return arrays


def facts(integers=np.int64):
    a, b = np.divmod(np.arange(P * P), P)
    return {
        "p": np.array(P, dtype=integers),
        "train_pairs": np.array([0, 5, 7], dtype=integers),
        "labels": ((a + b) % P).astype(integers),
    }


def without_labels():
    return {name: array for name, array in facts().items() if name != "labels"}


def save_versioned(path, arrays, version):
    with zipfile.ZipFile(path, "w") as file:
        for name, array in arrays.items():
            buffer = io.BytesIO()
            np.lib.format.write_array(buffer, np.asanyarray(array), version=version)
            entry = zipfile.ZipInfo(name + ".npy", (1980, 1, 1, 0, 0, 0))
            file.writestr(entry, buffer.getvalue())


def main():
    told = json.dumps({"model": {"activation": "gelu", "causal": False}, "author": "Évariste"})
    np.savez("plain.npz", **weights(), **facts(), epoch=700, provenance=told)
    np.savez("fortran.npz", **{k: np.asfortranarray(v) for k, v in weights().items()}, **facts())
    np.savez("half.npz", **weights(np.float16), **facts())
    np.savez("double.npz", **weights(np.float64), **facts())
    np.savez("big-endian.npz", **weights(">f4"), **facts(">i8"), provenance=np.array(told, ">U"))
    np.savez("int32.npz", **weights(), **facts(np.int32), epoch=np.int32(5))
    np.savez("small-integers.npz", **weights(), **facts(np.uint8))
    np.savez("byte-provenance.npz", **weights(), **facts(), provenance=told.encode())
    np.savez_compressed("deflated.npz", **weights(), **facts())
    np.savez("no-labels.npz", **weights(), **without_labels())
    np.savez("p-columns.npz", **weights(outputs=P), **facts())
    np.savez("two-layers.npz", **weights(layers=2, layer_norm=True), **facts())
    np.savez("one-prefixed-layer.npz", **weights(prefix_single=True), **facts())
    save_versioned("version-2.npz", weights() | facts(), (2, 0))
    save_versioned("version-3.npz", weights() | facts(), (3, 0))
    np.savez("pickled.npz", **weights(), **facts(), extra=np.array([{"a": 1}], dtype=object))

    np.save("float32.npy", np.array([[1, 2, 3], [-4, 0.5, 6]], np.float32))
    np.save("float64.npy", np.array([1 / 3]))
    np.save("int64.npy", np.array(-113, np.int64))
    np.save("text.npy", np.array("a·b → c"))


if __name__ == "__main__":
    main()
