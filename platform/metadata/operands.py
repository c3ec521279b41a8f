"""The operand of a filter row: what a person gave, read as the operator and the field want it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from amparo.metadata.fields.base import Coercer, CoercionContext, Rejected
from amparo.metadata.fields.date import read_day
from amparo.metadata.fields.date_time import instant_of, read_instant
from amparo.metadata.fields.geolocation import read_geolocation
from amparo.metadata.fields.location import read_place
from amparo.metadata.fields.lookup import read_identifier
from amparo.metadata.fields.numerals import ascii_digits
from amparo.metadata.fields.registry import field_type
from amparo.metadata.fields.text import sound_text, within_length
from amparo.metadata.filters import ME, OPERATORS, Operand, Scalar, Shape, Subject, family_of, operators_for
from amparo.metadata.missing import Missing
from amparo.metadata.model import FieldDefinition, FilterRow
from amparo.metadata.periods import MOST_DAYS, is_period
from amparo.metadata.problems import Problem, near_name
from amparo.metadata.wording import N_


def coerce_filter(row: FilterRow, subject: Subject, context: CoercionContext) -> Operand | Problem:
    """The operand of a filter row, ready for the planner, or the problem with it at the field's name.

    Dates compared with a date-time become the instant at which that day
    begins or ends in the organisation's zone, whichever the operator means.
    A period stays as written; ``periods.period_bounds`` turns it into days.
    """
    try:
        return _operand(row, subject, context)
    except Rejected as refusal:
        return refusal.at(row.field, row.value)


def _operand(row: FilterRow, subject: Subject, context: CoercionContext) -> Operand:
    operator = OPERATORS.get(row.operator)
    if operator is None or operator not in operators_for(subject):
        raise _refuse_operator(row, subject)
    return _READERS[operator.shape](row, subject, context)


def _refuse_operator(row: FilterRow, subject: Subject) -> Rejected:
    usable = [each.name for each in operators_for(subject)]
    if row.operator in OPERATORS and not isinstance(subject, str) and subject.sensitive:
        advice = N_("A sensitive field can only be compared exactly. Use one of: {operators}.")
        return Rejected("sensitive", advice, operators=", ".join(usable))
    if near := near_name(str(row.operator), usable):
        advice = N_("“{operator}” cannot be asked of this field. Did you mean “{near}”?")
        return Rejected("unknown_operator", advice, operator=row.operator, near=near)
    advice = N_("“{operator}” cannot be asked of this field. Use one of: {operators}.")
    return Rejected("unknown_operator", advice, operator=row.operator, operators=", ".join(usable))


def _nothing(row: FilterRow, subject: Subject, context: CoercionContext) -> None:
    if row.value not in (None, "", []):
        raise Rejected("value_not_wanted", N_("Remove the value: this operator needs none."))


def _one(row: FilterRow, subject: Subject, context: CoercionContext) -> Any:
    if row.operator in _OF_PARTS:
        return _given(_part_of_text, row.value)
    read = _reader(subject, context, end_of_day=row.operator in _TO_END_OF_DAY)
    return _given(read, row.value)


def _many(row: FilterRow, subject: Subject, context: CoercionContext) -> Operand:
    written = row.value.split(";") if isinstance(row.value, str) else row.value
    if not isinstance(written, (list, tuple)) or not written:
        raise Rejected("value_missing", N_("Give a list of at least one value."))
    read = _reader(subject, context)
    return tuple(dict.fromkeys(_given(read, each) for each in written))


def _pair(row: FilterRow, subject: Subject, context: CoercionContext) -> Operand:
    if not isinstance(row.value, (list, tuple)) or len(row.value) != 2:
        raise Rejected("value_missing", N_("Give two values, the lowest and the highest."))
    low = _given(_reader(subject, context), row.value[0])
    high = _given(_reader(subject, context, end_of_day=True), row.value[1])
    if low > high:
        raise Rejected("bounds_crossed", N_("Give the lower value first."))
    return low, high


def _period(row: FilterRow, subject: Subject, context: CoercionContext) -> str:
    if not isinstance(row.value, str) or not is_period(row.value):
        raise Rejected("not_a_period", N_("Give a period, such as this_month or last_n_days:30."))
    return row.value


def _days(row: FilterRow, subject: Subject, context: CoercionContext) -> int:
    text = str(row.value).strip()
    if isinstance(row.value, bool) or not (text.isascii() and text.isdigit() and len(text) < 6):
        raise Rejected("not_a_number", N_("Give a number of days."))
    if int(text) > MOST_DAYS:
        advice = N_("Write a number from {minimum} to {maximum}.")
        raise Rejected("out_of_range", advice, minimum=0, maximum=MOST_DAYS)
    return int(text)


_DISTANCE = re.compile(r"([0-9]{1,5}(?:\.[0-9]{1,6})?)\s*(?:km)?", re.IGNORECASE)
#: Half around the earth.
_LARGEST_DISTANCE = 20_000


def _distance(row: FilterRow, subject: Subject, context: CoercionContext) -> Operand:
    """The point is read whole: what the field rounds away is still part of the question."""
    written = row.value.split(";") if isinstance(row.value, str) else row.value
    if not isinstance(written, (list, tuple)) or len(written) != 2:
        raise Rejected("value_missing", N_("Give a point and the kilometres, like 11.5564, 104.9282; 5 km."))
    point = _given(read_geolocation, written[0])
    found = _DISTANCE.fullmatch(ascii_digits(str(written[1])))
    if found is None or not 0 < Decimal(found[1]) <= _LARGEST_DISTANCE:
        advice = N_("Give a distance of more than 0 and at most {maximum} km.")
        raise Rejected("out_of_range", advice, maximum=_LARGEST_DISTANCE)
    return point, Decimal(found[1])


def _reasons(row: FilterRow, subject: Subject, context: CoercionContext) -> tuple[Missing, ...]:
    """Empty means any reason."""
    written = [row.value] if isinstance(row.value, str) and row.value else row.value or []
    known = {str(reason): reason for reason in Missing}
    if not isinstance(written, (list, tuple)) or any(each not in list(known) for each in written):
        raise Rejected("not_a_reason", N_("Give reasons out of: {reasons}."), reasons=", ".join(known))
    return tuple(known[each] for each in written)


_READERS: Mapping[Shape, Callable[[FilterRow, Subject, CoercionContext], Operand]] = {
    Shape.NONE: _nothing,
    Shape.ONE: _one,
    Shape.MANY: _many,
    Shape.PAIR: _pair,
    Shape.PERIOD: _period,
    Shape.DAYS: _days,
    Shape.DISTANCE: _distance,
    Shape.REASONS: _reasons,
}

#: With these operators a day means its last microsecond, with the others its first.
_TO_END_OF_DAY = frozenset({"greater_than", "less_or_equal"})

#: These look for a part of a text, which need not be an answer itself: half of a phone number.
_OF_PARTS = frozenset({"contains", "not_contains", "starts_with"})

#: Of text to compare with; longer than any field may hold.
_LONGEST_QUESTION = 200_000


def _given(read: Coercer, raw: Any) -> Any:
    """What was read; raises :class:`Rejected` for blank."""
    value = None if raw is None else read(raw)
    if value is None:
        raise Rejected("value_missing", N_("Give a value to compare with, or ask whether it is blank."))
    return value


def _reader(subject: Subject, context: CoercionContext, *, end_of_day: bool = False) -> Coercer:
    """Reads one value to compare with. Limits of the field do not bind a question."""
    family = family_of(subject)
    if family == "instant":
        return lambda raw: _instant(raw, context, end_of_day)
    if isinstance(subject, str):
        return {"member": _member, "identifier": read_identifier}.get(family, _code_of_record_type)
    if family == "place":
        return lambda raw: read_place(context.places, raw)
    if family in ("address", "file"):
        return sound_text
    if family in ("code", "codes"):
        return _any_code(_codes(subject, context))
    options = {**subject.options, "minimum": None, "maximum": None, "max_length": _LONGEST_QUESTION}
    return field_type(subject.type).coercer(replace(subject, options=options), context)


def _codes(subject: FieldDefinition, context: CoercionContext) -> Iterable[str]:
    """Raises :class:`LookupError` where the field's picklist is not there."""
    choices = field_type(subject.type).choices(subject, context.application)
    if choices is None:
        raise LookupError(subject.options.get("picklist"))
    return choices.by_code


