"""A reference to another record."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from amparo.metadata.fields.base import Coercer, CoercionContext, FieldType, Rejected, Storage, Value
from amparo.metadata.model import Application, FieldDefinition
from amparo.metadata.problems import Path, Problem
from amparo.metadata.wording import N_

_IDENTIFIER = re.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)

#: Every object more is one more to ask wherever such a lookup is named, searched or sorted by.
MOST_TARGETS = 8
OBJECT_OPTION: Mapping[str, Any] = {
    "type": "string",
    "description": "The name of the object whose records may be chosen.",
}


def read_identifier(raw: Any) -> uuid.UUID | None:
    """The identifier of a record in its 36-character form; ``None`` for blank; raises :class:`Rejected`."""
    if isinstance(raw, uuid.UUID):
        return raw
    if isinstance(raw, str):
        text = raw.strip()
        if not text:
            return None
        if _IDENTIFIER.fullmatch(text):
            return uuid.UUID(text)
    raise Rejected("not_a_record", N_("Choose a record from the list, or give its identifier of 36 characters."))


class Lookup(FieldType):
    """Whether the record exists, and may be seen, is for the store and the planner to say."""

    name = "lookup"
    label = "Lookup"
    summary = "A link to a record of another object, of the same, or of any of several objects."
    accepts = "The identifier of the record, of 36 characters. Pages offer records by their names."
    storage = Storage.REFERENCE
    family = "reference"
    can_be_sensitive = False
    options: ClassVar[Mapping[str, Mapping[str, Any]]] = {
        "object": OBJECT_OPTION,
        "objects": {
            "type": "array",
            "items": {"type": "string"},
            "uniqueItems": True,
            "minItems": 2,
            "maxItems": MOST_TARGETS,
            "description": f"In place of `object`: the names of two to {MOST_TARGETS} objects, of any of which a "
            "record may be chosen.",
        },
    }
    options_together: ClassVar[Mapping[str, Any]] = {
        "if": {"required": ["objects"]},
        "then": {"properties": {"object": {"not": {}, "errorMessage": N_("Remove this: “objects” names them all.")}}},
        "else": {"required": ["object"]},
    }

    def check(self, definition: FieldDefinition, application: Application, path: Path) -> Iterator[Problem]:
        if definition.default is not None:
            advice = N_("Remove the default: a link to a record cannot be the same for every organisation.")
            yield Problem("default_not_allowed", str(path / "default"), definition.default, advice)

    def coercer(self, definition: FieldDefinition, context: CoercionContext) -> Coercer:
        return read_identifier

    def to_text(self, definition: FieldDefinition, value: Any) -> str:
        return str(value)

    def from_text(self, definition: FieldDefinition, text: str) -> Value:
        return uuid.UUID(text)
