"""Numbers that the system gives."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from amparo.metadata.fields.base import Coercer, CoercionContext, Storage, TextFieldType, Value
from amparo.metadata.fields.text import sound_text
from amparo.metadata.model import Application, FieldDefinition
from amparo.metadata.problems import Path, Problem
from amparo.metadata.wording import N_


class AutoNumber(TextFieldType):
    """Given when the record is created and never changed. ``metadata.numbering`` makes and checks them."""

    name = "auto_number"
    label = "Automatic number"
    summary = "A short code or a running number that every new record gets by itself."
    accepts = "Nothing: the number is given when the record is made."
    storage = Storage.TEXT
    family = "text"
    searchable = True
    generated = True
    groupable = False
    can_be_sensitive = False
    options: ClassVar[Mapping[str, Mapping[str, Any]]] = {
        "format": {
            "type": "object",
            "description": "What the numbers look like.",
            "additionalProperties": False,
            "required": ["style"],
            "properties": {
                "prefix": {
                    "type": "string",
                    "maxLength": 12,
                    "pattern": r"^[^\s|;\u0000-\u001f]*$",
                    "patternErrorMessage": N_("Write a prefix without spaces, | and ;."),
                    "default": "",
                    "description": "What stands before each number, such as C-.",
                },
                "style": {
                    "enum": ["code", "sequence"],
                    "description": "code: six random characters and a check character, made on any device. "
                    "sequence: the next number, given when the record is saved.",
                },
                "digits": {
                    "type": "integer",
                    "minimum": 1,
                    "maximum": 12,
                    "default": 6,
                    "description": "sequence only: the fewest digits, filled with zeros.",
                },
            },
        }
    }
    required_options = ("format",)

    def check(self, definition: FieldDefinition, application: Application, path: Path) -> Iterator[Problem]:
        if definition.default is not None:
            advice = N_("Remove the default: an automatic number is given by the system.")
            yield Problem("default_not_allowed", str(path / "default"), definition.default, advice)
        if not definition.unique:
            advice = N_("Remove “unique”: automatic numbers are always unique.")
            yield Problem("always_unique", str(path / "unique"), False, advice)

    def coercer(self, definition: FieldDefinition, context: CoercionContext) -> Coercer:
        """For filters and restored data; a record's own number is never taken from input."""

        def coerce(raw: Any) -> Value | None:
            return sound_text(raw).strip() or None

        return coerce
