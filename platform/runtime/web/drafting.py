"""A form that came in: what was typed, what of it was changed, and what goes to the save pipeline."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from flask import request

from amparo.metadata.fields.base import Answer
from amparo.metadata.fields.registry import is_answerable
from amparo.metadata.model import ObjectDefinition
from amparo.metadata.problems import Problem
from amparo.runtime.records.preparing import SYSTEM_INPUTS
from amparo.runtime.serializer import Record
from amparo.runtime.web.entries import (
    ACKNOWLEDGE,
    box_name,
    entry_of,
    entry_typed,
    not_shown,
    shown_digests,
    shown_names,
    unchosen_lookups,
)
from amparo.runtime.web.no_longer_asked import no_longer_asked
from amparo.runtime.web.older_forms import take_names_of_today
from amparo.runtime.web.presenting.answers import show_held
from amparo.runtime.web.presenting.conditions import closed_fields, earlier_answers
from amparo.runtime.web.presenting.forms import Draft, answerable, fields_of_form
from amparo.runtime.web.presenting.layouts import may_see
from amparo.runtime.web.references import names_of
from amparo.runtime.web.shell import new_request_key
from amparo.runtime.web.uploads import take_uploads
from amparo.runtime.web.visits import Visit
from amparo.runtime.web.whole_numbers import MOST_DIGITS, whole_number

#: Longer than the address of any form; what is behind is not looked at.
LONGEST_BROUGHT = 2000


def typed_draft(visit: Visit, definition: ObjectDefinition, record: uuid.UUID | None = None) -> Draft:
    """The form as it was sent, with everything that was typed; files that came with it are kept from here on.

    A field that the form did not show is not in it: one that a release added
    meanwhile is not emptied by a form that is older, and one that only the
    layout of another kind has is not lost when the kind is changed.
    """
    take_names_of_today(visit, definition.name)
    form = request.form
    shown = form.get("shown_", "")
    sent = shown_names(shown) | {box.partition(".")[0] for box in form}
    fields = [field for field in answerable(definition.active_fields) if may_see(visit, field)]
    entries = {
        field.name: entry_typed(form, field) for field in fields if field.name in sent or box_name(field.name) in sent
    }
    asked = form.get("find", "")
    draft = Draft(
        definition,
        entries,
        form.get("record_type") or None,
        form.get("owner", ""),
        record,
        brought=form.get("brought_", "")[:LONGEST_BROUGHT],
        shown=shown or not_shown(entries),
        owner_shown=form.get("owner_shown_"),
        kind_shown=form.get("record_type_shown_"),
        request_key=form.get("request_key", ""),
        labels=names_of(visit, definition, entries),
        finding=next((name for name in entries if box_name(name) == asked), ""),
        acknowledged=frozenset(form.getlist(ACKNOWLEDGE)),
    )
    take_uploads(visit, draft)
    retired = [each for each in definition.fields if each.retired]
    draft.refused = [*draft.refused, *no_longer_asked(visit, form, draft.shown, retired)]
    draft.problems = draft.refused
    return draft


def system_inputs(draft: Draft) -> dict[str, Any]:
    values: dict[str, Any] = {}
    if "owner" in request.form:
        values["owner"] = draft.owner or None
    if draft.definition.record_types:
        values["record_type"] = draft.record_type
    return values


def changed_system_inputs(draft: Draft) -> dict[str, Any]:
    """Owner and kind, when they were chosen anew; the form says which it showed."""
    values = system_inputs(draft)
    for name in list(values):
        if name not in request.form or (values[name] or "") == request.form.get(f"{name}_shown_"):
            del values[name]
    return values


def number_typed(name: str) -> int:
    """0 for a version that is none: older than every record's, so that nothing is overwritten unseen."""
    return whole_number(request.form.get(name, ""), MOST_DIGITS) or 0


def unfinished(draft: Draft) -> list[Problem]:
    """What was begun and is no answer: a lookup that was typed and not chosen, a file or an answer nothing can keep.

    Such a form is not saved: the answer would be kept as empty, or as what it was before.
    """
    return [*unchosen_lookups(draft.entries), *draft.refused]


def in_form_order(definition: ObjectDefinition, problems: list[Problem]) -> list[Problem]:
    order = {name: place for place, name in enumerate((*SYSTEM_INPUTS, *definition.by_name))}
    return sorted(problems, key=lambda problem: order.get(problem.path, len(order)))


def draft_of(visit: Visit, record: Record) -> Draft:
    definition = visit.release.object(record.object).definition
    zone = visit.release.time_zone
    closed = closed_fields(visit, record)
    fields = [each for each in fields_of_form(visit, definition, record.record_type) if each.name not in closed]
    return Draft(
        definition,
        {field.name: entry_of(field, record.answers.get(field.name), zone) for field in answerable(fields)},
        record.record_type,
        str(record.owner or ""),
        record.id,
        record.version,
        request_key=new_request_key(),
        labels=record.labels,
        given=given_words(visit, record, closed),
        held=record.answers,
        closed=closed,
        earlier=earlier_answers(visit, record),
    )


def given_words(visit: Visit, record: Record, closed: Iterable[str]) -> dict[str, str]:
    """What the form shows and does not ask: numbers that the system gave, and what a condition closes."""
    definition = visit.release.object(record.object).definition
    shown = {
        name: show_held(visit, record, definition.by_name[name]).text
        for name in closed
        if record.answers.get(name) is not None
    }
    return shown | {
        field.name: str(record.answers[field.name])
        for field in definition.active_fields
        if not (field.is_computed or is_answerable(field)) and record.answers.get(field.name) is not None
    }


def fill_in(visit: Visit, draft: Draft, answers: Mapping[str, Answer]) -> None:
    """Gives the fields that the form did not have yet the answers they hold."""
    for field in answerable(fields_of_form(visit, draft.definition, draft.record_type)):
        if field.name not in draft.entries and field.name not in draft.closed:
            entry = entry_of(field, answers.get(field.name), visit.release.time_zone)
            draft.entries[field.name] = entry
            draft.shown = f"{draft.shown} {shown_digests({field.name: entry})}"
