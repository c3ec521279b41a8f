"""The page of a form, for whichever view has a draft to show."""

from __future__ import annotations

import uuid
from typing import Any

from flask import render_template, request, url_for

from amparo.runtime.planner.records import read_record
from amparo.runtime.web.addresses import list_url
from amparo.runtime.web.blank_questions import draw_question
from amparo.runtime.web.drafting import fill_in, given_words
from amparo.runtime.web.entries import entry_of
from amparo.runtime.web.older_forms import RELEASE
from amparo.runtime.web.presenting.conditions import closed_fields, earlier_answers
from amparo.runtime.web.presenting.form_addresses import draft_key, form_address, way_back
from amparo.runtime.web.presenting.form_scripts import form_script, section_conditions
from amparo.runtime.web.presenting.forms import (
    Draft,
    answerable,
    begin_showing,
    contents_links,
    form_sections,
    kind_question,
    owner_question,
    summary_lines,
)
from amparo.runtime.web.presenting.layouts import arrangement_of
from amparo.runtime.web.presenting.rows import row_links, row_sections, row_summary, takes_files
from amparo.runtime.web.visits import Visit


def form_page(visit: Visit, draft: Draft) -> str:
    """The form as the draft has it: fresh, brought back with problems, or with the matches of a lookup."""
    if not draft.shown:
        begin_showing(draft)
    sections, rows = form_sections(visit, draft), row_sections(visit, draft)
    name = draft.definition.name
    is_new = draft.record is None
    return render_template(
        "pages/form.html",
        draft=draft,
        is_new=is_new,
        label=visit.words.object(draft.definition),
        plural=visit.words.plural(draft.definition),
        inside=visit.words.record_type_inside(draft.definition, draft.record_type)
        or visit.words.object_inside(draft.definition),
        sections=sections,
        draw_question=draw_question,
        conditions=_conditions(visit, draft),
        multipart=takes_files(rows)
        or any(question.widget == "file" for section in sections for question in section.questions),
        contents=[*contents_links(sections), *row_links(rows)],
        summary=[*summary_lines(visit, draft), *row_summary(visit, draft)],
        row_sections=rows,
        owner=owner_question(visit, draft),
        kinds=None if is_new else kind_question(visit, draft),
        draft_key=draft_key(visit, draft),
        address=form_address(visit, draft),
        action=_action(visit, draft),
        hidden=_hidden(visit, draft),
        list_back=list_url(visit, name),
        way_back=way_back(visit, draft),
    )


def _conditions(visit: Visit, draft: Draft) -> dict[str, Any] | None:
    arrangement = arrangement_of(visit, draft.definition, draft.record_type)
    fields = [each for each in answerable(arrangement.fields) if each.name not in draft.closed]
    parts = section_conditions(arrangement)
    return form_script(visit, draft.definition, fields, draft.held, draft.record_type, parts)


def _hidden(visit: Visit, draft: Draft) -> dict[str, str]:
    """What the form says about itself when it comes back."""
    hidden = {
        "request_key": draft.request_key,
        RELEASE: str(visit.release.number),
        "shown_": draft.shown,
        "owner_shown_": draft.owner if draft.owner_shown is None else draft.owner_shown,
    }
    if draft.version is not None:
        kind = draft.record_type or ""
        kind = kind if draft.kind_shown is None else draft.kind_shown
        hidden |= {"version": str(draft.version), "record_type_shown_": kind}
    else:
        hidden["brought_"] = draft.brought
        if draft.record_type:
            hidden["record_type"] = draft.record_type
    return hidden


def _action(visit: Visit, draft: Draft) -> str:
    name = draft.definition.name
    if draft.record is None:
        return url_for("forms.create", slug=visit.slug, object_name=name)
    return url_for("forms.update", slug=visit.slug, object_name=name, record_id=draft.record)


def form_again(visit: Visit, draft: Draft, record_id: uuid.UUID) -> str:
    """The form of a change, as it was typed."""
    record = read_record(visit.store, visit.actor, draft.definition.name, record_id)
    draft.closed, draft.held = closed_fields(visit, record), record.answers
    draft.given = given_words(visit, record, draft.closed)
    draft.earlier = earlier_answers(visit, record)
    brought = draft.definition.by_name.get(request.form.get("bring_back", ""))
    if brought is not None and brought.name in draft.earlier:
        draft.entries[brought.name] = entry_of(brought, draft.earlier[brought.name].answer, visit.release.time_zone)
    draft.labels = {**record.labels, **draft.labels}
    fill_in(visit, draft, record.answers)
    return form_page(visit, draft)
