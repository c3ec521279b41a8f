"""Ratings with the end of their scale: ``4/5``."""

from __future__ import annotations

from typing import Any

from amparo.metadata.fields.registry import field_type
from amparo.metadata.model import FieldDefinition
from amparo.runtime.fields.base import Reader, Words
from amparo.runtime.locales import figure_words


class RatingWords(Words):
    name = "rating"

    def display(self, value: Any, definition: FieldDefinition, reader: Reader) -> str:
        highest = field_type("rating").option(definition, "maximum")
        return "/".join(figure_words(number, reader.language) for number in (value, highest))
