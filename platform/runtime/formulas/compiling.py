"""Formulas as SQL expressions, which yield what :mod:`amparo.metadata.formulas.evaluation` yields, in every row.

An error is a value's neighbour, never a failed statement: each part of a formula comes with a condition that is true
where it cannot be computed, and whatever a database would refuse is kept from it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from sqlalchemy import case, false, func, true, type_coerce

from amparo.metadata.formulas.tree import Literal, Node, Reference
from amparo.metadata.formulas.value_types import NUMBERS, Blanks, ValueType
from amparo.runtime.formulas.clock import Clock
from amparo.runtime.formulas.fields import Stored, read
from amparo.runtime.formulas.functions.registry import BUILDERS
from amparo.runtime.formulas.kinds import KINDS
from amparo.runtime.formulas.numbers import Numbers
from amparo.runtime.formulas.parts import Digits, Part, any_error
from amparo.runtime.formulas.postgres.numbers import PostgresNumbers
from amparo.runtime.formulas.postgres.words import PostgresWords
from amparo.runtime.formulas.sqlite.numbers import SqliteNumbers
from amparo.runtime.formulas.sqlite.words import SqliteWords
from amparo.runtime.formulas.steps import Expression, Steps
from amparo.runtime.formulas.words import Words, text_literal

#: Calls within calls that stand in one expression; SQLite's parser takes some twenty parentheses within each other.
_DEEPEST = 4
_TEXTUAL = frozenset({ValueType.TEXT, ValueType.PICKLIST, ValueType.LOOKUP, ValueType.MULTI_SELECT})
_HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Computable:
    """A formula in SQL.

    ``value`` is NULL for blank, and where ``is_error`` is true, which is never NULL. Rows are grouped by ``value`` and
    sorted by ``order``: texts by code points.
    """

    value: Expression
    is_error: Expression
    order: Expression

    @property
    def holds(self) -> Expression:
        """Of a condition: that it is true."""
        return func.coalesce(self.value, false())


@dataclass(slots=True)
class SqlCompiler:
    """Makes the parts of one checked formula over columns, and of them what a query asks.

    ``fields`` has what every reference reads, by its key, such as ``client.birth_date``; ``missing`` the columns of
    reasons for missing values. A formula is one that :func:`~amparo.metadata.formulas.sayable.reason_not_sayable`
    has nothing against.
    """

    fields: Mapping[str, Part | Stored]
    missing: Mapping[str, Expression]
    clock: Clock
    blanks: Blanks
    steps: Steps
    numbers: Numbers
    words: Words
    _deepest: int = field(default=0)

    @classmethod
    def of(
        cls,
        fields: Mapping[str, Part | Stored],
        clock: Clock,
        dialect: str,
        blanks: Blanks,
        missing: Mapping[str, Expression],
    ) -> SqlCompiler:
        """For a ``dialect`` by SQLAlchemy's name."""
        steps = Steps()
        if dialect == "postgresql":
            numbers: Numbers = PostgresNumbers(steps)
            words: Words = PostgresWords(steps)
        else:
            numbers = SqliteNumbers(steps)
            words = SqliteWords(steps)
        return cls(fields, missing, clock, blanks, steps, numbers, words)

    def part(self, node: Node) -> Part:
        if isinstance(node, Literal):
            return self._constant(node)
        if isinstance(node, Reference):
            return self._reference(node)
        around, self._deepest = self._deepest, 0
        part = BUILDERS[node.name](node, self)
        if node.type is ValueType.BLANK:
            part = Part(ValueType.BLANK, self.words.null(ValueType.BLANK), part.error, length=0)
        if self._deepest >= _DEEPEST:
            part = self.shared(part)
            self._deepest = 0
        self._deepest = max(around, self._deepest + 1)
        return part

    def parts(self, nodes: Sequence[Node]) -> list[Part]:
        return [self.part(node) for node in nodes]

    def finished(self, part: Part) -> Computable:
        """The whole formula; of a value in several columns the first."""
        value, order = part.value, self._order(part)
        is_error: Expression = false()
        if part.error is not None:
            error = self.steps.step(part.error)
            value, order = (case((error, None), else_=each) for each in (value, order))
            is_error = func.coalesce(error, false())
        value = type_coerce(value, KINDS[part.type][0])
        return Computable(*map(self.steps.around, (value, is_error, order)))

    def _order(self, part: Part) -> Expression:
        if part.is_number:
            return self.numbers.order(part)
        if part.type is ValueType.PARTIAL_DATE:
            return part.values[1]
        return self.words.in_order(part.value) if part.type in _TEXTUAL else part.value

    def shared(self, part: Part) -> Part:
        """The same part, to be used more than once."""
        error = None if part.error is None else self.steps.step(part.error)
        if part.is_number:
            return replace(self.numbers.shared(part), error=error)
        return replace(part, values=tuple(map(self.steps.step, part.values)), error=error)

    def converted(self, part: Part, type_: ValueType) -> Part:
        """The part as one of another type, which it becomes by itself."""
        if part.type is type_:
            return part
        if part.type is ValueType.BLANK:
            digits = Digits(0, 0) if type_ in NUMBERS else None
            return Part(type_, self.words.null(type_), part.error, digits=digits, length=0)
        if type_ is ValueType.PARTIAL_DATE and part.type is ValueType.DATE:
            return replace(part, type=type_, values=(self.words.date_text(part.value), part.value, part.value))
        return replace(part, type=type_)

    def text(self, expression: Expression, length: int | None, *errors: Expression | None) -> Part:
        """A text that is not empty."""
        kind = KINDS[ValueType.TEXT][0]
        return Part(ValueType.TEXT, (type_coerce(expression, kind),), any_error(*errors), length=length)

    def condition(self, expression: Expression, *errors: Expression | None) -> Part:
        return Part(ValueType.BOOLEAN, (expression,), any_error(*errors))

    def reason(self, key: str) -> Expression | None:
        """The column of the reason for which a field has no value."""
        return self.missing.get(key)

    def _constant(self, node: Literal) -> Part:
        value = node.value
        if value is None:
            return Part(ValueType.BLANK, self.words.null(ValueType.TEXT), length=0)
        if isinstance(value, bool):
            return Part(ValueType.BOOLEAN, (true() if value else false(),))
        if isinstance(value, str):
            text: Any = text_literal(value) if value else self.words.null(ValueType.TEXT)[0]
            return Part(ValueType.TEXT, (text,), length=len(value))
        return self.numbers.constant(value)

    def _reference(self, node: Reference) -> Part:
        given = self.fields[node.key]
        part = read(given, self) if isinstance(given, Stored) else given
        if part.type is ValueType.PERCENT:
            hundredth = self.numbers.constant(_HUNDREDTH)
            found = self.numbers.arithmetic("multiply", part, hundredth)
            part = replace(found, type=ValueType.PERCENT, error=any_error(part.error, found.error))
        if part.is_number and self.blanks is Blanks.AS_ZERO:
            return self._without_blanks(part)
        if part.type is ValueType.BOOLEAN:
            return replace(part, values=(func.coalesce(part.value, false()),))
        return part

    def _without_blanks(self, part: Part) -> Part:
        zero = self.numbers.constant(Decimal(0))
        if part.scaled is not None and part.digits is not None and zero.scaled is not None:
            counted = self.numbers.of_count(func.coalesce(part.scaled[0], zero.scaled[0]), part.digits)
            return replace(part, values=counted.values, scaled=counted.scaled)
        value = func.coalesce(part.value, zero.value)
        return replace(part, values=(type_coerce(value, KINDS[part.type][0]),))
