"""The order of a list, and where its next page begins.

Rows are ordered by each sort field with its blanks last, then by identifier,
so that every row has exactly one place. One sort field is read in two stretches,
values then blanks, because then an index on ``(field, id)`` serves both
directions (DESIGN D1: keyset order).
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, Select, and_, case, collate, func, literal, or_, select, tuple_

from amparo.metadata.fields.registry import field_type
from amparo.metadata.filters import Subject, family_of
from amparo.metadata.model import Application, FieldDefinition, Picklist, Sort
from amparo.metadata.wording import N_
from amparo.runtime.collation.keys import sort_key
from amparo.runtime.fields.standard_names import in_order_of_names
from amparo.runtime.planner.pairs import numbered_texts, text_pairs
from amparo.runtime.planner.queries import ListQuery, refuse, subject_of
from amparo.runtime.planner.texts import file_name
from amparo.runtime.planner.views import Condition, Expression, View
from amparo.runtime.releases.live import LiveObject, LiveRelease

#: System fields that always have a value.
_NEVER_BLANK = frozenset({"id", "created_at", "updated_at"})


@dataclass(frozen=True, slots=True)
class SortKey:
    """One expression of the order. ``nullable`` ones put blanks last."""

    expression: Expression
    descending: bool
    nullable: bool

    def directed(self) -> Expression:
        return self.expression.desc() if self.descending else self.expression.asc()

    def beyond(self, value: object) -> Condition:
        last = literal(value, self.expression.type)
        return self.expression < last if self.descending else self.expression > last


@dataclass(frozen=True, slots=True)
class Position:
    """The sort values and the identifier of the last row of a page."""

    values: tuple[Any, ...]
    id: uuid.UUID

    @classmethod
    def of(cls, row: Mapping[str, Any], sorts: Sequence[Sort]) -> Position:
        """``row`` holds the :meth:`Order.columns` of a list sorted so."""
        return cls(tuple([row[f"sort_{number}"] for number in range(len(sorts) or 1)]), row["id"])


@dataclass(frozen=True)
class Order:
    """What a list is sorted by; the view joins the names that lookups are sorted by."""

    keys: tuple[SortKey, ...]
    id: Expression

    @property
    def has_two_stretches(self) -> bool:
        return len(self.keys) == 1 and self.keys[0].nullable

    def columns(self) -> list[Expression]:
        """The sort values, to be selected so that the next page knows where it begins."""
        return [key.expression.label(f"sort_{number}") for number, key in enumerate(self.keys)]

    def applied(self, query: Select[Any]) -> Select[Any]:
        """The whole order in one statement."""
        for key in self.keys:
            if key.nullable:
                query = query.order_by(key.expression.is_(None))
            query = query.order_by(key.directed())
        return query.order_by(self._directed_id())

    def stretches(self, query: Select[Any], after: Position | None) -> list[Select[Any]]:
        """The query in order, from a position on: one statement, or first the values and then the blanks."""
        if not self.has_two_stretches:
            return [self.applied(query if after is None else query.where(self._after(after)))]
        key = self.keys[0]
        values = query.where(key.expression.is_not(None)).order_by(key.directed(), self._directed_id())
        blanks = query.where(key.expression.is_(None)).order_by(self._directed_id())
        if after is None:
            return [values, blanks]
        if after.values[0] is None:
            return [blanks.where(self._beyond_id(after.id))]
        return [values.where(self._beyond_pair(key, after)), blanks]

    def _directed_id(self) -> Expression:
        return self.id.desc() if self._descends else self.id.asc()

    @property
    def _descends(self) -> bool:
        return bool(self.keys) and self.keys[-1].descending

    def _beyond_id(self, identifier: uuid.UUID) -> Condition:
        return self.id < identifier if self._descends else self.id > identifier

    def _beyond_pair(self, key: SortKey, after: Position) -> Condition:
        """A row comparison, which an index can serve."""
        pair = tuple_(key.expression, self.id)
        last = (after.values[0], after.id)
        return pair < last if key.descending else pair > last

    def _after(self, after: Position) -> Condition:
        if len(self.keys) == 1:
            return self._beyond_pair(self.keys[0], after)
        reached: list[Condition] = []
        ways: list[Condition] = []
        for key, value in zip(self.keys, after.values, strict=True):
            if value is None:
                reached.append(key.expression.is_(None))
                continue
            beyond = key.beyond(value)
            ways.append(and_(*reached, or_(beyond, key.expression.is_(None)) if key.nullable else beyond))
            reached.append(key.expression == value)
        return or_(*ways, and_(*reached, self._beyond_id(after.id)))


def without_needless_language(query: ListQuery, release: LiveRelease, live: LiveObject) -> ListQuery:
    """Most orders are the same in every language, and so are their statements and pages."""
    if query.language is None:
        return query
    subjects = (subject_of(live, sort.field) for sort in query.sort)
    is_needed = any(_is_named_by_language(each, release.application) for each in subjects)
    return query if is_needed else replace(query, language=None)


def _is_named_by_language(subject: Subject, application: Application) -> bool:
    """Whether the order of a field is that of names which are others in every language."""
    if not isinstance(subject, FieldDefinition):
        return False
    choices = field_type(subject.type).choices(subject, application)
    return choices is not None and not choices.is_ordered


def order_of(connection: Connection, view: View, sorts: Sequence[Sort], language: str) -> Order:
    """``language`` is the one whose names count. Raises :class:`InvalidAnswers` for a field that is unknown or cannot
    be sorted by.
    """
    wanted = sorts or (Sort("created_at" if view.is_past else "updated_at", descending=True),)
    keys: list[SortKey] = []
    for sort in wanted:
        subject = subject_of(view.live, sort.field)
        _require_sortable(sort.field, subject)
        expression = _expression(connection, view, sort.field, subject, language)
        keys.append(SortKey(expression, sort.descending, sort.field not in _NEVER_BLANK))
    return Order(tuple(keys), view.value("id"))


def _require_sortable(name: str, subject: Subject) -> None:
    if not isinstance(subject, FieldDefinition):
        return
    if subject.sensitive:
        raise refuse("sensitive", name, name, N_("Sort by another field: a sensitive one has no order."))
    if not field_type(subject.type).sortable:
        raise refuse("not_sortable", name, name, N_("Sort by another field: this one has no order."))


def _expression(connection: Connection, view: View, name: str, subject: Subject, language: str) -> Expression:
    """What stands for a field in the order: its sort key, an option's place in its list, a name."""
    value = view.value(name)
    if isinstance(subject, FieldDefinition):
        if (key := view.search_key(view.live.fields[name])) is not None:
            return key
        if view.live.fields[name].has_days:
            return view.days(view.live.fields[name])[0]
        if family_of(subject) == "file":
            return file_name(value, view.on_postgres)
        choices = field_type(subject.type).choices(subject, view.release.application)
        if choices is not None:
            return _place_of_option(view, value, subject, choices, language)
        if field_type(subject.type).family == "place":
            return _path_of_place(view, value)
        if subject.targets:
            return _name_of_record(view, value, subject)
        return value
    if name == "record_type":
        return _place_in(value, [each.name for each in view.live.definition.record_types])
    if name in ("owner", "created_by", "updated_by"):
        return _name_of_member(connection, view, value)
    return value


