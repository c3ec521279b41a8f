"""The types of content that records may hold, and what definitions call them.

What is not in this table is never taken: programs, scripts, web pages and
drawings that can hold scripts (HTML, SVG), archives, documents with macros.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from types import MappingProxyType

from amparo.metadata.wording import N_


@dataclass(frozen=True, slots=True)
class ContentType:
    """``name`` is the media type; the first of ``endings`` is given to a file whose name has none of them."""

    name: str
    kind: str
    label: str
    endings: tuple[str, ...]


#: What ``kinds`` of a file field may name.
KINDS = ("pdf", "image", "office", "text", "audio", "video")

#: What the types of documents, spreadsheets and presentations as Microsoft 365 writes them begin with.
OOXML = "application/vnd.openxmlformats-officedocument"
_ODF = "application/vnd.oasis.opendocument"

CONTENT_TYPES: Mapping[str, ContentType] = MappingProxyType(
    {
        each.name: each
        for each in (
            ContentType("application/pdf", "pdf", N_("PDF"), (".pdf",)),
            ContentType("image/jpeg", "image", N_("Picture"), (".jpg", ".jpeg")),
            ContentType("image/png", "image", N_("Picture"), (".png",)),
            ContentType("image/gif", "image", N_("Picture"), (".gif",)),
            ContentType("image/webp", "image", N_("Picture"), (".webp",)),
            ContentType("image/heic", "image", N_("Picture"), (".heic", ".heif")),
            ContentType(f"{OOXML}.wordprocessingml.document", "office", N_("Document"), (".docx",)),
            ContentType(f"{OOXML}.spreadsheetml.sheet", "office", N_("Spreadsheet"), (".xlsx",)),
            ContentType(f"{OOXML}.presentationml.presentation", "office", N_("Presentation"), (".pptx",)),
            ContentType(f"{_ODF}.text", "office", N_("Document"), (".odt",)),
            ContentType(f"{_ODF}.spreadsheet", "office", N_("Spreadsheet"), (".ods",)),
            ContentType(f"{_ODF}.presentation", "office", N_("Presentation"), (".odp",)),
            ContentType("text/plain", "text", N_("Text"), (".txt",)),
            ContentType("text/csv", "text", N_("Table"), (".csv",)),
            ContentType("audio/mpeg", "audio", N_("Sound recording"), (".mp3",)),
            ContentType("audio/mp4", "audio", N_("Sound recording"), (".m4a",)),
            ContentType("audio/ogg", "audio", N_("Sound recording"), (".ogg", ".oga", ".opus")),
            ContentType("audio/amr", "audio", N_("Sound recording"), (".amr",)),
            ContentType("video/mp4", "video", N_("Video"), (".mp4", ".m4v")),
            ContentType("video/quicktime", "video", N_("Video"), (".mov",)),
            ContentType("video/3gpp", "video", N_("Video"), (".3gp",)),
        )
    }
)


def endings_of(types: Iterable[str]) -> str:
    """The usual ending of each type, for people: ``pdf, jpg, docx``."""
    return ", ".join(CONTENT_TYPES[each].endings[0].removeprefix(".") for each in types)


def fitting_name(name: str, content_type: str) -> str:
    """The name with an ending of its type: a computer opens a file by its ending, whatever is in it.

    Without the table's help (a type that is no longer in it) the name ends in ``.bin``, which nothing opens.
    """
    known = CONTENT_TYPES.get(content_type)
    endings = known.endings if known else (".bin",)
    return name if PurePosixPath(name).suffix.lower() in endings else f"{name}{endings[0]}"
