"""The form of a kept content: a header, then chunks as ``runtime.sealing`` writes them.

    magic (16 bytes) · salt (16)

The key of the chunks comes from a secret (of the record, or of the upload) and
the salt, so each writing has a key of its own. The header is authenticated
together with the content's place, so that no content can stand for another.
"""

from __future__ import annotations

import hashlib
import os
import uuid
from collections.abc import Generator, Iterable
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from amparo.metadata.file_references import FileReference
from amparo.metadata.wording import N_
from amparo.runtime.durability import made_folder, written_aside
from amparo.runtime.errors import StoreProblem
from amparo.runtime.files.areas import Part
from amparo.runtime.sealing import ChunkWriter, SealBroken, open_chunks

_MAGIC = b"AMPARO FILE 1\n\0\0"
_SALT_BYTES = 16
#: Plain contents are handled in pieces of this size.
PIECE_BYTES = 256 * 1024


class ContentProblem(StoreProblem):
    """A content is missing, or is not what was kept."""


def keep_content(path: Path, pieces: Iterable[bytes], secret: bytes, file: uuid.UUID, part: Part) -> None:
    """Seals the pieces into a file that is on the disk when this returns, whole or not at all. Raises OSError."""
    made_folder(path.parent)
    header = _MAGIC + os.urandom(_SALT_BYTES)
    with written_aside(path) as kept:
        kept.write(header)
        writer = ChunkWriter(kept, _key(secret, header), header + _place(file, part))
        for piece in pieces:
            writer.write(piece)
        writer.finish()


def read_content(path: Path, secret: bytes, file: uuid.UUID, part: Part) -> Generator[bytes, None, None]:
    """In pieces, each authentic before it is given out. Raises :class:`ContentProblem`."""
    try:
        with path.open("rb") as kept:
            header = kept.read(len(_MAGIC) + _SALT_BYTES)
            if not header.startswith(_MAGIC):
                raise _damaged()
            yield from open_chunks(kept, _key(secret, header), header + _place(file, part))
    except FileNotFoundError:
        raise ContentProblem(
            N_("The content of this file is missing. Whoever looks after the server can look for it in a backup.")
        ) from None
    except SealBroken:
        raise _damaged() from None


def is_right(pieces: Iterable[bytes], reference: FileReference) -> bool:
    """Whether a content has the size and the hash that its record keeps of it. Raises :class:`ContentProblem`."""
    digest, size = hashlib.sha256(), 0
    for piece in pieces:
        digest.update(piece)
        size += len(piece)
    return (size, digest.hexdigest()) == (reference.size, reference.hash)


def _damaged() -> ContentProblem:
    return ContentProblem(N_("The content of this file was damaged or changed on the disk, so it is not shown."))


def _key(secret: bytes, header: bytes) -> bytes:
    return HKDFExpand(SHA256(), 32, header).derive(secret)


def _place(file: uuid.UUID, part: Part) -> bytes:
    return file.bytes + part.value.encode()
