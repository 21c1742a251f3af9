"""Small pictures of figures for the first page, which has to stay light."""

import io

from PIL import Image

WIDTH = 560  # pixels; the first page shows a picture at 360 to 460
QUALITY = 40  # of WebP, from 0 to 100
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
    data = io.BytesIO()
    image.save(data, "WEBP", quality=QUALITY, method=WORK)
    return data.getvalue(), *image.size
