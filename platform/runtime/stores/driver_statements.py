"""Statements that every save runs, compiled once and given to the driver as they are.

Their way through SQLAlchemy takes longer than SQLite takes to run them. Values
given to them and rows are the driver's own, so only plain numbers, texts and
bytes fit; values that stand in them are turned into those.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import BindParameter
from sqlalchemy.engine import Dialect
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.expression import ClauseElement

from amparo.runtime.stores.types import driver_converter


class DriverStatement:
    """One statement for one database; made once and kept."""

    def __init__(self, statement: ClauseElement, dialect: Dialect) -> None:
        compiled = statement.compile(dialect=dialect)
        if not isinstance(compiled, SQLCompiler):
            raise TypeError("Only what asks or changes rows can be run again and again.")
        self._text = compiled.string
        self._fixed = {name: _for_driver(each, dialect) for name, each in compiled.binds.items()}
        self._order = compiled.positiontup

    def run(self, cursor: Any, **values: Any) -> None:
        """On a cursor of :func:`driver_cursor`, which then holds the rows."""
        named = {**self._fixed, **values}
        cursor.execute(self._text, named if self._order is None else [named[name] for name in self._order])


def _for_driver(bound: BindParameter[Any], dialect: Dialect) -> Any:
    convert = driver_converter(bound.type, dialect)
    value = bound.effective_value
    return value if convert is None or value is None else convert(value)
