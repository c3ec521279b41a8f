"""What cameras and programs write into pictures taken out of them, without touching the picture itself.

Only what is needed to draw the picture stays; everything else goes: EXIF with
place, time and device, XMP, IPTC, comments, previews, and what some phones
hang behind the picture's end, such as a short film. Nothing is encoded anew,
so no picture loses quality. How a JPEG is to be turned is kept.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator, Mapping

_JPEG_END, _JPEG_SCAN = 0xD9, 0xDA
#: Markers without a length: restarts, and the two that are only ever filling.
_JPEG_BARE = frozenset({0x01, *range(0xD0, 0xD8)})
_COMMENT = 0xFE
_FIRST_APP, _LAST_APP = 0xE0, 0xEF
_UPRIGHT = 1

_PNG_KEPT = frozenset(
    {
        *(b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT", b"bKGD", b"pHYs"),
        *(b"cICP", b"acTL", b"fcTL", b"fdAT"),
    }
)
_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_WEBP_KEPT = frozenset({b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"})
#: In the flags of VP8X: there is EXIF, there is XMP.
_WEBP_METADATA = 0x08 | 0x04
_GIF_LOOPS = (b"NETSCAPE2.0", b"ANIMEXTS1.0")


class BrokenPicture(ValueError):
    """The content is not a whole picture of its type."""


def without_metadata(content: bytes, media_type: str, orientation: int = _UPRIGHT) -> bytes:
    """``orientation`` is EXIF's number of how a JPEG is to be turned. Raises :class:`BrokenPicture`."""
    try:
        return b"".join(_STRIPPERS[media_type](content, orientation))
    except (IndexError, struct.error):
        raise BrokenPicture("The picture ends too early.") from None


def _jpeg(content: bytes, orientation: int) -> Iterator[bytes]:
    """Segments of ISO 10918-1, annex B."""
    yield content[:2]
    if orientation != _UPRIGHT:
        yield _orientation_segment(orientation)
    at = 2
    while True:
        if content[at] != 0xFF:
            raise BrokenPicture("The picture has no marker where one must be.")
        marker = content[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        if marker == _JPEG_END:
            yield content[at : at + 2]
            return
        if marker in _JPEG_BARE:
            at += 2
            continue
        end = at + 2 + struct.unpack_from(">H", content, at + 2)[0]
        if marker == _JPEG_SCAN:
            end = _end_of_scan(content, end)
        if end > len(content):
            raise BrokenPicture("The picture ends too early.")
        if _is_drawn(marker, content[at + 4 : at + 16]):
            yield content[at:end]
        at = end


def _is_drawn(marker: int, beginning: bytes) -> bool:
    if marker == _COMMENT:
        return False
    if not _FIRST_APP <= marker <= _LAST_APP:
        return True
    return beginning.startswith((b"JFIF\0", b"ICC_PROFILE\0", b"Adobe"))


def _end_of_scan(content: bytes, at: int) -> int:
    """Where the next marker is: in the data of a scan 0xFF is followed by 0 or a restart."""
    while True:
        at = content.find(b"\xff", at)
        if at < 0:
            raise BrokenPicture("The picture ends too early.")
        if content[at + 1] != 0 and content[at + 1] != 0xFF and content[at + 1] not in _JPEG_BARE:
            return at
        at += 1 if content[at + 1] == 0xFF else 2


def _orientation_segment(orientation: int) -> bytes:
    """EXIF that holds one thing: tag 0x0112, a short."""
    tiff = struct.pack(">2sHIHHHIHHI", b"MM", 42, 8, 1, 0x0112, 3, 1, orientation, 0, 0)
    payload = b"Exif\0\0" + tiff
    return b"\xff\xe1" + struct.pack(">H", len(payload) + 2) + payload


def _png(content: bytes, _orientation: int) -> Iterator[bytes]:
    """Chunks of ISO 15948, 5.3."""
    yield _PNG_SIGNATURE
    at, kind = len(_PNG_SIGNATURE), b""
    while kind != b"IEND":
        (length,), kind = struct.unpack_from(">I", content, at), content[at + 4 : at + 8]
        end = at + 12 + length
        if end > len(content):
            raise BrokenPicture("The picture ends too early.")
        if kind in _PNG_KEPT:
            yield content[at:end]
        at = end


def _webp(content: bytes, _orientation: int) -> Iterator[bytes]:
    """Chunks of RIFF (RFC 9649, 2.3)."""
    end = 8 + struct.unpack_from("<I", content, 4)[0]
    if end > len(content):
        raise BrokenPicture("The picture ends too early.")
    kept: list[bytes] = []
    at = 12
    while at < end:
        kind, length = content[at : at + 4], struct.unpack_from("<I", content, at + 4)[0]
        if at + 8 + length > end:
            raise BrokenPicture("The picture ends too early.")
        if kind in _WEBP_KEPT:
            kept.append(_webp_chunk(kind, content[at + 8 : at + 8 + length]))
        at += 8 + length + length % 2
    body = b"".join(kept)
    yield b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def _webp_chunk(kind: bytes, data: bytes) -> bytes:
    if kind == b"VP8X":
        data = bytes([data[0] & ~_WEBP_METADATA]) + data[1:]
    return kind + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)


def _gif(content: bytes, _orientation: int) -> Iterator[bytes]:
    """Blocks of GIF89a."""
    at = 13 + _gif_table(content[10])
    yield content[:at]
    while content[at] != 0x3B:
        if content[at] == 0x2C:
            end = _gif_blocks_end(content, at + 10 + _gif_table(content[at + 9]) + 1)
            yield content[at:end]
        elif content[at] == 0x21:
            end = _gif_blocks_end(content, at + 2)
            if content[at + 1] == 0xF9 or content[at + 3 : at + 14] in _GIF_LOOPS:
                yield content[at:end]
        else:
            raise BrokenPicture("The picture has no block where one must be.")
        at = end
    yield b"\x3b"


def _gif_table(flags: int) -> int:
    """Bytes of a colour table."""
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _gif_blocks_end(content: bytes, at: int) -> int:
    while content[at]:
        at += content[at] + 1
    return at + 1


_STRIPPERS: Mapping[str, Callable[[bytes, int], Iterator[bytes]]] = {
    "image/jpeg": _jpeg,
    "image/png": _png,
    "image/webp": _webp,
    "image/gif": _gif,
}
