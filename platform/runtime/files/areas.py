"""Where the files of an organisation lie: outside its database, every content sealed.

    <files>/<organisation>/records/<two digits>/<record>/<file>         a content, sealed under its record's key
                                                /<file>.small           the small picture of it
                          /uploads/<member>/<file>, .small, .about      sent, and not saved with a record yet
                          /settling/<record>.<random>                   a save or an erasure that is under way
                          /traces/<random>                              an erasure whose traces are to be overwritten

All names are identifiers; no name of a person and no name of a file is among
them. Folders and files belong to the program's account alone.
"""

from __future__ import annotations

import secrets
import shutil
import uuid
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

from amparo.runtime.durability import made_folder, sync_folder

_NOBODY = uuid.UUID(int=0)


class Part(StrEnum):
    """What is kept of one file. The value ends its name on the disk."""

    CONTENT = ""
    SMALL = ".small"


class FileArea:
    """The folder of one organisation. Nothing is made on the disk before something is kept."""

    def __init__(self, root: Path, organisation: uuid.UUID) -> None:
        self.folder = root / organisation.hex

    def of_record(self, record: uuid.UUID) -> Path:
        # The end of a time-ordered identifier is random: folders fill evenly.
        return self.folder / "records" / record.hex[-2:] / record.hex

    def content(self, record: uuid.UUID, file: uuid.UUID, part: Part = Part.CONTENT) -> Path:
        return self.of_record(record) / f"{file.hex}{part}"

    def uploads(self, member: uuid.UUID | None) -> Path:
        return self.folder / "uploads" / (member or _NOBODY).hex

    def all_uploads(self) -> Iterator[Path]:
        """Every file of every upload."""
        return (self.folder / "uploads").glob("*/*")

    def settling(self) -> list[tuple[uuid.UUID, Path]]:
        """Records whose files are being added or removed, with the note of it."""
        return [(uuid.UUID(path.stem), path) for path in sorted((self.folder / "settling").glob("*.*"))]

    def begin_settling(self, record: uuid.UUID) -> Path:
        """Notes on the disk that files of a record are being added or removed, so that what is left over is found.

        Gives the note, to be removed when nothing can be left over any more.
        """
        marker = made_folder(self.folder / "settling") / f"{record.hex}.{secrets.token_hex(4)}"
        marker.touch(mode=0o600)
        sync_folder(marker.parent)
        return marker

    def begin_forgetting(self, record: uuid.UUID) -> None:
        """Notes that a record is being erased, where it has files."""
        if self.of_record(record).is_dir():
            self.begin_settling(record)

    def forget_record(self, record: uuid.UUID) -> None:
        shutil.rmtree(self.of_record(record), ignore_errors=True)

    def remove(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
