"""Brings the catalogues of a language up to date with the notebooks and the site, or checks them.

What is shown is collected by telling it: cells of text one by one, every phrase of an output, of
the first page, of the verdicts. Translations of words that are still there stay. Where a cell's
English text has changed, its translation is kept, marked as fuzzy, with the text that it was of;
it is not shown until somebody has mended it and taken the mark away.
"""

import argparse
import asyncio
import io
import re
import sys
from collections import Counter
from pathlib import Path

import nbformat
from babel.messages import pofile
from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from jinja2.ext import babel_extract

import finding
import home
import language
import publish
import stills
from language import HOME, OUTPUT, PARTS, SHARED, Language, has_words

ENVIRONMENT = Path(__file__).resolve().parent
CODE = re.compile(r"[a-z]{2,3}")
WAS = "The translation is of this text:"
KEYWORDS = {"_": None, "noted": None}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--notebooks", type=lambda text: Path(text).resolve(), required=True)
    parser.add_argument("--check", action="store_true", help="write nothing; fails if anything waits")
    parser.add_argument("code", help="of the language, such as zh")
    arguments = parser.parse_args()
    if not CODE.fullmatch(arguments.code) or arguments.code == "en":
        sys.exit(f"grokscope: translate: got the language '{arguments.code}', expected a code such as "
                 "zh or fr")
    try:
        sys.exit(bring_up_to_date(arguments.notebooks, arguments.code, arguments.check))
    except (publish.PublishingError, publish.ledger.LedgerError, language.CatalogueError,
            OSError) as error:
        sys.exit(f"grokscope: translate: {error}")


def bring_up_to_date(notebooks, code, only_check):
    """Writes the catalogues, says what waits, and returns the exit code."""
    folder = notebooks / code
    if only_check and not folder.is_dir():
        raise language.CatalogueError(f"there is no folder {folder}; environment/grokscope translate "
                                      f"{code} makes it")
    there = {path.stem: language.catalogue(path) for path in sorted(folder.glob("*.po"))}
    wanted = collect(notebooks, code)
    made = merge(wanted, there)
    missing, stale = [], []
    for name, catalogue in made.items():
        for message in catalogue:
            if message.id and message.fuzzy:
                stale.append(told(name, message))
            elif message.id and not message.string:
                missing.append(told(name, message))
    old = [f"{name}: {message.context or ''} {message.id[:60]!r}" for name, catalogue in there.items()
           for message in catalogue
           if message.id and (message.context, message.id) not in wanted.get(name, {})]
    if only_check:
        for kind, entries in (("missing", missing), ("stale", stale), ("no longer shown", old)):
            for entry in entries:
                print(f"grokscope: translate: {kind}: {entry}")
        pictures = [path for path in (stills.path_of(folder, figure)
                    for figure in figures_of_the_story(notebooks, code)) if not path.is_file()]
        print(f"grokscope: translate: {code}: {len(missing)} missing, {len(stale)} stale, "
              f"{len(old)} no longer shown, {len(pictures)} pictures to be drawn")
        return 1 if missing or stale or old or pictures else 0
    folder.mkdir(exist_ok=True)
    for name, catalogue in made.items():
        write(folder / f"{name}.po", catalogue)
    for name in there.keys() - made.keys():
        (folder / f"{name}.po").unlink()
    drawn = asyncio.run(stills.draw(folder, figures_of_the_story(notebooks, code)))
    if drawn:
        print(f"grokscope: translate: {drawn} pictures of the first page were drawn")
    count = sum(bool(message.id) for catalogue in made.values() for message in catalogue)
    print(f"grokscope: translate: {folder} has {count} entries in {len(made)} catalogues: "
          f"{len(missing)} to be translated, {len(stale)} to be mended (marked as fuzzy)")
    return 0


def figures_of_the_story(notebooks, code):
    """The translated figures of the first page."""
    known = language.read(notebooks / code)
    for path in sorted(notebooks.glob("*.ipynb")):
        notebook = nbformat.read(path, as_version=4)
        notebook.cells = [cell for cell in notebook.cells if cell.metadata.get("story")]
        for cell in language.translated(notebook, path.stem, known).cells:
            if figure := stills.of_cell(cell):
                yield figure


def told(name, message):
    where = f"{message.context}: " if message.context not in (None, OUTPUT) else ""
    return f"{name}.po: {where}{' '.join(message.id.split())[:80]!r}"


