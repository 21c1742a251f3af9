"""The languages beside English that the site is told in.

A language is a folder beside the notebooks, named by its code, such as notebooks/zh, with gettext
catalogues in it. A cell of text is translated as a whole and found by its notebook and its id; the
catalogue keeps the English text that was translated, and another text is stale: it is shown in
English, with a mark. Whatever else is shown is a phrase. A phrase is found by its English words,
in which each number is a place such as {1}, so that one translation serves every run.

English needs no catalogue: what `_` is asked for is what it gives.
"""

import contextlib
import contextvars
import copy
import functools
import html
import re
from dataclasses import dataclass, field
from datetime import datetime

import nbformat

from pictures import FIGURE

NUMBER = re.compile(
    r"\b[0-9a-f]{16}\b|"  # the name of a run
    r"\b\d{4}[-\u2011]\d\d[-\u2011]\d\dT[\d:]+Z|"  # a moment
    r"(?<![\w.,])[-+−]?(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)(?:[eE][-+−\u2011]?\d+)?(?!\w)")
PLACE = re.compile(r"\{(\d+)\}")
POINT_FIRST = re.compile(r"(?<!\d)\.(?=\d)")
WORD = re.compile(r"[A-Za-z]{2}")
NAME = re.compile(r"(?=\S*[._\[])[\w.,\[\]+×-]+")  # of a metric, a file or a place in a model
OUTPUT = "output"  # the context of what a cell shows
HOME = "site"  # the catalogue of what no notebook says
SHARED = "shared"  # the catalogue of what several notebooks show
OWN_NAMES = {"en": "English", "zh": "中文", "fr": "Français", "de": "Deutsch", "ja": "日本語",
             "es": "Español", "ko": "한국어", "ru": "Русский"}


class CatalogueError(Exception):
    """A catalogue that cannot be read."""


def masked(words):
    """A phrase with places for its numbers, and the numbers."""
    numbers = []

    def place(match):
        numbers.append(match[0])
        return f"{{{len(numbers)}}}"

    return NUMBER.sub(place, words), numbers


def filled(pattern, numbers):
    """The numbers in their places again; .5 becomes 0.5, since few languages leave the zero out."""
    return PLACE.sub(
        lambda match: POINT_FIRST.sub("0.", numbers[int(match[1]) - 1]), pattern)


def has_words(text):
    """Whether there is anything to translate: two Latin letters side by side, and no name in code."""
    return bool(WORD.search(text)) and not NAME.fullmatch(text.strip())


@dataclass
class Language:
    """What is known of a language; English knows nothing and gives back what it is asked for."""

    code: str = "en"
    cells: dict = field(default_factory=dict)  # (notebook, cell, part): (English, translation)
    phrases: dict = field(default_factory=dict)  # of each catalogue, by its masked words
    asked: dict = field(default_factory=dict)  # phrases that were asked for, by catalogue

    @property
    def is_english(self):
        return self.code == "en"

    @property
    def name(self):
        return OWN_NAMES.get(self.code, self.code)

    def phrase(self, words, notebook=HOME):
        """The translation of a phrase, or the phrase."""
        if self.is_english or not has_words(words):
            return words
        bare = words.strip()
        pattern, numbers = masked(bare)
        self.asked.setdefault(notebook, {})[pattern] = None
        for catalogue in (notebook, SHARED, HOME):
            if told := self.phrases.get(catalogue, {}).get(pattern):
                return words.replace(bare, filled(told, numbers))
        return words

    def cell(self, notebook, cell, part, words):
        """The translation of a cell's text; None where there is none of just these words."""
        known = self.cells.get((notebook, cell, part))
        return known[1] if known and known[0] == words and known[1] else None


ENGLISH = Language()
_spoken = contextvars.ContextVar("spoken", default=ENGLISH)


@contextlib.contextmanager
def spoken(language):
    """The language of what is said within."""
    before = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(before)


def current():
    return _spoken.get()


def _(words):
    """A phrase of the site in the language that is spoken."""
    return current().phrase(words)


def noted(words):
    """Words that will be said by `_` later; the mark by which they get into the catalogue."""
    return words


def gettext(words):
    """The same for templates, where a percent sign is doubled."""
    return _(words.replace("%%", "%")).replace("%", "%%")


def ngettext(one, many, count):
    return gettext(one if count == 1 else many)


def day(moment):
    """Such as 7 March 2026."""
    from babel.dates import format_date

    locale = "en_GB" if current().is_english else current().code
    return format_date(datetime.fromisoformat(moment), "long", locale=locale)


# ---------------------------------------------------------------- catalogues


def is_language(folder):
    return folder.is_dir() and any(folder.glob("*.po"))


def languages(notebooks):
    """The folders with catalogues beside some notebooks, as languages."""
    return [read(folder) for folder in sorted(notebooks.iterdir()) if is_language(folder)]


def read(folder):
    language = Language(folder.name)
    for path in sorted(folder.glob("*.po")):
        phrases = language.phrases.setdefault(path.stem, {})
        for message in entries(path):
            if not message.string or message.fuzzy:
                continue
            if message.context and message.context != OUTPUT:
                cell, _colon, part = message.context.partition(": ")
                language.cells[path.stem, cell, part] = message.id, message.string
            else:
                phrases[message.id] = message.string
    return language


