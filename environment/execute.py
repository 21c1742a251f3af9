"""Executes the notebooks on the Java kernel and draws their static pictures.

One after the other, as later ones use the runs of earlier ones; those that were executed before find
all their runs on the disk, and are executed two at a time. The executed copies go to the work
folder; the notebooks themselves change only with --save. Stops at the first cell that fails and says
which one it was.
"""

import argparse
import asyncio
import hashlib
import json
import os
import re
import sys
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

import home
import parameters
from executed import Executed
from pictures import KeptPictures, Painter

AT_A_TIME = 2  # kernels, for notebooks that were executed before
HEARTBEAT = 60  # seconds between signs of life of a long notebook
NUMBER = r"(?:-?\d[\d.eE+-]*|null)"
ROW_OF_NUMBERS = re.compile(rf"\[\n\s*{NUMBER}(?:,\n\s*{NUMBER})*\n\s*\]")
ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


def say(text):
    print(f"grokscope: {text}", flush=True)


def main():
    arguments = read_arguments()
    notebooks = choose(arguments.notebooks, arguments.numbers)
    if arguments.parameters and len(notebooks) != 1:
        leave(2, "run: -p is for one notebook; give its number, as in `run 02 -p p=59`")
    arguments.work.mkdir(parents=True, exist_ok=True)
    sys.exit(asyncio.run(execute_all(notebooks, arguments)))


def read_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--notebooks", type=lambda text: Path(text).resolve(), required=True)
    parser.add_argument("--work", type=lambda text: Path(text).resolve(), required=True)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--save", action="store_true")
    parser.add_argument("--parameter", dest="parameters", action="append", default=[])
    parser.add_argument("--label", help="of a run with parameters, in the name of its copy")
    parser.add_argument("numbers", nargs="*")
    return parser.parse_args()


def choose(folder, numbers, command="run"):
    """The notebooks of the folder in reading order, or those whose numbers are given."""
    every = sorted(folder.glob("*.ipynb"))
    if not every:
        leave(2, f"{command}: no notebooks in {folder}")
    if not numbers:
        return every
    numbered = {path.name.split("-")[0].lstrip("0") or "0": path for path in every}
    missing = [number for number in numbers if (number.lstrip("0") or "0") not in numbered]
    if missing:
        there = ", ".join(path.name.split("-")[0] for path in every)
        leave(2, f"{command}: no notebook numbered {', '.join(missing)}; there are {there}")
    wanted = {number.lstrip("0") or "0" for number in numbers}
    return [path for number, path in numbered.items() if number in wanted]


def leave(code, text):
    print(f"grokscope: {text}", file=sys.stderr, flush=True)
    sys.exit(code)


async def execute_all(notebooks, arguments):
    executed = Executed.of_this_user()
    prepared = [(path, *prepare(path, arguments)) for path in notebooks]
    new, known = [], []
    for path, notebook, copy in prepared:
        (known if executed.has(notebook) else new).append((path, notebook, copy))
    turns = asyncio.Semaphore(min(AT_A_TIME, os.cpu_count() or 1))
    async with Painter(KeptPictures.of_this_user()) as painter:
        pass_on = Passing(painter, executed, arguments)
        for one in new:
            if not await pass_on.one(*one):
                return 1

        async def in_turn(one):
            async with turns:
                return not pass_on.failed and await pass_on.one(*one)

        done = await asyncio.gather(*(in_turn(one) for one in known))
    return 0 if all(done) else 1


class Passing:
    """Notebooks through the kernel and the painter, and what came of them to where it belongs."""

    def __init__(self, painter, executed, arguments):
        self.painter = painter
        self.executed = executed
        self.arguments = arguments
        self.drawing = asyncio.Lock()  # there is one browser
        self.failed = False

    async def one(self, path, notebook, copy):
        """Whether all cells of a notebook could be executed."""
        started = time.monotonic()
        failure = await execute(notebook, path, copy.with_suffix(".log"))
        seconds = time.monotonic() - started
        if failure:
            self.failed = True
            print(f"grokscope: {path.name} failed after {duration(seconds)}: {failure}",
                  file=sys.stderr, flush=True)
            return False
        self.executed.note(notebook)
        shown = ""
        if os.environ.get("GROKSCOPE_CHROMIUM"):
            async with self.drawing:
                shown = await draw(notebook, self.painter)
        keep(notebook, path, copy, seconds, self.arguments)
        say(f"{path.name}: {duration(seconds)}{shown}")
        return True


async def draw(notebook, painter):
    """Adds the static pictures; returns what there is to say of them."""
    before, began = painter.drawn, time.monotonic()
    pictures = await painter.draw(notebook, complain=say)
    drawn = painter.drawn - before
    if not pictures:
        return ""
    how = f"{drawn} drawn in {duration(time.monotonic() - began)}" if drawn else "found again"
    return f", {pictures} static picture{'s'[:pictures != 1]} ({how})"


