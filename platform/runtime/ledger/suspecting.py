"""Which facts of a broken transaction the rest of the ledger contradicts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, select

from amparo.runtime.stores.tables import OrganisationTables

#: Facts of the broken transaction that are looked at.
_LOOKED_AT = 500


def disagreements(connection: Connection, tables: OrganisationTables, facts: Sequence[Row[Any]]) -> list[str]:
    """Each fact says what was there before; its neighbours say what that was. No value is named."""
    found = []
    for fact in facts[:_LOOKED_AT]:
        before, after = (
            _neighbour(connection, tables, fact, later=False),
            _neighbour(connection, tables, fact, later=True),
        )
        place = f"Record {fact.record}, field number {fact.field}"
        if before is not None and (before.new, before.new_missing) != (fact.old, fact.old_missing):
            found.append(f"{place}: what it says was there before is not what transaction {before.tx} put there.")
        if after is not None and (after.old, after.old_missing) != (fact.new, fact.new_missing):
            found.append(f"{place}: what it put there is not what transaction {after.tx} found.")
    return found


def _neighbour(connection: Connection, tables: OrganisationTables, fact: Row[Any], *, later: bool) -> Row[Any] | None:
    table = tables.fact
    query = select(table).where(table.c.record == fact.record, table.c.field == fact.field)
    if later:
        query = query.where(table.c.tx > fact.tx).order_by(table.c.tx)
    else:
        query = query.where(table.c.tx < fact.tx).order_by(table.c.tx.desc())
    return connection.execute(query.limit(1)).one_or_none()
