"""What records are grouped by: raw keys from the database, made into groups that people read, in their order.

The database groups by what it holds (a code, a month, a whole selection);
quarters and years are made of months here, and a record with several codes is
counted once under each of them. A reason for a missing answer and a blank are
groups of their own.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from babel.dates import format_skeleton
from sqlalchemy import Connection, DateTime, Text, cast, func

from amparo.metadata.fields.base import Answer, Value
from amparo.metadata.fields.registry import field_type
from amparo.metadata.filters import Subject, family_of
from amparo.metadata.missing import Missing
from amparo.metadata.model import FieldDefinition, Grouping
from amparo.metadata.partial_dates import PartialDate
from amparo.metadata.wording import N_
from amparo.runtime.access import Actor
from amparo.runtime.collation.alphabets import alphabet_of
from amparo.runtime.collation.keys import sort_key
from amparo.runtime.locales import calendar_locale_of
from amparo.runtime.planner.queries import refuse, subject_of
from amparo.runtime.planner.views import Expression, View
from amparo.runtime.planner.zones import local_month
from amparo.runtime.serializer.labels import Labels, labels_of, wanted_by
from amparo.runtime.serializer.texts import display, json_form
from amparo.runtime.serializer.wording import (
    BLANK,
    NO_LEVEL,
    NO_OPTION,
    REASON_LABELS,
    SYSTEM_LABELS,
    UNCERTAIN_LABELS,
    translated,
)

#: Months one step of a period has.
STEPS = {"month": 1, "quarter": 3, "year": 12}
#: The longest row of months without records that is filled in between others.
_LONGEST_GAP_FILL = 600
#: Characters of a month in an ISO date.
_MONTH = len("2026-05")


@dataclass(frozen=True, slots=True)
class Period:
    """A month, quarter or year by the number of its first month since the year 0."""

    month: int
    by: str

    @property
    def first_day(self) -> dt.date:
        return dt.date(self.month // 12, self.month % 12 + 1, 1)

    def __str__(self) -> str:
        year, month = divmod(self.month, 12)
        return {"month": f"{year:04}-{month + 1:02}", "quarter": f"{year:04}-Q{month // 3 + 1}"}.get(
            self.by, f"{year:04}"
        )


@dataclass(frozen=True, slots=True)
class Reason:
    """Why there is no answer; apart from a picklist's code of the same spelling."""

    missing: Missing


@dataclass(frozen=True, slots=True)
class Uncertain:
    """What is not known well enough: a date in part, to say in which month, quarter or year it falls; a place above
    the level that is asked for.
    """

    by: str


#: What a group stands for: a value, a period, no period for certain, a reason, or None for blank.
Key = Value | Period | Uncertain | Reason | None


@dataclass(frozen=True, slots=True)
class Group:
    """One row or column of a report. ``key`` is its code, number, date, identifier or period as JSON holds it.

    ``kind`` is value, uncertain (``key`` is the period wanted), missing (``key`` is the reason) or blank.
    """

    key: Any
    label: str
    kind: str


@dataclass(frozen=True, slots=True)
class Axis:
    """The groups of one grouping, in order. ``label`` is the field's."""

    field: str
    by: str | None
    label: str
    groups: tuple[Group, ...]


