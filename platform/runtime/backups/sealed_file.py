"""The form of a backup file: a header, then chunks as ``runtime.sealing`` writes them.

    magic (16 bytes) · salt (16) · Argon2id time, memory in KiB, lanes (4 each)

The key of the chunks comes from the passphrase and the salt, so it is used for
one file only.
"""

from __future__ import annotations

import os
import struct
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from argon2.low_level import Type, hash_secret_raw
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from amparo.runtime.errors import BackupProblem
from amparo.runtime.sealing import ChunkWriter, Fault, SealBroken, open_chunks

_MAGIC = b"AMPARO BACKUP 1\n"
_MAGIC_OF_ANY_FORMAT = b"AMPARO BACKUP "
_HEADER = struct.Struct(">16s16sIII")
#: Argon2id: rounds, memory in KiB, lanes (the second recommendation of RFC 9106).
COST = (3, 64 * 1024, 4)
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


class SealingWriter(ChunkWriter):
    """Writes a backup file; without :meth:`finish` it is a file that was cut short."""

    def __init__(self, file: BinaryIO, passphrase: str) -> None:
        """Raises :class:`BackupProblem` for a passphrase that is too short."""
        if len(passphrase) < PASSPHRASE_MINIMUM:
            raise BackupProblem("The passphrase is too short. Use at least 12 characters; a few words do well.")
        salt = os.urandom(16)
        header = _HEADER.pack(_MAGIC, salt, *COST)
        self.keys = _file_keys(passphrase, salt, COST)
        file.write(header)
        super().__init__(file, self.keys.chunks, header)


class SealedReader:
    """Reads a backup file; every chunk is authentic before its content is given out."""

    def __init__(self, file: BinaryIO, passphrase: str) -> None:
        """Raises :class:`BackupProblem` for a file that is no backup."""
        self._file = file
        self._header = file.read(_HEADER.size)
        salt, cost = _parsed(self._header)
        self.keys = _file_keys(passphrase, salt, cost)

    def chunks(self) -> Iterator[bytes]:
        """Raises :class:`BackupProblem` at the first chunk that is not what was written."""
        try:
            yield from open_chunks(self._file, self.keys.chunks, self._header)
        except SealBroken as broken:
            raise _problem(broken) from None


def _parsed(header: bytes) -> tuple[bytes, tuple[int, int, int]]:
    if len(header) == _HEADER.size and header.startswith(_MAGIC):
        _, salt, *cost = _HEADER.unpack(header)
        if all(1 <= asked <= highest for asked, highest in zip(cost, _HIGHEST_COST, strict=True)):
            return salt, (cost[0], cost[1], cost[2])
        raise BackupProblem("The backup file was changed: its header asks for what no backup asks.")
    if header.startswith(_MAGIC_OF_ANY_FORMAT) and not header.startswith(_MAGIC):
        raise BackupProblem("The backup was made by a newer Amparo. Restore it with that version.")
    raise BackupProblem("This file is not a backup made by Amparo.")


def _problem(broken: SealBroken) -> BackupProblem:
    if broken.fault is Fault.CUT:
        return BackupProblem("The backup file was cut short: its end is missing. Nothing was restored.")
    if broken.fault is Fault.ADDED:
        return BackupProblem("The backup file was changed: something was added at its end.")
    if broken.chunk == 0:
        return BackupProblem("The passphrase is another one, or the backup file was changed. Nothing was restored.")
    return BackupProblem(f"The backup file was changed in its part {broken.chunk + 1}. Nothing was restored.")
