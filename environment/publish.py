"""Publishes the notebooks as static pages that ask nothing of any network.

One page a notebook and an index, with relative links only, so that the folder works from a disk
and from any web server. Figures are drawn by plotly.js, which comes in two sizes, formulas are
typeset here, the search has its index here, and the style is our own (templates/grokscope).
"""

import argparse
import base64
import html
import importlib.metadata
import json
import re
import shutil
import struct
import sys
import xml.etree.ElementTree as ElementTree
from collections import Counter
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import nbformat
from bs4 import BeautifulSoup
from nbconvert.exporters import HTMLExporter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from pygments.styles import get_style_by_name
from pygments.token import STANDARD_TYPES
from traitlets.config import Config

import assets
import finding
import ledger
from describe import describe, words
from formulas import STYLE, formula, keep_together, spoken, write_style

HERE = Path(__file__).resolve().parent
FIGURE = "application/vnd.plotly.v1+json"
MOST_TELLING_FIRST = [
    FIGURE, "text/html", "text/markdown", "image/svg+xml", "text/latex", "image/png",
    "image/jpeg", "text/plain",
]
FIGURE_HEIGHT = 450  # pixels, where the figure itself names none
SHARED = ("figures.js", "colours.js", "reading.js", "search.js", "finding.js", "site.css")
LARGEST_PAGE = 3_000_000  # bytes of a page and its pictures, beside what all pages share
CODE_BY_DAY, CODE_BY_NIGHT = "xcode", "github-dark"  # both keep 4.5:1 on our grounds


class PublishingError(Exception):
    """Something in a notebook that would not work on a page."""


def main():
    arguments = read_arguments()
    try:
        if arguments.readme:
            write_readme(arguments.readme, arguments.notebooks)
        index = publish(arguments.notebooks, arguments.work, arguments.site, arguments.java)
    except (PublishingError, ledger.LedgerError) as error:
        print(f"grokscope: publish: {error}", file=sys.stderr)
        sys.exit(1)
    print(f"grokscope: the page is {index}")


def read_arguments():
    def folder(text):
        return Path(text).resolve()

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--notebooks", type=folder, required=True, help="in order of their names")
    parser.add_argument("--work", type=folder, help="executed copies, which are preferred")
    parser.add_argument("--site", type=folder, required=True)
    parser.add_argument("--java", default="", help="the version, for the footer")
    parser.add_argument("--readme", type=folder, help="gets the verdicts of the notebooks as stored")
    return parser.parse_args()


def write_readme(readme, notebooks):
    pages = [Page.read(path, None) for path in sorted(notebooks.glob("*.ipynb"))]
    ledger.write_readme(readme, ledger.collect(records_of(pages)))


def records_of(pages):
    return [record for page in pages for record in page.records]


def publish(notebooks, work, site, java):
    """Writes the whole site and returns its index page."""
    pages = [Page.read(path, work) for path in sorted(notebooks.glob("*.ipynb"))]
    if not pages:
        raise PublishingError(f"no notebooks in {notebooks}")
    clear(site)
    (site / "assets").mkdir()
    for position, page in enumerate(pages):
        page.render(site, names={other.name for other in pages})
        page.previous = pages[position - 1] if position else None
        page.next = pages[position + 1] if position + 1 < len(pages) else None
    footer = versions(java)
    written = {page.address: page.finish(footer) for page in pages}
    claims = ledger.collect(records_of(pages))
    written["index.html"] = index_of(pages, claims, footer)
    write_assets(site / "assets", pages, claims, written.values())
    anchors = {address: References.of(text).anchors for address, text in written.items()}
    for address, text in written.items():
        check_references(address, text, site, anchors)
    for address, text in written.items():
        check_size(address, text, site)
        (site / address).write_text(text, encoding="utf-8")
    return site / "index.html"


def clear(site):
    """Takes away what an earlier publication left; other tools' reports live here as well."""
    site.mkdir(parents=True, exist_ok=True)
    for stale in site.glob("*.html"):
        stale.unlink()
    shutil.rmtree(site / "assets", ignore_errors=True)


def write_assets(folder, pages, claims, texts):
    try:
        assets.write({page.bundle for page in pages}, folder)
    except ValueError as error:
        raise PublishingError(str(error)) from error
    write_style(texts, folder)
    finding.write_index(finding.entries(pages, claims), HERE / "templates" / "grokscope" / "finding.js",
                        folder)
    for name in SHARED:
        shutil.copy(HERE / "templates" / "grokscope" / name, folder)
    with open(folder / "site.css", "a", encoding="utf-8") as css:
        css.write("\n" + colours_of_code() + "\n")


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


