"""Points on the earth."""

from __future__ import annotations

from decimal import Decimal

from amparo.metadata.formulas.decimals import from_double
from amparo.metadata.formulas.failures import FormulaError
from amparo.metadata.formulas.signatures import Function, Parameter
from amparo.metadata.formulas.value_types import NUMBERS, ValueType
from amparo.metadata.geolocations import BOUNDS, EARTH_RADIUS, Geolocation, kilometres_between
from amparo.metadata.wording import N_

_FAMILY = "Geolocation"
_POINT = frozenset({ValueType.GEOLOCATION})
#: Of the earth, on which Salesforce measures: the result of one engine is that of the other.
RADIUS = {"km": 6371.009, "mi": 3958.761}


def _geolocation(latitude: Decimal | None, longitude: Decimal | None) -> Geolocation | None:
    if latitude is None and longitude is None:
        return None
    if latitude is None or longitude is None:
        raise FormulaError("not_a_point", N_("A point needs a latitude and a longitude."))
    if not -BOUNDS[0] <= latitude <= BOUNDS[0] or not -BOUNDS[1] <= longitude <= BOUNDS[1]:
        raise FormulaError("not_a_point", N_("A latitude is at most 90, a longitude at most 180 degrees."))
    return Geolocation(Decimal(latitude), Decimal(longitude))


def _distance(one: Geolocation, other: Geolocation, unit: str) -> Decimal:
    radius = RADIUS.get(unit)
    if radius is None:
        raise FormulaError("unknown_unit", N_('A distance is in "km" or in "mi".'))
    degrees = (one.latitude, one.longitude, other.latitude, other.longitude)
    return from_double(kilometres_between(*map(float, degrees)) / EARTH_RADIUS * radius)


FUNCTIONS = (
    Function("GEOLOCATION", _FAMILY, N_("The point of a latitude and a longitude in degrees."),
             "GEOLOCATION(11.5564, 104.9282)", (Parameter("latitude", NUMBERS), Parameter("longitude", NUMBERS)),
             ValueType.GEOLOCATION, apply=_geolocation, takes_blanks=True),
    Function("DISTANCE", _FAMILY, N_("How far two points are apart, in \"km\" or \"mi\"."),
             'DISTANCE(place, GEOLOCATION(11.5564, 104.9282), "km")',
             (Parameter("point", _POINT), Parameter("other", _POINT), Parameter("unit", frozenset({ValueType.TEXT}))),
             ValueType.NUMBER, apply=_distance),
)  # fmt: skip
