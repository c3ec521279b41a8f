"""The file behind an answer, for those who may read the answer."""

from __future__ import annotations

import uuid
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from amparo.metadata.fields.base import Storage
from amparo.metadata.file_references import FileReference
from amparo.metadata.wording import N_
from amparo.runtime.access import Actor, Permission
from amparo.runtime.errors import NotFound
from amparo.runtime.files.areas import Part
from amparo.runtime.files.contents import read_content
from amparo.runtime.files.referring import files_of_field
from amparo.runtime.keys import RecordKey
from amparo.runtime.planner.row_access import visible_rows
from amparo.runtime.stores.organisation import OrganisationStore


@dataclass(frozen=True, slots=True)
class FoundFile:
    """What a record keeps of a file, and its content."""

    reference: FileReference
    _path: Path
    _key: RecordKey
    _part: Part

    def read(self) -> Generator[bytes, None, None]:
        """In pieces. Raises :class:`~amparo.runtime.files.contents.ContentProblem`, before the first or after any."""
        return read_content(self._path, self._key.file_secret, self.reference.id, self._part)


def has_small_picture(store: OrganisationStore, record: uuid.UUID, file: uuid.UUID) -> bool:
    """Whether a file of a record that was read already can be shown small."""
    return store.files.content(record, file, Part.SMALL).exists()


def find_file(
    store: OrganisationStore,
    actor: Actor,
    object_name: str,
    record_id: uuid.UUID,
    field_name: str,
    file_id: uuid.UUID,
    part: Part = Part.CONTENT,
) -> FoundFile:
    """A file that a field of a record holds, or held at any time: whoever may read the one may read the other.

    Raises :class:`NotFound` for everything that is not there or not for this
    reader, alike, so that an answer tells nothing.
    """
    actor.require(Permission.RECORDS_READ)
    nothing = NotFound(N_("There is no such file, or it is not for you to see."))
    with store.reading() as connection:
        live = store.live(connection).object(object_name)
        place = live.fields.get(field_name)
        if place is None or (place.sensitive and not actor.may(Permission.SENSITIVE_READ)):
            raise nothing
        kept = store.tables.record
        query = (
            select(kept.c.wrapped_key)
            .join(live.table, live.table.c.id == kept.c.id)
            .where(kept.c.id == record_id, *visible_rows(actor, live))
        )
        wrapped = connection.scalar(query)
        if wrapped is None or place.storage is not Storage.FILE:
            raise nothing
        key = store.keys.open_record_key(record_id, bytes(wrapped))
        files = files_of_field(connection, store, place, key)
    reference = next((each for each in files if each.id == file_id), None)
    path = store.files.content(record_id, file_id, part)
    if reference is None or (part is not Part.CONTENT and not path.exists()):
        raise nothing
    return FoundFile(reference, path, key, part)
