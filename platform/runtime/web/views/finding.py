"""Choosing a record while somebody types its name."""

from __future__ import annotations

from flask import jsonify, request
from flask.typing import ResponseReturnValue

from amparo.runtime.access import Permission
from amparo.runtime.planner.lists import find as find_records
from amparo.runtime.web.routing import Pages
from amparo.runtime.web.visits import Visit

pages = Pages("finding", __name__)

#: Longer than any name; what is behind is not looked at.
LONGEST_QUESTION = 200


@pages.route("/o/<slug>/<object_name>/find", permission=Permission.RECORDS_READ)
def find(visit: Visit, object_name: str) -> ResponseReturnValue:
    """At most eight matches. Without script a form asks the same by its own “Find” button."""
    found = find_records(visit.store, visit.actor, object_name, request.args.get("q", "")[:LONGEST_QUESTION])
    return jsonify([{"id": str(each.id), "name": each.name, "detail": each.detail or ""} for each in found])
