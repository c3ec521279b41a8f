"""The value a field has before anybody wrote one."""

from __future__ import annotations

import datetime as dt

from amparo.metadata.fields.base import CoercionContext, Value
from amparo.metadata.fields.registry import field_type
from amparo.metadata.model import FieldDefinition


def default_value(definition: FieldDefinition, context: CoercionContext, now: dt.datetime) -> Value | None:
    """The default as a value; ``today`` is the day of ``now``, an aware instant, in the context's zone.

    Raises :class:`~amparo.metadata.fields.base.Rejected` for a default that the checks would have refused.
    """
    written = definition.default
    kind = field_type(definition.type)
    if written is None:
        return None
    if isinstance(written, str) and written in kind.default_words:
        written = now.astimezone(context.time_zone).date() if written == "today" else now
    return kind.coercer(definition, context)(written)
