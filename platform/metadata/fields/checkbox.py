"""Yes or no."""

from __future__ import annotations

from typing import Any

from amparo.metadata.fields.base import Coercer, CoercionContext, FieldType, Rejected, Storage, Value
from amparo.metadata.model import FieldDefinition
from amparo.metadata.wording import N_

#: What every way in takes for yes and no.
WORDS = {
    "true": True,
    "false": False,
    "1": True,
    "0": False,
    "yes": True,
    "no": False,
    "on": True,
    "off": False,
}


class Checkbox(FieldType):
    """Blank stays blank: not answered is not the same as no."""

    name = "checkbox"
    label = "Checkbox"
    summary = "Yes or no."
    accepts = "true or false, yes or no, on or off, 1 or 0. Blank stays blank: not answered is not the same as no."
    storage = Storage.BOOLEAN
    family = "boolean"
    can_be_unique = False

    def coercer(self, definition: FieldDefinition, context: CoercionContext) -> Coercer:
        return _coerce

    def to_text(self, definition: FieldDefinition, value: Any) -> str:
        return "true" if value else "false"

    def from_text(self, definition: FieldDefinition, text: str) -> Value:
        return text == "true"


def _coerce(raw: Any) -> Value | None:
    if isinstance(raw, bool):
        return raw
    if isinstance(raw, int) and raw in (0, 1):
        return raw == 1
    if isinstance(raw, str):
        if raw in WORDS:
            return WORDS[raw]
        word = raw.strip().lower()
        if not word:
            return None
        if word in WORDS:
            return WORDS[word]
    raise Rejected("not_yes_or_no", N_("Write true or false, yes or no, on or off, 1 or 0."))
