"""The index of the search: titles, headings and claims, made by the library that reads it."""

import functools
import json
from pathlib import Path

import quickjs

from assets import SEARCH
from formulas import spoken
from language import _

SCRIPT = Path(__file__).resolve().parent / "templates" / "grokscope" / "finding.js"


def name_of(language):
    """The file of a language's index."""
    return "search-index.js" if language.is_english else f"search-index.{language.code}.js"


def entries(pages, claims, terms):
    """Whatever can be found: its words, more words that lead to it, its page and its address."""
    found = []

    def add(title, more, page, address):
        found.append({"id": len(found), "title": title, "more": more, "page": page,
                      "address": address})

    for page in pages:
        add(page.title, spoken(page.claim), "", page.file)
        for section in page.sections:
            for heading in (section, *section.parts):
                add(spoken(heading.title), "", page.title, f"{page.file}#{heading.anchor}")
    for claim in claims:
        add(f"{claim.id} · {_(claim.statement)}",
            " ".join(_(line.name) for line in claim.quantities),
            _("Claims and verdicts"), f"verdicts.html#{claim.id}")
    for term in terms:
        add(" · ".join([term.name, *term.others.values()]), term.meaning, _("Glossary"),
            f"glossary.html#{term.anchor}")
    return found


def index(found):
    """A script, since a page from a disk may fetch none but those."""
    return built(json.dumps(found))


@functools.lru_cache(maxsize=8)  # while a run goes on, the site is written again and again
def built(found):
    build = quickjs.Function("build", f"""
        {SEARCH.read_text("utf-8")}
        {SCRIPT.read_text("utf-8")}
        function build(entries) {{ return {{ index: grokscopeFinding.build(entries) }}; }}""")
    text = json.dumps(build(json.loads(found))["index"], ensure_ascii=False, separators=(",", ":"))
    return f"globalThis.grokscopeIndex = {text};\n".encode()
