"""Rows as they were, rewound here fact by fact: for a page or a single record quicker than asking the database to."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Connection, and_, func, select

from amparo.runtime.planner.views import Row, View, fetched
from amparo.runtime.releases.live import LiveObject
from amparo.runtime.serializer.labels import in_parts
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.projection import FieldPlace
from amparo.runtime.stores.tables import DELETED, OWNER, RECORD_TYPE
from amparo.runtime.stores.types import instant

#: A row of the projection that can still be changed.
_Past = dict[str, Any]


def past_rows(
    connection: Connection, view: View, records: Sequence[uuid.UUID], names: Collection[str], tx: int
) -> list[Row]:
    """The rows of records that were there after transaction ``tx``, in the order given.

    Those that were erased since have none. Roll-ups are those of today: ``planner.past_roll_ups``.
    """
    live = view.live
    present = View(view.store, view.release, live)
    statement = select(*present.row_columns(names)).select_from(present.source)
    rows: dict[uuid.UUID, _Past] = {}
    for part in in_parts(records):
        found = fetched(connection, statement.where(live.table.c.id.in_(part)))
        rows |= {row["id"]: dict(row) for row in found}
    rewind(connection, view.store, live, rows, tx)
    return [rows[record] for record in records if record in rows]


def rewind(
    connection: Connection, store: OrganisationStore, live: LiveObject, rows: dict[uuid.UUID, _Past], tx: int
) -> None:
    """Changes rows of the present into those after transaction ``tx``, ``was_deleted`` with them."""
    for row in rows.values():
        row["was_deleted"] = row["deleted_tx"] is not None
    touched = [identifier for identifier, row in rows.items() if row["version"] > tx]
    fact = store.tables.fact
    later = select(fact.c.record, fact.c.field, fact.c.old, fact.c.old_missing).where(fact.c.tx > tx)
    for part in in_parts(touched):
        # From the last to the first, so that the first later fact has the last word.
        for record, *held in connection.execute(later.where(fact.c.record.in_(part)).order_by(fact.c.tx.desc())):
            _put_back(live, rows[record], *held)
    _put_back_last_changes(connection, store, {each: rows[each] for each in touched}, tx)


def _put_back(live: LiveObject, row: _Past, number: int, text: str | None, reason: str | None) -> None:
    if number == DELETED:
        row["was_deleted"] = text is not None
    elif number == OWNER:
        row["owner"] = uuid.UUID(text) if text else None
    elif number == RECORD_TYPE:
        row["record_type"] = text
    elif (place := live.by_number.get(number)) is not None:
        row |= _columns(place, text, reason)


def _columns(place: FieldPlace, text: str | None, reason: str | None) -> dict[str, Any]:
    value: Any = text
    if text is not None and not place.sensitive and not place.storage.is_kept_as_text:
        value = place.type.from_text(place.field, text)
    return {place.column_name: value} | ({place.missing_column: reason} if place.has_reasons else {})


def _put_back_last_changes(
    connection: Connection, store: OrganisationStore, rows: dict[uuid.UUID, _Past], tx: int
) -> None:
    """Who changed each record last up to the instant; its creation may have no facts."""
    fact, record, transaction = store.tables.fact, store.tables.record, store.tables.tx
    for part in in_parts(rows):
        last = (
            select(record.c.id, func.coalesce(func.max(fact.c.tx), record.c.created_tx).label("tx"))
            .outerjoin(fact, and_(fact.c.record == record.c.id, fact.c.tx <= tx))
            .where(record.c.id.in_(part))
            .group_by(record.c.id, record.c.created_tx)
            .subquery()
        )
        told = select(last.c.id, transaction.c.id.label("tx"), transaction.c.at, transaction.c.actor)
        for row in connection.execute(told.join(transaction, transaction.c.id == last.c.tx)):
            rows[row.id] |= {"version": row.tx, "updated_at": instant(row.at), "updated_by": row.actor}
