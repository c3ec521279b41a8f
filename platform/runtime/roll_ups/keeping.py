"""Keeping roll-ups: counted anew for the records that a transaction touches, before it ends.

Whoever writes holds the head, so nobody else changes what is counted meanwhile. What is kept is derived: there are no
facts of it, and the record that something is counted for gets no new version.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Table, bindparam, select
from sqlalchemy.dialects import postgresql, sqlite

from amparo.runtime.planner.views import View
from amparo.runtime.releases.live import LiveObject, LiveRelease
from amparo.runtime.roll_ups.aggregates import counted
from amparo.runtime.roll_ups.sources import RollUpSource
from amparo.runtime.roll_ups.values import held_value, initial_value
from amparo.runtime.serializer.labels import in_parts
from amparo.runtime.stores.driver_statements import DriverStatement
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.round_trips import driver_cursor
from amparo.runtime.stores.types import Identifier, driver_converter

Upsert = postgresql.Insert | sqlite.Insert
_MASTER, _MASTERS = "master", "masters"


class Touched:
    """The records whose roll-ups a transaction changes, brought up to date once at its end.

    One statement for each lookup over which something is rolled up, however many records are saved.
    """

    def __init__(self, connection: Connection, store: OrganisationStore, release: LiveRelease) -> None:
        self._connection = connection
        self._store = store
        self._release = release
        self._masters: defaultdict[RollUpSource, set[uuid.UUID]] = defaultdict(set)

    def add_created(self, live: LiveObject, answers: Iterable[Mapping[str, Any]]) -> None:
        for source in self._sources(live):
            name = source.lookup.field.name
            self.add_masters(source, (each.get(name) for each in answers))

    def add_changed(
        self, live: LiveObject, changed: Collection[str], row: Mapping[str, Any], columns: Mapping[str, Any]
    ) -> None:
        """A record that held ``row``, of which the fields ``changed`` are changed to ``columns``."""
        for source in self._sources(live):
            if source.concerns(changed):
                column = source.lookup.column_name
                self.add_masters(source, (row[column], columns.get(column)))

    def add_records(self, live: LiveObject, records: Collection[uuid.UUID]) -> None:
        """Records that are deleted, brought back or erased; asked for what they point to, so before they are gone."""
        for source in self._sources(live):
            column = live.table.c[source.lookup.column_name]
            for part in in_parts(records):
                pointed_to = select(column).where(live.table.c.id.in_(part), column.is_not(None)).distinct()
                self.add_masters(source, self._connection.scalars(pointed_to))

    def _sources(self, live: LiveObject) -> tuple[RollUpSource, ...]:
        return self._release.sources_among.get(live.name, ())

    def add_masters(self, source: RollUpSource, masters: Iterable[Any]) -> None:
        """What points to nothing, or has a reason for it, is passed over."""
        self._masters[source].update(each for each in masters if isinstance(each, uuid.UUID))

    @property
    def sidecars(self) -> list[Table]:
        """The tables in which something changes."""
        return list(dict.fromkeys(sidecar_of(source) for source, masters in self._masters.items() if masters))

    def bring_up_to_date(self) -> None:
        """After all that is counted is written."""
        for source, masters in self._masters.items():
            single = _single_statement(self._store, self._release, source) if len(masters) == 1 else None
            if single is not None:
                with driver_cursor(self._connection) as cursor:
                    single.run(cursor, **{_MASTER: _for_driver(self._store, *masters)})
                continue
            statement = _touched_statement(self._store, self._release, source)
            for part in in_parts(masters):
                self._connection.execute(statement, {_MASTERS: part})
        self._masters.clear()


def sidecar_of(source: RollUpSource) -> Table:
    if source.master.sidecar is None:
        raise TypeError(f"{source.master.name} has no roll-ups.")
    return source.master.sidecar


# Most saves touch one record. SQLAlchemy's way to the driver took eight times as long as SQLite takes to count.
@lru_cache(maxsize=256)
def _single_statement(store: OrganisationStore, release: LiveRelease, source: RollUpSource) -> DriverStatement | None:
    """None where a filter has a list of values, which only SQLAlchemy spreads over the statement."""
    asked = (each.field.roll_up for each in source.roll_ups)
    if any(isinstance(row.value, (list, tuple)) for each in asked if each is not None for row in each.filters):
        return None

    def wanted(record: ColumnElement[Any]) -> ColumnElement[bool]:
        return record == bindparam(_MASTER, type_=Identifier())

    return DriverStatement(_upsert(store, release, source, wanted), store.engine.dialect)


def _for_driver(store: OrganisationStore, record: uuid.UUID) -> Any:
    convert = driver_converter(Identifier(), store.engine.dialect)
    return record if convert is None else convert(record)


# Made once under a release: building the statement takes longer than running it.
@lru_cache(maxsize=256)
def _touched_statement(store: OrganisationStore, release: LiveRelease, source: RollUpSource) -> Upsert:
    def wanted(record: ColumnElement[Any]) -> ColumnElement[bool]:
        return record.in_(bindparam(_MASTERS, expanding=True))

    return _upsert(store, release, source, wanted)


def count_all(connection: Connection, store: OrganisationStore, release: LiveRelease, source: RollUpSource) -> None:
    """The roll-ups of every record, in one statement. The caller keeps writers out."""
    connection.execute(_upsert(store, release, source, None))


def _upsert(
    store: OrganisationStore,
    release: LiveRelease,
    source: RollUpSource,
    wanted: Callable[[ColumnElement[Any]], ColumnElement[bool]] | None,
) -> Upsert:
    sidecar = sidecar_of(source)
    own = [place.column_name for place in source.roll_ups]
    # A row that is new holds what nothing gives for the roll-ups of other lookups.
    others = [place for place in source.master.roll_ups if place not in source.roll_ups]
    fresh = fresh_values(store, release, source, wanted).add_columns(
        *(initial_value(place).label(place.column_name) for place in others)
    )
    if wanted is not None:
        fresh = fresh.where(wanted(source.master.table.c.id))
    made: Upsert = postgresql.insert(sidecar) if store.is_postgres else sqlite.insert(sidecar)
    names = ["id", *own, *(place.column_name for place in others)]
    # SQLite takes ON for a join's unless something stands before it.
    filled = made.from_select(names, fresh.where(source.master.table.c.id.is_not(None)))
    return filled.on_conflict_do_update(index_elements=["id"], set_={name: made.excluded[name] for name in own})


def fresh_values(
    store: OrganisationStore,
    release: LiveRelease,
    source: RollUpSource,
    wanted: Callable[[ColumnElement[Any]], ColumnElement[bool]] | None = None,
) -> Select[Any]:
    """Records of the source's master with what its roll-ups hold when they are counted now, by their columns."""
    fresh = counted(View(store, release, source.child), source, wanted)
    table = source.master.table
    values = [held_value(place, fresh).label(place.column_name) for place in source.roll_ups]
    return select(table.c.id, *values).select_from(table.outerjoin(fresh, fresh.c.id == table.c.id))
