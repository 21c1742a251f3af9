"""Executes the notebooks on the Java kernel, draws their static pictures, and keeps the site in step.

A notebook is executed if something that its results depend on has changed, two at a time: what one
computes on a single core leaves the other core to the next, and the longest begin first. Where both
need the same run, one trains it and the other waits and goes on from there; a notebook whose metadata
names another under "after" is not begun beside it while there is other work. The executed copies go
to the work folder; the notebooks themselves change only with --save. The site is there from the
beginning and says what it shows; each page is replaced as soon as its notebook is done. A notebook
whose cell fails keeps no other from being executed.
"""

import argparse
import asyncio
import contextlib
import ctypes
import functools
import hashlib
import json
import os
import re
import signal
import sys
import threading
import time
from datetime import datetime
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

import freshness
import home
import language
import ledger
import parameters
import publish
from language import _, noted
from pictures import DRAWN_BY, KeptPictures, Painter, figures_of, programs

AT_A_TIME = 2  # kernels
PATIENCE = 7200  # seconds that a training waits for the same run in the other kernel
HEARTBEAT = 60  # seconds between signs of life of a long notebook
NEWS = 5  # seconds between two notes on the site of where a notebook is
AFTER = "after"  # in a notebook's metadata: another that trains a run which it needs as well
WORTH_NOTING = 1  # seconds of a cell
ENOUGH = 30  # seconds of work that say how fast this machine is
NUMBER = r"(?:-?\d[\d.eE+-]*|null)"
ROW_OF_NUMBERS = re.compile(rf"\[\n\s*{NUMBER}(?:,\n\s*{NUMBER})*\n\s*\]")
ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


def say(text):
    print(f"grokscope: {text}", flush=True)


def complain(text):
    print(f"grokscope: {text}", file=sys.stderr, flush=True)


def main():
    arguments = read_arguments()
    notebooks = choose(arguments.notebooks, arguments.numbers)
    if arguments.parameters and len(notebooks) != 1:
        leave(2, "run: -p is for one notebook; give its number, as in `run 02 -p p=59`")
    try:
        with home.hold(arguments.site, "run"):
            sys.exit(run(notebooks, arguments))
    except home.BusyError as error:
        leave(1, f"run: {error}")
    except OSError as error:
        leave(1, f"run: {publish.cannot_write(arguments.site, error)}")


def run(notebooks, arguments):
    plans = [Plan(path, arguments) for path in notebooks]
    if arguments.label:  # the site has this run alone
        for other in arguments.work.glob("*.ipynb"):
            other.unlink()
    decide(plans, arguments)
    try:
        progress = Progress(plans, pages_of(plans, arguments), arguments)
    except (publish.PublishingError, ledger.LedgerError) as error:
        leave(1, f"publish: {error}")
    return asyncio.run(execute_all(plans, progress, arguments))


def read_arguments():
    def folder(text):
        return Path(text).resolve()

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--notebooks", type=folder, required=True)
    parser.add_argument("--work", type=folder, required=True)
    parser.add_argument("--site", type=folder, required=True)
    parser.add_argument("--java", default="", help="the version")
    parser.add_argument("--verdicts", type=folder, help="gets the verdicts of the notebooks as stored")
    parser.add_argument("--all", action="store_true", help="also what has not changed")
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


class Plan:
    """A notebook on its way through the kernel."""

    def __init__(self, path, arguments):
        self.path = path
        self.name = path.name
        self.stored = nbformat.read(path, as_version=4)
        known = self.stored.metadata.get("grokscope", {})
        self.notebook, self.copy = prepare(path, arguments)
        self.made_from = None
        self.reason = None  # to be executed, a freshness.Reason
        self.before = earlier(self.copy)
        facts = self.before.metadata.get("grokscope", {}) if self.before else {}
        if known.get("quick", False) != arguments.quick:
            known = {}
        self.cold = known.get("cold")  # seconds with all trainings, where they are known
        self.expected = facts.get("seconds") or self.cold or known.get("seconds")
        self.after = self.stored.metadata.get(AFTER)
        self.started = self.seconds = None
        self.cell = 0
        self.failure = None

    @property
    def code(self):
        return [index for index, cell in enumerate(self.notebook.cells) if cell.cell_type == "code"]


def next_of(plans):
    """Which begins now: the longest, which must not be left alone at the end beside an idle core.

    One that needs a run which another is training would wait for it, so others come before. None
    where all that are to be executed have begun.
    """
    waiting = [plan for plan in plans if plan.reason and not plan.started]
    training = {plan.path.stem for plan in plans if plan.started and plan.seconds is None}
    free = [plan for plan in waiting if plan.after not in training] or waiting
    return max(free, key=lambda plan: plan.expected or float("inf"), default=None)


