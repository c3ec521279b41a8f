"""A text from its last character to its first, on SQLite."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, FromClause, Text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.visitors import InternalTraversal

from amparo.runtime.formulas.steps import Expression


class Reversed(ColumnElement[str]):
    """Takes one character after the other, and puts them together from the last one on."""

    _traverse_internals = [("text", InternalTraversal.dp_clauseelement)]  # noqa: RUF012
    inherit_cache = True
    type = Text()

    def __init__(self, text: Expression) -> None:
        self.text = text

    @property
    def _from_objects(self) -> list[FromClause]:
        return self.text._from_objects


@compiles(Reversed)
def _subquery(element: Reversed, compiler: SQLCompiler, **options: Any) -> str:
    text = compiler.process(element.text, **options)
    taken = f"SELECT 1, '', {text} UNION ALL SELECT number + 1, substr(rest, 1, 1), substr(rest, 2)"
    recursive = f"taken(number, letter, rest) AS ({taken} FROM taken WHERE rest <> '')"
    letters = "(SELECT letter FROM taken ORDER BY number DESC)"
    return f"(WITH RECURSIVE {recursive} SELECT nullif(group_concat(letter, ''), '') FROM {letters})"  # noqa: S608
