"""Text of many lines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from amparo.metadata.fields.base import Coercer, CoercionContext, Storage, TextFieldType, Value
from amparo.metadata.fields.text import sound_text, within_length
from amparo.metadata.model import FieldDefinition


class LongText(TextFieldType):
    """Kept exactly as given, line breaks too: CR LF stays CR LF."""

    name = "long_text"
    label = "Long text"
    summary = "Several lines of text, such as a case note."
    accepts = "Any characters, kept exactly as written, line breaks too."
    storage = Storage.TEXT
    family = "long_text"
    sortable = False
    groupable = False
    searchable = True
    can_be_unique = False
    options: ClassVar[Mapping[str, Mapping[str, Any]]] = {
        "max_length": {
            "type": "integer",
            "minimum": 1,
            "maximum": 131_072,
            "default": 32_000,
            "description": "The most characters a person may write.",
        }
    }

    def coercer(self, definition: FieldDefinition, context: CoercionContext) -> Coercer:
        maximum: int = self.option(definition, "max_length")

        def coerce(raw: Any) -> Value | None:
            if type(raw) is str and raw.isprintable() and len(raw) <= maximum:
                return raw or None
            return within_length(sound_text(raw), maximum) or None

        return coerce
