"""The generated form: a new record, or a change of one that is there."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from amparo.metadata.fields.base import Answer
from amparo.metadata.fields.registry import field_type
from amparo.metadata.model import FieldDefinition, ObjectDefinition
from amparo.metadata.problems import Problem
from amparo.metadata.wording import N_
from amparo.runtime.access import Permission
from amparo.runtime.errors import Conflict, InvalidAnswers, NotPossible, RequestReused
from amparo.runtime.planner.records import read_record
from amparo.runtime.records.changes import Saved
from amparo.runtime.web.addresses import list_url, new_url, record_url
from amparo.runtime.web.asked_words import asked_arguments
from amparo.runtime.web.drafting import (
    LONGEST_BROUGHT,
    changed_system_inputs,
    draft_of,
    fill_in,
    in_form_order,
    number_typed,
    system_inputs,
    typed_draft,
    unfinished,
)
from amparo.runtime.web.entries import changed_entries, entry_of, inputs, shown_digests
from amparo.runtime.web.first_answers import first_answers
from amparo.runtime.web.form_saving import has_changed_rows, save_changed, save_new
from amparo.runtime.web.newer_answers import take_in, take_in_newer, tell_deleted_rows
from amparo.runtime.web.no_longer_asked import lists_no_longer_asked
from amparo.runtime.web.presenting.form_addresses import draft_key
from amparo.runtime.web.presenting.forms import Draft, answerable, fields_of_form
from amparo.runtime.web.presenting.layouts import arrangement_of
from amparo.runtime.web.references import names_of
from amparo.runtime.web.routing import Pages
from amparo.runtime.web.rows import RowGroup, fill_groups, groups_of, typed_rows, unchosen_in_rows
from amparo.runtime.web.shell import forget_draft, new_request_key, say_done
from amparo.runtime.web.uploads import take_row_uploads
from amparo.runtime.web.views.conflicts import answer_conflict
from amparo.runtime.web.views.form_pages import form_again, form_page
from amparo.runtime.web.visits import Visit
from amparo.runtime.web.widgets.base import Entry

pages = Pages("forms", __name__)


@pages.route("/o/<slug>/<object_name>/new", permission=Permission.RECORDS_CREATE)
def new(visit: Visit, object_name: str) -> ResponseReturnValue:
    """Where records may be of several kinds, the kind is asked first."""
    definition = visit.release.object(object_name).definition
    kinds = [kind for kind in definition.record_types if kind.active]
    brought, _ = asked_arguments(visit)
    wanted = brought.get("record_type")
    if len(kinds) > 1 and wanted not in {kind.name for kind in kinds}:
        return _kinds_page(visit, definition)
    draft = Draft(definition, {}, wanted or (kinds[0].name if kinds else None), str(visit.actor.member))
    first = first_answers(visit, definition, draft.record_type)
    for field in answerable(fields_of_form(visit, definition, draft.record_type)):
        draft.entries[field.name] = _first_entry(visit, field, brought.get(field.name), first.get(field.name))
    draft.brought = request.query_string.decode("ascii", "replace")[:LONGEST_BROUGHT]
    draft.labels = names_of(visit, definition, draft.entries)
    draft.request_key = new_request_key()
    draft.groups = _groups(visit, draft)
    for group in draft.groups:
        group.add_blank(visit)
    return form_page(visit, draft)


def _groups(visit: Visit, draft: Draft) -> list[RowGroup]:
    return groups_of(visit, arrangement_of(visit, draft.definition, draft.record_type))


def _typed(visit: Visit, definition: ObjectDefinition, record: uuid.UUID | None = None) -> Draft:
    """The form as it was sent, its rows and their files too."""
    draft = typed_draft(visit, definition, record)
    draft.groups = _groups(visit, draft)
    typed_rows(visit, draft.groups, request.form)
    draft.refused += lists_no_longer_asked(visit, request.form, {group.name for group in draft.groups})
    draft.problems = draft.refused
    take_row_uploads(visit, draft.groups)
    return draft


def _is_for_another_row(visit: Visit, draft: Draft) -> bool:
    """Without script the button “Add” sends the form for a blank row."""
    wanted = [group for group in draft.groups if group.name == request.form.get("add_row")]
    for group in wanted:
        group.add_blank(visit)
        group.rows[-1].is_added = True
    return bool(wanted)


def _kinds_page(visit: Visit, definition: ObjectDefinition) -> ResponseReturnValue:
    words = visit.words
    choices = [
        {
            "url": new_url(visit, definition.name, {**request.args.to_dict(), "record_type": kind.name}),
            "text": words.record_type(definition, kind.name),
            "note": words.record_type_help(definition, kind.name),
        }
        for kind in definition.record_types
        if kind.active
    ]
    way_back = list_url(visit, definition.name)
    return render_template("pages/kinds.html", definition=definition, words=words, choices=choices, way_back=way_back)


def _first_entry(visit: Visit, field: FieldDefinition, brought: str | None, default: Answer) -> Entry:
    """What the address brings along (a link that adds to a list), the name typed in a lookup, or the default."""
    if brought and field_type(field.type).family in ("reference", "text", "code"):
        return Entry(brought)
    return entry_of(field, default, visit.release.time_zone)


@pages.route("/o/<slug>/<object_name>/new", permission=Permission.RECORDS_CREATE, methods=["POST"])
def create(visit: Visit, object_name: str) -> ResponseReturnValue:
    definition = visit.release.object(object_name).definition
    draft = _typed(visit, definition)
    if draft.is_unfinished or _is_for_another_row(visit, draft):
        return _new_form_again(visit, draft)
    values = inputs(definition, draft.entries) | system_inputs(draft)
    begun = unfinished(draft)
    try:
        saved = _create(visit, draft, values, begun)
    except InvalidAnswers as refusal:
        draft.problems = in_form_order(definition, [*refusal.problems, *begun])
        return _new_form_again(visit, draft), 422
    except RequestReused as reuse:
        return _added_already(visit, draft, reuse), 409
    forget_draft(draft_key(visit, draft))
    say_done(gettext("%(object)s added.", object=visit.words.object(definition)))
    return redirect(record_url(visit, object_name, saved.record))


def _added_already(visit: Visit, draft: Draft, reuse: RequestReused) -> str:
    """Somebody went back to a form that was saved and typed on: it goes on as a change of what was added.

    Rows cannot be told from those that were added with the record, so such a form is shown as it is.
    """
    if reuse.record is None or has_changed_rows(draft):
        draft.problems = [Problem("already_saved", "", None, str(reuse))]
        return _new_form_again(visit, draft)
    saved = draft_of(visit, read_record(visit.store, visit.actor, draft.definition.name, reuse.record))
    saved.groups = _groups(visit, saved)
    fill_groups(visit, saved.groups, reuse.record)
    saved.shown = shown_digests(saved.entries)
    typed = changed_entries(draft.entries, draft.shown)
    saved.entries |= {name: entry for name, entry in typed.items() if name in saved.entries}
    saved.labels = {**saved.labels, **draft.labels}
    saved.owner_shown, saved.owner = saved.owner, draft.owner if "owner" in request.form else saved.owner
    forget_draft(draft_key(visit, draft))
    advice = N_("This was added already. What you typed since then is in this form: save it to change the record.")
    saved.problems = [Problem("already_saved", "", None, advice)]
    return form_page(visit, saved)


def _new_form_again(visit: Visit, draft: Draft) -> str:
    """As it was typed; a field that the form did not have yet begins with its default."""
    fill_in(visit, draft, first_answers(visit, draft.definition, draft.record_type))
    return form_page(visit, draft)


def _create(visit: Visit, draft: Draft, values: Mapping[str, Any], begun: list[Problem]) -> Saved:
    if unchosen_in_rows(draft.groups) or begun:
        # The other problems are told with those.
        raise InvalidAnswers(_other_problems(visit, draft.definition, values, begun))
    return save_new(visit, draft, values)


def _other_problems(
    visit: Visit, definition: ObjectDefinition, values: Mapping[str, Any], begun: list[Problem]
) -> list[Problem]:
    coercer = visit.release.object(definition.name).coercer
    answers, problems = coercer.coerce({k: v for k, v in values.items() if k in definition.by_name})
    refused = {problem.path for problem in (*problems, *begun)}
    return [*problems, *(p for p in coercer.missing_required(answers) if p.path not in refused)]


@pages.route("/o/<slug>/<object_name>/<uuid:record_id>/edit", permission=Permission.RECORDS_UPDATE)
def edit(visit: Visit, object_name: str, record_id: uuid.UUID) -> ResponseReturnValue:
    record = read_record(visit.store, visit.actor, object_name, record_id, release=visit.release)
    draft = draft_of(visit, record)
    draft.groups = _groups(visit, draft)
    fill_groups(visit, draft.groups, record_id)
    for group in draft.groups:
        if not group.has_more:
            group.add_blank(visit)
    return form_page(visit, draft)


@pages.route("/o/<slug>/<object_name>/<uuid:record_id>/edit", permission=Permission.RECORDS_UPDATE, methods=["POST"])
def update(visit: Visit, object_name: str, record_id: uuid.UUID) -> ResponseReturnValue:
    """Saves what differs from what the form showed; what others changed meanwhile is kept beside it."""
    definition = visit.release.object(object_name).definition
    draft = _typed(visit, definition, record_id)
    draft.version = number_typed("version")
    if draft.is_unfinished or "bring_back" in request.form or _is_for_another_row(visit, draft):
        return form_again(visit, draft, record_id)
    values = inputs(definition, changed_entries(draft.entries, draft.shown)) | changed_system_inputs(draft)
    begun = unfinished(draft)
    try:
        saved = _update(visit, draft, record_id, values, begun)
    except InvalidAnswers as refusal:
        draft.problems = [*refusal.problems, *begun]
        take_in_newer(visit, draft, record_id)
        draft.problems = in_form_order(definition, list(draft.problems))
        return form_again(visit, draft, record_id), 422
    except Conflict as conflict:
        return _changed_meanwhile(visit, draft, record_id, conflict)
    except NotPossible:
        if not tell_deleted_rows(visit, draft, record_id):
            raise
        return form_again(visit, draft, record_id), 409
    except RequestReused as reuse:
        draft.problems = [Problem("already_saved", "", None, str(reuse))]
        return form_again(visit, draft, record_id), 409
    return _after_update(visit, draft, saved)


def _changed_meanwhile(visit: Visit, draft: Draft, record: uuid.UUID, conflict: Conflict) -> ResponseReturnValue:
    """The page of a conflict knows no rows: where some were typed, the form comes back with what is newer in it."""
    if conflict.record == record and not has_changed_rows(draft):
        return answer_conflict(visit, draft, conflict)
    take_in(visit, draft, conflict)
    draft.problems = in_form_order(draft.definition, list(draft.problems))
    return form_again(visit, draft, record), 409


def _update(visit: Visit, draft: Draft, record: uuid.UUID, values: Mapping[str, Any], begun: list[Problem]) -> Saved:
    if unchosen_in_rows(draft.groups) or begun:
        raise InvalidAnswers(_coercion_problems(visit, draft.definition, values))
    return _save_changed(visit, draft, record, values)


def _save_changed(visit: Visit, draft: Draft, record: uuid.UUID, values: Mapping[str, Any]) -> Saved:
    """What somebody typed who went back to a form that was saved is a change like any other, unless it has rows."""
    try:
        return save_changed(visit, draft, record, values)
    except RequestReused:
        if has_changed_rows(draft):
            raise
        draft.request_key = new_request_key()
        return save_changed(visit, draft, record, values)


def _coercion_problems(visit: Visit, definition: ObjectDefinition, values: Mapping[str, Any]) -> list[Problem]:
    known = {name: value for name, value in values.items() if name in definition.by_name}
    return visit.release.object(definition.name).coercer.coerce(known)[1]


def _after_update(visit: Visit, draft: Draft, saved: Saved) -> ResponseReturnValue:
    forget_draft(draft_key(visit, draft))
    say_done(_what_was_kept(visit, draft.definition, saved, draft.rows_saved))
    return redirect(record_url(visit, draft.definition.name, saved.record))


def _what_was_kept(visit: Visit, definition: ObjectDefinition, saved: Saved, rows: int) -> str:
    if rows and not saved.merged:
        return ngettext("Saved, with %(num)s row.", "Saved, with %(num)s rows.", rows)
    if not saved.changed and not saved.merged:
        return gettext("Nothing was changed.")
    if not saved.merged:
        return ngettext("%(num)s answer saved.", "%(num)s answers saved.", len(saved.changed))
    return gettext(
        "Saved. Somebody else had changed other answers meanwhile (%(fields)s); both changes were kept.",
        fields=gettext(", ").join(visit.words.field_label(definition, name) for name in saved.merged),
    )