def earlier(copy):
    """The copy that an earlier run left, or None where there is no whole one."""
    try:
        return nbformat.read(copy, as_version=4)
    except (OSError, ValueError, nbformat.ValidationError):
        return None


def decide(plans, arguments):
    """Finds out which notebooks have to be executed, and says why or why not, one line each."""
    ingredients = freshness.Ingredients(arguments.notebooks, arguments.java)
    for plan in plans:
        plan.made_from = ingredients.of(plan.notebook)
        facts = plan.before.metadata.get("grokscope", {}) if plan.before else {}
        plan.reason = freshness.changes(facts.get(freshness.KEY), plan.made_from)
        if not plan.reason and arguments.all:
            plan.reason = freshness.ALL
        say(f"{plan.name}: " + (f"to be executed, {plan.reason}" if plan.reason
                                else "not executed again, nothing that it depends on has changed"))


def pages_of(plans, arguments):
    if arguments.label:
        return [publish.Page(plan.path.with_name(plan.copy.name), plan.notebook, False) for plan in plans]
    return [publish.Page.read(path, arguments.work)
            for path in sorted(arguments.notebooks.glob("*.ipynb"))]


async def execute_all(plans, progress, arguments):
    stale = [plan for plan in plans if plan.reason]
    async with Painter(KeptPictures.of_this_user()) as painter:
        passing = Passing(painter, progress, arguments)
        work = asyncio.ensure_future(passing.all(plans))
        passing.listen(work)
        try:
            await work
        except (asyncio.CancelledError, Stopped):
            progress.stopped()
            complain("run: stopped; the same command goes on where it was")
            return 130
    failed = [plan for plan in plans if plan.failure]
    if arguments.verdicts and not failed:
        try:
            publish.write_verdicts(arguments.verdicts, arguments.notebooks)
        except ledger.LedgerError as error:
            complain(f"publish: {error}")
            progress.trouble = error
    progress.ended()
    say(f"the page is {arguments.site / 'index.html'}")
    if failed:
        complain(f"run: {len(failed)} of {len(stale)} failed: "
                 f"{', '.join(plan.name for plan in failed)}; the pages say so")
    return 1 if failed or progress.trouble else 0


class Stopped(Exception):
    """By a signal."""


class Passing:
    """Notebooks through the kernel and the painter, and what came of them to where it belongs."""

    def __init__(self, painter, progress, arguments):
        self.painter = painter
        self.progress = progress
        self.arguments = arguments
        self.drawing = asyncio.Lock()  # there is one browser
        self.stopping = False

    def listen(self, work=None):
        """Ends the run on a signal; the client of a kernel would go on with the next notebook."""
        self.work = work or self.work

        def stop():
            self.stopping = True
            self.work.cancel()

        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, stop)

    async def all(self, plans):
        for plan in plans:
            if not plan.reason:
                await self.pass_on(plan)
        finishing = []

        async def lane():
            while plan := next_of(plans):
                if await self.run(plan):  # while its pictures are drawn, the next one begins
                    finishing.append(asyncio.ensure_future(self.finish(plan)))

        try:  # each comes to its end, also where another one fails: its kernel has to be taken down
            ends = await asyncio.gather(
                *(lane() for _number in range(self.progress.lanes)), return_exceptions=True)
            ends += await asyncio.gather(*finishing, return_exceptions=True)
        finally:
            for one in finishing:
                one.cancel()
        for end in ends:
            if isinstance(end, BaseException):
                raise end

    async def run(self, plan):
        """Whether all cells of a notebook could be executed."""
        plan.started = time.monotonic()
        failure = await execute(plan, self)
        plan.seconds = time.monotonic() - plan.started
        self.listen()
        if failure is None:
            return True
        plan.failure = failure
        complain(f"{plan.name} failed after {duration(plan.seconds)}: {failure}")
        self.progress.failed(plan)
        return False

    async def finish(self, plan):
        """Pictures, the executed copy and the page."""
        self.painter.recall(plan.stored)
        shown = await self.draw(plan.notebook)
        try:
            keep(plan, self.arguments)
        except OSError as error:
            self.progress.complain(error)
        await self.progress.done(plan, shown)

    async def pass_on(self, plan):
        """Of a notebook that is up to date: pictures that could not be drawn then, and --save."""
        without = [data for data in figures_of(plan.before) if "image/png" not in data]
        if without and os.environ.get("GROKSCOPE_CHROMIUM"):
            await self.draw(plan.before)
            write(plan.before, plan.copy)
            await self.progress.replaced(plan)
        if self.arguments.save:
            save(plan, plan.before)

    async def draw(self, notebook):
        if not os.environ.get("GROKSCOPE_CHROMIUM"):
            return ""
        async with self.drawing:
            return await draw(notebook, self.painter)


