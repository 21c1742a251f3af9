"""Collects what the notebooks recorded in the ledger of claims.

A notebook's closing table carries its records as JSON in its stored output (see LedgerView). Here
they meet the claims of ledger.csv again: for the site's first page, and for the table of
notebooks/verdicts.md.
"""

import csv
from dataclasses import dataclass, field
from pathlib import Path

TYPE = "application/vnd.grokscope.ledger.v1+json"
LEDGER = Path(__file__).resolve().parent.parent.joinpath(
    *"src/main/resources/org/grokscope/claim/ledger.csv".split("/"))
BEGIN = "<!-- verdicts: written by `environment/grokscope run --save` -->"
END = "<!-- end of verdicts -->"
JUDGED = {"supported", "partly", "refuted"}
NO_VERDICT = "quick mode: no verdict"


class LedgerError(Exception):
    """Records and ledger that do not fit together."""


@dataclass
class Record:
    """One quantity as one notebook measured it."""

    claim: str
    quantity: str
    rule: str
    seeds: int
    measured: str
    verdict: str
    words: str
    notebook: str = ""  # its name, as in 04-fourier-algorithm
    anchor: str = ""  # of its cell on the page

    @property
    def number(self):
        return self.notebook.split("-")[0]

    @property
    def look(self):
        """The class of a verdict in the style sheet."""
        return "not-given" if self.verdict == NO_VERDICT else self.verdict.replace(" ", "-")


@dataclass
class Quantity:
    """A line of ledger.csv, with what the notebooks recorded of it."""

    name: str
    published: str
    prediction: str
    rule: str
    refuted_if: str
    records: list = field(default_factory=list)

    @property
    def judged(self):
        return self.testable and self.rule != "reported"

    @property
    def testable(self):
        return self.rule != "not testable here"


@dataclass
class Claim:
    id: str
    statement: str
    quantities: list = field(default_factory=list)

    @property
    def records(self):
        return [record for quantity in self.quantities for record in quantity.records]

    @property
    def measured(self):
        return [quantity for quantity in self.quantities if quantity.records]

    @property
    def waiting(self):
        return [quantity for quantity in self.quantities if not quantity.records]

    @property
    def testable(self):
        return any(quantity.testable for quantity in self.quantities)

    @property
    def verdict(self):
        """Of all records; the rule is that of Verdict.of, and a test compares the two."""
        verdicts = {record.verdict for record in self.records}
        if NO_VERDICT in verdicts:
            return NO_VERDICT
        judged = verdicts & JUDGED
        if not judged:
            return "reported" if "reported" in verdicts else "not testable here"
        return judged.pop() if len(judged) == 1 else "partly"

    @property
    def look(self):
        return "not-given" if self.verdict == NO_VERDICT else self.verdict.replace(" ", "-")

    @property
    def progress(self):
        """What a verdict rests on while some of the quantities that judge it are not measured."""
        judged = [quantity for quantity in self.quantities if quantity.judged]
        done = sum(bool(quantity.records) for quantity in judged)
        return f"so far: {done} of {len(judged)} quantities" if 0 < done < len(judged) else ""


def read_claims(path=LEDGER):
    """The claims of ledger.csv in its order, nothing recorded."""
    claims = {}
    with open(path, encoding="utf-8", newline="") as lines:
        for line in csv.DictReader(lines):
            claim = claims.setdefault(line["id"], Claim(line["id"], line["statement"]))
            source = line["published_source"]
            published = line["published"] + (f" ({source})" if source != "–" else "")
            claim.quantities.append(
                Quantity(line["quantity"], published, line["prediction"], line["rule"],
                         line["refuted_if"]))
    return list(claims.values())


def records_of(name, notebook):
    """What a notebook recorded, in its order; shown twice, the later value counts.

    Gives each cell that shows records an anchor, which the page's template writes down.
    """
    found, tables = {}, 0
    for cell in notebook.cells:
        shown = [output.data[TYPE] for output in cell.get("outputs", [])
                 if TYPE in output.get("data", {})]
        if shown:
            tables += 1
            cell.metadata["anchor"] = f"ledger-{tables}"
        for table in shown:
            for entry in table["records"]:
                if entry.get("own"):  # a line that the notebook added to its ledger
                    continue
                found[entry["claim"], entry["quantity"]] = Record(
                    entry["claim"], entry["quantity"], entry["rule"], len(entry["values"]),
                    entry["measured"], entry["verdict"], entry["verdict_in_words"], name,
                    cell.metadata["anchor"])
    return list(found.values())


def collect(records):
    """All claims with their records; two notebooks may record the same quantity."""
    claims = read_claims()
    quantities = {(claim.id, quantity.name): quantity
                  for claim in claims for quantity in claim.quantities}
    for record in records:
        quantity = quantities.get((record.claim, record.quantity))
        known = f"{record.notebook} recorded '{record.quantity}' of {record.claim}"
        if quantity is None:
            raise LedgerError(f"{known}, which is no longer in ledger.csv; execute it again")
        if quantity.rule != record.rule:
            raise LedgerError(f"{known} by the rule '{record.rule}', and ledger.csv says "
                              f"'{quantity.rule}'; execute it again")
        quantity.records.append(record)
    return claims


# ---------------------------------------------------------------- the table of verdicts.md


def write_table(path, claims):
    """Puts the verdicts between the file's two marks, and leaves all else as it is."""
    text = path.read_text(encoding="utf-8")
    if text.count(BEGIN) != 1 or text.count(END) != 1 or text.index(BEGIN) > text.index(END):
        raise LedgerError(f"{path.name} needs one line {BEGIN} and, below it, one line {END}")
    before, rest = text.split(BEGIN)
    after = rest.split(END)[1]
    new = f"{before}{BEGIN}\n\n{markdown_table(claims)}\n\n{END}{after}"
    if new != text:
        path.write_text(new, encoding="utf-8")


def markdown_table(claims):
    measured = [claim for claim in claims if claim.records]
    if not measured:
        return "*No committed notebook has recorded a claim of the ledger yet.*"
    return "\n".join(["| claim | verdict | within tolerance | seeds | where |", "|---|---|---|---|---|"]
                     + [markdown_row(claim) for claim in measured])


def markdown_row(claim):
    seeds = sorted({record.seeds for record in claim.records})
    seeds = str(seeds[0]) if len(seeds) == 1 else f"{seeds[0]} to {seeds[-1]}"
    where = ", ".join(f"[{name.split('-')[0]}]({name}.ipynb)"
                      for name in sorted({record.notebook for record in claim.records}))
    statement = claim.statement.replace("|", "\\|")
    return (f"| **{claim.id}** {statement} | {claim.verdict} | {within_tolerance(claim)} "
            f"| {seeds} | {where} |")


def within_tolerance(claim):
    """Such as '2 of 3', and how many quantities of the ledger wait to be measured."""
    judged = [record for record in claim.records if record.verdict in JUDGED]
    waiting = sum(quantity.judged for quantity in claim.waiting)
    held = sum(record.verdict == "supported" for record in judged)
    text = f"{held} of {len(judged)}" if judged else "–"
    return f"{text}, {waiting} not yet measured" if waiting else text
