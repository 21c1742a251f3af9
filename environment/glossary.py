"""The glossary: the terms of the notebooks, what they mean, and what they are called elsewhere.

notebooks/glossary.csv has a line a term, `term,meaning`. The catalogues of a language translate
both; so the page of each language has the term's name in all of them.
"""

import csv
import re
from dataclasses import dataclass

from language import _

FILE = "glossary.csv"
COLUMNS = ["term", "meaning"]


@dataclass
class Term:
    name: str
    meaning: str
    others: dict  # its names in the other languages, by their codes
    anchor: str


def read(notebooks, languages):
    """The terms in the language that is spoken; none where there is no glossary."""
    path = notebooks / FILE
    if not path.is_file():
        return []
    with open(path, encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        if reader.fieldnames != COLUMNS:
            raise ValueError(f"{path} has the columns {reader.fieldnames}; it needs {COLUMNS}")
        lines = list(reader)
    return [term(line["term"], line["meaning"], languages) for line in lines]


def term(english, meaning, languages):
    name = _(english)
    names = {one.code: one.phrase(english) for one in languages}
    others = {code: other for code, other in names.items() if other != name}
    return Term(name, _(meaning), others, re.sub(r"\W+", "-", english.lower()).strip("-"))
