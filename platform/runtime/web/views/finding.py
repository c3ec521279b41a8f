"""Choosing a record while somebody types its name."""

from __future__ import annotations

from flask import jsonify, request
from flask.typing import ResponseReturnValue

from amparo.runtime.access import Permission
from amparo.runtime.web.presenting.matches import find_matches
from amparo.runtime.web.routing import Pages
from amparo.runtime.web.visits import Visit

pages = Pages("finding", __name__)


@pages.route("/o/<slug>/<object_name>/find", permission=Permission.RECORDS_READ)
def find(visit: Visit, object_name: str) -> ResponseReturnValue:
    """At most eight matches. Without script a form asks the same by its own “Find” button."""
    found = find_matches(visit, object_name, request.args.get("q", ""))
    return jsonify([{"id": each.id, "name": each.name, "detail": each.detail} for each in found])
