"""One object's rows as columns to select, filter, sort and group by: as they are now.

Everything that asks about records goes through a view, so that the same
question can be asked of the present (here) and of a past instant
(``planner.rewinding``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Executable, FromClause, and_

from amparo.runtime.access import Actor
from amparo.runtime.planner.entries import Forms, holding_words
from amparo.runtime.planner.row_access import visible_rows
from amparo.runtime.releases.live import LiveObject, LiveRelease
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
    return [dict(zip(names, row, strict=True)) for row in result]


class View:
    """The present. ``is_past`` views give values of then under the same names."""

    is_past = False

    def __init__(self, store: OrganisationStore, release: LiveRelease, live: LiveObject) -> None:
        self.store = store
        self.release = release
        self.live = live
        self.table = live.table
        self._source: FromClause = live.table

    @property
    def on_postgres(self) -> bool:
        return self.store.is_postgres

    @property
    def source(self) -> FromClause:
        """What to select from: ask last, when every expression of the statement is made."""
        return self._source

    def join(self, table: FromClause, on: Condition) -> None:
        """Adds to the source what an expression needs; at most one row of it for each of ours."""
        self._source = self._source.outerjoin(table, on)

    def value(self, name: str) -> Expression:
        """A defined or system field's value; a sensitive one is sealed."""
        return self.table.c[self.live.fields[name].column_name if name in self.live.fields else name]

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
        """The columns every row has and those of the named fields, called as in the projection."""
        columns: dict[str, Expression] = {name: self.table.c[name] for name in ROW_COLUMNS}
        for name in names:
            if name in self.live.fields:
                place = self.live.fields[name]
                columns[place.column_name] = self.value(name)
                if (reason := self.reason(place)) is not None:
                    columns[place.missing_column] = reason
        return [column if column.key == name else column.label(name) for name, column in columns.items()]


def naming_fields(live: LiveObject) -> tuple[str, ...]:
    """The fields that tell one record from another: its name and its number."""
    definition = live.definition
    wanted = (definition.name_field, definition.number_field)
    return tuple(name for name in wanted if name is not None and name in live.fields)
