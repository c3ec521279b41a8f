"""The type of a content, found in the content itself.

What a browser says about a file, and its ending, are only believed where the
content cannot tell: between plain text and CSV, and between sound and video in
the same container. The signatures: file formats as their specifications begin
them; ZIP (APPNOTE 4.3.16) is looked into by its directory.
"""

from __future__ import annotations

import os
import re
import struct
from collections.abc import Callable
from pathlib import PurePosixPath
from typing import BinaryIO

from amparo.metadata.content_types import OOXML

_HEAD = 4096
#: Of a ZIP file: the end record with its longest comment, and the most directory that is looked into.
_ZIP_END = 22 + 65535
_MOST_DIRECTORY = 1024 * 1024
_PIECE = 256 * 1024
#: Characters that no text has: controls but tab, line feed, form feed and carriage return.
_NOT_TEXT = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_MARKUP = re.compile(rb"\s*(?:\xef\xbb\xbf)?\s*(?:<|#!|%!)")

_MAIN_PARTS = {
    b"word/document.xml": f"{OOXML}.wordprocessingml.document",
    b"xl/workbook.xml": f"{OOXML}.spreadsheetml.sheet",
    b"ppt/presentation.xml": f"{OOXML}.presentationml.presentation",
}
_ODF = b"application/vnd.oasis.opendocument."
_ODF_KINDS = (b"text", b"spreadsheet", b"presentation")
#: Macros, and programs that documents carry with them.
_ACTIVE_PARTS = (b"vbaproject", b"/activex/", b"/embeddings/oleobject", b"basic/", b"scripts/")
_BRANDS = {b"M4A ": "audio/mp4", b"M4B ": "audio/mp4", b"qt  ": "video/quicktime"}
_HEIC_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1")
_MP4_BRANDS = (b"isom", b"iso", b"mp4", b"avc1", b"M4V", b"MSNV", b"dash", b"mmp4")
_LAYER_THREE = 0x02


def recognise(content: BinaryIO, name: str) -> str | None:
    """The media type out of :data:`~amparo.metadata.content_types.CONTENT_TYPES`; ``None`` for anything else."""
    content.seek(0)
    head = content.read(_HEAD)
    ending = PurePosixPath(name).suffix.lower()
    found = _by_signature(head, ending)
    if found is None and head.startswith(b"PK\x03\x04"):
        found = _zip_type(content, head)
    if found is None and ending in _TEXTS and _is_text(content):
        found = _TEXTS[ending]
    content.seek(0)
    return found


_TEXTS = {".txt": "text/plain", ".csv": "text/csv"}
_SIGNATURES: tuple[tuple[Callable[[bytes], bool], str], ...] = (
    (lambda head: head.startswith(b"%PDF-"), "application/pdf"),
    (lambda head: head.startswith(b"\xff\xd8\xff"), "image/jpeg"),
    (lambda head: head.startswith(b"\x89PNG\r\n\x1a\n"), "image/png"),
    (lambda head: head.startswith((b"GIF87a", b"GIF89a")), "image/gif"),
    (lambda head: head[:4] == b"RIFF" and head[8:12] == b"WEBP", "image/webp"),
    (lambda head: head.startswith(b"OggS"), "audio/ogg"),
    (lambda head: head.startswith(b"#!AMR"), "audio/amr"),
    (lambda head: head.startswith(b"ID3") or _is_mp3_frame(head), "audio/mpeg"),
)


def _by_signature(head: bytes, ending: str) -> str | None:
    for fits, media_type in _SIGNATURES:
        if fits(head):
            return media_type
    return _by_brand(head[8:12], ending) if head[4:8] == b"ftyp" else None


def _is_mp3_frame(head: bytes) -> bool:
    """A frame header of MPEG layer III (ISO 11172-3, 2.4.1.3) with a bit rate and a sampling rate that exist."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return False
    return head[1] & 0x06 == _LAYER_THREE and head[2] >> 4 not in (0, 15) and (head[2] >> 2) & 3 != 3


def _by_brand(brand: bytes, ending: str) -> str | None:
    """Of a container of ISO 14496-12. Phones' recorders give sound in it the general brand, so the ending tells."""
    if brand in _HEIC_BRANDS:
        return "image/heic"
    if brand.startswith((b"3gp", b"3g2")):
        return "video/3gpp"
    if brand in _BRANDS:
        return _BRANDS[brand]
    if brand.startswith(_MP4_BRANDS):
        return "audio/mp4" if ending == ".m4a" else "video/mp4"
    return None


def _zip_type(content: BinaryIO, head: bytes) -> str | None:
    """Documents are ZIP files; a plain archive is not taken, nor a document that carries programs."""
    directory = _zip_directory(content)
    lowered = directory.lower()
    if any(part in lowered for part in _ACTIVE_PARTS):
        return None
    if head[30:38] == b"mimetype":
        written = head[38:].partition(b"PK")[0]
        for kind in _ODF_KINDS:
            if written == _ODF + kind:
                return written.decode()
        return None
    if b"[Content_Types].xml" not in directory:
        return None
    return next((media_type for part, media_type in _MAIN_PARTS.items() if part in directory), None)


def _zip_directory(content: BinaryIO) -> bytes:
    """The list of what is in it; nothing where there is none, or one too long for a document."""
    size = content.seek(0, os.SEEK_END)
    start = content.seek(max(0, size - _ZIP_END))
    end = content.read(_ZIP_END)
    at = end.rfind(b"PK\x05\x06")
    if at < 0 or len(end) < at + 22:
        return b""
    length, offset = struct.unpack_from("<II", end, at + 12)
    if length > _MOST_DIRECTORY or offset + length > start + at:
        return b""
    content.seek(offset)
    return content.read(length)


def _is_text(content: BinaryIO) -> bool:
    """No control characters anywhere, and no beginning that makes some program run or draw it."""
    content.seek(0)
    piece = content.read(_PIECE)
    if _MARKUP.match(piece):
        return False
    while piece:
        if _NOT_TEXT.search(piece):
            return False
        piece = content.read(_PIECE)
    return True
