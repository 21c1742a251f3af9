"""Publishes the notebooks as static pages that ask nothing of any network.

One page a notebook and an index, with relative links only, so that the folder works from a disk
and from any web server. Figures are drawn by plotly.js, which comes in two sizes, formulas are
typeset here, the search has its index here, and the style is our own (templates/grokscope). Every
file is written whole or not at all, what a page shows before the page, so that the site works at
every moment; each page says whose results it shows.
"""

import argparse
import base64
import copy
import functools
import hashlib
import html
import importlib.metadata
import json
import posixpath
import re
import struct
import sys
import xml.etree.ElementTree as ElementTree
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import jinja2
import nbformat
from nbconvert.exporters import HTMLExporter
from nbconvert.filters import Highlight2HTML
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbconvert.filters.widgetsdatatypefilter import WidgetsDataTypeFilter
from pygments.styles import get_style_by_name
from pygments.token import STANDARD_TYPES
from traitlets.config import Config

import assets
import finding
import findings
import glossary
import home
import language
import ledger
import live
import rounds
import stills
import thumbnails
from describe import describe, words
from formulas import STYLE, formula, keep_together, plain, spoken, style
from language import ENGLISH, ENGLISH_TEXT, UNTRANSLATED, _, day, noted
from pictures import FIGURE, figures_of, filmstrip

HERE = Path(__file__).resolve().parent
MOST_TELLING_FIRST = [
    FIGURE, "text/html", "text/markdown", "image/svg+xml", "text/latex", "image/png",
    "image/jpeg", "text/plain",
]
OF_PLOTLY = (noted("Download plot as a PNG"), noted("Zoom"), noted("Pan"), noted("Zoom in"),
             noted("Zoom out"), noted("Autoscale"), noted("Reset axes"), noted("Box Select"),
             noted("Lasso Select"), noted("Orbital rotation"), noted("Turntable rotation"),
             noted("Reset camera to default"), noted("Reset camera to last save"))
FIGURE_HEIGHT = 450  # pixels, where the figure itself names none
OF_CELLS = noted("code"), noted("printed text")  # what notebook.html.j2 says
SHARED = ("figures.js", "colours.js", "reading.js", "search.js", "finding.js", "site.css")
CODE = "code.css"
FIRST, VERDICTS, GLOSSARY = "index.html", "verdicts.html", "glossary.html"
LARGEST_PAGE = 3_000_000  # bytes of a page and its pictures, beside what all pages share
STILL = re.compile(r'<img class="still" src="([^"]*)" alt="([^"]*)"')
CODE_BY_DAY, CODE_BY_NIGHT = "xcode", "github-dark"  # both keep 4.5:1 on our grounds


class PublishingError(Exception):
    """Something in a notebook that would not work on a page."""


def main():
    arguments = read_arguments()
    try:
        if arguments.verdicts:
            write_verdicts(arguments.verdicts, arguments.notebooks)
        with home.hold(arguments.site, "publish"):
            index = publish(arguments.notebooks, arguments.work, arguments.site)
    except (PublishingError, ledger.LedgerError, home.BusyError, language.CatalogueError) as error:
        print(f"grokscope: publish: {error}", file=sys.stderr)
        sys.exit(1)
    except OSError as error:
        print(f"grokscope: publish: {cannot_write(arguments.site, error)}", file=sys.stderr)
        sys.exit(1)
    print(f"grokscope: the page is {index}", flush=True)


def read_arguments():
    def folder(text):
        return Path(text).resolve()

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--notebooks", type=folder, required=True, help="in order of their names")
    parser.add_argument("--work", type=folder, help="executed copies, which are preferred")
    parser.add_argument("--site", type=folder, required=True)
    parser.add_argument("--verdicts", type=folder, help="gets the verdicts of the notebooks as stored")
    return parser.parse_args()


def cannot_write(site, error):
    return f"{error}; check the free space of {site}, and that you may write to it"


def write_verdicts(file, notebooks):
    pages = [Page.read(path, None) for path in sorted(notebooks.glob("*.ipynb"))]
    ledger.write_table(file, ledger.collect(records_of(pages)))


def records_of(pages):
    return [record for page in pages for record in page.records]


def publish(notebooks, work, site):
    """Writes the whole site and returns its index page."""
    pages = [Page.read(path, work) for path in sorted(notebooks.glob("*.ipynb"))]
    if not pages:
        raise PublishingError(f"no notebooks in {notebooks}")
    Site(site, pages).write()
    return site / FIRST


