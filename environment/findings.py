"""What was found, in sentences: the README's ten lines, and what became of each claim.

Each sentence is kept with the verdicts that it was written for, and tests compare these with the
recorded ones. A sentence that was written for other verdicts than those of a site is left out.
"""

import csv
import html
import re
from pathlib import PurePosixPath

from language import _, noted
from ledger import LEDGER

OUTCOMES = LEDGER.with_name("outcomes.csv")
BLOCK = re.compile(r"^## What we found\n(.*?)^<!-- end of what we found -->", re.DOTALL | re.MULTILINE)
LINE = re.compile(r"^- (.*?) *<!-- .*? -->$", re.MULTILINE)
PARTS = {
    "A": "Rote, loss and data",
    "B": "Grokking",
    "C": "The circuit and its phases",
    "D": "Price and compression",
    "E": "Counting and breaking lines",
    "F": "Beyond small models",
}
ESSAY = noted("an essay on how language models come to understand")
ESSAYS = {"E": noted("an essay on how language models count")}  # of the parts that are of another


def lines(readme, names):
    """The README's lines as markup; none where there is no README or it has no such block."""
    if not readme.is_file():
        return []
    block = BLOCK.search(readme.read_text(encoding="utf-8"))
    return [markup(_(line), names) for line in LINE.findall(block[1])] if block else []


def markup(line, names):
    """Bold words, and links to notebooks as links to their pages."""

    def link(match):
        name = PurePosixPath(match[2]).stem
        return f'<a href="{name}.html">{match[1]}</a>' if name in names else match[1]

    text = html.escape(line, quote=False)
    text = re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", text)
    return re.sub(r"\[([^\]]+)\]\(([^)]+)\)", link, text)


def outcomes():
    """What became of each claim: a sentence by claim and by the verdicts of both rounds."""
    with open(OUTCOMES, encoding="utf-8", newline="") as file:
        return {(line["claim"], line["round_one"], line["round_two"]): line["outcome"]
                for line in csv.DictReader(file)}
