"""Adds the static pictures to a notebook, as `grokscope run` does after its execution.

Usage: draw_pictures.py ENVIRONMENT_FOLDER NOTEBOOK [FOLDER [MOST_BYTES]]
FOLDER keeps pictures for the next time; those that the notebook came with are recalled. Prints how many
there are and how many were drawn.
"""

import asyncio
import sys
from pathlib import Path

import nbformat

sys.path.insert(0, sys.argv[1])
from pictures import DRAWN_BY, KeptPictures, Painter, programs  # noqa: E402


async def main():
    notebook = nbformat.read(sys.argv[2], as_version=4)
    kept = None
    if len(sys.argv) > 3:
        kept = KeptPictures(Path(sys.argv[3]), *map(int, sys.argv[4:]))
    async with Painter(kept) as painter:
        painter.recall(notebook)
        pictures = await painter.draw(notebook)
    notebook.metadata["grokscope"] = {DRAWN_BY: programs()}
    nbformat.write(notebook, sys.argv[2])
    print(pictures, painter.drawn)


asyncio.run(main())
