"""Reads the two rounds of verdicts from the evidence, where they stand in CSV files.

One file has a line a claim, with the verdicts of both rounds. Another has a line a quantity of
round two, a third what published models do by the same rules. Each may be missing; the pages then
show what there is.
"""

import csv
import io
from dataclasses import dataclass, field, fields

from ledger import LedgerError

CLAIMS, QUANTITIES = "verdicts.csv", "verdicts-round-two.csv"
PUBLISHED = "verdicts-published.csv"
ROUND_ONE = {"", "supported", "partly", "refuted", "reported", "not testable here"}
ROUND_TWO = {"", "holds", "does not hold", "undecided", "not testable here"}
REGISTRATION = {"", "registered", "exploratory"}
ROLES = {"primary", "context"}
DECISIONS = {"holds", "fails", "undecided", "one run", "reported"}
TRUE, FALSE = {"yes", "true", "came true"}, {"no", "false", "did not come true"}


def look(words):
    """The class of a verdict in the style sheet."""
    return words.replace(" ", "-")


@dataclass(frozen=True)
class ClaimLine:
    """Both rounds' verdicts on a claim; the values are those of the file."""

    claim: str
    statement: str
    round_one: str
    round_two: str  # on what the essay or paper says
    predictions: str  # of ours, such as '2 of 2 came true'
    registration: str
    seeds: str
    needs: str

    ALLOWED = {"round_one": ROUND_ONE, "round_two": ROUND_TWO, "registration": REGISTRATION}

    @property
    def facts(self):
        """Such as 'registered, 8 seeds' and '21 seeds would decide it'."""
        basis = ", ".join(fact for fact in (self.registration, count(self.seeds, "seed")) if fact)
        return [fact for fact in (basis, self.needs) if fact]


@dataclass(frozen=True)
class QuantityLine:
    """A quantity of round two; the values are those of the file."""

    claim: str
    quantity: str
    role: str
    metric: str
    rule: str
    measured: str
    seeds: str
    decision: str
    expected: str
    came_true: str
    null: str
    null_share: str
    null_draws: str
    p: str
    holm: str
    registered: str
    evidence_began: str
    registration: str
    published: str

    ALLOWED = {"role": ROLES, "decision": DECISIONS, "registration": REGISTRATION,
               "came_true": {"", *TRUE, *FALSE}}

    @property
    def came(self):
        """What became of our prediction; nothing where that is not known."""
        if not self.came_true:
            return ""
        return "came true" if self.came_true in TRUE else "did not come true"

    @property
    def chance(self):
        """What the null gives, such as '3 % of 1,000 draws pass'."""
        if not self.null_share:
            return ""
        draws = f" of {grouped(self.null_draws)} draws" if self.null_draws else " of the draws"
        return f"{percent(self.null_share)}{draws} pass"

    @property
    def tests(self):
        """Such as 'p = 0.004, Holm 0.03'."""
        return ", ".join([f"p = {self.p}"] * bool(self.p) + [f"Holm {self.holm}"] * bool(self.holm))


@dataclass(frozen=True)
class PublishedLine:
    """A quantity of round two of a model that others published; the values are those of the file."""

    claim: str
    quantity: str
    rule: str
    ours: str
    decision: str
    model: str
    theirs: str
    within: str

    ALLOWED = {"decision": DECISIONS, "within": {"yes", "no"}}


@dataclass
class Rounds:
    claims: dict = field(default_factory=dict)  # the lines of claims, by claim
    quantities: dict = field(default_factory=dict)  # lists of lines of quantities, by claim
    published: dict = field(default_factory=dict)  # lists of lines, by claim and quantity
    files: dict = field(default_factory=dict)  # what was read, by name, to be handed on

    def again(self, claim):
        """Whether round two says something of a claim."""
        line = self.claims.get(claim)
        return bool(line and line.round_two) or claim in self.quantities


def read(folder, known):
    """The rounds in a folder of evidence; `known` are the claims of the ledger."""
    rounds = Rounds()
    for line in lines(folder / CLAIMS, ClaimLine, known, rounds.files):
        if line.claim in rounds.claims:
            raise LedgerError(f"{CLAIMS} has two lines of {line.claim}; leave one")
        rounds.claims[line.claim] = line
    for line in lines(folder / QUANTITIES, QuantityLine, known, rounds.files):
        rounds.quantities.setdefault(line.claim, []).append(line)
    for line in lines(folder / PUBLISHED, PublishedLine, known, rounds.files):
        rounds.published.setdefault((line.claim, line.quantity), []).append(line)
    return rounds


def lines(path, kind, known, files):
    """The lines of a file, none where there is no file; its bytes are put into `files`."""
    if not path.is_file():
        return
    files[path.name] = path.read_bytes()
    reader = csv.DictReader(io.StringIO(files[path.name].decode("utf-8")))
    wanted = [one.name for one in fields(kind)]
    if missing := [name for name in wanted if name not in (reader.fieldnames or [])]:
        raise LedgerError(f"{path.name} has no column {', '.join(missing)}; it needs "
                          f"{','.join(wanted)}")
    for values in reader:
        where = f"line {reader.line_num} of {path.name}"
        if any(values[name] is None for name in wanted):
            raise LedgerError(f"{where} has too few values; it needs {','.join(wanted)}")
        line = kind(*(values[name].strip() for name in wanted))
        if line.claim not in known:
            raise LedgerError(f"{where} is about {line.claim or 'no claim'}, which is no claim of "
                              "ledger.csv")
        for name, allowed in kind.ALLOWED.items():
            if (value := getattr(line, name)) not in allowed:
                raise LedgerError(f"{where} has the {name} '{value}'; it may be "
                                  f"{', '.join(sorted(allowed - {''}))}")
        yield line


def whole(text):
    """Dates and numbers in which no line is broken; a comma ends a part."""
    return text.replace("-", "\u2011").replace(" ", "\u00a0").replace(",\u00a0", ", ")


def count(number, what, several=None):
    """Such as '8 seeds'; other text as it is."""
    if not number.isdigit():
        return number
    return f"{number} {what}" if number == "1" else f"{grouped(number)} {several or what + 's'}"


def grouped(number):
    return f"{int(number):,}" if number.isdigit() else number


def percent(share):
    try:
        return f"{100 * float(share):.3g} %"
    except ValueError:
        return share
