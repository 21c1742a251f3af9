"""The folder that outlives a checkout, and files that are whole or not there."""

import os
from pathlib import Path


def folder(name):
    """What is kept under a name in GROKSCOPE_HOME."""
    home = os.environ.get("GROKSCOPE_HOME") or Path.home() / ".cache" / "grokscope"
    return Path(home) / name


def write_whole(path, data):
    """Bytes into a file, whole or not at all, whoever reads or writes it at the same time."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        part.write_bytes(data)
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)