# ---------------------------------------------------------------- what there is to translate


def collect(notebooks, code):
    """What is shown, by catalogue: keys of context and English words, in the order of the pages."""
    paths = sorted(notebooks.glob("*.ipynb"))
    if not paths:
        raise publish.PublishingError(f"no notebooks in {notebooks}")
    listener = Language(code)
    wanted = {path.stem: dict.fromkeys(cells_of(path)) for path in paths}
    for path in paths:
        language.translated(nbformat.read(path, as_version=4), path.stem, listener)
    shown = {path.stem: listener.asked.get(path.stem, {}) for path in paths}
    site = dict.fromkeys([*marked(), *of_pages(paths, code)])
    several = {words for words, count in Counter(
        words for phrases in shown.values() for words in phrases).items() if count > 1}
    for name, phrases in shown.items():
        wanted[name].update({(OUTPUT, words): None for words in phrases
                             if words not in several and words not in site})
    wanted[SHARED] = {(OUTPUT, words): None for phrases in shown.values() for words in phrases
                      if words in several and words not in site}
    wanted[HOME] = {(None, words): None for words in site}
    return wanted


def cells_of(path):
    """The texts of a notebook's cells."""
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "markdown" and has_words(cell.source):
            yield cell.id, cell.source
        for part in PARTS:
            if words := cell.metadata.get(part):
                yield f"{cell.id}: {part}", words


def marked():
    """The phrases that stand in the code and the templates."""
    for path in sorted(ENVIRONMENT.glob("*.py")):
        with open(path, "rb") as file:
            yield from phrases_in(extract("python", file, KEYWORDS))
    for path in sorted(ENVIRONMENT.glob("templates/grokscope/*.j2")):
        with open(path, "rb") as file:
            yield from phrases_in(extract(babel_extract, file, {**KEYWORDS, "gettext": None}, options={
                "trimmed": "false", "trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"}))


def phrases_in(messages):
    for _line, words, _comments, _context in messages:
        if isinstance(words, str) and has_words(words):
            yield language.masked(words.replace("%%", "%").strip())[0]


def of_pages(paths, code):
    """The phrases that the pages say of claims, verdicts and themselves."""
    site = publish.Site(paths[0].parent, [publish.Page.read(path, None) for path in paths])
    listener = Language(code)
    site.languages = [language.ENGLISH, listener]
    site.told[code] = [page.told(listener) for page in site.pages]
    with language.spoken(listener):
        site.texts_in(listener)
        finding.entries(site.told[code], site.claims(), site.terms())
    return listener.asked.get(HOME, {})


# ---------------------------------------------------------------- catalogues


def merge(wanted, there):
    """Catalogues of what is wanted, with the translations that there are."""
    known, of_cells = {}, {}
    for name, catalogue in there.items():
        for message in catalogue:
            if message.id and message.string:
                known[name, message.context, message.id] = message
                if message.context in (None, OUTPUT):
                    known.setdefault(message.id, message)
                else:
                    of_cells[name, message.context] = message
    made = {}
    for name, keys in wanted.items():
        made[name] = Catalog(project="Grokscope", fuzzy=False)
        for context, words in keys:
            found = known.get((name, context, words))
            if not found and context in (None, OUTPUT):
                found = known.get(words)
            if found:
                made[name].add(words, found.string, flags=found.flags, context=context,
                               auto_comments=found.auto_comments if found.fuzzy else ())
            elif old := of_cells.get((name, context)):
                of = old.auto_comments if old.fuzzy else [WAS, *filter(None, old.id.splitlines())]
                made[name].add(words, old.string, flags={"fuzzy"}, context=context, auto_comments=of)
            else:
                made[name].add(words, "", context=context)
    return made


def write(path, catalogue):
    """A catalogue without dates, so that it changes only where a translation does."""
    text = io.BytesIO()
    pofile.write_po(text, catalogue, width=0, omit_header=True)
    header = ('msgid ""\nmsgstr ""\n"Language: %s\\n"\n"MIME-Version: 1.0\\n"\n'
              '"Content-Type: text/plain; charset=utf-8\\n"\n"Content-Transfer-Encoding: 8bit\\n"\n\n')
    home.write_whole(path, (header % path.parent.name).encode() + text.getvalue())


if __name__ == "__main__":
    main()
