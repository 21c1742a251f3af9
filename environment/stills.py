"""Small pictures for the first page in another language, drawn from the translated figures.

They are kept in the language's folder under a digest of the figure, notebooks/zh/pictures. Where a
figure or its words have changed, its picture is not there, and the first page shows the English one
until environment/grokscope translate has drawn it anew.
"""

import hashlib
import json

import home
import thumbnails
from pictures import FIGURE, Painter, filmstrip

FOLDER = "pictures"


def of_cell(cell):
    """The figure of a cell of the story; None where it shows none."""
    return next((output.data[FIGURE] for output in cell.get("outputs", [])
                 if FIGURE in output.get("data", {})), None)


def path_of(folder, figure):
    """Where the picture of a translated figure is kept."""
    shown = filmstrip(figure) or figure
    text = json.dumps([shown.get("data"), shown.get("layout")], sort_keys=True)
    return folder / FOLDER / f"{hashlib.sha256(text.encode()).hexdigest()[:16]}.webp"


async def draw(folder, figures):
    """Draws what is not there, takes away what is not shown, and says how many were drawn."""
    paths = {path_of(folder, figure): figure for figure in figures}
    (folder / FOLDER).mkdir(exist_ok=True)
    for path in set((folder / FOLDER).glob("*.webp")) - paths.keys():
        path.unlink()
    missing = {path: figure for path, figure in paths.items() if not path.is_file()}
    async with Painter() as painter:
        for drawn, (path, figure) in enumerate(missing.items()):
            try:
                picture = await painter.picture(figure)
            except Exception as error:  # whatever the browser reports, there is the English picture
                reason = error.args[0] if error.args else error
                print(f"grokscope: translate: {len(missing) - drawn} pictures of the first page could "
                      f"not be drawn: {reason} The English ones stay until the next time.")
                return drawn
            data, _width, _height = thumbnails.of(picture)
            home.write_whole(path, data)
    return len(missing)
