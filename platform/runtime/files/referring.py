"""Which files the records of an organisation refer to, today or at any time before."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Row, Select, select

from amparo.metadata.fields.base import Storage
from amparo.metadata.file_references import FileReference
from amparo.runtime.keys import RecordKey
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.projection import FieldPlace

_FETCH = 1000


@dataclass(frozen=True, slots=True)
class RecordFiles:
    """The files of one record that was not erased, each once, in the order of their identifiers."""

    record: uuid.UUID
    key: RecordKey
    files: tuple[FileReference, ...]


def files_of_records(
    connection: Connection, store: OrganisationStore, records: Collection[uuid.UUID] | None = None
) -> Iterator[RecordFiles]:
    """Of all records that hold files, or of those named; streamed record by record."""
    query = _facts(store).order_by(store.tables.fact.c.record)
    if records is not None:
        query = query.where(store.tables.fact.c.record.in_(records))
    with connection.execute(query, execution_options={"yield_per": _FETCH}) as rows:
        for record, facts in groupby(rows, key=lambda row: row.record):
            yield _record_files(store, record, list(facts))


def _facts(store: OrganisationStore) -> Select[Any]:
    fact, places, kept = store.tables.fact, store.tables.field_map, store.tables.record
    return (
        select(fact.c.record, fact.c.new, places.c.id, places.c.sensitive, kept.c.wrapped_key)
        .join(places, places.c.number == fact.c.field)
        .join(kept, kept.c.id == fact.c.record)
        .where(places.c.storage == Storage.FILE.value, fact.c.new.is_not(None), kept.c.wrapped_key.is_not(None))
    )


def _record_files(store: OrganisationStore, record: uuid.UUID, facts: list[Row[Any]]) -> RecordFiles:
    key = store.keys.open_record_key(record, bytes(facts[0].wrapped_key))
    texts = {key.unseal_text(row.new, row.id) if row.sensitive else row.new for row in facts}
    references = sorted((FileReference.from_text(text) for text in texts), key=lambda each: each.id)
    return RecordFiles(record, key, tuple(references))


def files_of_field(
    connection: Connection, store: OrganisationStore, place: FieldPlace, key: RecordKey
) -> set[FileReference]:
    """Every file that one field of a record holds or ever held."""
    fact = store.tables.fact
    query = select(fact.c.new).where(fact.c.record == key.record, fact.c.field == place.number, fact.c.new.is_not(None))
    texts = connection.scalars(query).all()
    return {FileReference.from_text(key.unseal_text(text, place.id) if place.sensitive else text) for text in texts}
