"""The index of the search: titles, headings and claims, made by the library that reads it."""

import json

import quickjs

from assets import SEARCH
from formulas import spoken

INDEX = "search-index.js"
CLAIMS = "Claims and verdicts"  # where claims stand, as their page says


def entries(pages, claims):
    """Whatever can be found: its words, more words that lead to it, its page and its address."""
    found = []

    def add(title, more, page, address):
        found.append({"id": len(found), "title": title, "more": more, "page": page,
                      "address": address})

    for page in pages:
        add(page.title, spoken(page.claim), "", page.address)
        for section in page.sections:
            for heading in (section, *section.parts):
                add(spoken(heading.title), "", page.title, f"{page.address}#{heading.anchor}")
    for claim in claims:
        add(f"{claim.id} · {claim.statement}", " ".join(line.name for line in claim.quantities),
            CLAIMS, f"verdicts.html#{claim.id}")
    return found


def index(found, script):
    """A script, since a page from a disk may fetch none but those."""
    build = quickjs.Function("build", f"""
        {SEARCH.read_text("utf-8")}
        {script.read_text("utf-8")}
        function build(entries) {{ return {{ index: grokscopeFinding.build(entries) }}; }}""")
    text = json.dumps(build(found)["index"], ensure_ascii=False, separators=(",", ":"))
    return f"globalThis.grokscopeIndex = {text};\n".encode()
