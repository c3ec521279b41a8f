"""A point on the earth, how people write one, and how far apart two are."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from math import asin, cos, radians, sin, sqrt
from typing import NamedTuple

#: Six decimals of a degree are eleven centimetres.
MOST_DECIMALS = 6
#: The mean radius of the earth in kilometres (IUGG).
EARTH_RADIUS = 6371.0088
#: Of latitude and of longitude.
BOUNDS = (Decimal(90), Decimal(180))


@dataclass(frozen=True, slots=True)
class Geolocation:
    """Degrees north and east, negative for south and west, with at most six decimals."""

    latitude: Decimal
    longitude: Decimal

    def __str__(self) -> str:
        """The canonical text: both with six decimals, such as ``11.556400,104.928200``."""
        return f"{self.latitude:.6f},{self.longitude:.6f}"

    @classmethod
    def parse(cls, text: str) -> Geolocation:
        """The point of a canonical text."""
        latitude, longitude = text.split(",")
        return cls(Decimal(latitude), Decimal(longitude))

    def rounded(self, decimals: int) -> Geolocation:
        unit = Decimal(1).scaleb(-decimals)
        # Adding zero makes -0 into 0, so that equal points have equal texts.
        return Geolocation(self.latitude.quantize(unit) + 0, self.longitude.quantize(unit) + 0)

    def in_words(self, decimals: int) -> str:
        """With as many decimals as its field keeps, or more where it has them."""
        return ", ".join(_degrees_text(each, decimals) for each in (self.latitude, self.longitude))


def _degrees_text(degrees: Decimal, decimals: int) -> str:
    kept = max(decimals, -int(degrees.normalize().as_tuple().exponent))
    return f"{degrees:.{kept}f}"


def kilometres_between(latitude: float, longitude: float, other_latitude: float, other_longitude: float) -> float:
    """By the haversine formula, on a sphere: at most half a percent off."""
    north = sin(radians(other_latitude - latitude) / 2) ** 2
    east = sin(radians(other_longitude - longitude) / 2) ** 2
    angle = north + cos(radians(latitude)) * cos(radians(other_latitude)) * east
    return 2 * EARTH_RADIUS * asin(min(1.0, sqrt(angle)))


class NotAPoint(ValueError):
    """A text that is no pair of coordinates."""


_NUMBER = r"[0-9]{1,3}(?:\.[0-9]{0,30})?"
_ANGLE = rf"({_NUMBER})\s*(?:°\s*(?:({_NUMBER})\s*'\s*(?:({_NUMBER})\s*\"\s*)?)?)?"
#: The letter stands before the angle, or behind it; or there is none, and perhaps a sign.
_COORDINATE = rf"(?:([NSEW])\s*{_ANGLE}|([+-]?)\s*{_ANGLE}([NSEW]?))"
_GROUPS = 9
_POINT = re.compile(rf"{_COORDINATE}(?:\s*[,;]\s*|\s+|(?<=[NSEW°'\"]))\s*{_COORDINATE}")
#: What is printed for degrees, minutes and seconds, and the comma of Arabic.
_SIGNS = str.maketrans({"º": "°", "˚": "°", "′": "'", "’": "'", "‘": "'", "″": '"', "”": '"', "“": '"', "،": ","})


def read_point(text: str) -> tuple[Decimal, Decimal]:
    """Latitude and longitude in degrees, neither bounded nor rounded.

    Takes decimal degrees, degrees with minutes and seconds, and the letters
    N, S, E and W on either side; without letters latitude comes first. Digits
    are ASCII. Raises :class:`NotAPoint`.
    """
    found = _POINT.fullmatch(text.translate(_SIGNS).replace("''", '"').upper().strip())
    if found is None:
        raise NotAPoint
    first, second = _degrees(*found.groups()[:_GROUPS]), _degrees(*found.groups()[_GROUPS:])
    if first.axis == second.axis == "" or (first.axis, second.axis) == ("N", "E"):
        return first.degrees, second.degrees
    if (first.axis, second.axis) == ("E", "N"):
        return second.degrees, first.degrees
    raise NotAPoint


class _Coordinate(NamedTuple):
    """``axis`` is N, E, or empty where no letter says."""

    degrees: Decimal
    axis: str


def _degrees(before: str | None, *parts: str | None) -> _Coordinate:
    """Of the groups of one coordinate in the pattern."""
    sign, after = parts[3], parts[7] or ""
    whole, *smaller = [Decimal(part) for part in (parts[:3] if before else parts[4:7]) if part is not None]
    if (sign and after) or any(part >= 60 for part in smaller):
        raise NotAPoint
    letter = before or after
    degrees = whole + sum((part / 60 ** (place + 1) for place, part in enumerate(smaller)), Decimal(0))
    axis = {"": "", "N": "N", "S": "N"}.get(letter, "E")
    return _Coordinate(-degrees if sign == "-" or letter in ("S", "W") else degrees, axis)
