"""Keeps copies of the notebooks in another language, for JupyterLab.

A copy that is as it was written is written again whenever its notebook or the translation changes.
One that somebody has changed stays as it is, and a line says so.
"""

import argparse
import hashlib
import json
import sys
from pathlib import Path

import nbformat

import language
import strip

MARK = "copy"  # in the notebook's metadata: a digest of its cells as they were written


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--notebooks", type=lambda text: Path(text).resolve(), required=True)
    parser.add_argument("--out", type=lambda text: Path(text).resolve(), required=True)
    parser.add_argument("--lang", required=True, help="the code of a language, such as zh")
    arguments = parser.parse_args()
    try:
        with language.spoken(language.find(arguments.notebooks, arguments.lang)):
            bring_up_to_date(arguments.notebooks, arguments.out)
    except (strip.StripError, language.CatalogueError, OSError) as error:
        print(f"grokscope: lab: {error}", file=sys.stderr)
        sys.exit(2)


def bring_up_to_date(notebooks, out):
    way = strip.way_to_the_project(out)
    strip.furnish(notebooks, out, way)
    for path in sorted(notebooks.glob("*.ipynb")):
        copy = out / path.name
        if copy.is_file() and is_changed(copy):
            print(f"grokscope: lab: {copy} was changed and stays as it is; take it away for a new copy")
            continue
        notebook = strip.settled(language.copy_of(path), way)
        notebook.metadata[MARK] = digest(notebook)
        nbformat.write(notebook, copy)


def is_changed(copy):
    """Whether somebody has changed the text or the code of a copy; outputs are no change."""
    try:
        notebook = nbformat.read(copy, as_version=4)
    except (ValueError, nbformat.ValidationError):
        return True
    return notebook.metadata.get(MARK) != digest(notebook)


def digest(notebook):
    text = json.dumps([[cell.cell_type, cell.source] for cell in notebook.cells], ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


if __name__ == "__main__":
    main()
