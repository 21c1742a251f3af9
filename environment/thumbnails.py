"""Small pictures of figures for the first page, which has to stay light."""

import io

from PIL import Image

WIDTH = 560  # pixels; the first page shows a picture at 360 to 460
QUALITIES = (40, 28, 16)  # of WebP, from 0 to 100: the first that is small enough, or the last
MOST = 12_000  # bytes of a picture
WORK = 6  # of its encoder; the most


def of(picture):
    """A picture as WebP, on white and no wider than WIDTH, with its width and its height."""
    with Image.open(io.BytesIO(picture)) as opened:
        image = Image.new("RGBA", opened.size, "white")
        image.alpha_composite(opened.convert("RGBA"))
    image = image.convert("RGB")
    if image.width > WIDTH:
        image = image.resize((WIDTH, round(image.height * WIDTH / image.width)),
                             Image.Resampling.LANCZOS)
    for quality in QUALITIES:
        data = io.BytesIO()
        image.save(data, "WEBP", quality=quality, method=WORK)
        if data.tell() <= MOST:
            break
    return data.getvalue(), *image.size


def size_of(picture):
    """The width and the height of a picture."""
    with Image.open(io.BytesIO(picture)) as opened:
        return opened.size
