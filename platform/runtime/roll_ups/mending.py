"""Kept roll-ups compared with a fresh count, and put right where they differ."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

from sqlalchemy import Connection, delete, or_, select, update

from amparo.runtime.releases.live import LiveObject, LiveRelease
from amparo.runtime.roll_ups.keeping import Touched, fresh_values, sidecar_of
from amparo.runtime.roll_ups.sources import RollUpSource
from amparo.runtime.roll_ups.values import held_value
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.projection import FieldPlace
from amparo.runtime.stores.time_limits import lift_time_limits


def wrong_values(
    connection: Connection, store: OrganisationStore, release: LiveRelease, source: RollUpSource
) -> Iterator[tuple[uuid.UUID, FieldPlace]]:
    """Records and the roll-ups of theirs that hold another value than a fresh count gives."""
    sidecar, fresh = sidecar_of(source), fresh_values(store, release, source).subquery()
    differs = [
        held_value(place, sidecar).is_distinct_from(fresh.c[place.column_name]).label(f"d{number}")
        for number, place in enumerate(source.roll_ups)
    ]
    query = select(fresh.c.id, *differs).select_from(fresh.outerjoin(sidecar, sidecar.c.id == fresh.c.id))
    for record, *wrong in connection.execute(query.where(or_(*differs)).order_by(fresh.c.id)):
        yield from ((record, place) for place, is_wrong in zip(source.roll_ups, wrong, strict=True) if is_wrong)


def surplus_rows(connection: Connection, live: LiveObject) -> list[uuid.UUID]:
    """Rows for records that are not there."""
    if live.sidecar is None:
        return []
    record = live.sidecar.c.id
    return list(connection.scalars(select(record).where(record.not_in(select(live.table.c.id))).order_by(record)))


def mend_roll_ups(store: OrganisationStore) -> int:
    """Under the head, so that nobody saves meanwhile; gives the number of records that were put right."""
    mended: set[uuid.UUID] = set()
    with store.engine.begin() as connection:
        lift_time_limits(connection)
        head = store.tables.head
        connection.execute(update(head).values(one=head.c.one))
        release = store.live(connection)
        touched = Touched(connection, store, release)
        for source in release.roll_up_sources:
            wrong = {record for record, _ in wrong_values(connection, store, release, source)}
            touched.add_masters(source, wrong)
            mended |= wrong
        touched.bring_up_to_date()
        for live in release.objects.values():
            surplus = surplus_rows(connection, live)
            if live.sidecar is not None and surplus:
                connection.execute(delete(live.sidecar).where(live.sidecar.c.id.in_(surplus)))
                mended.update(surplus)
    return len(mended)
