"""The form of a backup file: encrypted in chunks, so that any size streams and any change shows.

    magic (16 bytes) · salt (16) · Argon2id time, memory in KiB, lanes (4 each)
    then chunks: 1 byte "is the last", 4 bytes length, AES-256-GCM ciphertext

The key of the chunks comes from the passphrase and the salt, so it is used for
one file only. A chunk's nonce is its number and whether it is the last one;
the header is authenticated with every chunk. Chunks that are changed, missing,
repeated, moved, or added therefore do not open. (The construction is STREAM:
Hoang, Reyhanitabar, Rogaway, Vizár 2015.)
"""

from __future__ import annotations

import os
import struct
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from amparo.runtime.errors import BackupProblem

_MAGIC = b"AMPARO BACKUP 1\n"
_MAGIC_OF_ANY_FORMAT = b"AMPARO BACKUP "
_HEADER = struct.Struct(">16s16sIII")
_CHUNK_HEAD = struct.Struct(">?I")
_CHUNK_BYTES = 256 * 1024
_TAG_BYTES = 16
#: Argon2id: rounds, memory in KiB, lanes (the second recommendation of RFC 9106).
_COST = (3, 64 * 1024, 4)
#: A header that asks for more was not made here; it is not obeyed.
_HIGHEST_COST = (16, 1024 * 1024, 16)
PASSPHRASE_MINIMUM = 12


@dataclass(frozen=True, slots=True)
class FileKeys:
    """What a passphrase opens: the chunks, and the organisation's keys within them."""

    chunks: bytes = field(repr=False)
    wrapping: bytes = field(repr=False)


def _file_keys(passphrase: str, salt: bytes, cost: tuple[int, int, int]) -> FileKeys:
    time, memory, lanes = cost
    text = unicodedata.normalize("NFC", passphrase).encode()
    secret = hash_secret_raw(text, salt, time, memory, lanes, 32, Type.ID)
    chunks, wrapping = (HKDFExpand(SHA256(), 32, purpose).derive(secret) for purpose in (b"chunks", b"keys"))
    return FileKeys(chunks, wrapping)


def _nonce(number: int, is_last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([is_last])


class SealingWriter:
    """Writes a backup file; without :meth:`finish` it is a file that was cut short."""

    def __init__(self, file: BinaryIO, passphrase: str) -> None:
        """Raises :class:`BackupProblem` for a passphrase that is too short."""
        if len(passphrase) < PASSPHRASE_MINIMUM:
            raise BackupProblem("The passphrase is too short. Use at least 12 characters; a few words do well.")
        salt = os.urandom(16)
        self._file = file
        self._header = _HEADER.pack(_MAGIC, salt, *_COST)
        self.keys = _file_keys(passphrase, salt, _COST)
        self._cipher = AESGCM(self.keys.chunks)
        self._number = 0
        self._buffer = bytearray()
        file.write(self._header)

    def write(self, content: bytes) -> None:
        self._buffer += content
        # One chunk always stays behind, because only the end tells which is the last.
        while len(self._buffer) > _CHUNK_BYTES:
            self._write_chunk(bytes(self._buffer[:_CHUNK_BYTES]), is_last=False)
            del self._buffer[:_CHUNK_BYTES]

    def finish(self) -> None:
        self._write_chunk(bytes(self._buffer), is_last=True)
        self._buffer.clear()

    def _write_chunk(self, content: bytes, *, is_last: bool) -> None:
        sealed = self._cipher.encrypt(_nonce(self._number, is_last), content, self._header)
        self._file.write(_CHUNK_HEAD.pack(is_last, len(sealed)) + sealed)
        self._number += 1


class SealedReader:
    """Reads a backup file; every chunk is authentic before its content is given out."""

    def __init__(self, file: BinaryIO, passphrase: str) -> None:
        """Raises :class:`BackupProblem` for a file that is no backup."""
        self._file = file
        self._header = file.read(_HEADER.size)
        salt, cost = _parsed(self._header)
        self.keys = _file_keys(passphrase, salt, cost)
        self._cipher = AESGCM(self.keys.chunks)

    def chunks(self) -> Iterator[bytes]:
        """Raises :class:`BackupProblem` at the first chunk that is not what was written."""
        number = 0
        is_last = False
        while not is_last:
            head = self._read(_CHUNK_HEAD.size)
            is_last, length = _CHUNK_HEAD.unpack(head)
            if head[0] > 1 or not _TAG_BYTES <= length <= _CHUNK_BYTES + _TAG_BYTES:
                raise _changed(number)
            try:
                content = self._cipher.decrypt(_nonce(number, is_last), self._read(length), self._header)
            except InvalidTag:
                raise _changed(number) from None
            if is_last and self._file.read(1):
                raise BackupProblem("The backup file was changed: something was added at its end.")
            yield content
            number += 1

    def _read(self, length: int) -> bytes:
        content = self._file.read(length)
        if len(content) < length:
            raise BackupProblem("The backup file was cut short: its end is missing. Nothing was restored.")
        return content


def _parsed(header: bytes) -> tuple[bytes, tuple[int, int, int]]:
    if len(header) == _HEADER.size and header.startswith(_MAGIC):
        _, salt, *cost = _HEADER.unpack(header)
        if all(1 <= asked <= highest for asked, highest in zip(cost, _HIGHEST_COST, strict=True)):
            return salt, (cost[0], cost[1], cost[2])
        raise BackupProblem("The backup file was changed: its header asks for what no backup asks.")
    if header.startswith(_MAGIC_OF_ANY_FORMAT) and not header.startswith(_MAGIC):
        raise BackupProblem("The backup was made by a newer Amparo. Restore it with that version.")
    raise BackupProblem("This file is not a backup made by Amparo.")


def _changed(number: int) -> BackupProblem:
    if number == 0:
        return BackupProblem("The passphrase is another one, or the backup file was changed. Nothing was restored.")
    return BackupProblem(f"The backup file was changed in its part {number + 1}. Nothing was restored.")
