"""Identifiers that another system gave."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from amparo.metadata.fields.base import Coercer, CoercionContext, Value
from amparo.metadata.fields.text import Text
from amparo.metadata.model import FieldDefinition


class ExternalId(Text):
    """Exact, case and all; white space around it comes from files and is dropped."""

    name = "external_id"
    label = "External id"
    summary = "What another system calls this record; imports find records by it."
    accepts = "Any characters in one line. Capital and small letters differ; spaces around it are dropped."
    options: ClassVar[Mapping[str, Mapping[str, Any]]] = {
        "max_length": {
            "type": "integer",
            "minimum": 1,
            "maximum": 600,
            "default": 120,
            "description": "The most characters an identifier may have.",
        }
    }

    def coercer(self, definition: FieldDefinition, context: CoercionContext) -> Coercer:
        read = super().coercer(definition, context)

        def coerce(raw: Any) -> Value | None:
            return read(raw.strip() if isinstance(raw, str) else raw)

        return coerce
