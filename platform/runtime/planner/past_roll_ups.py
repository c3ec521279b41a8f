"""Roll-ups of rows as they were: counted again from what pointed to them then, with one question for each lookup."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Select, select, union

from amparo.runtime.planner.past_rows import past_rows
from amparo.runtime.planner.rewinding import PastView
from amparo.runtime.planner.views import Row, View, fetched, read_for
from amparo.runtime.roll_ups.aggregates import counted
from amparo.runtime.roll_ups.sources import RollUpSource
from amparo.runtime.roll_ups.values import initial_answers
from amparo.runtime.serializer.labels import in_parts
from amparo.runtime.stores.projection import FieldPlace


def whole_past_rows(
    connection: Connection, view: View, records: Sequence[uuid.UUID], names: Collection[str], tx: int
) -> list[Row]:
    """As :func:`past_rows`, with what roll-ups held then."""
    rows = {row["id"]: dict(row) for row in past_rows(connection, view, records, names, tx)}
    count_again(connection, view, rows, names, tx)
    return [*rows.values()]


def count_again(
    connection: Connection, view: View, rows: Mapping[uuid.UUID, dict[str, Any]], names: Collection[str], tx: int
) -> None:
    """Puts into the rows what the roll-ups among the named fields held after transaction ``tx``."""
    read = set(read_for(view.release, view.live, names))
    wanted = {place.number for place in view.live.roll_ups if place.field.name in read}
    for source in view.release.roll_up_sources:
        places = [place for place in source.roll_ups if place.number in wanted]
        if source.master is not view.live or not places or not rows:
            continue
        nothing = {place.column_name: initial_answers(view.live)[place.field.name] for place in places}
        for row in rows.values():
            row.update(nothing)
        for part in in_parts(rows):
            for found in _counted_then(connection, view, source, places, part, tx):
                rows[found["id"]].update({place.column_name: found[place.column_name] for place in places})


def _counted_then(
    connection: Connection,
    view: View,
    source: RollUpSource,
    places: Sequence[FieldPlace],
    records: Sequence[uuid.UUID],
    tx: int,
) -> list[Row]:
    pointing = _ever_pointing(view, source, records, tx)
    store, release = view.store, view.release
    then = PastView(connection, store, release, source.child, tx, source.paths, now=view.now, only=pointing)
    made = counted(then, source, lambda pointed_to: then.table.c.id.in_(pointing) & pointed_to.in_(records))
    return fetched(connection, select(made.c.id, *(made.c[place.column_name] for place in places)))


def _ever_pointing(view: View, source: RollUpSource, records: Sequence[uuid.UUID], tx: int) -> Select[tuple[uuid.UUID]]:
    """Those that point to the records now, or did when that was last changed after the transaction."""
    table, fact = source.child.table, view.store.tables.fact
    now = select(table.c.id.label("id")).where(table.c[source.lookup.column_name].in_(records))
    since = select(fact.c.record.label("id")).where(
        fact.c.tx > tx, fact.c.field == source.lookup.number, fact.c.old.in_([str(each) for each in records])
    )
    both = union(now, since).subquery()
    return select(both.c.id)