class Site:
    """The folder of pages, told in English and in each language that there are catalogues of.

    English pages stand in the folder, those of another language in a folder of its code. What the
    site says of itself changes while a run goes on.
    """

    def __init__(self, folder, pages):
        self.folder = folder
        self.footer = versions()
        self.news = str  # says what the run does, on the first page
        self.written = {}  # the digest of each page as it stands on the disk
        self.anchors = {}
        self.languages = [ENGLISH, *language.languages(pages[0].folder)]
        self.told = {one.code: [page.told(one) for page in pages] for one in self.languages}

    @property
    def pages(self):
        return self.told[ENGLISH.code]

    @property
    def every(self):
        """The pages in all languages."""
        return [page for pages in self.told.values() for page in pages]

    @property
    def names(self):
        return {page.name for page in self.pages}

    def write(self):
        """All of it, and nothing that an earlier publication left; other tools' reports stay."""
        (self.folder / "assets").mkdir(parents=True, exist_ok=True)
        for page in self.every:
            page.render(self.names)
        self.join_up()
        texts = self.texts()
        kept = self.write_assets(texts)
        references = {address: References.of(text) for address, text in texts.items()}
        self.anchors = {address: one.anchors for address, one in references.items()}
        for address, text in texts.items():
            self.check(address, text, references[address])
        self.update(texts)
        for stale in [*self.folder.glob("*.html"), *self.folder.glob("??/*.html"),
                      *self.folder.glob(".*.part")]:
            if stale.relative_to(self.folder).as_posix() not in texts:
                stale.unlink()
        self.clear_assets(kept)

    def replace(self, page):
        """Puts a page in the place of the one of its name, in every language."""
        place = [other.name for other in self.pages].index(page.name)
        before = {code: list(pages) for code, pages in self.told.items()}
        for one in self.languages:
            again = page.told(one)
            again.render(self.names)
            self.told[one.code][place] = again
        try:
            self.join_up()
            texts = self.texts()
            kept = self.write_assets(texts)
            addresses = [pages[place].address for pages in self.told.values()]
            references = {address: References.of(texts[address]) for address in addresses}
            for address in addresses:
                self.check(address, texts[address], references[address])
        except (PublishingError, OSError):
            self.told = before
            self.join_up()
            raise
        self.anchors.update({address: one.anchors for address, one in references.items()})
        self.update(texts)
        self.clear_assets(kept)

    def join_up(self):
        for pages in self.told.values():
            for position, page in enumerate(pages):
                page.previous = pages[position - 1] if position else None
                page.next = pages[position + 1] if position + 1 < len(pages) else None

    def texts(self):
        """Every page's text by its address."""
        texts = {}
        for one in self.languages:
            with language.spoken(one):
                texts.update(self.texts_in(one))
        return texts

    def texts_in(self, one):
        pages = self.told[one.code]
        about = Verdicts(self.claims(), self.rounds, any(page.quick for page in pages))
        texts = {page.file: page.finish(self.frame(page.file, OF_PLOTLY), about.parts_of(page),
                                        self.trains and page.number in live.RELATED)
                 for page in pages}
        terms = self.terms()
        texts[FIRST] = template("home.html.j2").render(
            pages=pages, about=about, news=self.news(), trains=self.trains, found=self.found(),
            terms=terms, **self.frame(FIRST))
        texts[VERDICTS] = template("verdicts.html.j2").render(about=about, **self.frame(VERDICTS))
        if terms:
            texts[GLOSSARY] = template("glossary.html.j2").render(terms=terms, **self.frame(GLOSSARY))
        if self.trains:
            texts[live.PAGE] = template("live.html.j2").render(
                **live.facts(pages), **self.frame(live.PAGE))
        return {f"{prefix(one)}{file}": text for file, text in texts.items()}

    def frame(self, file, of_figures=()):
        """What the frame of a page is filled with; words of figures only where there may be some."""
        here = language.current()
        root = way_up(here)
        return {
            "footer": self.footer,
            "code": here.code,
            "root": root,
            "index": finding.name_of(here),
            "words": words_of_scripts(of_figures),
            "editions": [Edition(one.code, one.name, f"{root}{prefix(one)}{file}", one is here)
                         for one in self.languages],
        }

    @property
    def trains(self):
        """Whether there is a page that trains: not beside a notebook that was run with -p."""
        return not all(page.parameters for page in self.pages)

    def terms(self):
        """The glossary beside the notebooks."""
        return glossary.read(self.pages[0].folder, self.languages) if self.trains else []

    def found(self):
        """The lines of the README beside the notebooks; none of a run with -p."""
        readme = self.pages[0].folder.parent / "README.md"
        return findings.lines(readme, self.names) if self.trains else []

    def claims(self):
        return ledger.collect(records_of(self.pages))

    @functools.cached_property
    def rounds(self):
        """Both rounds' verdicts, from the evidence beside the notebooks; not of a run with -p."""
        if all(page.parameters for page in self.pages):
            return rounds.Rounds()
        known = {claim.id for claim in ledger.read_claims()}
        return rounds.read(self.pages[0].folder / "evidence", known)

    def update(self, texts=None):
        """Writes the pages whose text has changed, one after the other."""
        for address, text in (texts or self.texts()).items():
            data = text.encode("utf-8")
            digest = hashlib.sha256(data).digest()
            if self.written.get(address) != digest:
                (self.folder / address).parent.mkdir(exist_ok=True)
                home.write_whole(self.folder / address, data)
                self.written[address] = digest

    def write_assets(self, texts):
        """Writes what pages show and is not there already; returns the names of all of it."""
        files = shared_files(self.pages, texts.values())
        for one in self.languages:
            with language.spoken(one):
                files[finding.name_of(one)] = finding.index(
                    finding.entries(self.told[one.code], self.claims(), self.terms()))
        for page in self.every:
            files.update(page.files)
        files.update(self.rounds.files)
        if self.trains:
            files.update(live.files())
        for name, data in files.items():
            path = self.folder / "assets" / name
            if not path.is_file() or path.read_bytes() != data:
                home.write_whole(path, data)
        return files.keys()

    def clear_assets(self, kept):
        """Takes away what no page shows any more."""
        for path in (self.folder / "assets").iterdir():
            if path.name not in kept and path.is_file():
                path.unlink()

    def check(self, address, text, references):
        anchors = {**self.anchors, address: references.anchors}
        check_references(address, references, self.folder, anchors)
        check_size(address, text, references, self.folder)


