"""Filter rows made into conditions on a view. Which operators there are: ``amparo.metadata.filters``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, false, not_, or_, select, true

from amparo.metadata.filters import ME, Operand, Subject, family_of
from amparo.metadata.model import FieldDefinition, FilterRow
from amparo.metadata.operands import coerce_filter
from amparo.metadata.periods import period_bounds
from amparo.metadata.problems import Problem
from amparo.metadata.wording import N_
from amparo.runtime.access import Actor, Permission
from amparo.runtime.errors import InvalidAnswers
from amparo.runtime.planner import geolocations, partial_dates
from amparo.runtime.planner.days import day_after_begins, start_of_day, today
from amparo.runtime.planner.queries import refuse, subject_of
from amparo.runtime.planner.texts import begins, contains, holds_exactly, require_searchable, starts_with, worded_text
from amparo.runtime.planner.views import Condition, Expression, View
from amparo.runtime.stores.projection import FieldPlace

_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Target:
    """What one filter row compares: a field of a view, for one actor at one time."""

    view: View
    name: str
    family: str
    place: FieldPlace | None
    actor: Actor
    now: dt.datetime

    @property
    def value(self) -> Expression:
        return self.view.value(self.name)

    @property
    def text(self) -> Expression:
        """What a word is looked for in."""
        return worded_text(self.value, self.family, self.view.on_postgres)

    @property
    def is_sealed(self) -> bool:
        return self.place is not None and self.place.sensitive

    @property
    def compared(self) -> Expression:
        """What exact comparison uses: the keyed hash of a sensitive field."""
        return self.view.match_hash(self.place) if self.place and self.is_sealed else self.value

    @property
    def reason(self) -> Expression | None:
        return self.view.reason(self.place) if self.place else None

    @property
    def key(self) -> Expression | None:
        return self.view.search_key(self.place) if self.place else None

    def operands(self, given: Any) -> list[object]:
        """The values to compare with: hashed for a sensitive field; *me* as the actor, who may be nobody."""
        values = given if isinstance(given, tuple) else (given,)
        if self.place is not None and self.place.sensitive:
            place = self.place
            keys = self.view.store.keys
            return [keys.match_hash(place.id, place.type.to_text(place.field, value)) for value in values]
        meant = (self.actor.member if value == ME and self.family == "member" else value for value in values)
        return [value for value in meant if value is not None]


def conditions(view: View, actor: Actor, rows: Sequence[FilterRow], match: str, now: dt.datetime) -> Condition | None:
    """All rows, or any of them, as one condition; None without rows. Raises :class:`InvalidAnswers`, all at once."""
    if match not in ("all", "any"):
        raise refuse("unknown_match", "match", match, N_("Match all of the filters, or any."))
    made: list[Condition] = []
    problems: list[Problem] = []
    for row in rows:
        try:
            made.append(_condition(view, actor, row, now))
        except InvalidAnswers as refusal:
            problems.extend(refusal.problems)
    if problems:
        raise InvalidAnswers(problems)
    if not made:
        return None
    return and_(*made) if match == "all" else or_(*made)


def _condition(view: View, actor: Actor, row: FilterRow, now: dt.datetime) -> Condition:
    subject = subject_of(view.live, row.field)
    operand = _operand(view, row, subject)
    place = view.live.fields[row.field] if isinstance(subject, FieldDefinition) else None
    if place is not None and place.sensitive and not actor.may(Permission.SENSITIVE_READ):
        # Whoever may not read an answer must not learn it by asking who has it, in a list or in a kept report.
        raise refuse("sensitive", row.field, None, N_("Your role does not read these answers, nor asks for them."))
    target = Target(view, row.field, family_of(subject), place, actor, now)
    if place is not None and place.has_days and row.operator in partial_dates.CONDITIONS:
        return partial_dates.CONDITIONS[row.operator](view.days(place), operand, today(view.release.time_zone, now))
    return _CONDITIONS[row.operator](target, operand)


def _operand(view: View, row: FilterRow, subject: Subject) -> Operand:
    operand = coerce_filter(row, subject, view.release.context)
    if isinstance(operand, Problem):
        raise InvalidAnswers([operand])
    return operand


def _equals(target: Target, given: Any) -> Condition:
    values = target.operands(given)
    if not values:
        return false()
    if target.family == "boolean" and not target.is_sealed:
        return target.value.is_(values[0])
    return target.compared == values[0]


def _not_equals(target: Target, given: Any) -> Condition:
    values = target.operands(given)
    if not values:
        return true()
    if target.family == "boolean":
        return target.value.is_not(values[0])
    return target.compared.is_distinct_from(values[0])


def _one_of(target: Target, given: Any) -> Condition:
    return target.compared.in_(target.operands(given))


def _not_one_of(target: Target, given: Any) -> Condition:
    return _or_blank(target, target.compared.not_in(target.operands(given)))


def _contains(target: Target, given: Any) -> Condition:
    term = require_searchable(str(given), target.name)
    if target.place is None:
        return contains(target.value, None, term, term, target.view.on_postgres)
    kind = target.place.type
    return contains(target.text, target.key, kind.search_term(term), kind.stored_term(term), target.view.on_postgres)


def _not_contains(target: Target, given: Any) -> Condition:
    return _or_blank(target, not_(_contains(target, given)))


def _starts_with(target: Target, given: Any) -> Condition:
    return starts_with(target.text, target.key, require_searchable(str(given), target.name))


def _between(target: Target, given: Any) -> Condition:
    low, high = given
    return and_(target.value >= low, target.value <= high)


def _in_period(target: Target, given: Any) -> Condition:
    zone = target.view.release.time_zone
    first, last = period_bounds(given, today(zone, target.now))
    if target.family == "date":
        return and_(target.value >= first, target.value <= last)
    return and_(target.value >= start_of_day(first, zone), target.value < day_after_begins(last, zone))


def _older_than_days(target: Target, given: Any) -> Condition:
    zone = target.view.release.time_zone
    day = today(zone, target.now) - given * _DAY
    return target.value < (day if target.family == "date" else start_of_day(day, zone))


def _includes(target: Target, code: str) -> Condition:
    return holds_exactly(target.value, f"|{code}|", target.view.on_postgres)


def _includes_any(target: Target, given: Any) -> Condition:
    return or_(*(_includes(target, code) for code in given))


def _includes_all(target: Target, given: Any) -> Condition:
    return and_(*(_includes(target, code) for code in given))


def _includes_none(target: Target, given: Any) -> Condition:
    return _or_blank(target, not_(_includes_any(target, given)))


def _is_blank(target: Target, given: Any) -> Condition:
    blank = target.value.is_(None)
    return blank if target.reason is None else and_(blank, target.reason.is_(None))


def _is_not_blank(target: Target, given: Any) -> Condition:
    answered = target.value.is_not(None)
    return answered if target.reason is None else or_(answered, target.reason.is_not(None))


def _has_reason(target: Target, given: Any) -> Condition:
    if target.reason is None:
        return false()
    return target.reason.in_([str(reason) for reason in given]) if given else target.reason.is_not(None)


def _in_place(target: Target, given: Any) -> Condition:
    """The places themselves, and all that lies in them."""
    place = target.view.store.tables.place
    tree = target.view.release.places
    ways = ("".join(f"|{each.code}" for each in reversed(tree.line(code))) for code in given)
    below = or_(*(begins(place.c.path, f"{way}|") for way in ways))
    return target.value.in_(select(place.c.code).where(below))


def _not_in_place(target: Target, given: Any) -> Condition:
    return _or_blank(target, not_(_in_place(target, given)))


def _within_distance(target: Target, given: Any) -> Condition:
    centre, kilometres = given
    return geolocations.within(target.value, centre, kilometres, target.view.on_postgres)


def _or_blank(target: Target, condition: Condition) -> Condition:
    return or_(target.value.is_(None), condition)


_CONDITIONS: Mapping[str, Callable[[Target, Any], Condition]] = {
    "equals": _equals,
    "not_equals": _not_equals,
    "one_of": _one_of,
    "not_one_of": _not_one_of,
    "contains": _contains,
    "not_contains": _not_contains,
    "starts_with": _starts_with,
    "less_than": lambda target, given: target.value < given,
    "less_or_equal": lambda target, given: target.value <= given,
    "greater_than": lambda target, given: target.value > given,
    "greater_or_equal": lambda target, given: target.value >= given,
    "between": _between,
    "in_period": _in_period,
    "older_than_days": _older_than_days,
    "includes_any": _includes_any,
    "includes_all": _includes_all,
    "includes_none": _includes_none,
    "in_place": _in_place,
    "not_in_place": _not_in_place,
    "within_distance": _within_distance,
    "is_blank": _is_blank,
    "is_not_blank": _is_not_blank,
    "has_reason": _has_reason,
}