class Progress:
    """Where the run is: on the site, and in lines for the terminal.

    What cannot be written to the site is said once; the notebooks go on.
    """

    def __init__(self, plans, pages, arguments):
        self.plans = plans
        self.stale = [plan for plan in plans if plan.reason]
        self.lanes = min(AT_A_TIME, os.cpu_count() or 1)
        self.arguments = arguments
        self.trouble = None
        self.writing = threading.Lock()
        self.noted = -NEWS  # when the site was told last
        self.due = None  # the next time
        self.began = datetime.now()
        self.site = publish.Site(arguments.site, pages)
        for plan in self.stale:
            self.tell(plan, noted("Waits to be executed, since {reason}. Until then it shows {results}."),
                      noted("waits to be executed; shows {results}"))
        self.site.news = self.summary
        self.site.write()
        if self.stale:
            say(f"the page is {arguments.site / 'index.html'}; it shows what there is and is "
                f"brought up to date as the notebooks are executed{self.rest()}")

    def page(self, plan):
        return next(page for page in self.site.pages if page.name == plan.copy.stem)

    def tell(self, plan, words, briefly, page=None):
        """News of a notebook for its page, and briefly for the first page; patterns, see `said`."""
        page = page or self.page(plan)
        facts = {"n": plan.cell + 1, "m": len(plan.notebook.cells), "reason": plan.reason,
                 "when": datetime.now()}
        page.tell(*(functools.partial(said, pattern, page, **facts) for pattern in (words, briefly)))

    def at_cell(self, plan, index):
        """A cell begins; the site is told now, or as soon as the news before are old enough."""
        plan.cell = index
        if self.due is None:
            wait = max(0, self.noted + NEWS - time.monotonic())
            self.due = asyncio.get_running_loop().call_later(wait, self.note)

    def note(self):
        """Tells the site where each notebook is."""
        self.due = None
        if not self.writing.acquire(blocking=False):  # a page is being replaced
            self.due = asyncio.get_running_loop().call_later(1, self.note)
            return
        try:
            self.noted = time.monotonic()
            for one in self.stale:
                if one.started and one.seconds is None:
                    self.tell(one, noted("Being executed: at cell {n} of {m} on {when}. Until then it "
                                         "shows {results}."),
                              noted("being executed, cell {n} of {m}; shows {results}"))
            self.update()
        finally:
            self.writing.release()

    def quiet(self):
        """No more news of cells."""
        if self.due is not None:
            self.due.cancel()

    def failed(self, plan):
        self.tell(plan, noted("The execution of {when} failed at cell {n} of {m}. This page shows "
                              "{results}."),
                  noted("failed at cell {n} of {m}; shows {results}"))
        with self.writing:
            self.update()

    async def done(self, plan, shown):
        await self.replaced(plan, just_now=True)
        left = sum(one.seconds is None for one in self.stale)
        say(f"{plan.name}: {duration(plan.seconds)}{shown}"
            + (f"; {len(self.stale) - left} of {len(self.stale)} done{self.rest()}" if left else ""))

    async def replaced(self, plan, just_now=False):
        """Puts the page of an executed copy in the place of what was there."""
        def replace():
            with self.writing:
                results = nbformat.from_dict(plan.notebook if just_now else plan.before)
                if self.arguments.label:
                    page = publish.Page(plan.path.with_name(plan.copy.name), results, True)
                else:
                    stored = nbformat.from_dict(plan.stored)
                    page = publish.Page.executed(plan.path, stored, results)
                if just_now:
                    self.tell(plan, noted("Executed just now, on {when}."),
                              noted("executed just now, {when}"), page)
                try:
                    self.site.replace(page)
                except (publish.PublishingError, ledger.LedgerError) as error:
                    plan.failure = plan.failure or str(error)
                    complain(f"publish: {error}")
                except OSError as error:
                    self.complain(error)

        await asyncio.to_thread(replace)

    def stopped(self):
        self.quiet()
        for plan in self.stale:
            if plan.seconds is None and plan.started:
                self.tell(plan, noted("Its execution was stopped at cell {n} of {m}, on {when}. This "
                                      "page shows {results}."),
                          noted("was stopped at cell {n} of {m}; shows {results}"))
            elif plan.seconds is None:
                self.tell(plan, noted("Its execution was not begun, on {when}. This page shows {results}."),
                          noted("was not begun; shows {results}"))
        stopped = datetime.now()
        self.site.news = lambda: _("The run of {began} was stopped on {when}: {count}.").format(
            began=moment(self.began), when=moment(stopped), count=self.count())
        with self.writing:
            self.update()

    def ended(self):
        self.quiet()
        self.site.news = functools.partial(self.summary, ended=True)
        with self.writing:
            self.update()

    def update(self):
        try:
            self.site.update()
        except OSError as error:
            self.complain(error)

    def complain(self, error):
        if self.trouble is None:
            complain(f"run: {publish.cannot_write(self.arguments.site, error)}; the notebooks go on, "
                     "and what could not be written keeps its earlier state")
        self.trouble = error

    def count(self):
        failed = [plan for plan in self.stale if plan.failure]
        done = sum(plan.seconds is not None for plan in self.stale) - len(failed)
        parts = [_("{n} of {m} executed").format(n=done, m=len(self.stale)) if self.stale
                 else _("nothing to execute")]
        if failed:
            parts.append(_("failed: {names}").format(names=", ".join(plan.path.stem for plan in failed)))
        current = len(self.plans) - len(self.stale)
        if current:
            parts.append(_("{n} unchanged and not executed again").format(n=current))
        return "; ".join(parts)

    def summary(self, ended=False):
        if ended or not self.stale:
            return _("The run of {began} has ended: {count}.").format(
                began=moment(self.began), count=self.count())
        return _("A run goes on. On {when}: {count}{rest}.").format(
            when=now(), count=self.count(), rest=self.rest())

    def rest(self):
        """How long what is left may take, where that can be told."""
        left = [plan for plan in self.stale if plan.seconds is None]
        if not left or any(plan.expected is None for plan in left):
            return ""
        done = [plan for plan in self.stale if plan.seconds and plan.expected and not plan.failure]
        taken, expected = (sum(times) for times in (
            [plan.seconds for plan in done], [plan.expected for plan in done]))
        pace = taken / expected if expected >= ENOUGH else 1
        at = time.monotonic()
        rest = sum(max(0, plan.expected * pace - (at - plan.started if plan.started else 0))
                   for plan in left) / min(self.lanes, len(left))
        return _("; the rest may take about {time}").format(time=_(duration(rest)))