@dataclass
class Edition:
    """The same page in a language, as a switch leads to it."""

    code: str
    name: str
    address: str
    is_this: bool


def prefix(one):
    """The folder of a language's pages."""
    return "" if one.is_english else f"{one.code}/"


def way_up(one):
    """From a language's pages to the site's folder."""
    return "" if one.is_english else "../"


def words_of_scripts(of_figures):
    """What the scripts of a page say."""
    said = {
        "auto": _("theme: auto"), "light": _("theme: light"), "dark": _("theme: dark"),
        "hide": _("hide"), "show": _("show code"), "copy": _("copy"), "copied": _("copied"),
        "refused": _("not allowed here"), "hideAll": _("hide code"), "showAll": _("show code"),
    }
    if of_figures and not language.current().is_english:
        said["figures"] = {word: _(word) for word in of_figures}
    return said


def shared_files(pages, texts):
    """What all pages share, by name."""
    templates = HERE / "templates" / "grokscope"
    try:
        files = assets.files({page.bundle for page in pages})
    except ValueError as error:
        raise PublishingError(str(error)) from error
    files.update(style(texts))
    files.update({name: (templates / name).read_bytes() for name in SHARED})
    files[CODE] = f"{colours_of_code()}\n".encode()
    return files


def colours_of_code():
    """One rule for each kind of token, by day and by night."""
    day, night = get_style_by_name(CODE_BY_DAY), get_style_by_name(CODE_BY_NIGHT)
    rules = []
    for kind, name in STANDARD_TYPES.items():
        light, dark = day.style_for_token(kind), night.style_for_token(kind)
        if name and light["color"] and dark["color"]:
            weight = "; font-weight: 600" if light["bold"] else ""
            rules.append(f".highlight .{name} {{ color: light-dark(#{light['color']}, "
                         f"#{dark['color']}){weight} }}")
    return "\n".join(rules)


def version():
    project = ElementTree.parse(HERE.parent / "pom.xml").getroot()
    return project.findtext("{http://maven.apache.org/POM/4.0.0}version")


def versions():
    pins = (HERE / "requirements.txt").read_text(encoding="utf-8")
    jjava = re.search(r"^jjava==(\S+)", pins, re.MULTILINE)[1]
    return f"Grokscope {version()} · JJava {jjava} · Plotly {importlib.metadata.version('plotly')}"


# ---------------------------------------------------------------- one page


