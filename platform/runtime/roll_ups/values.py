"""What a roll-up of a record holds, out of what is kept or counted for it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, ColumnElement, FromClause, case, literal_column, null, type_coerce

from amparo.metadata.fields.base import Storage
from amparo.runtime.stores.projection import FieldPlace
from amparo.runtime.stores.types import column_type

if TYPE_CHECKING:
    from amparo.runtime.releases.live import LiveObject


def is_zero_of_nothing(place: FieldPlace) -> bool:
    """Of no records the count and the sum are zero, and everything else is blank."""
    return place.field.roll_up is not None and place.field.roll_up.function in ("count", "sum")


def initial_answers(live: LiveObject) -> Mapping[str, int | Decimal | None]:
    """What the roll-ups of a new record hold."""
    return {place.field.name: _initial(place) for place in live.roll_ups}


def _initial(place: FieldPlace) -> int | Decimal | None:
    if not is_zero_of_nothing(place):
        return None
    return 0 if place.storage is Storage.INTEGER else Decimal(0).scaleb(-place.decimals)


def initial_value(place: FieldPlace) -> ColumnElement[Any]:
    kind = column_type(place.storage, place.decimals)
    # Zero is zero, whether it counts whole units or the last decimals.
    return type_coerce(literal_column("0", BigInteger) if is_zero_of_nothing(place) else null(), kind)


def held_value(place: FieldPlace, kept: FromClause | None) -> ColumnElement[Any]:
    """``kept`` is joined to the record by its ``id``, and has no row for a record that nothing points to."""
    kind = column_type(place.storage, place.decimals)
    if kept is None or place.column_name not in kept.c:
        return type_coerce(null(), kind)
    column = type_coerce(kept.c[place.column_name], kind)
    if not is_zero_of_nothing(place):
        return column
    return case((kept.c.id.is_(None), initial_value(place)), else_=column)
