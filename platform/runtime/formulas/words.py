"""What the databases say differently about texts, dates and times."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import BigInteger, Text, and_, cast, func, literal, null

from amparo.metadata.formulas.value_types import ValueType
from amparo.runtime.formulas.kinds import KINDS
from amparo.runtime.formulas.steps import Expression, Steps

#: What Python takes off the ends of a text.
WHITE_SPACE = "".join(char for char in map(chr, range(0x3001)) if char.isspace())


def text_literal(text: str) -> Expression:
    return literal(text, Text())


@dataclass(frozen=True, slots=True)
class Scanned:
    """What was read in a text: whether it is of the pattern, and its numbers."""

    is_found: Expression
    numbers: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Words(ABC):
    """One database's ways. Counts and places are integers and within a million."""

    steps: Steps

    # Texts.

    def length(self, text: Expression) -> Expression:
        return func.length(text, type_=BigInteger())

    def part_of(self, text: Expression, start: Expression, count: Expression | None = None) -> Expression:
        """Places count from 1."""
        return (
            func.substr(text, start, type_=Text()) if count is None else func.substr(text, start, count, type_=Text())
        )

    def not_empty(self, text: Expression) -> Expression:
        """An empty text as blank."""
        return func.nullif(text, text_literal(""), type_=Text())

    def joined(self, texts: Sequence[Expression]) -> Expression:
        """Without those that are blank, and empty when all are."""
        first, *others = [func.coalesce(text, text_literal(""), type_=Text()) for text in texts]
        result: Expression = first
        for each in others:
            result = result.concat(each)
        return result

    def replaced(self, text: Expression, old: Expression, new: Expression) -> Expression:
        return func.replace(text, old, new, type_=Text())

    @abstractmethod
    def trimmed(self, text: Expression) -> Expression: ...

    @abstractmethod
    def place_of(self, sought: Expression, text: Expression) -> Expression:
        """From 1; 0 where it is not."""

    @abstractmethod
    def in_order(self, text: Expression) -> Expression:
        """A text that compares by code points."""

    @abstractmethod
    def letters(self, name: str, text: Expression, is_dotted: Expression | None = None) -> Expression:
        """``upper``, ``lower`` or ``initcap``; ``is_dotted`` where the i keeps its dot in capitals."""

    @abstractmethod
    def reversed(self, text: Expression) -> Expression: ...

    @abstractmethod
    def repeated(self, text: Expression, count: Expression) -> Expression: ...

    @abstractmethod
    def code_point(self, text: Expression) -> Expression: ...

    @abstractmethod
    def character(self, number: Expression) -> Expression:
        """Of a code point that there is."""

    @abstractmethod
    def padded(self, number: Expression, width: int) -> Expression:
        """A number, not negative, with zeros before it."""

    @abstractmethod
    def identifier(self, value: Expression) -> Expression:
        """The text of an identifier's column."""

    @abstractmethod
    def scanned_date(self, text: Expression) -> Scanned:
        """Year, month and day that a text begins with."""

    @abstractmethod
    def scanned_moment(self, text: Expression) -> Scanned:
        """Year, month, day, hour, minute and second that a text begins with."""

    @abstractmethod
    def scanned_time(self, text: Expression) -> Scanned:
        """Hour, minute, second and thousandth that a text is."""

    # Dates and times.

    @abstractmethod
    def day_number(self, date: Expression) -> Expression:
        """Days since 1 January of the year 1."""

    @abstractmethod
    def date_of(self, number: Expression) -> Expression:
        """The date of a number of days that is one."""

    @abstractmethod
    def date_parts(self, date: Expression) -> tuple[Expression, Expression, Expression]:
        """Year, month and day."""

    @abstractmethod
    def made_date(self, year: Expression, month: Expression, day: Expression) -> Expression:
        """Of a day that there is."""

    @abstractmethod
    def date_text(self, date: Expression) -> Expression: ...

    @abstractmethod
    def since_year_one(self, moment: Expression) -> Expression:
        """Microseconds of a date-time since the year 1 began, in UTC."""

    @abstractmethod
    def moment_of(self, microseconds: Expression) -> Expression:
        """The date-time of so many that is one."""

    # What is the same on both.

    def null(self, type_: ValueType) -> tuple[Expression, ...]:
        return tuple(cast(null(), kind) for kind in KINDS[type_])

    def is_between(self, number: Expression, low: Expression, high: Expression) -> Expression:
        return and_(number >= low, number <= high)