class Page:
    """A notebook on its way to the site."""

    def __init__(self, path, notebook, executed, original=None, one=ENGLISH):
        name = path.stem
        self.name = name
        self.path = path
        self.language = one
        self.original = original  # the English page, of which this is a translation
        share_figures(notebook)
        # without anchors of a page
        self.download = f"{nbformat.writes(language.without_notes(notebook))}\n".encode()
        self.download_name = f"{name}{'' if one.is_english else '.' + one.code}.ipynb"
        self.source = notebook
        self.notebook = copy.deepcopy(notebook)
        self.was_executed = executed
        self.folder = path.parent
        self.file = f"{name}.html"
        self.root = way_up(one)
        self.address = f"{prefix(one)}{self.file}"
        self.number = name.split("-")[0] if name.split("-")[0].isdigit() else ""
        facts = notebook.metadata.get("grokscope", {})
        self.quick = bool(facts.get("quick"))
        self.parameters = ", ".join(
            f"{name} = {json.dumps(value)}"
            for name, value in sorted(facts.get("parameters", {}).items()))
        self.seconds = facts.get("seconds")
        self.said = str, str  # say what the run is doing with it, for its page and for the first
        self.files = {}  # its own, beside the page: pictures and the notebook
        self.title, self.claim, self.description, self.body = name, "", "", ""
        self.sections = []
        self.previous = self.next = None
        self.figures = []
        self.bundle = ""
        self.story = []
        self.records = ledger.records_of(name, self.notebook)

    def told(self, one):
        """The page in a language."""
        if one.is_english:
            return self
        notebook = language.translated(self.source, self.name, one)
        return Page(self.path, notebook, self.was_executed, self, one)

    def tell(self, news, briefly):
        """Takes two functions that say what the run is doing with the notebook."""
        self.said = news, briefly

    @property
    def duration(self):
        return words_for(self.seconds)

    @property
    def shows(self):
        return results_in_words(self.notebook, self.was_executed)

    @property
    def news(self):
        return (self.original or self).said[0]()

    @property
    def briefly(self):
        return (self.original or self).said[1]()

    @staticmethod
    def read(path, work):
        """The notebook with its stored outputs, or with those of an executed copy of the same code."""
        stored = nbformat.read(path, as_version=4)
        copy = work / path.name if work else None
        if copy and copy.is_file():
            try:
                executed = nbformat.read(copy, as_version=4)
            except (ValueError, nbformat.ValidationError):
                executed = None  # not a notebook: whatever it was, the next run writes a new one
            if executed and code_of(executed) == code_of(stored):
                return Page.executed(path, stored, executed)
        return Page(path, stored, False)

    @staticmethod
    def executed(path, stored, executed):
        """The text as it is stored, which may be newer, with the results of an execution."""
        results = iter([cell for cell in executed.cells if cell.cell_type == "code"])
        for cell in stored.cells:
            if cell.cell_type == "code":
                result = next(results)
                cell.outputs, cell.execution_count = result.outputs, result.execution_count
        for part in ("grokscope", "language_info"):
            if part in executed.metadata:
                stored.metadata[part] = executed.metadata[part]
        return Page(path, stored, True)

    def render(self, names):
        """Makes the body, and finds in it the title, the claim, the sections and the story."""
        with language.spoken(self.language):
            self.render_parts(names)

    def render_parts(self, names):
        exporter = exporter_of_pages()
        exporter.begin(self, names)
        scenes = self.scenes()
        self.figures = []
        self.files = {self.download_name: self.download}
        self.body, _ = exporter.from_notebook_node(self.notebook)
        self.bundle = assets.bundle_for(self.figures)
        self.sections = sections_of(exporter.headings)
        self.story = [Scene(cell.metadata["anchor"], plain(exporter.sentence(cell.metadata["story"])),
                            self.small_picture(cell))
                      for cell in scenes]
        self.story = [scene for scene in self.story if scene.picture]
        if exporter.title:
            self.title = spoken(exporter.title)
        if exporter.claim:
            claim = without_links(exporter.claim).strip()
            self.description = spoken(claim)
            self.claim = plain(claim)

    def small_picture(self, cell):
        """The first static picture of a cell, small; nothing where there is none."""
        shown = self.body.partition(f'<section class="cell" id="{cell.metadata["anchor"]}">')[2]
        still = STILL.search(shown.partition('<section class="')[0])
        if not still:
            return ""
        name, alt = Path(still[1]).name, still[2]
        kept = None if self.language.is_english else stills.path_of(
            self.folder / self.language.code, stills.of_cell(cell))
        if kept and kept.is_file():
            small = f"{self.language.code}-{kept.name}"
            self.files[small] = kept.read_bytes()
            width, height = thumbnails.size_of(self.files[small])
        else:
            small = Path(name).with_suffix(".webp").name
            self.files[small], width, height = thumbnails.of(self.files[name])
        return (f'<img src="{self.root}assets/{small}" alt="{alt}" '
                f'width="{width}" height="{height}" loading="lazy">')

    def scenes(self):
        """The cells of the story in pictures, each with an anchor of its own."""
        marked = [cell for cell in self.notebook.cells if cell.metadata.get("story")]
        for rank, cell in enumerate(marked, 1):
            outputs = cell.get("outputs", [])
            if cell.cell_type != "code" or (outputs and not any(
                    FIGURE in output.get("data", {}) for output in outputs)):
                raise PublishingError(f"{self.name} has the story '{cell.metadata['story']}' on a "
                                      "cell without a figure; give it to the cell that shows one")
            cell.metadata.setdefault("anchor", f"story-{rank}")
        return marked

    @property
    def opening(self):
        """The body up to its second text: what becomes of the claim, and the first figure."""
        text = '<section class="prose'
        second = self.body.find(text, self.body.find(text) + 1)
        return self.body[:second] if second > 0 else self.body

    @property
    def rest(self):
        return self.body[len(self.opening):]

    def finish(self, frame, claims=(), trains=False):
        return template("page.html.j2").render(page=self, claims=claims, trains=trains, **frame)


