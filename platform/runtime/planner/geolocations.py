"""Points within a distance of another, asked of the texts that geolocation columns hold.

A box around the circle leaves out nearly every row by comparing; the distance
is worked out for the rest. PostgreSQL computes it by the same formula as
``metadata.geolocations``, which SQLite is lent.
"""

from __future__ import annotations

from decimal import Decimal
from math import asin, cos, degrees, radians, sin

from sqlalchemy import Double, and_, cast, func, or_, true

from amparo.metadata.geolocations import EARTH_RADIUS, Geolocation
from amparo.runtime.planner.views import Condition, Expression

#: The box is a little larger than the circle, so that no rounding cuts off a point on its edge.
_MARGIN = 1e-6


def within(value: Expression, centre: Geolocation, kilometres: Decimal, on_postgres: bool) -> Condition:
    """Whether a point is at most so far from ``centre``; unknown, as no point is, for NULL."""
    latitude, longitude = _coordinates(value, on_postgres)
    north, east = float(centre.latitude), float(centre.longitude)
    radius = float(kilometres)
    if on_postgres:
        distance: Expression = _kilometres(latitude, longitude, north, east)
    else:
        distance = func.amparo_kilometres(latitude, longitude, north, east)
    return and_(_in_box(latitude, longitude, north, east, radius), distance <= radius)


def _coordinates(value: Expression, on_postgres: bool) -> tuple[Expression, Expression]:
    if on_postgres:
        return cast(func.split_part(value, ",", 1), Double), cast(func.split_part(value, ",", 2), Double)
    comma = func.instr(value, ",")
    return cast(func.substr(value, 1, comma - 1), Double), cast(func.substr(value, comma + 1), Double)


def _in_box(latitude: Expression, longitude: Expression, north: float, east: float, radius: float) -> Condition:
    angle = radius / EARTH_RADIUS
    high = degrees(angle) + _MARGIN
    in_height = and_(latitude >= north - high, latitude <= north + high)
    if abs(north) + high >= 90:
        # The circle holds a pole, and so every longitude.
        return in_height
    wide = degrees(asin(min(1.0, sin(angle) / cos(radians(north))))) + _MARGIN
    return and_(in_height, _between_longitudes(longitude, east - wide, east + wide))


def _between_longitudes(longitude: Expression, west: float, east: float) -> Condition:
    if east - west >= 360:
        return true()
    if west < -180:
        return or_(longitude >= west + 360, longitude <= east)
    if east > 180:
        return or_(longitude >= west, longitude <= east - 360)
    return and_(longitude >= west, longitude <= east)


def _kilometres(latitude: Expression, longitude: Expression, north: float, east: float) -> Expression:
    """``kilometres_between`` as SQL."""
    height = func.power(func.sin(func.radians(north - latitude) / 2), 2)
    width = func.power(func.sin(func.radians(east - longitude) / 2), 2)
    angle = height + func.cos(func.radians(latitude)) * cos(radians(north)) * width
    return 2 * EARTH_RADIUS * func.asin(func.least(1.0, func.sqrt(angle)))
