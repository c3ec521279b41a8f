"""Choosing a record while somebody types its name."""

from __future__ import annotations

from dataclasses import asdict

from flask import jsonify, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from amparo.metadata.fields.lookup import MOST_TARGETS
from amparo.metadata.fields.registry import field_type
from amparo.metadata.model import FieldDefinition
from amparo.metadata.wording import N_
from amparo.runtime.access import Permission
from amparo.runtime.errors import NotFound
from amparo.runtime.web.addresses import new_url
from amparo.runtime.web.asked_words import QUESTION, sealed
from amparo.runtime.web.presenting.matches import LONGEST_QUESTION, find_matches
from amparo.runtime.web.routing import Pages
from amparo.runtime.web.visits import Visit
from amparo.runtime.web.widgets.places import find_places, find_places_to_ask_for, steps_to

pages = Pages("finding", __name__)


@pages.route("/o/<slug>/<object_name>/find", permission=Permission.RECORDS_READ, methods=["POST"])
def find(visit: Visit, object_name: str) -> ResponseReturnValue:
    """At most eight matches, and where new records with that name are added: posted, so that no address holds a name.

    ``also`` in the address names other objects that a lookup may point to; ``additions=no`` asks for no forms, as
    where a condition is made. Without script a form asks the same by its own “Find” button.
    """
    asked = request.form.get(QUESTION, "")
    names = list(dict.fromkeys((object_name, *request.args.getlist("also"))))[:MOST_TARGETS]
    found = find_matches(visit, names, asked)
    matches = [{"id": each.id, "name": each.name, "detail": each.detail} for each in found]
    wants_additions = request.args.get("additions") != "no"
    additions = _additions(visit, names, asked.strip()) if wants_additions else []
    return jsonify({"matches": matches, "additions": additions})


@pages.route("/o/<slug>/find-place", permission=Permission.RECORDS_READ, methods=["POST"])
def find_place(visit: Visit) -> ResponseReturnValue:
    """At most eight places that the field takes whose identifier the address holds.

    ``places=all`` asks for those that a condition on the field may compare with.
    """
    field = _field_of(visit, request.args.get("field", ""))
    find = find_places_to_ask_for if request.args.get("places") == "all" else find_places
    found = find(visit, field, request.form.get(QUESTION, ""))
    matches = [{"id": each.id, "name": each.name, "detail": each.detail} for each in found]
    return jsonify({"matches": matches, "additions": []})


@pages.route("/o/<slug>/place-steps", permission=Permission.RECORDS_READ, methods=["POST"])
def place_steps(visit: Visit) -> ResponseReturnValue:
    """A place by its code, and the lists in which it is chosen from the top down, for that field.

    Without script a form asks the same by its own “Next level” button.
    """
    field = _field_of(visit, request.args.get("field", ""))
    code = request.form.get("place", "")
    steps = [asdict(each) for each in steps_to(visit, field, code)]
    return jsonify({"name": visit.release.places.path(code, visit.language), "steps": steps})


def _field_of(visit: Visit, identifier: str) -> FieldDefinition:
    for definition in visit.release.application.objects.values():
        for field in definition.active_fields:
            if field.id == identifier and field_type(field.type).family == "place":
                return field
    raise NotFound(N_("There is nothing at this address."))


def _additions(visit: Visit, object_names: list[str], name: str) -> list[dict[str, str]]:
    """Forms of new records of the name that was typed; none for what is no name, and too long for an address."""
    if len(name) > LONGEST_QUESTION or not visit.actor.may(Permission.RECORDS_CREATE):
        return []
    return [_addition(visit, each, name, is_only=len(object_names) == 1) for each in object_names]


def _addition(visit: Visit, object_name: str, name: str, *, is_only: bool) -> dict[str, str]:
    definition = visit.release.object(object_name).definition
    url = new_url(visit, object_name, sealed(visit, {definition.name_field: name}))
    if is_only:
        return {"words": gettext("Add “%(name)s” as new", name=name), "url": url}
    label = visit.words.object(definition)
    return {"words": gettext("Add “%(name)s” as new: %(object)s", name=name, object=label), "url": url}
