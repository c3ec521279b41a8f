"""Content sealed in chunks, so that any size streams and any change shows.

    chunk: 1 byte "is the last", 4 bytes length, AES-256-GCM ciphertext

A chunk's nonce is its number and whether it is the last one, so a key seals
one content only; the header is authenticated with every chunk. Chunks that are
changed, missing, repeated, moved, or added therefore do not open. (The
construction is STREAM: Hoang, Reyhanitabar, Rogaway, Vizár 2015.)
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from enum import StrEnum
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

CHUNK_BYTES = 256 * 1024
_CHUNK_HEAD = struct.Struct(">?I")
_TAG_BYTES = 16


class Fault(StrEnum):
    """What is wrong with a sealed content."""

    CUT = "cut"
    CHANGED = "changed"
    ADDED = "added"


class SealBroken(Exception):
    """Chunk number ``chunk``, counted from 0, is not what was written."""

    def __init__(self, fault: Fault, chunk: int) -> None:
        super().__init__(f"chunk {chunk}: {fault}")
        self.fault = fault
        self.chunk = chunk


def _nonce(number: int, is_last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([is_last])


class ChunkWriter:
    """Seals what is written; without :meth:`finish` the content is one that was cut short."""

    def __init__(self, file: BinaryIO, key: bytes, header: bytes) -> None:
        """``key`` must never have sealed anything else. The header is the caller's to write."""
        self._file = file
        self._header = header
        self._cipher = AESGCM(key)
        self._number = 0
        self._buffer = bytearray()

    def write(self, content: bytes) -> None:
        self._buffer += content
        # One chunk always stays behind, because only the end tells which is the last.
        while len(self._buffer) > CHUNK_BYTES:
            self._write_chunk(bytes(self._buffer[:CHUNK_BYTES]), is_last=False)
            del self._buffer[:CHUNK_BYTES]

    def finish(self) -> None:
        self._write_chunk(bytes(self._buffer), is_last=True)
        self._buffer.clear()

    def _write_chunk(self, content: bytes, *, is_last: bool) -> None:
        sealed = self._cipher.encrypt(_nonce(self._number, is_last), content, self._header)
        self._file.write(_CHUNK_HEAD.pack(is_last, len(sealed)) + sealed)
        self._number += 1


def open_chunks(file: BinaryIO, key: bytes, header: bytes) -> Iterator[bytes]:
    """The content behind the header; each part is authentic before it is given out. Raises :class:`SealBroken`."""
    cipher = AESGCM(key)
    number = 0
    is_last = False
    while not is_last:
        head = _read(file, _CHUNK_HEAD.size, number)
        is_last, length = _CHUNK_HEAD.unpack(head)
        if head[0] > 1 or not _TAG_BYTES <= length <= CHUNK_BYTES + _TAG_BYTES:
            raise SealBroken(Fault.CHANGED, number)
        try:
            content = cipher.decrypt(_nonce(number, is_last), _read(file, length, number), header)
        except InvalidTag:
            raise SealBroken(Fault.CHANGED, number) from None
        if is_last and file.read(1):
            raise SealBroken(Fault.ADDED, number)
        yield content
        number += 1


def _read(file: BinaryIO, length: int, number: int) -> bytes:
    content = file.read(length)
    if len(content) < length:
        raise SealBroken(Fault.CUT, number)
    return content
