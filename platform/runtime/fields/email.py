"""E-mail addresses in the letters of their language."""

from __future__ import annotations

from typing import Any

from amparo.metadata.fields.email import readable_email
from amparo.metadata.model import FieldDefinition
from amparo.runtime.fields.base import Reader, Words


class EmailWords(Words):
    name = "email"

    def display(self, value: Any, definition: FieldDefinition, reader: Reader) -> str:
        return readable_email(value)
