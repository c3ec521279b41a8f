"""Choosing a record while somebody types its name."""

from __future__ import annotations

from flask import jsonify, request
from flask.typing import ResponseReturnValue

from amparo.runtime.access import Permission
from amparo.runtime.web.addresses import new_url
from amparo.runtime.web.asked_words import QUESTION, sealed
from amparo.runtime.web.presenting.matches import find_matches
from amparo.runtime.web.routing import Pages
from amparo.runtime.web.visits import Visit

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


def _add_url(visit: Visit, object_name: str, name: str) -> str | None:
    if not visit.actor.may(Permission.RECORDS_CREATE):
        return None
    return new_url(visit, object_name, sealed(visit, {visit.release.object(object_name).definition.name_field: name}))
