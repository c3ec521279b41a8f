"""The contents of files in a backup: copied sealed, piece by piece, so that none is ever whole in memory."""

from __future__ import annotations

import base64
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection

from amparo.runtime.backups.content import BYTES, FILE, ContentWriter, Line, bytes_text
from amparo.runtime.durability import made_folder, written_aside
from amparo.runtime.errors import BackupProblem
from amparo.runtime.files.areas import Part
from amparo.runtime.files.referring import files_of_records
from amparo.runtime.stores.organisation import OrganisationStore

#: Bytes in a line; a multiple of 3, which base64 writes without a rest.
_PIECE = 192 * 1024


@dataclass
class WrittenFiles:
    """``contents`` counts small pictures, too. ``missing`` were not there, as when their record was just erased."""

    contents: int = 0
    missing: int = 0


def write_files(connection: Connection, store: OrganisationStore, writer: ContentWriter) -> WrittenFiles:
    """Every content that a record of this snapshot refers to.

    Contents are never changed, so none is older or newer than the snapshot.
    """
    written = WrittenFiles()
    for held in files_of_records(connection, store):
        for reference in held.files:
            for part in Part:
                path = store.files.content(held.record, reference.id, part)
                if _write_file(writer, path, held.record, reference.id, part):
                    written.contents += 1
                elif part is Part.CONTENT:
                    written.missing += 1
    return written


def _write_file(writer: ContentWriter, path: Path, record: uuid.UUID, file: uuid.UUID, part: Part) -> bool:
    """Whether it was there."""
    try:
        with path.open("rb") as kept:
            writer.write(FILE, [record.hex, file.hex, part.name])
            while piece := kept.read(_PIECE):
                writer.write(BYTES, bytes_text(piece))
    except FileNotFoundError:
        return False
    return True


def kept_files(store: OrganisationStore, lines: Iterator[Line], counts: dict[str, int]) -> Iterator[Line]:
    """Puts the contents of files in their places and counts them; gives out all other lines."""
    following: Line | None = None
    while (line := following or next(lines, None)) is not None:
        following = None
        if line.kind != FILE:
            yield line
            continue
        following = _keep_file(store, line, lines)
        counts[FILE] += 1


def _keep_file(store: OrganisationStore, line: Line, lines: Iterator[Line]) -> Line | None:
    """Writes one content; gives the line after it."""
    record, file, part = line.content
    path = store.files.content(uuid.UUID(record), uuid.UUID(file), Part[part])
    made_folder(path.parent)
    with written_aside(path) as kept:
        for following in lines:
            if following.kind != BYTES:
                return following
            kept.write(base64.b64decode(following.content))
    raise BackupProblem("The backup ends in the middle of a file. Nothing was restored.")
