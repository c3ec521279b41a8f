"""What stands for a field type that this installation does not have, such as one of a plugin that was removed.

Its answers stay readable and nobody can change them (DESIGN: a thing that is
gone leaves readable data). How they are kept is known to the store alone.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cache
from typing import Any, ClassVar

from amparo.metadata.fields.base import Coercer, CoercionContext, FieldType, Rejected, Storage, Value
from amparo.metadata.fields.date_time import instant_text
from amparo.metadata.fields.multi_select import join_codes
from amparo.metadata.model import FieldDefinition
from amparo.metadata.partial_dates import PartialDate
from amparo.metadata.wording import N_


class Gone(FieldType):
    """Reads the canonical texts of its storage, takes nothing, and is neither sorted nor grouped by."""

    name = "gone"
    label = "Unknown type"
    summary = "A field of a type that is not installed here; its answers can be read."
    accepts = "Nothing, until the type is installed again."
    family = "gone"
    options: ClassVar[Mapping[str, Mapping[str, Any]]] = {}
    sortable = False
    groupable = False
    can_be_unique = False
    is_answerable = False

    def __init__(self, storage: Storage) -> None:
        # Of the field, not of the type as everywhere else.
        self.storage = storage  # type: ignore[misc]

    def coercer(self, definition: FieldDefinition, context: CoercionContext) -> Coercer:
        def refuse(raw: Any) -> Value | None:
            raise not_installed(definition)

        return refuse

    def to_text(self, definition: FieldDefinition, value: Any) -> str:
        if isinstance(value, tuple):
            return join_codes(value)
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, dt.datetime):
            return instant_text(value)
        return format(value, "f") if isinstance(value, Decimal) else str(value)

    def from_text(self, definition: FieldDefinition, text: str) -> Value:
        return _READERS.get(self.storage, str)(text)


def not_installed(definition: FieldDefinition) -> Rejected:
    """The refusal of any answer to a field whose type is gone."""
    advice = N_("Leave this as it is: its type, “{type}”, is not installed here, so it can only be read.")
    return Rejected("not_installed", advice, type=definition.type)


_READERS: Mapping[Storage, Callable[[str], Value]] = {
    Storage.INTEGER: int,
    Storage.DECIMAL: Decimal,
    Storage.BOOLEAN: lambda text: text == "true",
    Storage.DATE: dt.date.fromisoformat,
    Storage.INSTANT: dt.datetime.fromisoformat,
    Storage.DAYS: PartialDate.parse,
    Storage.CODES: lambda text: tuple(text.strip("|").split("|")),
    Storage.REFERENCE: uuid.UUID,
}


@cache
def stand_in(storage: Storage) -> FieldType:
    """The type that reads what a storage holds."""
    return Gone(storage)
