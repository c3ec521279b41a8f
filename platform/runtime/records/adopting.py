"""The contents of files go with the save that refers to them.

Before the head is taken, each file that was sent and is now answered with is
sealed anew under its record's key and is on the disk: whatever ends the
program, there is no fact without its content. A content without a fact, from a
save that did not come about, is found by its record's marker and removed later
(``files.settling``), never here: whether a commit that failed on its way back
came about, nobody here can know.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import select

from amparo.metadata.file_references import FileReference
from amparo.metadata.problems import Problem
from amparo.metadata.wording import N_
from amparo.runtime.access import Actor
from amparo.runtime.files.contents import keep_content
from amparo.runtime.files.referring import files_of_field
from amparo.runtime.files.staging import Place, Upload, find_upload
from amparo.runtime.keys import RecordKey
from amparo.runtime.records.prepared import Prepared
from amparo.runtime.releases.live import LiveObject
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.projection import FieldPlace


@dataclass
class Adopted:
    """The uploads whose contents were sealed for records, with the notes of it; both go once those are saved."""

    uploads: dict[uuid.UUID, list[Upload]] = field(default_factory=lambda: defaultdict(list))
    markers: dict[uuid.UUID, Path] = field(default_factory=dict)


def adopt_files(store: OrganisationStore, actor: Actor, live: LiveObject, prepared: Sequence[Prepared]) -> Adopted:
    """Adds a problem to each change that refers to a file it may not have."""
    adopted = Adopted()
    for change in prepared if live.files else ():
        referred = [(place, answer) for place in live.files if (answer := _file_in(change, place)) is not None]
        if referred:
            _adopt(store, actor, change, referred, adopted)
    return adopted


def refers_to_files(live: LiveObject, change: Prepared) -> bool:
    """Whether the record's key is made when its files are adopted, and not before."""
    return any(_file_in(change, place) is not None for place in live.files)


def _file_in(change: Prepared, place: FieldPlace) -> FileReference | None:
    answer = change.answers.get(place.field.name)
    return answer if isinstance(answer, FileReference) else None


def _adopt(
    store: OrganisationStore,
    actor: Actor,
    change: Prepared,
    referred: Sequence[tuple[FieldPlace, FileReference]],
    adopted: Adopted,
) -> None:
    if change.change.is_update:
        change.key = _present_key(store, change.record)
        if change.key is None:
            # There is no such record, or it was erased: the update says so itself.
            return
    key = change.key = change.key or store.keys.new_record_key(change.record)
    for place, reference in referred:
        if change.change.is_update and reference in _earlier(store, place, key):
            continue
        upload = find_upload(store, actor, reference.id)
        wanted = Place(place.id, change.record if change.change.is_update else None)
        if upload is None or upload.reference != reference or upload.place != wanted:
            advice = N_("Choose the file again: what was sent before is no longer there.")
            change.problems.append(Problem("upload_gone", place.field.name, reference.name, advice))
            continue
        if change.record not in adopted.markers:
            adopted.markers[change.record] = store.files.begin_settling(change.record)
        _seal_for_record(store, key, upload)
        adopted.uploads[change.record].append(upload)


def _present_key(store: OrganisationStore, record: uuid.UUID) -> RecordKey | None:
    table = store.tables.record
    with store.reading() as connection:
        wrapped = connection.scalar(select(table.c.wrapped_key).where(table.c.id == record))
    return None if wrapped is None else store.keys.open_record_key(record, bytes(wrapped))


def _earlier(store: OrganisationStore, place: FieldPlace, key: RecordKey) -> set[FileReference]:
    with store.reading() as connection:
        return files_of_field(connection, store, place, key)


def _seal_for_record(store: OrganisationStore, key: RecordKey, upload: Upload) -> None:
    identifier = upload.reference.id
    for part in upload.parts():
        path = store.files.content(key.record, identifier, part)
        keep_content(path, upload.read(part), key.file_secret, identifier, part)


def forget_adopted(adopted: Adopted, saved: Sequence[uuid.UUID]) -> None:
    """After the commit. What cannot be forgotten now is an old upload tomorrow."""
    with suppress(OSError):
        for record in saved:
            for upload in adopted.uploads.get(record, ()):
                upload.forget()
            if record in adopted.markers:
                adopted.markers[record].unlink(missing_ok=True)
