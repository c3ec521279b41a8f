"""The types of values that formulas compute with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum

from amparo.metadata.wording import N_, Words


class ValueType(StrEnum):
    """What a part of a formula yields.

    In Python a number, a percent and a currency amount are ``Decimal`` (an integer will do), text and the code of a
    picklist ``str``, a multi-select a tuple of codes, a date ``datetime.date``, a date-time an aware
    ``datetime.datetime``, a time ``datetime.time``, a lookup the identifier's text. A percent field holds the number
    that people say (12.5) and is read as its hundredth (0.125), as in Salesforce. Blank is ``None`` everywhere, and
    so is an empty text and a condition that is neither true nor false.
    """

    TEXT = "text"
    NUMBER = "number"
    PERCENT = "percent"
    CURRENCY = "currency"
    BOOLEAN = "boolean"
    DATE = "date"
    PARTIAL_DATE = "partial_date"
    DATE_TIME = "date_time"
    TIME = "time"
    PICKLIST = "picklist"
    MULTI_SELECT = "multi_select"
    LOOKUP = "lookup"
    GEOLOCATION = "geolocation"
    #: Of the word NULL, which goes with every other.
    BLANK = "blank"

    @property
    def words(self) -> Words:
        """The type in a sentence."""
        return Words((_SAID[self],))


_SAID: Mapping[ValueType, str] = {
    ValueType.TEXT: N_("text"),
    ValueType.NUMBER: N_("number"),
    ValueType.PERCENT: N_("percent"),
    ValueType.CURRENCY: N_("currency"),
    ValueType.BOOLEAN: N_("boolean"),
    ValueType.DATE: N_("date"),
    ValueType.PARTIAL_DATE: N_("partly-known date"),
    ValueType.DATE_TIME: N_("date-time"),
    ValueType.TIME: N_("time"),
    ValueType.PICKLIST: N_("picklist"),
    ValueType.MULTI_SELECT: N_("multi-select"),
    ValueType.LOOKUP: N_("lookup"),
    ValueType.GEOLOCATION: N_("geolocation"),
    ValueType.BLANK: N_("blank"),
}


class Blanks(StrEnum):
    """What a number field without an answer counts as; chosen for each formula."""

    AS_ZERO = "as_zero"
    AS_BLANK = "as_blank"


NUMBERS = frozenset({ValueType.NUMBER, ValueType.PERCENT, ValueType.CURRENCY})
TEXTS = frozenset({ValueType.TEXT, ValueType.LOOKUP})
DAYS = frozenset({ValueType.DATE, ValueType.PARTIAL_DATE})
_KINDS = (NUMBERS, TEXTS, DAYS)
#: What a mixture of a kind's types is.
_MIXED = (ValueType.NUMBER, ValueType.TEXT, ValueType.PARTIAL_DATE)


def common_type(types: Iterable[ValueType]) -> ValueType | None:
    """The type that all of them are or become; ``None`` when there is none."""
    different = set(types) - {ValueType.BLANK}
    if len(different) < 2:
        return next(iter(different), ValueType.BLANK)
    return next((mixed for kind, mixed in zip(_KINDS, _MIXED, strict=True) if different <= kind), None)


def accepts(wanted: frozenset[ValueType], given: ValueType) -> bool:
    """A value of type ``given`` may stand where one of the ``wanted`` is asked for."""
    return given is ValueType.BLANK or given in wanted or (given is ValueType.LOOKUP and ValueType.TEXT in wanted)