class Shared(nbformat.NotebookNode):
    """A figure that nobody changes, so that the copies of a notebook need none of their own."""

    def __deepcopy__(self, memo):
        return self


def share_figures(notebook):
    for data in figures_of(notebook):
        data[FIGURE] = Shared(data[FIGURE])


@dataclass
class Scene:
    """A figure of the story on the first page, and its sentence."""

    anchor: str
    sentence: str
    picture: str


@dataclass
class Section:
    anchor: str
    title: str
    parts: list


def sections_of(headings):
    """The headings of the second level, each with those of the third below; pairs with a level."""
    sections = []
    for level, section in headings:
        if level == 3 and sections:
            sections[-1].parts.append(section)
        elif level in (2, 3):
            sections.append(section)
    return sections


def without_links(markup):
    """The same words, which lead nowhere."""
    return re.sub(r"</?a\b[^>]*>", "", markup)


def code_of(notebook):
    return [cell.source for cell in notebook.cells if cell.cell_type == "code"]


def results_in_words(notebook, executed):
    """Whose results a page shows, such as 'the results stored with the notebook, made on …'."""
    if not any(cell.get("execution_count") or cell.get("outputs") for cell in notebook.cells):
        return _("no results yet")
    facts = notebook.metadata.get("grokscope", {})
    details = []
    if facts.get("at") and executed:
        details.append(_("made on {day} at {clock}").format(day=day(facts["at"]), clock=clock(facts["at"])))
    elif facts.get("at"):
        details.append(_("made on {day}").format(day=day(facts["at"])))
    if facts.get("version"):
        details.append(_("with Grokscope {version}").format(version=facts["version"]))
    java = notebook.metadata.get("language_info", {}).get("version", "").split("+")[0]
    if java and facts.get("version"):
        details.append(_("on Java {version}").format(version=java))
    if facts.get("seconds") is not None and details:
        details.append(_("in {time}").format(time=words_for(facts["seconds"])))
    made = (_("the results of an execution here") if executed
            else _("the results stored with the notebook"))
    return _("{results}, {details}").format(results=made, details=" ".join(details)) if details else made


def clock(moment):
    return f"{datetime.fromisoformat(moment):%H:%M}"


def words_for(seconds):
    if seconds is None:
        return ""
    return _(f"{max(1, round(seconds))} sec" if seconds < 60 else f"{seconds / 60:.0f} min")


class Verdicts:
    """What the first page and the page of verdicts say of the claims."""

    def __init__(self, claims, read, quick):
        self.rounds = read
        self.quick = quick
        became = findings.outcomes()
        self.claims = [Judged(claim, read, became) for claim in claims]
        self.measured = [claim for claim in claims if claim.records]
        self.waiting = [claim for claim in claims if claim.testable and not claim.records]
        self.untestable = [claim for claim in claims if not claim.testable]
        self.again = [judged for judged in self.claims if judged.again]

    @property
    def verdicts(self):
        """Of round one, each with its look and how many claims have it."""
        return Counter((claim.look, claim.verdict) for claim in self.measured).most_common()

    @property
    def essay_verdicts(self):
        """The same of round two."""
        said = [judged.line.round_two for judged in self.again if judged.line]
        return Counter((rounds.look(words), words) for words in said if words).most_common()

    @property
    def files(self):
        return sorted(self.rounds.files)

    @property
    def parts(self):
        """The claims by what they are about: a title and those that it is over."""
        return parts_of(self.claims)

    def parts_of(self, page):
        """The same of those that a page puts to the test."""
        recorded = {record.claim for record in page.records}
        return parts_of([judged for judged in self.claims if judged.claim.id in recorded])

    @property
    def primaries(self):
        """The quantities of round two that decide its claims."""
        every = [line for lines in self.rounds.quantities.values() for line in lines]
        return [line for line in every if line.role == "primary"]

    @property
    def published(self):
        """What published models do by round two's rules: a list of lines for each quantity."""
        return list(self.rounds.published.values())

    def place(self, claim):
        """The anchor of round one's verdict; round two's has the claim's own name."""
        return f"{claim.id}-round-one" if self.rounds.again(claim.id) else claim.id


