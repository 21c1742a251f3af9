"""What the results of a notebook depend on, and what of it has changed since they were made.

A notebook's executed copy carries digests of its code and parameters, of the library, of the files
that its code reads, and the versions of Java and the kernel. Text is left out: it is no part of the
results. A copy that was made from the same need not be made again.
"""

import csv
import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path

import ledger
from language import _, noted

ROOT = Path(__file__).resolve().parent.parent
KEY = "made_from"
TEXT = re.compile(r'"((?:\\.|[^"\\\n])*)"')
FOLDER_OF_THE_LEDGER = re.compile(r'EvidenceFolder\.of\(\s*"((?:\\.|[^"\\\n])*)"\s*\)')
WORDS = {"code": noted("its code"), "parameters": noted("its parameters"),
         "quick": noted("quick mode"), "library": noted("the library"), "kernel": noted("the kernel")}


@dataclass(frozen=True)
class Reason:
    """Why a notebook is executed; as text, in the language that is spoken."""

    pattern: str
    parts: tuple = ()  # what has changed

    def __str__(self):
        return _(self.pattern).format(what=", ".join(_(part) for part in self.parts))


NEVER = Reason(noted("it was not executed here before"))
ALL = Reason(noted("all were asked for"))


class Ingredients:
    """Those of every notebook of a folder."""

    def __init__(self, folder, java):
        self.folder = folder
        self.library = library()
        self.kernel = f"Java {java}, JJava {pin('jjava')}"

    def of(self, notebook):
        """What the results of a notebook are made from, by part."""
        facts = notebook.metadata["grokscope"]
        code = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
        return {
            "code": digest(json.dumps(code).encode()),
            "parameters": facts.get("parameters", {}),
            "quick": facts["quick"],
            "library": self.library,
            "kernel": self.kernel,
            "files": {name: digest((self.folder / name).read_bytes())
                      for name in files_read(code, self.folder)},
        }


def changes(then, now):
    """The reason to make results again; None if nothing has changed."""
    if not then:
        return NEVER
    parts = [WORDS[part] for part in WORDS if then.get(part) != now[part]]
    before, after = then.get("files", {}), now["files"]
    parts += sorted(name for name in before.keys() | after.keys()
                    if before.get(name) != after.get(name))
    if not parts:
        return None
    return Reason(noted("{what} changed") if len(parts) <= 3 else noted("{what} and more changed"),
                  tuple(parts[:3]))


def files_read(code, folder):
    """The files that a notebook's code names, and those that the ledger reads for its claims."""
    text = "\n".join(code)
    named = set(TEXT.findall(text))
    files = {name for name in named if is_file(folder, name)}
    for name in named:
        if not is_folder(folder, name):
            continue
        bound = bound_files(named) if name in FOLDER_OF_THE_LEDGER.findall(text) else set()
        found = {f"{name.rstrip('/')}/{file}.csv" for file in bound}
        found = {file for file in found if is_file(folder, file)}
        files |= found or {path.relative_to(folder).as_posix()
                           for path in (folder / name).rglob("*") if path.is_file()}
    return sorted(files)


def bound_files(names):
    """Which evidence the ledger reads for the claims among some names."""
    with open(ledger.LEDGER, encoding="utf-8", newline="") as lines:
        return {row["file"] for row in csv.DictReader(lines) if row["id"] in names and row["file"]}


def is_file(folder, name):
    try:
        return bool(name) and (folder / name).is_file()
    except (OSError, ValueError):  # a text that can be no name
        return False


def is_folder(folder, name):
    try:
        return name.strip("./") != "" and (folder / name).is_dir()
    except (OSError, ValueError):
        return False


def library():
    """One digest of the library, of the names of the jars it uses, and of what loads them."""
    parts = hashlib.sha256()
    for path in (ROOT / "target" / "grokscope.jar", ROOT / "environment" / "grokscope.jshell"):
        parts.update(digest(path.read_bytes() if path.exists() else b"").encode())
    for path in sorted((ROOT / "target" / "lib").glob("*.jar")):
        parts.update(path.name.encode() + b"\0")
    return parts.hexdigest()[:16]


def pin(package):
    """The version of a Python package that requirements.txt asks for."""
    text = (ROOT / "environment" / "requirements.txt").read_text(encoding="utf-8")
    return re.search(rf"^{re.escape(package)}==(\S+)", text, re.MULTILINE)[1]


def digest(data):
    return hashlib.sha256(data).hexdigest()[:16]
