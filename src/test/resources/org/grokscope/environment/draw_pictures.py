"""Adds the static pictures to a notebook, as `grokscope run` does after its execution.

Usage: draw_pictures.py ENVIRONMENT_FOLDER NOTEBOOK
"""

import asyncio
import contextlib
import sys

import nbformat

sys.path.insert(0, sys.argv[1])
import execute  # noqa: E402


async def main():
    notebook = nbformat.read(sys.argv[2], as_version=4)
    async with contextlib.AsyncExitStack() as stack:
        painter = await execute.start_painter(stack)
        drawn = await execute.draw_pictures(notebook, painter)
    nbformat.write(notebook, sys.argv[2])
    print(drawn)


asyncio.run(main())