def _part_of_text(raw: Any) -> str | None:
    return within_length(sound_text(raw), _LONGEST_QUESTION) or None


def _member(raw: Any) -> Scalar | None:
    return ME if raw == ME else read_identifier(raw)


def _code_of_record_type(raw: Any) -> str | None:
    return sound_text(raw) or None


def _any_code(options: Iterable[str]) -> Coercer:
    """A code, also one that can no longer be chosen: old records hold it."""
    known = list(options)

    def read(raw: Any) -> str | None:
        text = sound_text(raw).strip()
        if not text or text in known:
            return text or None
        if near := near_name(text, known):
            advice = N_("“{text}” is not an option. Did you mean “{near}”?")
            raise Rejected("not_an_option", advice, text=text, near=near)
        raise Rejected("not_an_option", N_("“{text}” is not an option. Choose one from the list."), text=text)

    return read


def _instant(raw: Any, context: CoercionContext, end_of_day: bool) -> Scalar | None:
    day = _day_only(raw)
    if day is None:
        return read_instant(raw, context.time_zone)
    if not end_of_day:
        return instant_of(dt.datetime.combine(day, dt.time.min), context.time_zone)
    if day == dt.date.max:
        return instant_of(dt.datetime.combine(day, dt.time.max), context.time_zone)
    # Where clocks go back at midnight the last hour happens twice, so a day ends when the next one begins.
    following = dt.datetime.combine(day + dt.timedelta(days=1), dt.time.min)
    return instant_of(following, context.time_zone) - dt.timedelta(microseconds=1)


def _day_only(raw: Any) -> dt.date | None:
    if isinstance(raw, dt.date) and not isinstance(raw, dt.datetime):
        return raw
    try:
        return read_day(raw)
    except Rejected:
        return None