class Grouped:
    """One grouping of a report over one view."""

    def __init__(self, view: View, position: int, grouping: Grouping) -> None:
        """Raises :class:`InvalidAnswers` for a field that is unknown or cannot be grouped by."""
        self.field = grouping.field
        self.by = grouping.by
        self.position = position
        self._view = view
        self._subject = subject_of(view.live, grouping.field)
        self._family = family_of(self._subject)
        self._place = view.live.fields.get(grouping.field)
        self._raw_column, self._reason_column = f"group_{position}", f"reason_{position}"
        self._require_groupable()

    def _require_groupable(self) -> None:
        path = f"groupings[{self.position}]"
        subject = self._subject
        if isinstance(subject, FieldDefinition) and (subject.sensitive or not field_type(subject.type).groupable):
            advice = N_("Group by another field: the answers of this one must not be, or cannot be, added up.")
            raise refuse("not_groupable", path, self.field, advice)
        if self.by is not None and self._family == "place":
            self._require_level(self.by, path)
        elif self.by is not None and (self.by not in STEPS or self._family not in ("date", "instant", "days")):
            advice = N_("Group dates by month, quarter or year, and other fields by their values.")
            raise refuse("not_a_period", path, self.by, advice)

    def _require_level(self, level: str, path: str) -> None:
        levels = self._view.release.places.levels
        if level not in levels:
            advice = N_("Group places by one of these levels: {levels}.")
            raise refuse("not_a_level", path, level, advice, levels=", ".join(levels))

    def columns(self) -> list[Expression]:
        """The raw key and, where the field takes reasons, the reason."""
        columns: list[Expression] = [self._raw().label(self._raw_column)]
        reason = self._view.reason(self._place) if self._place else None
        if reason is not None:
            columns.append(reason.label(self._reason_column))
        return columns

    def _raw(self) -> Expression:
        value = self._view.value(self.field)
        if self.by is None or self._family == "place":
            return value
        if self._place is not None and self._place.has_days:
            first, last = (func.substr(cast(day, Text()), 1, _MONTH) for day in self._view.days(self._place))
            return first.concat("/").concat(last)
        if self._family == "instant":
            return local_month(value, self._view.release.time_zone, self._view.on_postgres)
        if self._view.on_postgres:
            return func.date_trunc("month", cast(value, DateTime()), type_=DateTime())
        return func.substr(value, 1, 7)

    def keys(self, row: Mapping[str, Any]) -> tuple[Key, ...]:
        """The groups that a raw row counts in: more than one only for selections."""
        raw = row[self._raw_column]
        if raw is None:
            reason = row.get(self._reason_column)
            return (Reason(Missing(reason)) if reason else None,)
        if self._family == "place" and self.by is not None:
            return (self._view.release.places.at_level(raw, self.by) or Uncertain(self.by),)
        if self.by is not None:
            return (self._period(raw, self.by),)
        if self._family == "codes":
            return tuple(raw.strip("|").split("|"))
        if self._family == "days":
            return (PartialDate.parse(raw),)
        return (raw,)

    def _period(self, raw: Any, by: str) -> Period | Uncertain:
        if not isinstance(raw, str):
            return _period_of(raw.year, raw.month, by)
        # One month, or the first and the last of a partly known date.
        periods = {_period_of(int(month[:4]), int(month[5:7]), by) for month in raw.split("/")}
        return periods.pop() if len(periods) == 1 else Uncertain(by)

    def ordered(self, keys: Collection[Key], labels: Mapping[Key, str], language: str) -> list[Key]:
        """Values in their natural order, then reasons, then blank; periods without gaps."""
        values = [key for key in keys if key is not None and not isinstance(key, Reason)]
        reasons = [reason for reason in map(Reason, Missing) if reason in keys]
        return [*self._values_in_order(values, labels, language), *reasons, *([None] if None in keys else [])]

    def _values_in_order(self, values: Sequence[Key], labels: Mapping[Key, str], language: str) -> list[Key]:
        if self._family == "place":
            tree = self._view.release.places
            return sorted(values, key=lambda key: (isinstance(key, Uncertain), tree.order(str(key)), str(key)))
        if self.by is not None:
            uncertain = [value for value in values if isinstance(value, Uncertain)]
            return [*_without_gaps([value for value in values if isinstance(value, Period)], self.by), *uncertain]
        places = {code: place for place, code in enumerate(self._codes())}
        if places:
            return sorted(values, key=lambda key: (places.get(str(key), len(places)), str(key)))
        if self._family in ("integer", "decimal", "date", "instant", "days", "time"):
            return sorted(values)  # type: ignore[type-var]
        if self._family == "boolean":
            return sorted(values, reverse=True)  # type: ignore[type-var]
        # Countries and languages are named in the reader's language, records and members by the organisation.
        alphabet = alphabet_of(language) if self._family == "code" else self._view.release.alphabet
        return sorted(values, key=lambda key: (sort_key(labels[key], alphabet), labels[key], str(key)))

    def _codes(self) -> list[str]:
        if isinstance(self._subject, FieldDefinition):
            picklist = field_type(self._subject.type).choices(self._subject, self._view.release.application)
            return list(picklist.by_code) if picklist and picklist.is_ordered else []
        types = self._view.live.definition.record_types
        return [each.name for each in types] if self.field == "record_type" else []

    def labels(self, connection: Connection, actor: Actor, keys: Iterable[Key], language: str) -> dict[Key, str]:
        keys = list(keys)
        names = self._names(connection, actor, {key for key in keys if isinstance(key, uuid.UUID)})
        return {key: self._label(key, names, language) for key in keys}

    def _names(self, connection: Connection, actor: Actor, identifiers: set[uuid.UUID]) -> Labels:
        view = self._view
        return labels_of(connection, view.store, actor, view.release, wanted_by(self._subject, identifiers))

    def _label(self, key: Key, names: Labels, language: str) -> str:
        if key is None:
            return translated(BLANK, language)
        if isinstance(key, Period):
            return period_label(key, language)
        if isinstance(key, Uncertain):
            return translated(UNCERTAIN_LABELS.get(key.by, NO_LEVEL), language).format(level=key.by)
        if isinstance(key, Reason):
            return translated(REASON_LABELS[key.missing], language)
        answer: Answer = (key,) if self._family == "codes" and isinstance(key, str) else key
        words = display(answer, self._subject, self._view.release, language, names, self._view.live.name)
        return translated(NO_OPTION, language).format(answer=words) if self._is_no_option(key) else words

    def _is_no_option(self, key: Key) -> bool:
        if not isinstance(self._subject, FieldDefinition) or self._family not in ("code", "codes"):
            return False
        choices = field_type(self._subject.type).choices(self._subject, self._view.release.application)
        return choices is not None and key not in choices.by_code

    def axis(self, keys: Sequence[Key], labels: Mapping[Key, str], language: str) -> Axis:
        named = ((key, labels.get(key) or self._label(key, {}, language)) for key in keys)
        groups = tuple(Group(json_key(key), label, _kind(key)) for key, label in named)
        return Axis(self.field, self.by, subject_label(self._view, self._subject, language), groups)


