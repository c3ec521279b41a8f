"""Numbers with a fixed count of decimals."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal as Number
from typing import Any, ClassVar

from amparo.metadata.fields.base import Coercer, CoercionContext, FieldType, Rejected, Storage, Value
from amparo.metadata.fields.integer import bounds_in_order
from amparo.metadata.fields.numerals import read_number
from amparo.metadata.model import Application, FieldDefinition
from amparo.metadata.problems import Path, Problem
from amparo.metadata.wording import N_

#: A scaled number of this many digits fits the 64-bit integer that SQLite keeps.
MOST_DIGITS = 18
_MOST_DECIMALS = 9
#: The last digit a field keeps, by its count of decimals.
_UNITS = tuple(Number(1).scaleb(-decimals) for decimals in range(_MOST_DECIMALS + 1))


class Decimal(FieldType):
    """Exact: decimals the field does not keep are refused, never rounded."""

    name = "decimal"
    label = "Decimal number"
    summary = "A number with decimals, such as an amount or a distance."
    accepts = (
        "Digits with a point before the decimals: 1250.5, 1,250.50, ១២៥០.៥. A comma before the "
        "decimals, like 1250,5, is refused, and so are more decimals than the field keeps: "
        "nothing is rounded."
    )
    storage = Storage.DECIMAL
    family = "decimal"
    fixed_options: ClassVar[tuple[str, ...]] = ("decimals",)
    options: ClassVar[Mapping[str, Mapping[str, Any]]] = {
        "decimals": {
            "type": "integer",
            "minimum": 0,
            "maximum": _MOST_DECIMALS,
            "default": 2,
            "description": "How many digits stand after the point. Cannot change once published.",
        },
        "precision": {
            "type": "integer",
            "minimum": 1,
            "maximum": MOST_DIGITS,
            "default": MOST_DIGITS,
            "description": "How many digits the number may have in all, before and after the point.",
        },
        "minimum": {"type": "number", "description": "The smallest number allowed."},
        "maximum": {"type": "number", "description": "The largest number allowed."},
    }

    def check(self, definition: FieldDefinition, application: Application, path: Path) -> Iterator[Problem]:
        yield from bounds_in_order(
            definition, path, self.option(definition, "minimum"), self.option(definition, "maximum")
        )
        decimals, precision = self.option(definition, "decimals"), self.option(definition, "precision")
        if precision < decimals:
            advice = N_("Allow at least {decimals} digits in all, as many as stand after the point.")
            yield Problem("out_of_range", str(path / "precision"), precision, advice, {"decimals": decimals})

    def coercer(self, definition: FieldDefinition, context: CoercionContext) -> Coercer:
        decimals = int(self.option(definition, "decimals"))
        unit = _UNITS[decimals]
        smallest, largest = self._range(definition, unit)
        usual = re.compile(f"-?[0-9]{{1,{MOST_DIGITS}}}" + (rf"(?:\.[0-9]{{1,{decimals}}})?" if decimals else ""))

        def coerce(raw: Any) -> Value | None:
            if type(raw) is str and usual.fullmatch(raw):
                # What files mostly hold, read without looking for groups and other scripts.
                number = Number(raw)
            elif isinstance(raw, str) and not raw.strip():
                return None
            else:
                number = read_number(raw, decimals)
            if not smallest <= number <= largest:
                advice = N_("Write a number from {minimum} to {maximum}.")
                raise Rejected("out_of_range", advice, minimum=str(smallest), maximum=str(largest))
            # Adding zero turns -0 into 0, so that equal values have equal texts.
            return number.quantize(unit) + 0

        return coerce

    def _range(self, definition: FieldDefinition, unit: Number) -> tuple[Number, Number]:
        widest = (Number(10) ** int(self.option(definition, "precision")) - 1) * unit
        low, high = self.option(definition, "minimum"), self.option(definition, "maximum")
        smallest = -widest if low is None else max(-widest, Number(repr(low)))
        return smallest, widest if high is None else min(widest, Number(repr(high)))

    def to_text(self, definition: FieldDefinition, value: Any) -> str:
        unit = _UNITS[int(self.option(definition, "decimals"))]
        return format(value.quantize(unit) + 0, "f")

    def from_text(self, definition: FieldDefinition, text: str) -> Value:
        return Number(text)
