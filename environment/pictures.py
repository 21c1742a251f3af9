"""Static pictures of figures, drawn by a browser once and kept.

A picture depends on its figure, its size and the programs that draw it, and on nothing else; it is
kept under a digest of these, and a browser starts only where a figure was never drawn before. A
notebook comes with the pictures of its stored figures, and says which programs have drawn them.
"""

import base64
import contextlib
import functools
import hashlib
import importlib.metadata
import io
import json
import os
import stat
import tempfile
from pathlib import Path

from PIL import Image

import home

FIGURE = "application/vnd.plotly.v1+json"
DRAWN_BY = "drawn_by"  # in a notebook's metadata: the programs of its pictures
SIZE = (800, 450)  # pixels, where the figure itself names none
MOST_BYTES = 200_000_000  # of all pictures kept; those longest unused go first
STARTS = 3  # of a browser; on a busy machine it may end while it starts
BEGIN, END = b"\x89PNG\r\n\x1a\n", b"IEND\xaeB`\x82"


class Painter:
    """Draws the figures of notebooks; used in `async with`, which ends the browser."""

    def __init__(self, kept=None):
        self.kept = kept
        self.known = {}  # pictures that notebooks came with, by name
        self.drawn = 0  # by the browser, not read

    async def __aenter__(self):
        self.browser = None
        self.stack = contextlib.AsyncExitStack()
        return self

    async def __aexit__(self, *error):
        await self.stack.aclose()

    def recall(self, notebook):
        """Takes the pictures that a notebook came with, if the same programs have drawn them."""
        if notebook.metadata.get("grokscope", {}).get(DRAWN_BY) == programs():
            for data in figures_of(notebook):
                if "image/png" in data:
                    name = digest(*request(data[FIGURE]))
                    self.known[name] = base64.b64decode(data["image/png"])

    async def draw(self, notebook, complain=print):
        """Adds a PNG beside each figure; one that cannot be drawn is named and left as it is."""
        pictures = 0
        for data in figures_of(notebook):
            try:
                picture = await self.picture(data[FIGURE])
            except Exception as error:  # whatever the browser reports, the page has the figure
                complain(f"a static picture could not be drawn: {error}")
                continue
            data["image/png"] = base64.b64encode(picture).decode("ascii")
            pictures += 1
        return pictures

    async def picture(self, value):
        figure, options = request(value)
        name = digest(figure, options)
        picture = self.known.get(name) or (self.kept.read(name) if self.kept else None)
        if picture is None:
            self.browser = self.browser or await start_browser(self.stack)
            picture = smaller(await self.browser.calc_fig(figure, opts=options))
            self.drawn += 1
            if self.kept:
                self.kept.write(name, picture)
        return picture


def figures_of(notebook):
    return [
        output.data
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if FIGURE in output.get("data", {})
    ]


def smaller(picture):
    """The same picture in 256 colours, less than half as long: notebooks stay small."""
    image = Image.open(io.BytesIO(picture)).convert("RGB").quantize(256, dither=Image.Dither.NONE)
    written = io.BytesIO()
    image.save(written, "PNG", optimize=True)
    return min(written.getvalue(), picture, key=len)


def filmstrip(value):
    """What stands for a figure where nothing moves, if it has such a thing (layout.meta.still)."""
    meta = (value.get("layout") or {}).get("meta")
    return meta.get("still") if isinstance(meta, dict) else None


def request(value):
    """What is drawn of a figure, and how."""
    shown = filmstrip(value) or value
    figure = {"data": shown.get("data", []), "layout": shown.get("layout", {})}
    width, height = (
        figure["layout"].get(side) or size for side, size in zip(("width", "height"), SIZE)
    )
    return figure, {"format": "png", "width": width, "height": height, "scale": 1}


@functools.cache
def programs():
    """Those that draw, with their versions."""
    return {name: importlib.metadata.version(name) for name in ("kaleido", "pillow", "plotly")}


def digest(figure, options):
    """Of everything that a picture depends on."""
    text = json.dumps([figure, options, programs()], sort_keys=True)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:32]


def quiet_chromium(stack):
    """A program that starts the browser of GROKSCOPE_CHROMIUM so that it asks nothing of a network."""
    folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="grokscope-"))
    browser = Path(folder) / "chromium"
    browser.write_text(
        "#!/bin/sh\n"
        'exec "$GROKSCOPE_CHROMIUM" --disable-quic --disable-background-networking "$@"\n'
    )
    browser.chmod(browser.stat().st_mode | stat.S_IXUSR)
    return str(browser)


async def start_browser(stack):
    import choreographer.errors
    import kaleido

    program = quiet_chromium(stack)
    for start in range(1, STARTS + 1):
        try:
            return await stack.enter_async_context(kaleido.Kaleido(mathjax=False, path=program))
        except choreographer.errors.BrowserFailedError:
            if start == STARTS:
                raise


class KeptPictures:
    """A folder of pictures; where it cannot be written or read, pictures are drawn again."""

    def __init__(self, folder, most_bytes=MOST_BYTES):
        self.folder = folder
        self.most_bytes = most_bytes

    @staticmethod
    def of_this_user():
        return KeptPictures(home.folder("pictures"))

    def read(self, name):
        """The picture, or None where there is no whole one."""
        path = self.folder / f"{name}.png"
        try:
            picture = path.read_bytes()
            os.utime(path)  # used now
        except OSError:
            return None
        return picture if picture.startswith(BEGIN) and picture.endswith(END) else None

    def write(self, name, picture):
        """Whole or not at all, whoever else writes at the same time."""
        with contextlib.suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True)
            home.write_whole(self.folder / f"{name}.png", picture)
            self.make_room()

    def make_room(self):
        found = sorted((path.stat().st_mtime, path.stat().st_size, path)
                       for path in self.folder.glob("*.png"))
        size = sum(bytes for _, bytes, _ in found)
        for _, bytes, path in found:
            if size <= self.most_bytes:
                break
            path.unlink()
            size -= bytes