def _name_of_member(connection: Connection, view: View, value: Expression) -> Expression:
    """Members are few: what their names are sorted by is worked out here."""
    member = view.store.tables.member
    names = connection.execute(select(member.c.id, member.c.name)).all()
    keys = text_pairs({row.id: sort_key(row.name, view.release.alphabet) for row in names}, view.on_postgres)
    view.join(keys, keys.c.id == value)
    # A parameter has the collation of the database, unlike the columns of a store.
    return collate(keys.c.text, "C") if view.on_postgres else keys.c.text


def _place_of_option(
    view: View, value: Expression, subject: FieldDefinition, choices: Picklist, language: str
) -> Expression:
    """Countries and languages have no order of their own: they stand as readers look for their names."""
    codes = tuple(choices.by_code)
    if choices.is_ordered:
        return _place_in(value, codes)
    return _place_among(view, value, in_order_of_names(subject.type, codes, language))


def _place_in(value: Expression, codes: Sequence[str]) -> Expression:
    """Options in the order of their list, then codes that are no longer in it."""
    places = {code: place for place, code in enumerate(codes)}
    if not places:
        return value
    known: Expression = case(places, value=value, else_=len(places))
    return case((value.is_not(None), known))


def _place_among(view: View, value: Expression, codes: Sequence[str]) -> Expression:
    """As :func:`_place_in` for hundreds of codes, which are joined: so many comparisons for each row take four times
    as long.
    """
    places = numbered_texts(codes, view.on_postgres)
    view.join(places, places.c.text == value)
    return case((value.is_not(None), func.coalesce(places.c.place, len(codes) + 1)))


def _path_of_place(view: View, value: Expression) -> Expression:
    """Places are sorted by their names from the top; one that is not known any more by its code."""
    place = view.store.tables.place.alias()
    view.join(place, place.c.code == value)
    return func.coalesce(place.c.sort_key, value)


def _name_of_record(view: View, value: Expression, subject: FieldDefinition) -> Expression:
    """Records are sorted by their names of today, whichever of its objects a record is of.

    An automatic number that is not searched has no sort key. Beside names that have one it is made small as they are,
    or all numbers would come before all names.
    """
    names: list[Expression] = []
    for target in map(view.release.object, subject.targets):
        place = target.fields.get(target.definition.name_field)
        if place is not None and not place.sensitive:
            table = target.table.alias()
            view.join(table, table.c.id == value)
            is_raw = len(subject.targets) > 1 and not place.has_key
            name = table.c[place.key_column if place.has_key else place.column_name]
            names.append(func.lower(name) if is_raw else name)
    if not names:
        return value
    return names[0] if len(names) == 1 else func.coalesce(*names)
