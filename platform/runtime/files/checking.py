"""Whether every file that a record refers to is there and is what was kept."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass

from amparo.metadata.file_references import FileReference
from amparo.runtime.files.areas import Part
from amparo.runtime.files.contents import ContentProblem, is_right, read_content
from amparo.runtime.files.referring import RecordFiles, files_of_records
from amparo.runtime.stores.organisation import OrganisationStore

#: Faults that are named; the others are only counted.
MOST_NAMED = 100


@dataclass(frozen=True, slots=True)
class FileFault:
    """``what`` is missing, or damaged."""

    record: uuid.UUID
    file: uuid.UUID
    what: str

    def __str__(self) -> str:
        return f"Record {self.record}: the content of file {self.file} is {self.what}."


@dataclass(frozen=True, slots=True)
class FilesCheck:
    """``files`` were looked at, ``bytes`` read; ``faults`` counts all, ``named`` holds the first of them."""

    files: int
    bytes: int
    faults: int
    named: tuple[FileFault, ...]


def check_files(store: OrganisationStore) -> FilesCheck:
    """Opens and hashes every content, also of earlier answers and of deleted records, while people work."""
    files = size = faults = 0
    named: list[FileFault] = []
    with store.reading() as connection:
        for held in files_of_records(connection, store):
            files += len(held.files)
            size += sum(reference.size for reference in held.files)
            for fault in _faults(store, held):
                faults += 1
                if len(named) < MOST_NAMED:
                    named.append(fault)
    return FilesCheck(files, size, faults, tuple(named))


def _faults(store: OrganisationStore, held: RecordFiles) -> Iterator[FileFault]:
    for reference in held.files:
        what = _fault(store, held, reference)
        if what:
            yield FileFault(held.record, reference.id, what)


def _fault(store: OrganisationStore, held: RecordFiles, reference: FileReference) -> str:
    path = store.files.content(held.record, reference.id)
    if not path.exists():
        return "missing"
    try:
        pieces = read_content(path, held.key.file_secret, reference.id, Part.CONTENT)
        return "" if is_right(pieces, reference) else "damaged"
    except ContentProblem:
        return "damaged"
