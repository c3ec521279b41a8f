"""Parts of a hundred."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from amparo.metadata.fields.base import Coercer, CoercionContext, Value
from amparo.metadata.fields.decimal import Decimal
from amparo.metadata.fields.numerals import ascii_digits
from amparo.metadata.model import FieldDefinition

#: Latin, Arabic, and the two wide signs.
_SIGNS = "%٪％﹪"


class Percent(Decimal):
    """Kept as the number people say: 12.5 for 12.5 %."""

    name = "percent"
    label = "Percent"
    summary = "A part of a hundred, such as a share of costs."
    accepts = "A number, with or without %: 12.5, 12.5%, ١٢٫٥٪. Otherwise as a decimal number."
    options: ClassVar[Mapping[str, Mapping[str, Any]]] = {
        **Decimal.options,
        "minimum": {"type": "number", "default": 0, "description": "The smallest number allowed."},
        "maximum": {"type": "number", "default": 100, "description": "The largest number allowed."},
    }

    def coercer(self, definition: FieldDefinition, context: CoercionContext) -> Coercer:
        read = super().coercer(definition, context)

        def coerce(raw: Any) -> Value | None:
            return read(_without_sign(raw) if isinstance(raw, str) else raw)

        return coerce


def _without_sign(raw: str) -> str:
    """One sign, before or after the number, as some languages write it."""
    text = ascii_digits(raw)
    if len(text) < 2:
        return text
    if text[-1] in _SIGNS:
        return text[:-1]
    return text[1:] if text[0] in _SIGNS else text