def _period_of(year: int, month: int, by: str) -> Period:
    step = STEPS[by]
    return Period((year * 12 + month - 1) // step * step, by)


def _without_gaps(periods: Sequence[Period], by: str) -> list[Key]:
    """Every period from the first to the last, unless that would be an absurdly long row."""
    if not periods:
        return []
    months = [period.month for period in periods]
    every = range(min(months), max(months) + 1, STEPS[by])
    return [Period(month, by) for month in (every if len(every) <= _LONGEST_GAP_FILL else sorted(months))]


@lru_cache(maxsize=4096)
def period_label(period: Period, language: str) -> str:
    skeleton = {"month": "yMMM", "quarter": "yQQQ"}.get(period.by, "y")
    return format_skeleton(skeleton, period.first_day, locale=calendar_locale_of(language))


def subject_label(view: View, subject: Subject, language: str) -> str:
    """What people call a field."""
    if isinstance(subject, FieldDefinition):
        return view.release.application.text(subject.id, "label", subject.label, language)
    return translated(SYSTEM_LABELS[subject], language)


def _kind(key: Key) -> str:
    if key is None:
        return "blank"
    if isinstance(key, Uncertain):
        return "uncertain"
    return "missing" if isinstance(key, Reason) else "value"


def json_key(key: Key) -> Any:
    """The key as JSON holds it."""
    if isinstance(key, Reason):
        return key.missing.value
    if isinstance(key, Uncertain):
        return key.by
    return str(key) if isinstance(key, Period) else json_form(key)
