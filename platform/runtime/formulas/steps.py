"""Parts of an expression that are used more than once, computed once.

SQL has no name for a part of an expression, and to write a part out wherever it is used makes formulas of formulas
grow beyond all bounds. So such parts are *steps*: columns of common table expressions of one row, each level reading
the one before, around which the whole is a scalar subquery. They are MATERIALIZED, because both databases would
otherwise write them out again themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import BindParameter, Cast, ColumnClause, ColumnElement, FromClause, Null, TypeCoerce
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.visitors import InternalTraversal
from sqlalchemy.types import TypeEngine

Expression = ColumnElement[Any]


class Step(ColumnElement[Any]):
    """A step by its name, as later levels read it. Steps of level 1 read the record."""

    _traverse_internals = [  # noqa: RUF012
        ("name", InternalTraversal.dp_string),
        ("level", InternalTraversal.dp_plain_obj),
        ("type", InternalTraversal.dp_type),
    ]
    inherit_cache = True

    def __init__(self, number: int, level: int, kind: TypeEngine[Any]) -> None:
        self.name = f"v{number}"
        self.level = level
        self.type = kind


class Computed(ColumnElement[Any]):
    """An expression together with the steps that it reads."""

    _traverse_internals = [  # noqa: RUF012
        ("steps", InternalTraversal.dp_clauseelement_list),
        ("expressions", InternalTraversal.dp_clauseelement_list),
        ("result", InternalTraversal.dp_clauseelement),
        ("type", InternalTraversal.dp_type),
    ]
    inherit_cache = True

    def __init__(self, steps: Sequence[Step], expressions: Sequence[Expression], result: Expression) -> None:
        self.steps = list(steps)
        self.expressions = list(expressions)
        self.result = result
        self.type = result.type

    @property
    def _from_objects(self) -> list[FromClause]:
        """The tables of the record, for the statement around."""
        return [each for expression in (*self.expressions, self.result) for each in expression._from_objects]

    def levels(self) -> list[list[tuple[Step, Expression | None]]]:
        """What every level selects: its own steps, and those of earlier ones (without expression) still to be read."""
        last_read = {step.name: step.level for step in self.steps}
        top = max(last_read.values()) + 1
        for level, expression in [*((step.level, each) for step, each in self._defined()), (top, self.result)]:
            for read in steps_in(expression):
                last_read[read.name] = max(last_read[read.name], level)
        return [
            [
                (step, expression if step.level == level else None)
                for step, expression in self._defined()
                if step.level <= level < last_read[step.name] or step.level == level
            ]
            for level in range(1, top)
        ]

    def _defined(self) -> list[tuple[Step, Expression]]:
        return list(zip(self.steps, self.expressions, strict=True))


@compiles(Step)
def _name_of_step(element: Step, compiler: SQLCompiler, **options: Any) -> str:
    return f"s.{element.name}"


@compiles(Computed)
def _subquery(element: Computed, compiler: SQLCompiler, **options: Any) -> str:
    parts: list[str] = []
    for number, selected in enumerate(element.levels(), start=1):
        columns = ", ".join(
            f"s.{step.name}" if expression is None else f"{compiler.process(expression, **options)} AS {step.name}"
            for step, expression in selected
        )
        source = f" FROM s{number - 1} AS s" if number > 1 else ""
        parts.append(f"s{number} AS MATERIALIZED (SELECT {columns}{source})")
    result = compiler.process(element.result, **options)
    return f"(WITH {', '.join(parts)} SELECT {result} FROM s{len(parts)} AS s)"  # noqa: S608 (made of compiled parts)


@dataclass(slots=True)
class Steps:
    """The steps of one formula while it is being compiled."""

    made: list[tuple[Step, Expression]] = field(default_factory=list)

    def step(self, expression: Expression) -> Expression:
        """The expression under a name; one that costs nothing stays as it is."""
        if is_atomic(expression):
            return expression
        level = 1 + max((each.level for each in steps_in(expression)), default=0)
        made = Step(len(self.made), level, expression.type)
        self.made.append((made, expression))
        return made

    def around(self, expression: Expression) -> Expression:
        """The whole expression, with those steps that it reads."""
        needed = {each.name for each in steps_in(expression)}
        if not needed:
            return expression
        kept: list[tuple[Step, Expression]] = []
        for step, definition in reversed(self.made):
            if step.name in needed:
                kept.append((step, definition))
                needed.update(each.name for each in steps_in(definition))
        kept.reverse()
        return Computed([step for step, _ in kept], [definition for _, definition in kept], expression)


def steps_in(expression: Expression) -> list[Step]:
    """Those that it reads itself: what a formula in it reads is its own."""
    found: list[Step] = []
    waiting: list[Any] = [expression]
    while waiting:
        element = waiting.pop()
        if isinstance(element, Step):
            found.append(element)
        elif not isinstance(element, Computed):
            waiting.extend(element.get_children())
    return found


def is_atomic(expression: Expression) -> bool:
    """A column, a step, a value, or one of them under another type."""
    if isinstance(expression, (Cast, TypeCoerce)):
        return is_atomic(expression.clause)
    return isinstance(expression, (ColumnClause, BindParameter, Null, Step))
