"""Which notebooks were executed here before, with the same code on the same library.

Their runs are then in the folder that GROKSCOPE_HOME names, and nothing of them has to be trained
that another notebook might be training too.
"""

import hashlib
from pathlib import Path

import home

LIBRARY = Path(__file__).resolve().parent.parent / "target" / "grokscope.jar"
MOST = 500  # notes kept; the oldest go first


class Executed:
    """Notes of executed notebooks: empty files, each named by a digest."""

    def __init__(self, folder, library):
        self.folder = folder
        self.library = library

    @staticmethod
    def of_this_user():
        built = LIBRARY.read_bytes() if LIBRARY.exists() else b""
        return Executed(home.folder("executed"), hashlib.sha256(built).hexdigest())

    def has(self, notebook):
        return self.note_of(notebook).exists()

    def note(self, notebook):
        """Nothing hangs on a note but time: a folder that cannot be written has none."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self.note_of(notebook).touch()
            notes = sorted(self.folder.iterdir(), key=lambda note: note.stat().st_mtime)
            for old in notes[:-MOST]:
                old.unlink(missing_ok=True)
        except OSError:
            pass

    def note_of(self, notebook):
        text = hashlib.sha256(self.library.encode())
        text.update(str(notebook.metadata["grokscope"]["quick"]).encode())
        for cell in notebook.cells:
            if cell.cell_type == "code":
                text.update(hashlib.sha256(cell.source.encode()).digest())
        return self.folder / text.hexdigest()[:32]
