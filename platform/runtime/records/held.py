"""What records hold now: their rows with their keys, and the answers in them, in the clear."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Select, bindparam, select

from amparo.metadata.fields.base import Answer
from amparo.runtime.keys import OrganisationKeys, RecordKey
from amparo.runtime.records.encoding import Sealed, answer_from
from amparo.runtime.releases.live import LiveObject
from amparo.runtime.roll_ups.values import held_value
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
    """Projection rows and what their roll-ups hold, with their keys, deleted ones too."""
    (query,) = live.plans.kept("rows with keys", lambda: [_rows_with_keys(tables, live)])
    rows = connection.execute(query, {"records": records}).mappings()
    return {row["id"]: (dict(row), keys.open_record_key(row["id"], bytes(row["wrapped_key"]))) for row in rows}


def _rows_with_keys(tables: OrganisationTables, live: LiveObject) -> Select[Any]:
    table, sidecar = live.table, live.sidecar
    rolled_up = [
        held_value(place, sidecar).label(place.column_name) for place in live.fields.values() if _is_one(place)
    ]
    query = select(*table.c, *rolled_up, tables.record.c.wrapped_key)
    query = query.join_from(table, tables.record, tables.record.c.id == table.c.id)
    if sidecar is not None:
        query = query.outerjoin(sidecar, sidecar.c.id == table.c.id)
    return query.where(table.c.id.in_(bindparam("records", expanding=True)))


def _is_one(place: FieldPlace) -> bool:
    """Retired ones, too: they hold nothing."""
    return place.field.roll_up is not None


def held_answer(place: FieldPlace, row: Row, key: RecordKey) -> Answer:
    """For the save pipeline alone: rules see what the person who saves may not."""
    answer = answer_from(place, row)
    if isinstance(answer, Sealed):
        return place.type.from_text(place.field, key.unseal_text(answer.text, place.id))
    return answer
