"""One record as it was: its row rewound here, fact by fact, which is quicker than asking the database to."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import Connection, func, select

from amparo.metadata.fields.base import Storage
from amparo.runtime.planner.views import Row
from amparo.runtime.releases.live import LiveObject
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.projection import FieldPlace
from amparo.runtime.stores.tables import DELETED, OWNER, RECORD_TYPE
from amparo.runtime.stores.types import instant


def rewound(
    connection: Connection, store: OrganisationStore, live: LiveObject, row: Row, created_tx: int, tx: int
) -> Row | None:
    """The row as after transaction ``tx``; None where it was not there or deleted then."""
    if created_tx > tx:
        return None
    past = dict(row)
    deleted = row["deleted_tx"] is not None
    fact = store.tables.fact
    later = select(fact.c.field, fact.c.old, fact.c.old_missing).where(fact.c.record == row["id"], fact.c.tx > tx)
    # From the last to the first, so that the first later fact has the last word.
    for number, old, reason in connection.execute(later.order_by(fact.c.tx.desc())):
        if number == DELETED:
            deleted = old is not None
        elif number == OWNER:
            past["owner"] = uuid.UUID(old) if old else None
        elif number == RECORD_TYPE:
            past["record_type"] = old
        elif (place := live.by_number.get(number)) is not None:
            past |= _columns(place, old, reason)
    if deleted:
        return None
    return past | _last_change(connection, store, row, created_tx, tx)


def _columns(place: FieldPlace, text: str | None, reason: str | None) -> dict[str, Any]:
    value: Any = text
    if text is not None and not place.sensitive and place.storage is not Storage.CODES:
        value = place.type.from_text(place.field, text)
    return {place.column_name: value} | ({place.missing_column: reason} if place.has_reasons else {})


def _last_change(
    connection: Connection, store: OrganisationStore, row: Row, created_tx: int, tx: int
) -> dict[str, Any]:
    """Who changed the record last, up to the instant; its creation may have no facts."""
    if row["version"] <= tx:
        return {}
    fact, transaction = store.tables.fact, store.tables.tx
    last = select(func.max(fact.c.tx)).where(fact.c.record == row["id"], fact.c.tx <= tx).scalar_subquery()
    found = connection.execute(
        select(transaction.c.id, transaction.c.at, transaction.c.actor).where(
            transaction.c.id == func.coalesce(last, created_tx)
        )
    ).one()
    return {"version": found.id, "updated_at": instant(found.at), "updated_by": found.actor}
