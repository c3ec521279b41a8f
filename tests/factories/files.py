"""Files of every type, made here: small, whole, and with what cameras write into them."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from PIL import Image
from PIL.PngImagePlugin import PngInfo

from amparo.metadata.building import field_from
from amparo.metadata.model import FieldDefinition

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
#: Stands in every place of a picture's metadata, and must be found in none that is kept.
PLACE = b"PHNOM PENH 11.55N 104.91E"
_ORIENTATION, _DESCRIPTION, _GPS = 0x0112, 0x010E, 0x8825


def file_field(type_name: str = "file", **options: Any) -> FieldDefinition:
    return field_from({"id": "person.paper", "name": "paper", "type": type_name, "label": "Paper", **options})


def picture(size: tuple[int, int] = (60, 40), mode: str = "RGB") -> Image.Image:
    """Left half red, right half blue: how it was turned can be seen."""
    drawn = Image.new(mode, size, "blue")
    drawn.paste(Image.new(mode, (size[0] // 2, size[1]), "red"), (0, 0))
    return drawn


def jpeg(size: tuple[int, int] = (60, 40), orientation: int = 1, **options: Any) -> bytes:
    """With GPS in its EXIF, a comment, XMP, and a film behind its end as phones write it."""
    exif = Image.Exif()
    exif[_ORIENTATION] = orientation
    exif[_DESCRIPTION] = PLACE.decode()
    exif[_GPS] = {1: "N", 2: (11.0, 33.0, 0.0), 3: "E", 4: (104.0, 54.0, 0.0)}
    written = io.BytesIO()
    picture(size).save(written, "JPEG", exif=exif, comment=PLACE, xmp=b"<x>" + PLACE + b"</x>", **options)
    return written.getvalue() + b"....ftypmp42" + PLACE


def png(size: tuple[int, int] = (60, 40), mode: str = "RGB") -> bytes:
    information = PngInfo()
    information.add_text("Comment", PLACE.decode())
    information.add_itxt("XML:com.adobe.xmp", PLACE.decode())
    exif = Image.Exif()
    exif[_DESCRIPTION] = PLACE.decode()
    written = io.BytesIO()
    picture(size, mode).save(written, "PNG", pnginfo=information, exif=exif)
    return written.getvalue() + PLACE


def webp() -> bytes:
    exif = Image.Exif()
    exif[_DESCRIPTION] = PLACE.decode()
    written = io.BytesIO()
    picture().save(written, "WEBP", exif=exif, xmp=b"<x>" + PLACE + b"</x>")
    return written.getvalue()


def gif() -> bytes:
    """Two pictures, one after the other, again and again."""
    written = io.BytesIO()
    other = picture().transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    picture().save(written, "GIF", comment=PLACE, save_all=True, append_images=[other], loop=0, duration=50)
    return written.getvalue()


def heic() -> bytes:
    return struct.pack(">I", 24) + b"ftypheic" + b"\0" * 4 + b"mif1heic" + bytes(100)


def archive(entries: Mapping[str, str]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as file:
        for name, content in entries.items():
            file.writestr(name, content)
    return written.getvalue()


def docx(**more: str) -> bytes:
    return archive({"[Content_Types].xml": "<Types/>", "word/document.xml": "<w:document/>", **more})


def odt() -> bytes:
    return archive({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<office/>"})


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


def files_below(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())