def versions(java):
    project = ElementTree.parse(HERE.parent / "pom.xml").getroot()
    version = project.findtext("{http://maven.apache.org/POM/4.0.0}version")
    parts = [f"Grokscope {version}"]
    if java:
        parts.append(f"Java {java}")
    parts.append(f"JJava {importlib.metadata.version('jjava')}")
    parts.append(f"Plotly {importlib.metadata.version('plotly')}")
    return " · ".join(parts)


# ---------------------------------------------------------------- one page


class Page:
    """A notebook on its way to the site."""

    def __init__(self, path, notebook, executed, folder):
        name = path.stem
        self.name = name
        self.path = path  # of the notebook that is shown
        self.notebook = notebook
        self.executed = executed
        self.folder = folder
        self.address = f"{name}.html"
        self.number = name.split("-")[0] if name.split("-")[0].isdigit() else ""
        facts = notebook.metadata.get("grokscope", {})
        self.quick = bool(facts.get("quick"))
        self.parameters = ", ".join(
            f"{name} = {json.dumps(value)}" for name, value in facts.get("parameters", {}).items())
        self.duration = words_for(facts.get("seconds"))
        self.title, self.claim, self.body = name, "", ""
        self.sections = []
        self.previous = self.next = None
        self.figures = []
        self.bundle = ""
        self.story = []
        self.records = ledger.records_of(name, notebook)

    @staticmethod
    def read(path, work):
        """The executed copy where its cells are the notebook's, else the notebook as stored."""
        stored = nbformat.read(path, as_version=4)
        copy = work / path.name if work else None
        if copy and copy.is_file():
            executed = nbformat.read(copy, as_version=4)
            if sources(executed) == sources(stored):
                for cell, kept in zip(executed.cells, stored.cells):
                    if "story" in kept.metadata:  # perhaps written after the execution
                        cell.metadata["story"] = kept.metadata["story"]
                return Page(copy, executed, True, path.parent)
        return Page(path, stored, False, path.parent)

    def render(self, site, names):
        """Makes the body, and finds in it the title, the claim, the sections and the story."""
        exporter = PageExporter(self, site, names)
        scenes = self.scenes()
        shutil.copyfile(self.path, site / "assets" / f"{self.name}.ipynb")
        self.body, _ = exporter.from_notebook_node(self.notebook)
        self.bundle = assets.bundle_for(self.figures)
        soup = BeautifulSoup(self.body, "html.parser")
        self.sections = sections_of(soup)
        self.story = [Scene(cell.metadata["anchor"], exporter.sentence(cell.metadata["story"]),
                            picture_in(soup.find(id=cell.metadata["anchor"]))) for cell in scenes]
        self.story = [scene for scene in self.story if scene.picture]
        heading = soup.find("h1")
        if heading:
            self.title = spoken(heading)
        claim = heading.find_next("p") if heading else soup.find("p")
        if claim:
            for link in claim.find_all("a"):
                link.unwrap()
            self.claim = claim.decode_contents().strip()

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

    def finish(self, footer):
        return template("page.html.j2").render(page=self, footer=footer)


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


def sections_of(soup):
    """The headings of the text: those of the second level, each with those of the third below."""
    sections = []
    for heading in soup.select("section.prose :is(h2, h3)[id]"):
        link = heading.find("a", class_="anchor")
        title = "".join(str(part) for part in heading.contents if part is not link).strip()
        title = re.sub(r"</?a\b[^>]*>", "", title)
        section = Section(heading["id"], title, [])
        if heading.name == "h3" and sections:
            sections[-1].parts.append(section)
        else:
            sections.append(section)
    return sections


def picture_in(cell):
    """The first static picture of a cell, as it stands on the cell's own page."""
    still = cell and cell.find("img", class_="still")
    return str(still) if still else ""


def sources(notebook):
    return [(cell.cell_type, cell.source) for cell in notebook.cells]


def words_for(seconds):
    if seconds is None:
        return ""
    return f"{max(1, round(seconds))} s" if seconds < 60 else f"{seconds / 60:.0f} min"


def index_of(pages, claims, footer):
    measured = [claim for claim in claims if claim.records]
    return template("home.html.j2").render(
        pages=pages, footer=footer, quick=any(page.quick for page in pages), measured=measured,
        verdicts=Counter((claim.look, claim.verdict) for claim in measured).most_common(),
        waiting=[claim for claim in claims if claim.testable and not claim.records],
        untestable=[claim for claim in claims if not claim.testable],
    )


def template(name):
    import jinja2

    loader = jinja2.FileSystemLoader(HERE / "templates" / "grokscope")
    environment = jinja2.Environment(loader=loader, autoescape=True, trim_blocks=True,
                                     lstrip_blocks=True, undefined=jinja2.StrictUndefined)
    return environment.get_template(name)


