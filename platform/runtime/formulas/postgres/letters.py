"""Capitals and small letters on PostgreSQL, as Python has them.

What the database makes of letters depends on its locale, which knows them all, those of ASCII only, or those of
another year. So only texts of ASCII are left to it. All others are taken apart into characters, each looked up in a
table that Python's own letters fill and that travels with the statement.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Text, case, collate, func
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.visitors import InternalTraversal

from amparo.runtime.formulas.steps import Expression
from amparo.runtime.formulas.words import text_literal

#: A capital sigma behind a letter and before none is small in another way.
_SIGMA = r"(?<=[{letters}])Σ(?![{letters}])"


def in_letters(name: str, text: Expression) -> Expression:
    """``upper``, ``lower`` or ``initcap`` of a column, a step or a value."""
    is_ascii = func.octet_length(text) == func.length(text)
    simple = getattr(func, name)(collate(text, "C"), type_=Text())
    return case((is_ascii, simple), else_=_BEYOND_ASCII[name](text))


class _Mapped(ColumnElement[str]):
    """Every character as a table has it; behind a letter or a digit as another one has it, where there is one."""

    _traverse_internals = [  # noqa: RUF012
        ("text", InternalTraversal.dp_clauseelement),
        ("table", InternalTraversal.dp_clauseelement),
        ("inside", InternalTraversal.dp_clauseelement),
    ]
    inherit_cache = True
    type = Text()

    def __init__(self, text: Expression, table: Expression, inside: Expression | None = None) -> None:
        self.text = text
        self.table = table
        self.inside = inside

    @property
    def _from_objects(self) -> list[FromClause]:
        return self.text._from_objects


@compiles(_Mapped)
def _subquery(element: _Mapped, compiler: SQLCompiler, **options: Any) -> str:
    text, table = compiler.process(element.text, **options), compiler.process(element.table, **options)
    mapped = f"{table}::jsonb ->> letter"
    if element.inside is not None:
        inside = compiler.process(element.inside, **options)
        is_inside = f"before ~ {compiler.process(text_literal(f'[{_ranges(str.isalnum)}]'), **options)}"
        mapped = f"CASE WHEN {is_inside} THEN {inside}::jsonb ->> letter ELSE {mapped} END"
    letters = f"unnest(string_to_array({text}, NULL)) WITH ORDINALITY AS letters(letter, number)"
    before = "coalesce(lag(letter) OVER (ORDER BY number), ' ') AS before"
    taken = f"(SELECT letter, number, {before} FROM {letters}) AS taken"  # noqa: S608
    return f"(SELECT string_agg(coalesce({mapped}, letter), '' ORDER BY number) FROM {taken})"  # noqa: S608


def _upper(text: Expression) -> Expression:
    return _Mapped(text, _table(str.upper))


def _lower(text: Expression) -> Expression:
    sigma = text_literal(_SIGMA.format(letters=_ranges(str.isalpha)))
    marked = func.regexp_replace(text, sigma, text_literal("ς"), text_literal("g"), type_=Text())
    return _Mapped(marked, _table(str.lower))


def _initcap(text: Expression) -> Expression:
    return _Mapped(text, _table(str.upper), _table(str.lower))


_BEYOND_ASCII: dict[str, Callable[[Expression], Expression]] = {
    "upper": _upper, "lower": _lower, "initcap": _initcap,
}  # fmt: skip


def _table(change: Callable[[str], str]) -> Expression:
    return text_literal(_changes(change))


@cache
def _changes(change: Callable[[str], str]) -> str:
    """Every character that becomes another one, as a JSON object."""
    return json.dumps({char: change(char) for char in _characters() if change(char) != char}, ensure_ascii=False)


@cache
def _ranges(is_meant: Callable[[str], bool]) -> str:
    """The characters between the brackets of a regular expression."""
    ranges: list[list[int]] = []
    for char in _characters():
        if is_meant(char):
            if ranges and ranges[-1][1] == ord(char) - 1:
                ranges[-1][1] = ord(char)
            else:
                ranges.append([ord(char), ord(char)])
    return "".join(f"{chr(first)}-{chr(last)}" for first, last in ranges)


def _characters() -> Iterator[str]:
    return (chr(point) for point in range(1, sys.maxunicode + 1) if not 0xD800 <= point <= 0xDFFF)