def parts_of(claims):
    parts = {}
    for judged in claims:
        parts.setdefault(_(findings.PARTS[judged.claim.id[0]]), []).append(judged)
    return parts.items()


class Judged:
    """A claim of the ledger with the verdicts of both rounds."""

    def __init__(self, claim, read, became):
        self.claim = claim
        self.line = read.claims.get(claim.id)
        self.quantities = read.quantities.get(claim.id, [])
        self.again = read.again(claim.id)
        self.statement = _(self.line and self.line.statement or claim.statement)
        self.first = self.line and self.line.round_one or self.of_notebooks()
        second = self.line.round_two if self.line else ""
        self.became = _(became.get((claim.id, self.first, second), ""))
        self.essay = _(findings.ESSAYS.get(claim.id[0], findings.ESSAY))
        self.first_look = "not-given" if self.first == ledger.NO_VERDICT else rounds.look(self.first)

    @property
    def progress(self):
        """What round one's verdict rests on while the notebooks have not measured all of it."""
        return "" if self.line and self.line.round_one else self.claim.progress

    def of_notebooks(self):
        if self.claim.records:
            return self.claim.verdict
        return "not yet measured" if self.claim.testable else "not testable here"


def template(name):
    return templates().get_template(name)


@functools.cache  # it keeps what it has compiled
def templates():
    loader = jinja2.FileSystemLoader(HERE / "templates" / "grokscope")
    environment = jinja2.Environment(loader=loader, autoescape=True, trim_blocks=True,
                                     lstrip_blocks=True, undefined=jinja2.StrictUndefined,
                                     extensions=["jinja2.ext.i18n"])
    environment.install_gettext_callables(language.gettext, language.ngettext, newstyle=True)
    environment.filters.update(
        look=rounds.look, count=rounds.count, whole=rounds.whole, told=_)
    return environment


@jinja2.pass_context  # or the words would be those of the language in which it was compiled
def say(_context, words):
    return _(words)


@functools.cache  # it keeps the templates that it has compiled
def exporter_of_pages():
    return PageExporter()


def columns_of(text):
    """How wide a text is in which an edge is drawn, which no line break may move; 0 of any other."""
    return max(map(len, text.splitlines())) if "│" in text else 0


