"""What records hold now: their rows with their keys, and the answers in them, in the clear."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Select, Table, bindparam, select

from amparo.metadata.fields.base import Answer
from amparo.runtime.keys import OrganisationKeys, RecordKey
from amparo.runtime.records.encoding import Sealed, answer_from
from amparo.runtime.releases.live import LiveObject
from amparo.runtime.stores.projection import FieldPlace
from amparo.runtime.stores.tables import OrganisationTables

Row = Mapping[str, Any]


def current_rows(
    connection: Connection,
    tables: OrganisationTables,
    live: LiveObject,
    keys: OrganisationKeys,
    records: Sequence[uuid.UUID],
) -> dict[uuid.UUID, tuple[Row, RecordKey]]:
    """Projection rows with their keys, deleted ones too."""
    (query,) = live.plans.kept("rows with keys", lambda: [_rows_with_keys(tables, live.table)])
    rows = connection.execute(query, {"records": records}).mappings()
    return {row["id"]: (dict(row), keys.open_record_key(row["id"], bytes(row["wrapped_key"]))) for row in rows}


def _rows_with_keys(tables: OrganisationTables, table: Table) -> Select[Any]:
    query = select(*table.c, tables.record.c.wrapped_key).join(tables.record, tables.record.c.id == table.c.id)
    return query.where(table.c.id.in_(bindparam("records", expanding=True)))


def held_answer(place: FieldPlace, row: Row, key: RecordKey) -> Answer:
    """For the save pipeline alone: rules see what the person who saves may not."""
    answer = answer_from(place, row)
    if isinstance(answer, Sealed):
        return place.type.from_text(place.field, key.unseal_text(answer.text, place.id))
    return answer
