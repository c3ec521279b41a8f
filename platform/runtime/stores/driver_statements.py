"""Statements that are run again and again, compiled once and given to the driver as they are.

Their way through SQLAlchemy, which looks each time for the text it compiled
before, takes longer than SQLite takes to run them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from sqlalchemy import BindParameter, Connection, Select
from sqlalchemy.engine import Dialect
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.expression import ClauseElement
from sqlalchemy.types import TypeEngine

from amparo.runtime.stores.round_trips import driver_rows
from amparo.runtime.stores.types import Converter, DriverType, driver_converter

#: Turns the values of a column, as the driver gives them, into Python's.
_ColumnReader = Callable[[Iterable[Any]], Iterable[Any]]


class DriverStatement:
    """One statement of a save for one database; made once and kept.

    Values given to it and rows are the driver's own, so only plain numbers, texts and bytes fit; values that stand
    in it are turned into those.
    """

    def __init__(self, statement: ClauseElement, dialect: Dialect) -> None:
        compiled = _compiled(statement, dialect)
        self._text = compiled.string
        self._fixed = {name: _for_driver(each, dialect) for name, each in compiled.binds.items()}
        self._order = compiled.positiontup

    def run(self, cursor: Any, **values: Any) -> None:
        """On a cursor of :func:`driver_cursor`, which then holds the rows."""
        named = {**self._fixed, **values}
        cursor.execute(self._text, named if self._order is None else [named[name] for name in self._order])


class DriverQuestion:
    """One question for one database; made once and kept. Takes the values and gives the rows that SQLAlchemy would."""

    def __init__(self, question: Select[*tuple[Any, ...]], dialect: Dialect, *, keeps_plan: bool = False) -> None:
        """Parameters without a value are given at each asking, each one value.

        ``keeps_plan`` as in :func:`driver_rows`.
        """
        compiled = _compiled(question, dialect)
        unknown = [name for name, each in compiled.binds.items() if each.required]
        state = compiled.construct_expanded_state(dict.fromkeys(unknown))
        convert = {**_bind_processors(compiled, dialect), **state.processors}
        self._dialect = dialect
        self._keeps_plan = keeps_plan
        self._text = state.statement
        self._order = state.positiontup
        self._given = {name: convert.get(name) for name in unknown}
        self._fixed = {
            name: convert[name](value) if name in convert else value
            for name, value in state.parameters.items()
            if name not in self._given
        }
        self._types = [column.type for column in question.selected_columns]
        self._reading: tuple[tuple[str, ...], list[tuple[int, _ColumnReader]]] | None = None

    def rows(self, connection: Connection, given: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        """Each by the names of its columns. ``given`` may hold more than the question asks for."""
        values = dict(self._fixed)
        for name, convert in self._given.items():
            values[name] = given[name] if convert is None else convert(given[name])
        sent = values if self._order is None else tuple([values[name] for name in self._order])
        rows, described = driver_rows(connection, self._text, sent, keeps_plan=self._keeps_plan)
        if self._reading is None:
            self._reading = tuple(each[0] for each in described), list(self._readers(described))
        names, readers = self._reading
        if rows and readers:
            # Column by column, which takes half the time of row by row.
            columns: list[Any] = list(zip(*rows, strict=True))
            for place, read in readers:
                columns[place] = read(columns[place])
            rows = list(zip(*columns, strict=True))
        return [dict(zip(names, row, strict=True)) for row in rows]

    def _readers(self, described: Sequence[Sequence[Any]]) -> Iterator[tuple[int, _ColumnReader]]:
        """What the values of some columns go through; it depends on what the driver says they are."""
        for place, (kind, told) in enumerate(zip(self._types, described, strict=True)):
            read = kind.dialect_impl(self._dialect).result_processor(self._dialect, told[1])
            if read is not None:
                yield place, _column_reader(kind, read)


def _column_reader(kind: TypeEngine[Any], read: Converter) -> _ColumnReader:
    """One of our own types is read without the function that looks for blanks: it takes as long as reading itself."""
    if not isinstance(kind, DriverType):
        return partial(map, read)
    from_driver = kind.from_driver
    return lambda column: [None if value is None else from_driver(value) for value in column]


def _bind_processors(compiled: SQLCompiler, dialect: Dialect) -> dict[str, Converter]:
    found = ((name, each.type.dialect_impl(dialect).bind_processor(dialect)) for name, each in compiled.binds.items())
    return {name: convert for name, convert in found if convert is not None}


def _compiled(statement: ClauseElement, dialect: Dialect) -> SQLCompiler:
    compiled = statement.compile(dialect=dialect)
    if not isinstance(compiled, SQLCompiler):
        raise TypeError("Only what asks or changes rows can be run again and again.")
    return compiled


def _for_driver(bound: BindParameter[Any], dialect: Dialect) -> Any:
    convert = driver_converter(bound.type, dialect)
    value = bound.effective_value
    return value if convert is None or value is None else convert(value)
