"""Choosing a record while somebody types its name."""

from __future__ import annotations

from flask import jsonify, request
from flask.typing import ResponseReturnValue

from amparo.metadata.fields.registry import field_type
from amparo.metadata.model import FieldDefinition
from amparo.metadata.wording import N_
from amparo.runtime.access import Permission
from amparo.runtime.errors import NotFound
from amparo.runtime.web.addresses import new_url
from amparo.runtime.web.asked_words import QUESTION, sealed
from amparo.runtime.web.presenting.matches import find_matches
from amparo.runtime.web.routing import Pages
from amparo.runtime.web.visits import Visit
from amparo.runtime.web.widgets.places import find_places

pages = Pages("finding", __name__)


@pages.route("/o/<slug>/<object_name>/find", permission=Permission.RECORDS_READ, methods=["POST"])
def find(visit: Visit, object_name: str) -> ResponseReturnValue:
    """At most eight matches, and where a new record with that name is added: posted, so that no address holds a name.

    Without script a form asks the same by its own “Find” button.
    """
    asked = request.form.get(QUESTION, "")
    found = find_matches(visit, object_name, asked)
    matches = [{"id": each.id, "name": each.name, "detail": each.detail} for each in found]
    return jsonify({"matches": matches, "add_url": _add_url(visit, object_name, asked.strip())})


@pages.route("/o/<slug>/find-place", permission=Permission.RECORDS_READ, methods=["POST"])
def find_place(visit: Visit) -> ResponseReturnValue:
    """At most eight places that the field takes whose identifier the address holds."""
    field = _field_of(visit, request.args.get("field", ""))
    found = find_places(visit, field, request.form.get(QUESTION, ""))
    matches = [{"id": each.id, "name": each.name, "detail": each.detail} for each in found]
    return jsonify({"matches": matches, "add_url": None})


def _field_of(visit: Visit, identifier: str) -> FieldDefinition:
    for definition in visit.release.application.objects.values():
        for field in definition.active_fields:
            if field.id == identifier and field_type(field.type).family == "place":
                return field
    raise NotFound(N_("There is nothing at this address."))


def _add_url(visit: Visit, object_name: str, name: str) -> str | None:
    if not visit.actor.may(Permission.RECORDS_CREATE):
        return None
    return new_url(visit, object_name, sealed(visit, {visit.release.object(object_name).definition.name_field: name}))
