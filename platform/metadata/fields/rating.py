"""Ratings on a short scale."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from amparo.metadata.fields.base import Coercer, CoercionContext, FieldType, Rejected, Storage, Value
from amparo.metadata.fields.numerals import read_number
from amparo.metadata.model import FieldDefinition
from amparo.metadata.wording import N_

_END: Mapping[str, Any] = {"type": "string", "minLength": 1, "maxLength": 60}


class Rating(FieldType):
    """A whole number from 1 to the field's maximum."""

    name = "rating"
    label = "Rating"
    summary = "A number on a short scale, such as how safe somebody feels from 1 to 5."
    accepts = "A whole number from 1 to the maximum."
    storage = Storage.INTEGER
    family = "integer"
    can_be_unique = False
    options: ClassVar[Mapping[str, Mapping[str, Any]]] = {
        "maximum": {
            "type": "integer",
            "minimum": 3,
            "maximum": 10,
            "default": 5,
            "description": "The highest number of the scale.",
        },
        "lowest_label": {**_END, "description": "What 1 means, such as Not at all safe."},
        "highest_label": {**_END, "description": "What the highest number means, such as Very safe."},
    }

    def coercer(self, definition: FieldDefinition, context: CoercionContext) -> Coercer:
        # A question about ratings has no bounds.
        highest = self.option(definition, "maximum") or 2**62

        def coerce(raw: Any) -> Value | None:
            if isinstance(raw, str) and not raw.strip():
                return None
            number = int(read_number(raw, 0))
            if 1 <= number <= highest:
                return number
            raise Rejected(
                "out_of_range", N_("Write a number from {minimum} to {maximum}."), minimum=1, maximum=highest
            )

        return coerce

    def to_text(self, definition: FieldDefinition, value: Any) -> str:
        return str(int(value))

    def from_text(self, definition: FieldDefinition, text: str) -> Value:
        return int(text)
