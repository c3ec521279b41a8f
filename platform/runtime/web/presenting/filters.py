"""A list's conditions: in words as chips, and as rows that can be changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from flask_babel import gettext

from amparo.metadata.filters import ME, OPERATORS, Operator, Shape, Subject, family_of, operators_for
from amparo.metadata.missing import Missing
from amparo.metadata.model import SYSTEM_FIELDS, FieldDefinition, ObjectDefinition
from amparo.metadata.periods import COUNTED_PERIODS, PERIODS
from amparo.runtime.collation.keys import sort_key
from amparo.runtime.members import Member, list_members
from amparo.runtime.serializer import Labels, Name, name_for_people
from amparo.runtime.serializer.wording import REASON_LABELS
from amparo.runtime.web.addresses import list_url
from amparo.runtime.web.entries import identifier_of
from amparo.runtime.web.list_requests import ListRequest
from amparo.runtime.web.presenting.filter_lookups import (
    asks_for_records,
    names_of_records,
    question_of_row,
    words_of_the_absent,
)
from amparo.runtime.web.presenting.filter_places import asks_for_places, question_of_places
from amparo.runtime.web.presenting.layouts import may_see
from amparo.runtime.web.typed_rows import TypedRow
from amparo.runtime.web.visits import Visit
from amparo.runtime.web.widgets.base import Choice, Question
from amparo.runtime.web.widgets.dates import written_day_words
from amparo.runtime.web.widgets.registry import widget_of


def subject_named(definition: ObjectDefinition, name: str) -> Subject | None:
    known = definition.by_name.get(name)
    return known if known is not None else (name if name in SYSTEM_FIELDS else None)


def filter_chips(visit: Visit, request: ListRequest) -> list[dict[str, Any]]:
    """One chip for each finished condition; its cross leads to the list without it."""
    if not request.rows:
        return []
    names = _names(visit, request.definition, request.rows)
    held = {(row.field, row.operator) for row in request.filters}
    return [
        _chip(visit, request, number, row, names)
        for number, row in enumerate(request.rows)
        if (row.field, row.operator) in held
    ]


def _chip(visit: Visit, request: ListRequest, number: int, row: TypedRow, names: Labels) -> dict[str, Any]:
    operator = OPERATORS[row.operator]
    label = visit.words.field_label(request.definition, row.field)
    of = gettext("%(field)s %(comparison)s", field=label, comparison=gettext(operator.label))
    subject: Subject = request.definition.by_name.get(row.field, row.field)
    return {
        "of": of,
        "text": operand_words(visit, request.definition, subject, operator, row.value, names),
        "remove_url": _url_without(visit, request, number),
    }


def _url_without(visit: Visit, request: ListRequest, number: int) -> str:
    rows = [row for place, row in enumerate(request.rows) if place != number]
    return list_url(visit, request.definition.name, request.arguments(rows=rows))


def _names(visit: Visit, definition: ObjectDefinition, rows: Sequence[TypedRow]) -> Labels:
    """Of the records and members that conditions compare with."""
    labels = names_of_records(visit, definition, rows)
    if any(_is_member(row.field) and row.value not in ("", ME) for row in rows):
        labels |= {member.id: Name(member.name) for member in list_members(visit.store)}
    return labels


def _is_member(name: str) -> bool:
    return SYSTEM_FIELDS.get(name) == "member"


def operand_words(
    visit: Visit, definition: ObjectDefinition, subject: Subject, operator: Operator, value: str, names: Labels
) -> str:
    if operator.shape is Shape.NONE:
        return ""
    if operator.shape is Shape.PERIOD:
        return period_words(value)
    if operator.shape is Shape.DISTANCE:
        return _distance_words(value)
    if operator.shape is Shape.DAYS:
        return gettext("%(number)s days", number=value)
    parts = [part.strip() for part in value.split(";")] if operator.shape is not Shape.ONE else [value]
    if operator.shape is Shape.REASONS:
        return gettext(", ").join(gettext(REASON_LABELS[Missing(part)]) for part in parts if part)
    words = [_word(visit, definition, subject, part, names) for part in parts]
    if operator.shape is Shape.PAIR and len(words) == 2:
        return gettext("%(low)s to %(high)s", low=words[0], high=words[1])
    return gettext(", ").join(words)


def _word(visit: Visit, definition: ObjectDefinition, subject: Subject, text: str, names: Labels) -> str:
    if text == ME:
        return gettext("me")
    identifier = identifier_of(text)
    if identifier is not None and identifier in names:
        return name_for_people(names[identifier], subject, visit.release, visit.language)
    if identifier is not None and family_of(subject) == "reference":
        return words_of_the_absent()
    if identifier is not None and family_of(subject) == "member":
        return gettext("somebody who is not known here")
    if isinstance(subject, FieldDefinition):
        return widget_of(subject).operand_words(visit, subject, text)
    if subject == "record_type":
        return visit.words.record_type(definition, text)
    return written_day_words(text, visit.language)


def _distance_words(value: str) -> str:
    point, _, distance = value.partition(";")
    number = distance.strip().lower().removesuffix("km").strip()
    return gettext("%(number)s km around %(point)s", number=number, point=point.strip())


def period_words(period: str) -> str:
    name, _, days = period.partition(":")
    if days:
        return gettext(COUNTED_PERIODS[name]).format(days=days)
    return gettext(PERIODS[name])


def filter_editor(visit: Visit, request: ListRequest) -> tuple[list[dict[str, Any]], list[Choice]]:
    """The rows to change, with the comparisons and answers that fit each; and the fields to choose from."""
    rows = [*request.rows] or [TypedRow("", "", "")]
    members = list_members(visit.store) if any(_is_member(row.field) for row in rows) else []
    names = names_of_records(visit, request.definition, rows)
    made = [_editor_row(visit, request.definition, number, row, members, names) for number, row in enumerate(rows)]
    return made, _fields(visit, request.definition)


def _fields(visit: Visit, definition: ObjectDefinition) -> list[Choice]:
    fields = [
        Choice(each.name, visit.words.field(each).label)
        for each in definition.active_fields
        if may_see(visit, each) and operators_for(each)
    ]
    system = [Choice(name, visit.words.field_label(definition, name)) for name in SYSTEM_FIELDS if name != "id"]
    return sorted([*fields, *system], key=lambda choice: sort_key(choice.label, visit.alphabet))


def _editor_row(
    visit: Visit, definition: ObjectDefinition, number: int, row: TypedRow, members: Sequence[Member], names: Labels
) -> dict[str, Any]:
    subject = subject_named(definition, row.field)
    if subject is None or (isinstance(subject, FieldDefinition) and not may_see(visit, subject)):
        return {"field": "", "operator": "", "operators": [], "value": row.value, "choices": [], "is_day": False}
    operators = operators_for(subject)
    chosen = next((each for each in operators if each.name == row.operator), operators[0])
    asked = replace(row, operator=chosen.name)
    return {
        "field": row.field,
        "operator": chosen.name,
        "operators": [{"code": each.name, "label": gettext(each.label), "shape": each.shape} for each in operators],
        "lookup": _lookup(visit, subject, chosen, number, asked, names),
        "value": row.value,
        "choices": _answers(visit, definition, subject, chosen, row.value, members),
        "hint": _hint(chosen),
        "is_day": chosen.shape is Shape.ONE and family_of(subject) in ("date", "instant"),
    }


def _lookup(
    visit: Visit, subject: Subject, operator: Operator, number: int, row: TypedRow, names: Labels
) -> Question | None:
    """What takes the place of a box to type in where records or places are looked for by their names."""
    if not isinstance(subject, FieldDefinition):
        return None
    if asks_for_records(subject, operator):
        return question_of_row(visit, subject, number, row, names)
    return question_of_places(visit, subject, number, row) if asks_for_places(subject, operator) else None


def _hint(operator: Operator) -> str:
    return gettext("As 11.5564, 104.9282; 5 km") if operator.shape is Shape.DISTANCE else ""


def _answers(
    visit: Visit,
    definition: ObjectDefinition,
    subject: Subject,
    operator: Operator,
    value: str,
    members: Sequence[Member],
) -> list[Choice]:
    """What may stand on the right, where that is a short list; else the row has a box to type in."""
    if operator.shape is Shape.PERIOD:
        return _with(value, [Choice(name, gettext(label)) for name, label in PERIODS.items()], period_words)
    if operator.shape is Shape.NONE:
        return [Choice("", gettext("nothing to choose"))]
    if operator.shape is Shape.REASONS and isinstance(subject, FieldDefinition):
        any_reason = Choice("", gettext("any reason"))
        return [any_reason, *(Choice(each.value, gettext(REASON_LABELS[each])) for each in subject.missing_reasons)]
    if operator.shape in (Shape.DAYS, Shape.PAIR, Shape.DISTANCE):
        return []
    choices = _options(visit, definition, subject, members)
    # Several at once stand in one line of the box and stay together.
    return (
        _with(value, choices, lambda text: operand_words(visit, definition, subject, operator, text, {}))
        if choices
        else []
    )


def _with(value: str, choices: list[Choice], words: Any) -> list[Choice]:
    if not value or any(choice.code == value for choice in choices):
        return choices
    return [*choices, Choice(value, _readable(value, words))]


def _readable(value: str, words: Any) -> str:
    try:
        return str(words(value))
    except (KeyError, ValueError):
        return value


def _options(visit: Visit, definition: ObjectDefinition, subject: Subject, members: Sequence[Member]) -> list[Choice]:
    if isinstance(subject, FieldDefinition):
        return widget_of(subject).filter_choices(visit, subject)
    if _is_member(subject):
        me = Choice(ME, gettext("me"))
        return [me, *(Choice(str(each.id), each.name) for each in members if each.active)]
    if subject == "record_type":
        return [Choice(kind.name, visit.words.record_type(definition, kind.name)) for kind in definition.record_types]
    return []


def column_choices(visit: Visit, request: ListRequest) -> list[Mapping[str, Any]]:
    chosen = set(request.columns)
    definition = request.definition
    names = [each.name for each in definition.active_fields if may_see(visit, each) and widget_of(each).is_column]
    names += [name for name in SYSTEM_FIELDS if name != "id"]
    return [
        {"code": name, "label": visit.words.field_label(definition, name), "is_chosen": name in chosen}
        for name in dict.fromkeys((*request.columns, *names))
    ]
