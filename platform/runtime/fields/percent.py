"""Percentages: ``12.5%`` in the reader's way."""

from __future__ import annotations

from typing import Any

from babel.numbers import format_percent

from amparo.metadata.model import FieldDefinition
from amparo.runtime.fields.base import Reader, Words
from amparo.runtime.locales import locale_of


class PercentWords(Words):
    name = "percent"

    def display(self, value: Any, definition: FieldDefinition, reader: Reader) -> str:
        return format_percent(value.scaleb(-2), locale=locale_of(reader.language), decimal_quantization=False)
