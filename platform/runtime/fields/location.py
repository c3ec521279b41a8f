"""Places by their paths, such as “Chheu Teal, Banan, Battambang”."""

from __future__ import annotations

from typing import Any

from amparo.metadata.model import FieldDefinition
from amparo.runtime.fields.base import Reader, Words


class LocationWords(Words):
    name = "location"

    def display(self, value: Any, definition: FieldDefinition, reader: Reader) -> str:
        """The code where the place is not known any more."""
        return reader.release.places.path(str(value), reader.language)