def columns_of(text):
    """How wide a text is in which an edge is drawn, which no line break may move; 0 of any other."""
    return max(map(len, text.splitlines())) if "│" in text else 0


class PageExporter(HTMLExporter):
    """nbconvert with our template, our figures, our formulas and our links."""

    def __init__(self, page, site, names):
        self.page = page
        self.site = site
        self.names = names
        self.anchors = set()
        super().__init__(
            template_name="grokscope",
            template_file="notebook.html.j2",
            extra_template_basedirs=[str(HERE / "templates")],
        )
        self.register_filter("figure", self.figure)
        self.register_filter("table", self.table)
        self.register_filter("columns", columns_of)
        self.register_filter("formula", lambda text: formula(text.strip().strip("$"), "block"))

    @property
    def default_config(self):
        config = Config(super().default_config)
        config.NbConvertBase.display_data_priority = MOST_TELLING_FIRST
        config.HighlightMagicsPreprocessor.enabled = False
        return config

    def default_filters(self):
        yield from super().default_filters()
        yield ("markdown2html", self.page_markdown)

    def page_markdown(self, source):
        renderer = PageMarkdown(self)
        text = MarkdownWithMath(renderer=renderer).render(source)
        return keep_together(text)

    def sentence(self, source):
        """Markdown of one paragraph, without the paragraph."""
        return re.sub(r"^<p>|</p>$", "", self.page_markdown(source).strip())

    def figure(self, data):
        """The place of a figure, its value as JSON, its picture, and what it shows in words."""
        value = data[FIGURE]
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
        name = f"{self.page.name}-{len(self.page.figures)}.png"
        picture = base64.b64decode(data["image/png"])
        (self.site / "assets" / name).write_bytes(picture)
        width, height = struct.unpack(">II", picture[16:24])  # of the header of every PNG
        return (f'<img class="still" src="assets/{name}" alt="{description}" '
                f'width="{width}" height="{height}" loading="lazy">')

    def table(self, markup):
        """A box that scrolls where a table is wider than the page, which a keyboard can reach."""
        caption = re.search(r"<caption[^>]*>(.*?)</caption>", markup, re.DOTALL)
        name = html.escape(words(caption[1]) if caption else "table", quote=True)
        reach = f' tabindex="0" role="region" aria-label="{name}"' if "<table" in markup else ""
        return f'<div class="wide"{reach}>{markup}</div>'


class PageMarkdown(IPythonRenderer):
    """Markdown of a cell as it stands on a page."""

    def __init__(self, exporter):
        super().__init__(escape=False, embed_images=True, exclude_anchor_links=True,
                         path=str(exporter.page.folder))
        self.exporter = exporter

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
        anchor = self.free_anchor(spoken(text))
        if level == 1:
            return f'<h1 id="{anchor}">{text}</h1>\n'
        return (f'<h{level} id="{anchor}">{text} '
                f'<a class="anchor" href="#{anchor}" aria-label="link to here">#</a></h{level}>\n')

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


def check_references(address, text, site, anchors):
    """Fails on what would need a network, and on links that lead nowhere."""
    references = References.of(text)
    for url in references.fetched:
        parts = urlsplit(url)
        if parts.scheme == "data":
            continue
        if parts.scheme or parts.netloc:
            raise PublishingError(f"{address} would fetch {url}; put that file beside the notebook")
        if not (site / unquote(parts.path)).is_file():
            raise PublishingError(f"{address} shows {url}, which is not there")
    for url in references.links:
        parts = urlsplit(url)
        if parts.scheme or parts.netloc:
            continue
        target = unquote(parts.path) or address
        if target.endswith(".ipynb") and (site / target).is_file():
            continue
        if target not in anchors:
            raise PublishingError(f"{address} links to {url}, which is no page of the site")
        if parts.fragment and parts.fragment not in anchors[target]:
            raise PublishingError(f"{address} links to {url}, which no heading of {target} has")


def check_size(address, text, site):
    """Fails on a page that is too heavy to open on the way."""
    fetched = {urlsplit(url) for url in References.of(text).fetched}
    own = [site / unquote(part.path) for part in fetched if not part.scheme
           and Path(part.path).name not in (*SHARED, *assets.BUNDLES, STYLE)]
    size = len(text.encode("utf-8")) + sum(path.stat().st_size for path in own)
    if size > LARGEST_PAGE:
        raise PublishingError(f"{address} has {size:,} bytes with its pictures and may have "
                              f"{LARGEST_PAGE:,}; thin its figures out or split the notebook")


if __name__ == "__main__":
    main()
