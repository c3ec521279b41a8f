"""The operators a filter row may use, and the operand each wants.

Which operators there are depends on the family of the field's type. The
``not_…`` operators and ``includes_none`` also hold where there is no value:
a case without a status is not closed. ``is_blank`` means neither a value nor
a reason for its absence. A partly known date matches when every day that it
may be does: ``2026`` is in 2026, is not less than 1 July 2026 and is not more.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType

from amparo.metadata.fields.registry import field_type
from amparo.metadata.geolocations import Geolocation
from amparo.metadata.missing import Missing
from amparo.metadata.model import SYSTEM_FIELDS, FieldDefinition
from amparo.metadata.partial_dates import PartialDate
from amparo.metadata.wording import N_

#: Stands for the member who asks, in filters on owner and other members.
ME = "$me"

Scalar = str | int | Decimal | bool | dt.date | dt.datetime | PartialDate | uuid.UUID
#: A point, and kilometres from it.
Distance = tuple[Geolocation, Decimal]
#: What an operator compares with: nothing, one value, several, a pair, a period's name, days, a distance, or reasons.
Operand = Scalar | tuple[Scalar, ...] | Distance | tuple[Missing, ...] | None


class Shape(StrEnum):
    """What a person gives beside the operator."""

    NONE = "none"
    ONE = "one"
    MANY = "many"
    PAIR = "pair"
    PERIOD = "period"
    DAYS = "days"
    DISTANCE = "distance"
    REASONS = "reasons"

    @property
    def is_list(self) -> bool:
        """Several things that a person writes in one box, separated by semicolons."""
        return self in (Shape.PAIR, Shape.DISTANCE, Shape.REASONS)


@dataclass(frozen=True, slots=True)
class Operator:
    """``families`` may use it; ``on_sensitive`` says whether keyed hashes can answer it."""

    name: str
    label: str
    shape: Shape
    families: frozenset[str]
    on_sensitive: bool = False


_TEXTS = frozenset({"text", "long_text"})
#: What can be looked into for a word: of a file it is the name.
_WORDED = _TEXTS | {"address", "file", "phone"}
_NUMBERS = frozenset({"integer", "decimal"})
_TIMES = frozenset({"date", "instant", "days"})
_CHOICES = frozenset({"text", "phone", "time", "code", "reference", "place", "member", "identifier"}) | _NUMBERS
_EXACT = _CHOICES | {"boolean", "date", "days"}
_ORDERED = _NUMBERS | _TIMES | {"time"}
_FIELDS = _WORDED | _ORDERED | {"boolean", "code", "codes", "reference", "geolocation", "place"}
_BLANKABLE = _FIELDS | {"member", "gone"}
_CODES = frozenset({"codes"})

OPERATORS: Mapping[str, Operator] = MappingProxyType(
    {
        each.name: each
        for each in (
            Operator("in_place", N_("is in"), Shape.MANY, frozenset({"place"})),
            Operator("not_in_place", N_("is not in"), Shape.MANY, frozenset({"place"})),
            Operator("equals", N_("is"), Shape.ONE, _EXACT, on_sensitive=True),
            Operator("not_equals", N_("is not"), Shape.ONE, _EXACT),
            Operator("one_of", N_("is one of"), Shape.MANY, _CHOICES, on_sensitive=True),
            Operator("not_one_of", N_("is none of"), Shape.MANY, _CHOICES),
            Operator("contains", N_("contains"), Shape.ONE, _WORDED),
            Operator("not_contains", N_("does not contain"), Shape.ONE, _WORDED),
            Operator("starts_with", N_("starts with"), Shape.ONE, _TEXTS | {"file"}),
            Operator("less_than", N_("is less than"), Shape.ONE, _ORDERED),
            Operator("less_or_equal", N_("is at most"), Shape.ONE, _ORDERED),
            Operator("greater_than", N_("is more than"), Shape.ONE, _ORDERED),
            Operator("greater_or_equal", N_("is at least"), Shape.ONE, _ORDERED),
            Operator("between", N_("is between"), Shape.PAIR, _ORDERED),
            Operator("in_period", N_("is in"), Shape.PERIOD, _TIMES),
            Operator("older_than_days", N_("is more days ago than"), Shape.DAYS, _TIMES),
            Operator("includes_any", N_("includes any of"), Shape.MANY, _CODES),
            Operator("includes_all", N_("includes all of"), Shape.MANY, _CODES),
            Operator("includes_none", N_("includes none of"), Shape.MANY, _CODES),
            Operator("within_distance", N_("is within a distance of"), Shape.DISTANCE, frozenset({"geolocation"})),
            Operator("is_blank", N_("is blank"), Shape.NONE, _BLANKABLE, on_sensitive=True),
            Operator("is_not_blank", N_("is answered"), Shape.NONE, _BLANKABLE, on_sensitive=True),
            Operator("has_reason", N_("has a reason for no answer"), Shape.REASONS, _FIELDS, on_sensitive=True),
        )
    }
)

#: A defined field, or the name of a system field.
Subject = FieldDefinition | str


def family_of(subject: Subject) -> str:
    """The family whose operators a field or system field takes; :class:`KeyError` for an unknown name."""
    return SYSTEM_FIELDS[subject] if isinstance(subject, str) else field_type(subject.type).family


def operators_for(subject: Subject) -> tuple[Operator, ...]:
    """The operators a field or system field takes, in the order people see them."""
    family = family_of(subject)
    return tuple(each for each in OPERATORS.values() if family in each.families and _fits(each, subject))


def _fits(operator: Operator, subject: Subject) -> bool:
    if isinstance(subject, str):
        return operator.shape is not Shape.REASONS
    if operator.shape is Shape.REASONS and not subject.missing_reasons:
        return False
    return operator.on_sensitive or not subject.sensitive
