"""Adds the static pictures to a notebook, as `grokscope run` does after its execution.

Usage: draw_pictures.py ENVIRONMENT_FOLDER NOTEBOOK [FOLDER [MOST_BYTES]]
FOLDER keeps pictures for the next time. Prints how many there are and how many were drawn.
"""

import asyncio
import sys
from pathlib import Path

import nbformat

sys.path.insert(0, sys.argv[1])
from pictures import KeptPictures, Painter  # noqa: E402


async def main():
    notebook = nbformat.read(sys.argv[2], as_version=4)
    kept = None
    if len(sys.argv) > 3:
        kept = KeptPictures(Path(sys.argv[3]), *map(int, sys.argv[4:]))
    async with Painter(kept) as painter:
        pictures = await painter.draw(notebook)
    nbformat.write(notebook, sys.argv[2])
    print(pictures, painter.drawn)


asyncio.run(main())
