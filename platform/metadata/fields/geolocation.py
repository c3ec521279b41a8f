"""Points on a map."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, ClassVar

from amparo.metadata.fields.base import Coercer, CoercionContext, FieldType, Rejected, Storage, Value
from amparo.metadata.fields.numerals import ascii_digits
from amparo.metadata.geolocations import BOUNDS, MOST_DECIMALS, Geolocation, NotAPoint, read_point
from amparo.metadata.model import FieldDefinition
from amparo.metadata.wording import N_


class GeolocationType(FieldType):
    """The one type that rounds: what is not kept cannot lead anybody to a door."""

    name = "geolocation"
    label = "Geolocation"
    summary = "A point on a map by its latitude and longitude, as exact as the organisation wants to keep it."
    accepts = (
        "Latitude and longitude: 11.5564, 104.9282, or with N, S, E and W: 11°33′23″N 104°55′41.5″E. "
        "They are rounded to the decimals that the field keeps."
    )
    storage = Storage.STRUCTURED
    family = "geolocation"
    sortable = False
    groupable = False
    can_be_unique = False
    options: ClassVar[Mapping[str, Mapping[str, Any]]] = {
        "decimals_kept": {
            "type": "integer",
            "minimum": 0,
            "maximum": MOST_DECIMALS,
            "default": MOST_DECIMALS,
            "description": (
                "Decimals of a degree that are kept, the rest is rounded away before it is saved: "
                "6 are about 10 cm, 5 about 1 m, 4 about 10 m, 3 about 100 m, 2 about 1 km, 1 about 10 km."
            ),
        }
    }

    def coercer(self, definition: FieldDefinition, context: CoercionContext) -> Coercer:
        decimals: int = self.option(definition, "decimals_kept")

        def coerce(raw: Any) -> Value | None:
            point = read_geolocation(raw)
            return None if point is None else point.rounded(decimals)

        return coerce

    def to_text(self, definition: FieldDefinition, value: Any) -> str:
        return str(value)

    def from_text(self, definition: FieldDefinition, text: str) -> Value:
        return Geolocation.parse(text)


def read_geolocation(raw: Any) -> Geolocation | None:
    """Input made into a point with at most six decimals; ``None`` for blank; raises :class:`Rejected`."""
    if isinstance(raw, Geolocation):
        return raw
    if not isinstance(raw, str):
        raise _unreadable()
    text = ascii_digits(raw)
    if not text.strip():
        return None
    try:
        latitude, longitude = read_point(text)
    except NotAPoint:
        raise _unreadable() from None
    _require_on_earth(latitude, longitude)
    return Geolocation(latitude, longitude).rounded(MOST_DECIMALS)


def _require_on_earth(latitude: Decimal, longitude: Decimal) -> None:
    if abs(latitude) <= BOUNDS[0] and abs(longitude) <= BOUNDS[1]:
        return
    if abs(latitude) <= BOUNDS[1] and abs(longitude) <= BOUNDS[0]:
        raise Rejected("out_of_range", N_("Write the latitude first, which is from -90 to 90: the two seem swapped."))
    advice = N_("Write a latitude from -90 to 90, then a longitude from -180 to 180.")
    raise Rejected("out_of_range", advice)


def _unreadable() -> Rejected:
    advice = N_("Write latitude and longitude, like 11.5564, 104.9282 or 11°33′23″N 104°55′41″E.")
    return Rejected("not_a_point", advice)
