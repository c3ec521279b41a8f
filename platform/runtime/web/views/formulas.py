"""Trying a formula: its problems as it is typed, how it reads, and what it comes to for a record."""

from __future__ import annotations

from flask import jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from amparo.metadata.formulas.value_types import Blanks
from amparo.metadata.model import ObjectDefinition
from amparo.runtime.access import Permission
from amparo.runtime.errors import NotFound
from amparo.runtime.planner.records import read_record
from amparo.runtime.serializer import Record
from amparo.runtime.web.entries import identifier_of
from amparo.runtime.web.presenting.lists import heading_field, name_of
from amparo.runtime.web.presenting.matches import find_matches
from amparo.runtime.web.routing import Pages
from amparo.runtime.web.visits import Visit
from amparo.runtime.web.widgets.base import Choice, Match, Question

pages = Pages("formulas", __name__)

FORMULAS = "/o/<slug>/setup/formulas"


@pages.route(FORMULAS, permission=Permission.DEFINITIONS_PUBLISH)
def begin(visit: Visit) -> ResponseReturnValue:
    return _page(visit)


@pages.route(FORMULAS, permission=Permission.DEFINITIONS_PUBLISH, methods=["POST"])
def try_out(visit: Visit) -> ResponseReturnValue:
    """Posted, and answered at once: a formula may hold a name, which stands in no address. Nothing is written."""
    return _page(visit)


@pages.route(f"{FORMULAS}/suggest", permission=Permission.DEFINITIONS_PUBLISH, methods=["POST"])
def suggest(visit: Visit) -> ResponseReturnValue:
    """What may stand behind the text before the caret, for the object of the form."""
    from amparo.runtime.web.presenting.formulas import suggested  # noqa: PLC0415 - it loads the parser

    return jsonify({"matches": suggested(visit, _object(visit), request.form.get("q", ""))})


def _page(visit: Visit) -> str:
    from amparo.runtime.web.presenting import formulas, rules_told  # noqa: PLC0415 - they load the parser

    form = request.form
    definition = _object(visit)
    # Browsers send the ends of lines as CR LF, and count them as one.
    text = form.get("formula", "").replace("\r\n", "\n")
    as_zero = form.get("as_zero") == "1"
    # The record is one of the object that was chosen before.
    is_other_object = "choose" in form
    record = None if is_other_object else _record(visit, definition)
    is_asked = request.method == "POST" and not is_other_object and "find" not in form
    blanks = Blanks.AS_ZERO if as_zero else Blanks.AS_BLANK
    return render_template(
        "pages/formulas.html",
        visit=visit,
        formula=text,
        as_zero=as_zero,
        object_question=_object_question(visit, definition),
        record_question=_record_question(visit, definition, record, is_other_object=is_other_object),
        outcome=formulas.outcome_of(visit, definition, text, blanks, record) if is_asked else None,
        record_name=_name(visit, record) if record else "",
        fields=formulas.named_fields(visit, definition),
        functions=formulas.named_functions(),
        told=rules_told.formulas_told(visit.release, definition.name, visit.language),
        object_name=definition.name,
        object_label=visit.words.object(definition),
        action=url_for("formulas.begin", slug=visit.slug),
        suggest_url=url_for("formulas.suggest", slug=visit.slug),
    )


def _object(visit: Visit) -> ObjectDefinition:
    """The one that is asked for, else the first of the navigation. Raises :class:`NotFound` for an empty release."""
    application = visit.release.application
    name = request.values.get("object", "")
    known = [name, *application.navigation, *application.objects]
    found = next((application.objects[each] for each in known if each in application.objects), None)
    if found is None:
        raise NotFound(gettext("There is no object yet. Publish definitions first."))
    return found


def _record(visit: Visit, definition: ObjectDefinition) -> Record | None:
    identifier = identifier_of(request.form.get("record", ""))
    if identifier is None:
        return None
    return read_record(visit.store, visit.actor, definition.name, identifier, release=visit.release)


def _name(visit: Visit, record: Record) -> str:
    definition = visit.release.object(record.object).definition
    return name_of(record, definition, heading_field(visit.release, record.object)) or visit.words.object(definition)


def _object_question(visit: Visit, definition: ObjectDefinition) -> Question:
    objects = visit.release.application.objects.values()
    return Question(
        "object",
        "f-object",
        gettext("Object"),
        "code",
        required=True,
        value=definition.name,
        options=[Choice(each.name, visit.words.object(each)) for each in objects],
        as_select=True,
        no_empty=True,
    )


def _record_question(
    visit: Visit, definition: ObjectDefinition, record: Record | None, *, is_other_object: bool
) -> Question:
    query = "" if is_other_object else request.form.get("record.query", "")
    chosen = [Match(str(record.id), _name(visit, record))] if record else []
    matches = find_matches(visit, (definition.name,), query) if query and request.form.get("find") else []
    return Question(
        "record",
        "f-record",
        gettext("Record"),
        "reference",
        help=gettext("What the formula comes to is computed for it, as if nothing of it were changed now."),
        query=query,
        source=url_for("finding.find", slug=visit.slug, object_name=definition.name, additions="no"),
        chosen=chosen,
        matches=[each for each in matches if record is None or each.id != str(record.id)],
        is_sought="find" in request.form,
    )
