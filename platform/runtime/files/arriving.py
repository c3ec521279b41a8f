"""A file that a request brings: what of it reaches the disk is sealed under a key that only this process holds."""

from __future__ import annotations

import io
import os
from tempfile import TemporaryFile
from typing import Any, BinaryIO

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_CHUNK = 256 * 1024
_TAG = 16


class ArrivingFile(io.RawIOBase):
    """Written once from its beginning, then read anywhere. Up to one chunk it stays in memory.

    A disk that is full does not end the request: what else was typed is worth
    keeping. The error is raised when the content is read.
    """

    def __init__(self) -> None:
        self._cipher = AESGCM(os.urandom(32))
        self._file: BinaryIO | None = None
        self._chunks = 0
        self._rest = bytearray()
        self._position = 0
        self._failure: OSError | None = None
        #: The chunk that was opened last.
        self._opened: tuple[int, bytes] = (-1, b"")

    def readable(self) -> bool:
        return True

    def writable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    @property
    def size(self) -> int:
        return self._chunks * _CHUNK + len(self._rest)

    def write(self, content: Any) -> int:
        if self._failure is None:
            self._rest += content
            while len(self._rest) > _CHUNK and self._failure is None:
                self._seal_chunk()
        return len(content)

    def _seal_chunk(self) -> None:
        sealed = self._cipher.encrypt(self._chunks.to_bytes(12, "big"), bytes(self._rest[:_CHUNK]), None)
        try:
            if self._file is None:
                self._file = TemporaryFile()  # noqa: SIM115 - closed with this file.
            self._file.write(sealed)
            self._file.flush()
        except OSError as error:
            self._failure = error
            self._rest.clear()
            return
        self._chunks += 1
        del self._rest[:_CHUNK]

    def readinto(self, buffer: Any) -> int:
        if self._failure is not None:
            raise self._failure
        filled = 0
        while filled < len(buffer):
            number, start = divmod(self._position, _CHUNK)
            piece = self._chunk(number)[start : start + len(buffer) - filled]
            if not piece:
                break
            buffer[filled : filled + len(piece)] = piece
            filled += len(piece)
            self._position += len(piece)
        return filled

    def _chunk(self, number: int) -> bytes:
        if number >= self._chunks or self._file is None:
            return bytes(self._rest) if number == self._chunks else b""
        if self._opened[0] != number:
            self._file.seek(number * (_CHUNK + _TAG))
            sealed = self._file.read(_CHUNK + _TAG)
            self._opened = number, self._cipher.decrypt(number.to_bytes(12, "big"), sealed, None)
        return self._opened[1]

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self.size}[whence]
        self._position = max(0, start + offset)
        return self._position

    def tell(self) -> int:
        return self._position

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
        self._rest.clear()
        super().close()