def prepare(path, arguments):
    """The notebook with the parameters of this run, and where its executed copy goes."""
    notebook = nbformat.read(path, as_version=4)
    notebook.metadata["grokscope"] = {"quick": arguments.quick}
    if not arguments.parameters:
        return notebook, arguments.work / path.name
    try:
        values = parameters.inject(notebook, path.name, arguments.parameters)
    except parameters.ParameterError as error:
        leave(2, f"run: {error}")
    notebook.metadata["grokscope"]["parameters"] = values
    said = ", ".join(f"{name} = {json.dumps(value)}" for name, value in values.items())
    say(f"{path.name} with {said}")
    return notebook, arguments.work / f"{path.stem}-{arguments.label}.ipynb"


def duration(seconds):
    return f"{seconds:.1f} s" if seconds < 60 else f"{seconds / 60:.1f} min"


# ---------------------------------------------------------------- executing


async def execute(notebook, path, log):
    """Fills in the outputs; returns what went wrong, or None. The kernel's own words go to log."""
    position = {"cell": -1}
    client = NotebookClient(
        notebook,
        timeout=None,
        startup_timeout=180,
        iopub_timeout=60,
        kernel_name="java",
        record_timing=False,
        coalesce_streams=True,
        resources={"metadata": {"path": str(path.parent)}},
        on_cell_execute=lambda cell, cell_index: position.update(cell=cell_index),
    )
    heartbeat = asyncio.ensure_future(give_signs_of_life(path.name, notebook, position))
    with open(log, "w+", encoding="utf-8", errors="replace") as words:
        try:
            await client.async_execute(stdout=words, stderr=words)
        except CellExecutionError as error:
            return describe(notebook, position["cell"], error_of(notebook, position["cell"], error))
        except (DeadKernelError, CellTimeoutError, RuntimeError) as error:
            words.seek(0)
            last = "".join(words.readlines()[-8:])
            return describe(notebook, position["cell"], f"{error}; the kernel's last words:\n{last}")
        finally:
            heartbeat.cancel()
    return None


def error_of(notebook, index, error):
    """What the kernel says of a failed cell: the exception with its trace, or what javac says."""
    for output in notebook.cells[index].get("outputs", []):
        if output.output_type == "error" and output.traceback:
            return ANSI.sub("", "\n".join(output.traceback))
    return f"{error.ename}: {error.evalue}"


async def give_signs_of_life(name, notebook, position):
    started = time.monotonic()
    while True:
        await asyncio.sleep(HEARTBEAT)
        say(f"{name}: at cell {position['cell'] + 1} of {len(notebook.cells)} "
            f"after {duration(time.monotonic() - started)}")


def describe(notebook, index, error):
    """Which cell it was, how it begins, and the first lines of its error."""
    if index < 0:
        return f"before its first cell\n{indent(error, 12)}"
    cell = notebook.cells[index]
    rank = sum(other.cell_type == "code" for other in notebook.cells[: index + 1])
    return (f"cell {index + 1} (number {rank} of those with code)\n"
            f"{indent(cell.source, 6)}\n  error:\n{indent(error, 14)}")


def indent(text, most):
    lines = [line for line in text.strip().splitlines() if line.strip()]
    shown = ["    " + line for line in lines[:most]]
    if len(lines) > most:
        shown.append("    …")
    return "\n".join(shown)


# ---------------------------------------------------------------- keeping


def keep(notebook, path, copy, seconds, arguments):
    notebook.metadata["grokscope"]["seconds"] = round(seconds, 1)
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
    stamp(notebook)
    write(notebook, copy)
    if arguments.save:
        warn_of_paths(notebook, path)
        write(notebook, path)


def stamp(notebook):
    """Notes at each code cell what was executed: its own text, and all code before it.

    A test compares the committed notebooks with these digests, and finds outputs that are stale.
    """
    before = hashlib.sha256()
    for cell in notebook.cells:
        if cell.cell_type == "code":
            text = cell.source.encode("utf-8")
            cell.metadata["grokscope"] = {
                "executed": hashlib.sha256(text).hexdigest()[:16],
                "after": before.hexdigest()[:16],
            }
            before.update(text + b"\0")


def write(notebook, path):
    """As nbformat writes it, but rows of numbers on one line; whole, or not at all."""
    text = nbformat.writes(notebook)
    rows = ROW_OF_NUMBERS.sub(lambda row: re.sub(r"\s+", "", row[0]), text)
    home.write_whole(path, (rows + "\n").encode("utf-8"))


def warn_of_paths(notebook, path):
    """Committed outputs should not speak of the machine that made them."""
    outputs = str([cell.get("outputs") for cell in notebook.cells])
    for private in (str(path.parent.parent), str(Path.home())):
        if len(private) > 1 and private in outputs:
            say(f"{path.name}: its outputs name {private}, a folder of this machine; "
                "change the cell before committing")


if __name__ == "__main__":
    main()
