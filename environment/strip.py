"""Makes the edition for classes: the notebooks without outputs, solutions and answers, in any language
that there are catalogues of.

Folded solutions (`<details><summary>Solution</summary>` or `What to expect`, to `</details>`) go,
with the cells between them where a solution is longer than its cell; a cell tagged `solution`
stays, and only a comment in it. Predictions, questions and check cells stay as they are. Whatever
else the notebooks read from their folder is copied beside them.
"""

import argparse
import os
import re
import shutil
import sys
from pathlib import Path

import nbformat

import language
from execute import choose
from language import _

ROOT = Path(__file__).resolve().parent.parent
SET_UP = "grokscope.jshell"
TAG = "solution"
EMPTY = {"code": "// your answer", "markdown": "*Your answer.*", "raw": ""}


class StripError(Exception):
    """An edition that cannot be made."""


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--notebooks", type=lambda text: Path(text).resolve(), required=True)
    parser.add_argument("--out", type=lambda text: Path(text).resolve(), required=True)
    parser.add_argument("--lang", default="en", help="the code of a language, such as zh")
    parser.add_argument("numbers", nargs="*")
    arguments = parser.parse_args()
    notebooks = choose(arguments.notebooks, arguments.numbers, "strip")
    try:
        with language.spoken(language.find(arguments.notebooks, arguments.lang)):
            made = [(path.name, stripped(path)) for path in notebooks]
        way = way_to_the_project(arguments.out)
        write(made, arguments.notebooks, arguments.out, way)
    except (StripError, language.CatalogueError) as error:
        print(f"grokscope: strip: {error}", file=sys.stderr)
        sys.exit(2)
    count = f"{len(made)} notebook{'s'[:len(made) != 1]}"
    print(f"grokscope: {count} without outputs and solutions in {arguments.out}")


def stripped(path):
    notebook = language.copy_of(path)
    notebook.metadata.pop("grokscope", None)
    kept, solution = [], 0  # how deep in a folded solution
    for number, cell in enumerate(notebook.cells, 1):
        inside = solution > 0
        if cell.cell_type == "markdown":
            was = cell.source
            cell.source, solution = without_solutions(was, solution)
            if cell.source != was:
                cell.source = re.sub(r"\n{3,}", "\n\n", cell.source).strip()
                inside = not cell.source
        if inside:
            continue
        cell.metadata.pop("grokscope", None)
        if TAG in cell.metadata.get("tags", []):
            cell.source = _(EMPTY[cell.cell_type]) if cell.cell_type == "markdown" else EMPTY[cell.cell_type]
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
        kept.append(cell)
    if solution:
        raise StripError(f"{path.name} has a folded solution without its </details>; "
                         "close it where it ends")
    notebook.cells = kept
    return notebook


def without_solutions(text, depth):
    """The text outside of solutions, and how deep in one it ends."""
    outside, position = [], 0
    titles = "|".join(re.escape(title) for title in (_("Solution"), _("What to expect")))
    folded = re.compile(rf"<details[^>]*>\s*<summary>\s*(?:{titles})\s*</summary>|<details|</details>",
                        re.IGNORECASE)
    for mark in folded.finditer(text):
        closing = mark[0].startswith("</")
        if not depth and (closing or mark[0] == "<details"):
            continue  # of something else that is folded
        if not depth:
            outside.append(text[position:mark.start()])
        depth += -1 if closing else 1
        position = mark.end()
    if not depth:
        outside.append(text[position:])
    return "".join(outside), depth


def way_to_the_project(out):
    """From the edition's folder to the project's, as the set-up's `..` is from the notebooks'."""
    way = os.path.relpath(ROOT, out)
    if re.search(r"\s", way):
        raise StripError(f"the way from {out} to the project is '{way}', and the kernel's %classpath"
                         " takes no blanks; choose another folder")
    return Path(way).as_posix()


def write(made, source, out, way):
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise StripError(f"{out} is there already, maybe with somebody's answers; "
                         "give a folder that is not there yet")
    if source in out.parents:
        raise StripError(f"{out} is within {source}; give a folder outside of it")
    furnish(source, out, way)
    for name, notebook in made:
        nbformat.write(settled(notebook, way), out / name)


def furnish(source, out, way):
    """Puts beside copies of notebooks what they read, and the set-up of the kernel."""
    out.mkdir(parents=True, exist_ok=True)
    for other in sorted(source.iterdir()):
        if other.suffix == ".ipynb" or other.name.startswith(".") or language.is_language(other):
            continue
        if other.is_dir():
            shutil.copytree(other, out / other.name, dirs_exist_ok=True)
        else:
            shutil.copy(other, out)
    if way != "..":
        text = (ROOT / "environment" / SET_UP).read_text(encoding="utf-8")
        text = text.replace("../target/", f"{way}/target/").replace(
            f"../environment/{SET_UP}", SET_UP)
        (out / SET_UP).write_text(text, encoding="utf-8")


def settled(notebook, way):
    """The notebook with the set-up that stands beside it."""
    for cell in notebook.cells:
        if way != ".." and cell.cell_type == "code":
            cell.source = cell.source.replace(f"../environment/{SET_UP}", SET_UP)
    return notebook


if __name__ == "__main__":
    main()
