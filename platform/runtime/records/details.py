"""The records that belong to a record by master-detail, details of details too."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence

from sqlalchemy import ColumnElement, Connection, select

from amparo.runtime.releases.live import LiveObject, LiveRelease


def details(
    connection: Connection,
    release: LiveRelease,
    live: LiveObject,
    masters: Sequence[uuid.UUID],
    *,
    living: bool = False,
    deleted_tx: int | None = None,
) -> Iterator[tuple[LiveObject, list[uuid.UUID]]]:
    """By object, masters before their details: all of them, the living, or those deleted in one transaction."""
    for definition, master in release.application.details_of(live.name):
        detail = release.object(definition.name)
        column = detail.table.c[detail.fields[master.name].column_name]
        state: list[ColumnElement[bool]] = []
        if living:
            state.append(detail.table.c.deleted_tx.is_(None))
        elif deleted_tx is not None:
            state.append(detail.table.c.deleted_tx == deleted_tx)
        records = list(connection.scalars(select(detail.table.c.id).where(column.in_(masters), *state)))
        if records:
            yield detail, records
            yield from details(connection, release, detail, records, living=living, deleted_tx=deleted_tx)
