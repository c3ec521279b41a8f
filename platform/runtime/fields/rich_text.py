"""Formatted text without its tags, for every place that is no page."""

from __future__ import annotations

from typing import Any

from amparo.metadata.model import FieldDefinition
from amparo.metadata.rich_text import plain_text
from amparo.runtime.fields.base import Reader, Words


class RichTextWords(Words):
    name = "rich_text"

    def display(self, value: Any, definition: FieldDefinition, reader: Reader) -> str:
        return plain_text(value)
