"""Records to choose from while somebody types, with what tells two of them apart."""

from __future__ import annotations

from amparo.metadata.model import FilterRow
from amparo.runtime.planner.finding import Found, find
from amparo.runtime.planner.lists import short_list
from amparo.runtime.planner.queries import ListQuery
from amparo.runtime.web.presenting.lists import heading_field, name_of
from amparo.runtime.web.visits import Visit
from amparo.runtime.web.widgets.base import Match

#: Longer than any name; what is behind is not looked at.
LONGEST_QUESTION = 200
MOST_MATCHES = 8


def find_matches(visit: Visit, object_name: str, text: str) -> list[Match]:
    """At most eight. A record known by another one, as a case by its person, is found by that name too."""
    asked = text[:LONGEST_QUESTION]
    found = find(visit.store, visit.actor, object_name, asked, MOST_MATCHES, release=visit.release)
    heading = heading_field(visit.release, object_name)
    definition = visit.release.object(object_name).definition
    if heading == definition.name_field:
        return [Match(str(each.id), each.name, each.detail or "") for each in found]
    target = str(definition.by_name[heading].options["object"])
    about = find(visit.store, visit.actor, target, asked, MOST_MATCHES, release=visit.release)
    return _known_by(visit, object_name, heading, found, about)


def _known_by(visit: Visit, object_name: str, heading: str, found: list[Found], about: list[Found]) -> list[Match]:
    filters = tuple(
        FilterRow(field, "one_of", [str(each.id) for each in records])
        for field, records in (("id", found), (heading, about))
        if records
    )
    if not filters:
        return []
    query = ListQuery(object_name, (heading,), filters, "any", limit=MOST_MATCHES)
    definition = visit.release.object(object_name).definition
    records = short_list(visit.store, visit.actor, query, release=visit.release).records
    return [Match(str(each.id), each.name, name_of(each, definition, heading)) for each in records]