def find(notebooks, code):
    """The language of a code, English or one with catalogues beside the notebooks."""
    if code == ENGLISH.code:
        return ENGLISH
    there = languages(notebooks)
    for language in there:
        if language.code == code:
            return language
    known = ", ".join([ENGLISH.code, *(language.code for language in there)])
    raise CatalogueError(f"got the language '{code}', and there are {known}; environment/grokscope "
                         "translate CODE begins another one")


def entries(path):
    """The messages of a catalogue, without its header."""
    return [message for message in catalogue(path) if message.id]


def catalogue(path):
    from babel.messages import pofile

    try:
        with open(path, "rb") as file:
            return pofile.read_po(file, abort_invalid=True)
    except (pofile.PoFileError, UnicodeDecodeError, OSError) as error:
        raise CatalogueError(f"{path} is no catalogue of translations: {error}; mend it, or take it "
                             f"away and make it again with environment/grokscope translate") from error


# ---------------------------------------------------------------- a notebook in another language


SHOWN = {"text", "title", "name", "label", "prefix", "suffix", "hovertemplate", "ticktext",
         "hovertext", "customdata", "categoryarray", "description", "x", "y"}  # keys with words
KEPT = {"args"}  # keys whose words are code
BLOCK = re.compile(r"(<(?:style|script)\b.*?</(?:style|script)>|</?(?:table|thead|tbody|tfoot|tr|t[dh]|"
                   r"caption|div|p|li|[uo]l|details|summary|h[1-6]|section|figure|figcaption|br|hr)\b"
                   r"[^>]*>)", re.DOTALL | re.IGNORECASE)
LABEL = re.compile(r"""(\b(?:aria-label|title|alt)=")([^"]*)(")""")
APOSTROPHE = re.compile("&#39;|&apos;|&#x27;")
EDGE = "│"  # of a text that is data
PARTS = ("fold", "story")  # texts in a cell's metadata
UNTRANSLATED, ENGLISH_TEXT = "untranslated", "english"  # what a translated cell says of itself


def translated(notebook, name, language):
    """A copy of a notebook with its texts and outputs in a language; its code stays.

    A cell without a translation of just its words keeps them, and its metadata say so.
    """
    if language.is_english:
        return notebook
    told = copy.deepcopy(notebook)
    say = functools.partial(language.phrase, notebook=name)
    for cell in told.cells:
        for part in PARTS:
            if words := cell.metadata.get(part):
                cell.metadata[part] = language.cell(name, cell.id, part, words) or words
        if cell.cell_type == "markdown" and has_words(cell.source):
            words = language.cell(name, cell.id, "", cell.source)
            if words is None:
                cell.metadata[UNTRANSLATED] = True
            else:
                cell.metadata[ENGLISH_TEXT] = cell.source
                cell.source = words
        for output in cell.get("outputs", []):
            translate_output(output, say)
    return told


def copy_of(path):
    """The notebook of a file in the language that is spoken."""
    return without_notes(translated(nbformat.read(path, as_version=4), path.stem, current()))


def without_notes(notebook):
    """A copy without what `translated` noted for the site."""
    plain = copy.deepcopy(notebook)
    for cell in plain.cells:
        for note in (UNTRANSLATED, ENGLISH_TEXT):
            cell.metadata.pop(note, None)
    return plain


def translate_output(output, say):
    if output.output_type == "stream" and output.get("name") == "stdout":
        output.text = lines(output.text, say)
    data = output.get("data", {})
    if FIGURE in data:
        data[FIGURE] = figure(data[FIGURE], say)
    elif "text/html" in data:
        data["text/html"] = markup(data["text/html"], say)
    elif "text/plain" in data:
        data["text/plain"] = lines(data["text/plain"], say)


def lines(text, say):
    """Line by line, with its blanks; a text that is data stays."""
    if EDGE in text:
        return text
    return "\n".join(say(line) if line.strip() else line for line in text.split("\n"))


def markup(text, say):
    """Each piece between the tags of blocks; tags within a line belong to the piece."""
    text = LABEL.sub(lambda label: f"{label[1]}{say(label[2])}{label[3]}", text)
    pieces = BLOCK.split(text)
    for position in range(0, len(pieces), 2):
        piece = pieces[position]
        if has_words(html.unescape(re.sub(r"<[^>]*>", "", piece))):
            told = say(APOSTROPHE.sub("'", piece))
            pieces[position] = piece if told == piece else told
    return "".join(pieces)


def figure(value, say, key=""):
    """The words of a figure that a reader sees."""
    if key == "frames":  # a frame is called by its name
        return [{**figure(frame, say), **{"name": frame["name"]}} if "name" in frame
                else figure(frame, say) for frame in value]
    if isinstance(value, dict):
        return {name: part if name in KEPT else figure(part, say, name)
                for name, part in value.items()}
    if isinstance(value, list):
        return [figure(part, say, key) for part in value]
    return say(value) if isinstance(value, str) and key in SHOWN else value