def now():
    return moment(datetime.now())


def moment(when):
    text = when.isoformat(timespec="minutes")
    return _("{day} at {clock}").format(day=language.day(text), clock=publish.clock(text))


def said(pattern, page, when, reason, **facts):
    """News of a page in the language that is spoken; what the page shows may be part of it."""
    return _(pattern).format(results=page.shows, when=moment(when), reason=reason, **facts)


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


class Client(NotebookClient):
    """A client that leaves signals to the run, and whose kernel does not outlive it."""

    def __init__(self, *arguments, passing, **options):
        super().__init__(*arguments, **options)
        self.passing = passing

    async def async_start_new_kernel(self, **options):
        self.passing.listen()
        await super().async_start_new_kernel(**options)

    async def _async_check_alive(self):
        """Lets a watch end in silence that a cancelled cell has left behind, and that may ask
        once a kernel is taken down."""
        if self.kc is None or self.passing.stopping:
            raise DeadKernelError("The kernel was taken down")
        await super()._async_check_alive()


def ends_with_its_parent():
    """Options of a process that ends when this one is killed; on other systems than Linux, none."""
    if not sys.platform.startswith("linux"):
        return {}
    prctl, end = ctypes.CDLL(None).prctl, int(signal.SIGTERM)
    return {"preexec_fn": lambda: prctl(1, end)}  # PR_SET_PDEATHSIG


def environment():
    """That of a kernel, which waits where the other one trains the same run."""
    return {**os.environ, "GROKSCOPE_PATIENCE": str(PATIENCE)}


