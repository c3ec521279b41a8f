"""What a part of a formula is in SQL: a value, perhaps in several columns, and whether it cannot be computed."""

from __future__ import annotations

from dataclasses import dataclass, replace

from amparo.metadata.formulas.value_types import NUMBERS, ValueType
from amparo.runtime.formulas.steps import Expression


@dataclass(frozen=True, slots=True)
class Digits:
    """How many digits a number may have before and behind its point."""

    whole: int
    decimals: int

    @property
    def count(self) -> int:
        return self.whole + self.decimals


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a formula.

    ``values`` is one expression, NULL for blank; of a partly-known date three: its text, its first and its last day;
    of a geolocation latitude and longitude. An empty text is blank, so no text expression is ever empty. Where
    ``error`` is true the value means nothing; neither true nor unknown it is when there is a value; ``None`` says
    that it always can be computed. No expression ever fails.
    """

    type: ValueType
    values: tuple[Expression, ...]
    error: Expression | None = None
    #: Of a number.
    digits: Digits | None = None
    #: Of a number that is a whole count of its last decimal: the count, and how many decimals.
    scaled: tuple[Expression, int] | None = None
    #: The most characters of a text, if known.
    length: int | None = None

    @property
    def value(self) -> Expression:
        return self.values[0]

    @property
    def is_number(self) -> bool:
        return self.type in NUMBERS

    def with_error(self, *errors: Expression | None) -> Part:
        """The same value, with further errors beside its own."""
        return replace(self, error=any_error(self.error, *errors))


def any_error(*errors: Expression | None) -> Expression | None:
    """True where one of them is; ``None`` when there are none."""
    found = [each for each in errors if each is not None]
    result = found[0] if found else None
    for each in found[1:]:
        result = result | each  # type: ignore[operator]
    return result
