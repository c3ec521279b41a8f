"""Whole numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from amparo.metadata.fields.base import Coercer, CoercionContext, FieldType, Rejected, Storage, Value
from amparo.metadata.fields.numerals import read_number
from amparo.metadata.model import Application, FieldDefinition
from amparo.metadata.problems import Path, Problem
from amparo.metadata.wording import N_

SMALLEST, LARGEST = -(2**63), 2**63 - 1
_FEWER_THAN_64_BITS = 19


def bounds_in_order(definition: FieldDefinition, path: Path, low: Any, high: Any) -> Iterator[Problem]:
    """A problem when the smallest allowed value is above the largest. Both may be ``None``."""
    if low is not None and high is not None and low > high:
        advice = N_("Make the minimum of “{field}” at most its maximum, {maximum}.")
        params = {"field": definition.name, "maximum": str(high)}
        yield Problem("bounds_crossed", str(path / "minimum"), str(low), advice, params)


class Integer(FieldType):
    name = "integer"
    label = "Whole number"
    summary = "A number without decimals, such as a count or an age."
    accepts = (
        "Digits of any script Amparo speaks, with or without groups: 1250, 1,250, 1 250, ១២៥០. A "
        "text that could be two numbers, like 1.250, is refused."
    )
    storage = Storage.INTEGER
    family = "integer"
    options: ClassVar[Mapping[str, Mapping[str, Any]]] = {
        "minimum": {
            "type": "integer",
            "minimum": SMALLEST,
            "maximum": LARGEST,
            "description": "The smallest number allowed.",
        },
        "maximum": {
            "type": "integer",
            "minimum": SMALLEST,
            "maximum": LARGEST,
            "description": "The largest number allowed.",
        },
        "grouped": {
            "type": "boolean",
            "default": True,
            "description": "Show thousands apart, like 2,018. Switch off for years and the like: 2018.",
        },
    }

    def check(self, definition: FieldDefinition, application: Application, path: Path) -> Iterator[Problem]:
        yield from bounds_in_order(
            definition, path, self.option(definition, "minimum"), self.option(definition, "maximum")
        )

    def coercer(self, definition: FieldDefinition, context: CoercionContext) -> Coercer:
        low, high = self.option(definition, "minimum"), self.option(definition, "maximum")
        smallest = SMALLEST if low is None else int(low)
        largest = LARGEST if high is None else int(high)

        def coerce(raw: Any) -> Value | None:
            if type(raw) is int:
                number = raw
            elif type(raw) is str and raw.isascii() and raw.isdigit() and len(raw) < _FEWER_THAN_64_BITS:
                # What files mostly hold, read without looking for groups and other scripts.
                number = int(raw)
            elif isinstance(raw, str) and not raw.strip():
                return None
            else:
                number = int(read_number(raw, 0))
            if smallest <= number <= largest:
                return number
            raise _out_of_range(smallest, largest)

        return coerce

    def to_text(self, definition: FieldDefinition, value: Any) -> str:
        return str(int(value))

    def from_text(self, definition: FieldDefinition, text: str) -> Value:
        return int(text)


def _out_of_range(smallest: int, largest: int) -> Rejected:
    advice = N_("Write a number from {minimum} to {maximum}.")
    return Rejected("out_of_range", advice, minimum=smallest, maximum=largest)