class PageExporter(HTMLExporter):
    """nbconvert with our template, our figures, our formulas and our links; for one page at a time."""

    def __init__(self):
        super().__init__(
            template_name="grokscope",
            template_file="notebook.html.j2",
            extra_template_basedirs=[str(HERE / "templates")],
        )
        self.register_filter("prose", self.prose)
        self.register_filter("say", say)
        self.register_filter("figure", self.figure)
        self.register_filter("table", self.table)
        self.register_filter("columns", columns_of)
        self.register_filter("formula", lambda text: formula(text.strip().strip("$"), "block"))

    def begin(self, page, names):
        self.page = page
        self.names = names
        self.anchors = set()
        self.headings = []  # level and section, in the order of the page
        self.title = self.claim = ""  # the first heading of all, and the first paragraph after it

    @property
    def default_config(self):
        config = Config(super().default_config)
        config.NbConvertBase.display_data_priority = MOST_TELLING_FIRST
        config.HighlightMagicsPreprocessor.enabled = False
        return config

    def default_filters(self):
        yield from super().default_filters()
        yield ("markdown2html", self.page_markdown)

    def from_notebook_node(self, notebook, resources=None, **more):
        """As the class above makes it, which reads the whole page again to add what ours has."""
        resources = self._init_resources(resources)
        language_of_code = notebook.metadata.get("language_info", {})
        lexer = language_of_code.get("pygments_lexer", language_of_code.get("name"))
        self.register_filter("highlight_code", Highlight2HTML(pygments_lexer=lexer, parent=self))
        self.register_filter("filter_data_type", WidgetsDataTypeFilter(
            notebook_metadata=self._nb_metadata, parent=self, resources=resources))
        return super(HTMLExporter, self).from_notebook_node(notebook, resources, **more)

    def prose(self, cell):
        """A cell of text; translated, its headings have the anchors of the English ones."""
        english = cell.metadata.get(ENGLISH_TEXT)
        anchors = None
        if english and re.search(r"^ {0,3}#", english, re.MULTILINE):
            renderer = PageMarkdown(self)
            MarkdownWithMath(renderer=renderer).render(english)
            anchors = [section.anchor for _level, section, _text in renderer.given if section]
        note = ""
        if cell.metadata.get(UNTRANSLATED):
            words = html.escape(_("This part has changed or is new, and is not translated yet."))
            note = f'<p class="label" lang="{self.page.language.code}">{words}</p>\n'
        renderer = PageMarkdown(self, anchors)
        text = self.rendered(cell.source, renderer)
        for level, section, paragraph in renderer.given:
            if level == 1 and not self.title:
                self.title, self.claim = section.title, ""
            if section:
                self.headings.append((level, section))
            self.claim = self.claim or paragraph
        return note + text

    def page_markdown(self, source):
        return self.rendered(source, PageMarkdown(self))

    @staticmethod
    def rendered(source, renderer):
        return keep_together(MarkdownWithMath(renderer=renderer).render(source))

    def sentence(self, source):
        """Markdown of one paragraph, without the paragraph."""
        return re.sub(r"^<p>|</p>$", "", self.page_markdown(source).strip())

    def figure(self, data):
        """The place of a figure, its value as JSON, its picture, and what it shows in words."""
        value = without_filmstrip(data[FIGURE])
        self.page.figures.append(value)
        layout = value.get("layout", {})
        height = int(layout.get("height") or FIGURE_HEIGHT)
        narrow = int(layout.get("meta", {}).get("narrow", {}).get("height") or height)
        text = json.dumps(value, ensure_ascii=False, allow_nan=False).replace("<", "\\u003c")
        description = html.escape(describe(value), quote=True)
        return (
            f'<figure class="figure" id="figure-{len(self.page.figures)}" '
            f'style="--height: {height}px; --narrow: {narrow}px"><div class="drawing"></div>'
            f'<script type="application/json">{text}</script>'
            f'{self.still(data, description)}<figcaption>{description}</figcaption></figure>'
        )

    def still(self, data, description):
        """The static picture, for those without scripts and for paper."""
        if "image/png" not in data:
            return ""
        picture = base64.b64decode(data["image/png"])
        digest = hashlib.sha256(picture).hexdigest()[:8]  # a page never meets another's picture
        name = f"{self.page.name}-{len(self.page.figures)}-{digest}.png"
        self.page.files[name] = picture
        width, height = struct.unpack(">II", picture[16:24])  # of the header of every PNG
        return (f'<img class="still" src="{self.page.root}assets/{name}" alt="{description}" '
                f'width="{width}" height="{height}" loading="lazy">')

    def table(self, markup):
        """A box that scrolls where a table is wider than the page, which a keyboard can reach."""
        caption = re.search(r"<caption[^>]*>(.*?)</caption>", markup, re.DOTALL)
        name = html.escape(words(caption[1]) if caption else _("table"), quote=True)
        reach = f' tabindex="0" role="region" aria-label="{name}"' if "<table" in markup else ""
        return f'<div class="wide"{reach}>{markup}</div>'


def without_filmstrip(figure):
    """The figure as a page draws it: its filmstrip has become the picture beside it."""
    if filmstrip(figure) is None:
        return figure
    layout = figure["layout"]
    rest = {name: value for name, value in layout["meta"].items() if name != "still"}
    return {**figure, "layout": {**layout, "meta": rest}}


