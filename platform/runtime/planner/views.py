"""One object's rows as columns to select, filter, sort and group by: as they are now.

Everything that asks about records goes through a view, so that the same
question can be asked of the present (here) and of a past instant
(``planner.rewinding``).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Executable, FromClause, and_

from amparo.metadata.rules.compiled import Path
from amparo.runtime.access import Actor
from amparo.runtime.planner.computing import computed_value
from amparo.runtime.planner.entries import Forms, holding_words
from amparo.runtime.planner.row_access import visible_rows
from amparo.runtime.releases.live import LiveObject, LiveRelease
from amparo.runtime.roll_ups.values import held_value
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.projection import FieldPlace

Expression = ColumnElement[Any]
Condition = ColumnElement[bool]
#: One row by column name.
Row = Mapping[str, Any]

#: Columns every row is read with.
ROW_COLUMNS = (
    "id", "version", "created_at", "created_by", "updated_at", "updated_by", "owner", "record_type", "deleted_tx",
)  # fmt: skip


def fetched(connection: Connection, statement: Executable, given: Mapping[str, Any] | None = None) -> list[Row]:
    """All rows of a statement, as plain dictionaries: each is looked into many times."""
    result = connection.execute(statement, given)
    names = tuple(result.keys())
    return [dict(zip(names, row, strict=True)) for row in result.all()]


@dataclass(frozen=True, slots=True)
class Behind:
    """Where a view lies that is reached across a lookup of another one."""

    view: View
    lookup: str


class View:
    """The present. ``is_past`` views give values of then under the same names."""

    is_past = False

    def __init__(
        self,
        store: OrganisationStore,
        release: LiveRelease,
        live: LiveObject,
        *,
        now: dt.datetime | None = None,
        behind: Behind | None = None,
    ) -> None:
        """``now`` is the moment at which formula fields are computed."""
        self.store = store
        self.release = release
        self.live = live
        self.now = now or dt.datetime.now(dt.UTC)
        self.behind = behind
        self.table: FromClause = live.table if behind is None else live.table.alias()
        self._root: View = self if behind is None else behind.view._root
        self._source: FromClause = live.table
        self._beyond: dict[tuple[str, str], View] = {}
        self._sidecar: FromClause | None = None
        if behind is not None:
            self.join(self.table, self.table.c.id == behind.view.value(behind.lookup))

    @property
    def on_postgres(self) -> bool:
        return self.store.is_postgres

    @property
    def source(self) -> FromClause:
        """What to select from: ask last, when every expression of the statement is made."""
        return self._source

    def join(self, table: FromClause, on: Condition) -> None:
        """Adds to the source what an expression needs; at most one row of it for each of ours."""
        self._root._source = self._root._source.outerjoin(table, on)

    def beyond(self, lookup: str, target: str) -> View:
        """The records of an object that a lookup points to, joined once."""
        key = lookup, target
        if key not in self._beyond:
            self._beyond[key] = self._view_behind(Behind(self, lookup), self.release.object(target))
        return self._beyond[key]

    def _view_behind(self, behind: Behind, live: LiveObject) -> View:
        return View(self.store, self.release, live, now=self.now, behind=behind)

    def value(self, name: str) -> Expression:
        """A defined or system field's value; a sensitive one is sealed, and what a formula field yields computed."""
        place = self.live.fields.get(name)
        if place is not None and place.field.formula is not None:
            return computed_value(self, place)
        return self.kept_value(name)

    def kept_value(self, name: str) -> Expression:
        """The value of a field that is no formula field."""
        place = self.live.fields.get(name)
        if place is not None and place.field.roll_up is not None:
            return held_value(place, self.rolled_up(place))
        return self.table.c[self.live.fields[name].column_name if name in self.live.fields else name]

    def rolled_up(self, place: FieldPlace) -> FromClause | None:
        """What has a roll-up's values by its column, joined by its ``id``; None for one that is retired."""
        if self.live.sidecar is None or place.field.retired:
            return None
        if self._sidecar is None:
            self._sidecar = self.live.sidecar if self.behind is None else self.live.sidecar.alias()
            self.join(self._sidecar, self._sidecar.c.id == self.table.c.id)
        return self._sidecar

    def reason(self, place: FieldPlace) -> Expression | None:
        """Why there is no value, for fields that take reasons."""
        return self.table.c[place.missing_column] if place.has_reasons else None

    def match_hash(self, place: FieldPlace) -> Expression:
        return self.table.c[place.match_column]

    def days(self, place: FieldPlace) -> tuple[Expression, Expression]:
        """The first and the last day that a partly known date may be."""
        return self.table.c[place.first_column], self.table.c[place.last_column]

    def search_key(self, place: FieldPlace) -> Expression | None:
        """The normalised text, at most ``KEY_LENGTH`` characters of it."""
        return self.table.c[place.key_column] if place.has_key else None

    def holds_words(self, words: Sequence[Forms], *, row_by_row: bool = False) -> Condition:
        """Whether every word stands in what a record is found by; how that is asked: ``planner.entries``."""
        return holding_words(self.store, self.live.place.number, words, self.table.c.id, row_by_row=row_by_row)

    def living(self) -> Condition:
        return self.table.c.deleted_tx.is_(None)

    def deleted(self) -> Condition:
        return self.table.c.deleted_tx.is_not(None)

    def seen_by(self, actor: Actor, *, deleted: bool = False) -> Condition:
        """Rows that are there for this actor."""
        return and_(self.deleted() if deleted else self.living(), *visible_rows(actor, self.live))

    def row_columns(self, names: Iterable[str]) -> list[Expression]:
        """The columns every row has and those of the named fields, called as in the projection; from ``source``.

        Instead of a formula field what it reads of the record: its value is computed for the rows that are wanted.
        """
        columns: dict[str, Expression] = {name: self.table.c[name] for name in ROW_COLUMNS}
        for name in read_for(self.release, self.live, names):
            if name in self.live.fields:
                place = self.live.fields[name]
                columns[place.column_name] = self.value(name)
                if (reason := self.reason(place)) is not None:
                    columns[place.missing_column] = reason
        return [column if column.key == name else column.label(name) for name, column in columns.items()]


def read_for(release: LiveRelease, live: LiveObject, names: Iterable[str]) -> Iterator[str]:
    """Fields, with those of the record that formula fields among them read in their place."""
    for name in names:
        computed = release.computed(live, name) if name in live.fields else None
        yield from (name,) if computed is None else sorted(computed.own)


def paths_for(release: LiveRelease, live: LiveObject, names: Iterable[str]) -> set[Path]:
    """What is read of the records themselves, and of others, to know the named fields."""
    computed = {name: release.computed(live, name) if name in live.fields else None for name in names}
    return {path for name, each in computed.items() for path in (((name,),) if each is None else each.reads)}


def naming_fields(live: LiveObject) -> tuple[str, ...]:
    """The fields that tell one record from another: its name and its number."""
    definition = live.definition
    wanted = (definition.name_field, definition.number_field)
    return tuple(name for name in wanted if name is not None and name in live.fields)
