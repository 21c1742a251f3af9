"""The page that trains in a reader's browser: its texts, and the engine as scripts that a file can load.

A page that is opened from a disk may not fetch a file, and no worker may begin with one; a script it
may load. So the engine, compiled from src/main/java/org/grokscope/browser by `mvn -Plive
process-classes` and committed in web/live, goes into scripts that hold it as text.
"""

import base64
import json
import struct
from pathlib import Path

from language import _

HERE = Path(__file__).resolve().parent
ENGINE = HERE / "web" / "live"
RUNTIME = ENGINE / "org" / "teavm" / "backend" / "wasm" / "wasm-gc-runtime.min.js"
TEMPLATES = HERE / "templates" / "grokscope"
STILL = HERE.parent / "notebooks" / "grokking.png"
PAGE = "live.html"
RELATED = ("00", "02", "05")  # the notebooks that it belongs to


def texts():
    """What the page says, in the language that is spoken."""
    words = json.loads((TEMPLATES / "live.json").read_text("utf-8"))
    return {name: _(text) for name, text in words.items()}


def files():
    """What live.html loads, by name; the engine when a reader presses train."""
    engine = {
        "wasm": base64.b64encode((ENGINE / "engine.wasm").read_bytes()).decode(),
        "runtime": RUNTIME.read_text("utf-8"),
        "worker": (TEMPLATES / "live-worker.js").read_text("utf-8"),
    }
    return {
        "live.js": (TEMPLATES / "live.js").read_bytes(),
        "live.css": (TEMPLATES / "live.css").read_bytes(),
        "live-engine.js": script("grokscopeEngine", engine),
        "live-fallback.js": script(
            "grokscopeFallback", (ENGINE / "engine.js").read_text("utf-8")),
        "live-still.png": STILL.read_bytes(),
    }


def script(name, value):
    return f"window.{name} = {json.dumps(value)};\n".encode()


def facts(pages):
    """What the template of the page is filled with."""
    width, height = struct.unpack(">II", STILL.read_bytes()[16:24])  # of the header of every PNG
    words = texts()
    return {
        "t": words,
        "texts": json.dumps(words, ensure_ascii=False).replace("<", "\\u003c"),
        "related": [page for page in pages if page.number in RELATED],
        "width": width,
        "height": height,
    }
