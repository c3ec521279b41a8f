"""Points on a map, as exact as their field keeps them."""

from __future__ import annotations

from typing import Any

from amparo.metadata.fields.registry import field_type
from amparo.metadata.model import FieldDefinition
from amparo.runtime.fields.base import Reader, Words


class GeolocationWords(Words):
    name = "geolocation"

    def display(self, value: Any, definition: FieldDefinition, reader: Reader) -> str:
        return str(value.in_words(decimals_kept(definition)))


def decimals_kept(field: FieldDefinition) -> int:
    """Decimals of a degree that a geolocation field keeps."""
    return int(field_type("geolocation").option(field, "decimals_kept"))
