"""Pictures opened, which is the dangerous part of taking them: bounded in size, one at a time."""

from __future__ import annotations

import io
from threading import Lock
from typing import BinaryIO

from PIL import Image, ImageOps

#: The longer side of a small picture, in pixels.
SMALL_SIDE = 480
_QUALITY = 80
_FORMATS = ("JPEG", "PNG", "GIF", "WEBP")
DRAWABLE = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"})
#: A JPEG that is stored row by row is made smaller while it is read; all others stand in memory whole, at 4 bytes a
#: pixel or more. Phones make up to 200 million pixels.
MOST_PIXELS_IN_ROWS = 250_000_000
MOST_PIXELS = 40_000_000
_ORIENTATION = 0x0112

#: Our own limits are asked before anything is decoded; the library's would only warn.
Image.MAX_IMAGE_PIXELS = None
#: What one picture may need is bounded; what several need at once is not.
_one_at_a_time = Lock()


class NotDrawable(ValueError):
    """The content cannot be drawn as a picture: it is broken."""


class TooManyPixels(NotDrawable):
    def __init__(self, most: int) -> None:
        super().__init__(f"The picture has more than {most} pixels.")
        self.millions = most // 1_000_000


def small_picture(content: BinaryIO) -> tuple[bytes, int]:
    """A JPEG of at most :data:`SMALL_SIDE` without metadata, and how the original is to be turned (EXIF's number).

    Raises :class:`NotDrawable`.
    """
    content.seek(0)
    try:
        with _one_at_a_time, Image.open(content, formats=_FORMATS) as picture:
            _require_few_pixels(picture)
            orientation = picture.getexif().get(_ORIENTATION, 1)
            picture.draft("RGB", (SMALL_SIDE, SMALL_SIDE))
            small: Image.Image = picture
            small.thumbnail((SMALL_SIDE, SMALL_SIDE))
            return _encoded(ImageOps.exif_transpose(small)), orientation if orientation in range(1, 9) else 1
    except NotDrawable:
        raise
    except Exception as error:  # noqa: BLE001 - the decoders raise whatever a broken picture makes them stumble over.
        raise NotDrawable(type(error).__name__) from None
    finally:
        content.seek(0)


def _require_few_pixels(picture: Image.Image) -> None:
    is_in_rows = picture.format == "JPEG" and not picture.info.get("progressive")
    most = MOST_PIXELS_IN_ROWS if is_in_rows else MOST_PIXELS
    if picture.width * picture.height > most:
        raise TooManyPixels(most)


def _encoded(picture: Image.Image) -> bytes:
    """On white, as a sheet of paper is: signatures are drawn on nothing."""
    drawn = picture.convert("RGBA") if picture.mode in ("P", "LA", "PA", "RGBA") else picture.convert("RGB")
    if drawn.mode == "RGBA":
        paper = Image.new("RGB", drawn.size, "white")
        paper.paste(drawn, mask=drawn.getchannel("A"))
        drawn = paper
    written = io.BytesIO()
    # A new picture carries nothing of the old one's metadata, and none is handed over.
    Image.frombytes("RGB", drawn.size, drawn.tobytes()).save(written, "JPEG", quality=_QUALITY)
    return written.getvalue()