class PageMarkdown(IPythonRenderer):
    """Markdown of a cell as it stands on a page."""

    def __init__(self, exporter, anchors=None):
        super().__init__(escape=False, embed_images=True, exclude_anchor_links=True,
                         path=str(exporter.page.folder))
        self.exporter = exporter
        self.wanted = iter(anchors or ())
        self.given = []  # headings, each with its level and as a section, and paragraphs

    def _html_embed_images(self, html):
        """Only where there are images: the parser would close a <details> whose end comes later."""
        return super()._html_embed_images(html) if "<img" in html else html

    def inline_math(self, body):
        return formula(body, "inline")

    def block_math(self, body):
        return formula(body, "block")

    def latex_environment(self, name, body):
        return formula(f"\\begin{{{name}}}{body}\\end{{{name}}}", "block")

    def heading(self, text, level, **attributes):
        anchor = next(self.wanted, None) or self.free_anchor(spoken(text))
        self.given.append((level, Section(anchor, without_links(keep_together(text)), []), ""))
        if level == 1:
            return f'<h1 id="{anchor}">{text}</h1>\n'
        label = _("link to here")
        return (f'<h{level} id="{anchor}">{text} '
                f'<a class="anchor" href="#{anchor}" aria-label="{label}">#</a></h{level}>\n')

    def paragraph(self, text):
        self.given.append((0, None, keep_together(text)))
        return super().paragraph(text)

    def free_anchor(self, text):
        base = re.sub(r"[^\w]+", "-", text.lower()).strip("-") or "section"
        anchor, count = base, 1
        while anchor in self.exporter.anchors:
            count += 1
            anchor = f"{base}-{count}"
        self.exporter.anchors.add(anchor)
        return anchor

    def link(self, text, url, title=None):
        """Links to notebooks become links to pages; other files are not part of the site."""
        parts = urlsplit(url)
        if parts.scheme or parts.netloc:
            return super().link(text, url, title)
        fragment = f"#{parts.fragment.lower()}" if parts.fragment else ""
        if not parts.path:
            return super().link(text, fragment, title)
        target = Path(unquote(parts.path))
        if target.suffix == ".ipynb" and target.stem in self.exporter.names:
            return super().link(text, f"{target.stem}.html{fragment}", title)
        return f'<span class="file">{text}</span>'

    def table(self, text):
        return self.exporter.table(f"<table>\n{text}</table>\n")


# ---------------------------------------------------------------- nothing from outside


class References(HTMLParser):
    """Everything that a page would fetch or lead to."""

    FETCHING = {"src", "srcset", "poster", "data", "background"}

    def __init__(self):
        super().__init__()
        self.fetched, self.links, self.anchors = [], [], set()
        self.in_style = False

    @staticmethod
    def of(text):
        references = References()
        references.feed(text)
        return references

    def handle_starttag(self, tag, attributes):
        self.in_style = tag == "style"
        for name, value in attributes:
            value = value or ""
            if name == "id":
                self.anchors.add(value)
            elif name == "href" and ("rel", "alternate") in attributes:
                self.links.append(value)
            elif name in self.FETCHING or (name == "href" and tag in ("link", "use", "image")):
                self.fetched.append(value)
            elif name == "href":
                self.links.append(value)
            elif name == "style":
                self.fetched += re.findall(r"url\(['\"]?([^'\")]+)", value)

    def handle_data(self, data):
        if self.in_style:
            self.fetched += re.findall(r"(?:url\(|@import )['\"]?([^'\");]+)", data)

    def handle_endtag(self, tag):
        self.in_style = False


def check_references(address, references, site, anchors):
    """Fails on what would need a network, and on links that lead nowhere."""
    for url in references.fetched:
        parts = urlsplit(url)
        if parts.scheme == "data":
            continue
        if parts.scheme or parts.netloc:
            raise PublishingError(f"{address} would fetch {url}; put that file beside the notebook")
        if not (site / place(address, parts.path)).is_file():
            raise PublishingError(f"{address} shows {url}, which is not there")
    for url in references.links:
        parts = urlsplit(url)
        if parts.scheme or parts.netloc:
            continue
        target = place(address, parts.path) if parts.path else address
        if target.endswith((".ipynb", ".csv")) and (site / target).is_file():
            continue
        if target not in anchors:
            raise PublishingError(f"{address} links to {url}, which is no page of the site")
        if parts.fragment and parts.fragment not in anchors[target]:
            raise PublishingError(f"{address} links to {url}, which no heading of {target} has")


def place(address, path):
    """Where a relative path of a page leads to, from the site's folder."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(address), unquote(path)))


def check_size(address, text, references, site):
    """Fails on a page that is too heavy to open on the way."""
    fetched = {urlsplit(url) for url in references.fetched}
    own = [site / place(address, part.path) for part in fetched if not part.scheme
           and Path(part.path).name not in (*SHARED, CODE, *assets.BUNDLES, STYLE)]
    size = len(text.encode("utf-8")) + sum(path.stat().st_size for path in own)
    if size > LARGEST_PAGE:
        raise PublishingError(f"{address} has {size:,} bytes with its pictures and may have "
                              f"{LARGEST_PAGE:,}; thin its figures out or split the notebook")


if __name__ == "__main__":
    main()
