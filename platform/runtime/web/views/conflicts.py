"""Two people changed the same answers: what was before, what each wrote, and which to keep."""

from __future__ import annotations

import uuid

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from amparo.runtime.access import Permission
from amparo.runtime.errors import Conflict, InvalidAnswers
from amparo.runtime.planner.records import read_record
from amparo.runtime.records import service
from amparo.runtime.records.changes import Saved
from amparo.runtime.serializer import Record
from amparo.runtime.web.addresses import record_url
from amparo.runtime.web.dates import clock_words, day_words
from amparo.runtime.web.drafting import changed_system_inputs, in_form_order, number_typed, typed_draft, unfinished
from amparo.runtime.web.entries import Boxes, entry_of, inputs, not_shown, repeated_inputs, shown_digests
from amparo.runtime.web.presenting.conflicts import clashing, conflict_rows, open_choices, own_changes
from amparo.runtime.web.presenting.form_addresses import draft_key
from amparo.runtime.web.presenting.forms import Draft
from amparo.runtime.web.presenting.records import title_words
from amparo.runtime.web.routing import Pages
from amparo.runtime.web.shell import forget_draft, new_request_key, say_done
from amparo.runtime.web.uploads import repeated_with_uploads
from amparo.runtime.web.views.form_pages import form_again
from amparo.runtime.web.visits import Visit

pages = Pages("conflicts", __name__)

#: Boxes that the conflict page writes anew instead of repeating them.
_WRITTEN_ANEW = ("csrf_token", "version", "request_key", "seen_", "mine_", "asked_")
SIDES = ("mine", "theirs")


def answer_conflict(visit: Visit, draft: Draft, conflict: Conflict, *, unanswered: bool = False) -> ResponseReturnValue:
    """409: only what clashes is asked; everything typed comes along in hidden boxes. Nothing is chosen in advance."""
    object_name = draft.definition.name
    record = read_record(visit.store, visit.actor, object_name, conflict.record)
    rows = conflict_rows(visit, record, conflict, request.form if unanswered else {}, unanswered=unanswered)
    asked = [each.field for each in clashing(conflict)]
    page = render_template(
        "pages/conflict.html",
        rows=rows,
        problems=open_choices(rows),
        label=title_words(visit, record),
        lede=ngettext(
            "%(num)s answer differs: choose which to keep.", "%(num)s answers differ: choose which to keep.", len(rows)
        ),
        theirs=_theirs(visit, record),
        action=url_for("conflicts.keep", slug=visit.slug, object_name=object_name, record_id=conflict.record),
        hidden=_hidden(draft, conflict, asked),
        way_back=record_url(visit, object_name, conflict.record),
    )
    return page, 409


def _theirs(visit: Visit, record: Record) -> str:
    """Who saved last, and when: the time of today, else the day."""
    name = record.labels.get(record.updated_by) if record.updated_by else None
    zone = visit.release.time_zone
    day = record.updated_at.astimezone(zone).date()
    when = clock_words(record.updated_at, zone) if day == visit.today else day_words(day, visit.language)
    return gettext("%(name)s, %(when)s", name=name or gettext("the operator"), when=when)


def _hidden(draft: Draft, conflict: Conflict, asked: list[str]) -> Boxes:
    repeated = repeated_inputs(request.form, [*_WRITTEN_ANEW, *(f"{name}.keep" for name in asked)])
    own = {
        "version": str(conflict.base_version),
        "seen_": str(conflict.current_version),
        "mine_": " ".join(own_changes(conflict)),
        "asked_": " ".join(asked),
        "request_key": new_request_key(),
    }
    return Boxes([*own.items(), *repeated_with_uploads(draft, repeated)])


@pages.route("/o/<slug>/<object_name>/<uuid:record_id>/keep", permission=Permission.RECORDS_UPDATE, methods=["POST"])
def keep(visit: Visit, object_name: str, record_id: uuid.UUID) -> ResponseReturnValue:
    """Saves what was chosen, against the version that the page showed as theirs."""
    definition = visit.release.object(object_name).definition
    draft = typed_draft(visit, definition, record_id)
    draft.version = number_typed("seen_")
    own, unanswered = _chosen(draft)
    version = number_typed("version") if unanswered else draft.version
    values = inputs(definition, {name: draft.entries[name] for name in own}) | changed_system_inputs(draft)
    begun = unfinished(draft)
    try:
        if begun:
            raise InvalidAnswers(begun)
        # With a choice still open the old version brings the same clash back, with what was chosen so far.
        saved = service.update(
            visit.store,
            visit.actor,
            object_name,
            record_id,
            version,
            values,
            request_key=draft.request_key,
            merge=True,
            acknowledged=draft.acknowledged,
        )
    except Conflict as conflict:
        return answer_conflict(visit, draft, conflict, unanswered=unanswered)
    except InvalidAnswers as refusal:
        draft.problems = in_form_order(definition, list(refusal.problems))
        _take_theirs(visit, draft, record_id, own)
        return form_again(visit, draft, record_id), 422
    return _after_keeping(visit, draft, saved)


def _chosen(draft: Draft) -> tuple[set[str], bool]:
    """The own answers to keep, and whether a choice is still open: until none is, all of the own are kept."""
    kept = {name: request.form.get(f"{name}.keep", "") for name in request.form.get("asked_", "").split()}
    own = set(request.form.get("mine_", "").split()) & draft.entries.keys()
    if any(side not in SIDES for side in kept.values()):
        return own, True
    return own - {name for name, side in kept.items() if side == "theirs"}, False


def _take_theirs(visit: Visit, draft: Draft, record_id: uuid.UUID, own: set[str]) -> None:
    """Back in the form, the answers that were not chosen stand as they are kept now."""
    record = read_record(visit.store, visit.actor, draft.definition.name, record_id)
    for name in draft.entries.keys() - own:
        field = draft.definition.by_name[name]
        draft.entries[name] = entry_of(field, record.answers.get(name), visit.release.time_zone)
    kept = {name: entry for name, entry in draft.entries.items() if name not in own}
    draft.shown = f"{shown_digests(kept)} {not_shown({name: draft.entries[name] for name in own})}"
    draft.request_key = new_request_key()


def _after_keeping(visit: Visit, draft: Draft, saved: Saved) -> ResponseReturnValue:
    forget_draft(draft_key(visit, draft))
    say_done(gettext("The answers you chose are kept."))
    return redirect(record_url(visit, draft.definition.name, saved.record))