async def execute(plan, passing):
    """Fills in the outputs; returns what went wrong, or None. The kernel's own words go to a log."""
    notebook = plan.notebook
    position = {"cell": -1}
    began = {}

    def begin(cell, cell_index):
        position.update(cell=cell_index)
        began[cell_index] = time.monotonic()
        passing.progress.at_cell(plan, cell_index)

    def end(cell, cell_index, **reply):
        seconds = time.monotonic() - began[cell_index]
        cell.metadata.pop("grokscope", None)
        if seconds >= WORTH_NOTING:
            cell.metadata["grokscope"] = {"seconds": round(seconds, 1)}

    client = Client(
        notebook,
        passing=passing,
        timeout=None,
        startup_timeout=180,
        iopub_timeout=60,
        kernel_name="java",
        record_timing=False,
        coalesce_streams=True,
        shutdown_kernel="immediate",  # whatever is worth keeping is kept by then
        resources={"metadata": {"path": str(plan.path.parent)}},
        on_cell_execute=begin,
        on_cell_executed=end,
    )
    heartbeat = asyncio.ensure_future(give_signs_of_life(plan, notebook, position))
    with open_log(plan.copy.with_suffix(".log")) as words:
        try:
            await client.async_execute(stdout=words, stderr=words, env=environment(),
                                       **ends_with_its_parent())
        except CellExecutionError as error:
            return describe(notebook, position["cell"], error_of(notebook, position["cell"], error))
        except (DeadKernelError, CellTimeoutError, RuntimeError) as error:
            if passing.stopping:
                raise Stopped from error
            words.seek(0)
            last = "".join(words.readlines()[-8:])
            return describe(notebook, position["cell"], f"{error}; the kernel's last words:\n{last}")
        finally:
            heartbeat.cancel()
    return None


def open_log(path):
    try:
        return open(path, "w+", encoding="utf-8", errors="replace")
    except OSError:  # a full disk
        return open(os.devnull, "w+", encoding="utf-8")


def error_of(notebook, index, error):
    """What the kernel says of a failed cell: the exception with its trace, or what javac says."""
    for output in notebook.cells[index].get("outputs", []):
        if output.output_type == "error" and output.traceback:
            return ANSI.sub("", "\n".join(output.traceback))
    return f"{error.ename}: {error.evalue}"


async def give_signs_of_life(plan, notebook, position):
    while True:
        await asyncio.sleep(HEARTBEAT)
        say(f"{plan.name}: at cell {position['cell'] + 1} of {len(notebook.cells)} "
            f"after {duration(time.monotonic() - plan.started)}{passing_words(plan)}")


def passing_words(plan):
    """How long it took before, where that is known."""
    return f", of about {duration(plan.expected)} that it took before" if plan.expected else ""


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


def keep(plan, arguments):
    """Writes the executed copy, with what it was made from, and with --save the notebook."""
    notebook = plan.notebook
    notebook.metadata["grokscope"].update(
        seconds=round(plan.seconds, 1), at=datetime.now().isoformat(timespec="minutes"),
        version=publish.version())
    cold = round(plan.seconds, 1)
    if found_trained(notebook):  # it takes at least that long
        cold = max(cold, plan.cold or 0)
    notebook.metadata["grokscope"]["cold"] = cold
    if any("image/png" in data for data in figures_of(notebook)):
        notebook.metadata["grokscope"][DRAWN_BY] = programs()
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
    stamp(notebook)
    notebook.metadata["grokscope"][freshness.KEY] = plan.made_from
    write(notebook, plan.copy)
    if arguments.save:
        save(plan, notebook)


def found_trained(notebook):
    """Whether a training or a measurement was there already: its time is missing in the notebook's."""
    return any("read from disk" in str(cell.get("outputs")) for cell in notebook.cells)


def save(plan, executed):
    """Writes results into the notebook, with the day they were made and without this machine's facts."""
    notebook = nbformat.from_dict(plan.stored)
    results = iter([cell for cell in executed.cells if cell.cell_type == "code"])
    for cell in notebook.cells:
        if cell.cell_type == "code":
            result = next(results)
            cell.outputs, cell.execution_count = result.outputs, result.execution_count
            cell.metadata["grokscope"] = result.metadata["grokscope"]
    facts = dict(executed.metadata["grokscope"])
    facts.pop(freshness.KEY, None)
    facts["at"] = facts["at"].split("T")[0]
    notebook.metadata["grokscope"] = facts
    notebook.metadata["language_info"] = executed.metadata.get("language_info", {})
    warn_of_paths(notebook, plan.path)
    write(notebook, plan.path)


def stamp(notebook):
    """Notes at each code cell what was executed: its own text, and all code before it.

    A test compares the committed notebooks with these digests, and finds outputs that are stale.
    """
    before = hashlib.sha256()
    for cell in notebook.cells:
        if cell.cell_type == "code":
            text = cell.source.encode("utf-8")
            cell.metadata["grokscope"] = {
                **{name: value for name, value in cell.metadata.get("grokscope", {}).items()
                   if name == "seconds"},
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
