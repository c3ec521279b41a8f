"""Records to choose from while somebody types, with what tells two of them apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from flask_babel import gettext

from amparo.metadata.model import FilterRow, ObjectDefinition
from amparo.runtime.errors import InvalidAnswers
from amparo.runtime.planner.finding import Found, find
from amparo.runtime.planner.lists import short_list
from amparo.runtime.planner.queries import ListQuery
from amparo.runtime.web.presenting.lists import heading_field, name_of
from amparo.runtime.web.visits import Visit
from amparo.runtime.web.widgets.base import Match

#: Longer than any name; what is behind is not looked at.
LONGEST_QUESTION = 200
MOST_MATCHES = 8


def find_matches(visit: Visit, object_names: Sequence[str], text: str) -> list[Match]:
    """At most eight, of several objects each with what it is; none for a text that nobody can be called.

    A record known by another one, as a case by its person, is found by that name too.
    """
    try:
        return _matches(visit, object_names, text[:LONGEST_QUESTION])
    except InvalidAnswers:
        # What cannot be looked for stands in a form beside much that is worth keeping.
        return []


def _matches(visit: Visit, object_names: Sequence[str], asked: str) -> list[Match]:
    found = find(visit.store, visit.actor, object_names, asked, MOST_MATCHES, release=visit.release)
    headings = {name: heading_field(visit.release, name) for name in object_names}
    about_others = [name for name in object_names if headings[name] != _definition(visit, name).name_field]
    by_own_name = [each for each in found if each.object not in about_others]
    plain = [(each.object, Match(str(each.id), each.name, each.detail or "")) for each in by_own_name]
    known = [
        (name, match)
        for name in about_others
        for match in _known_by(visit, name, headings[name], [each for each in found if each.object == name], asked)
    ]
    # Neither kind takes the places of the other.
    plain = plain[: MOST_MATCHES - min(len(known), MOST_MATCHES // 2)]
    matches = [*plain, *known][:MOST_MATCHES]
    if len(object_names) == 1:
        return [match for _, match in matches]
    return [_with_object(visit, name, match) for name, match in matches]


def _definition(visit: Visit, object_name: str) -> ObjectDefinition:
    return visit.release.object(object_name).definition


def _with_object(visit: Visit, object_name: str, match: Match) -> Match:
    label = visit.words.object(_definition(visit, object_name))
    detail = gettext("%(object)s · %(note)s", object=label, note=match.detail) if match.detail else label
    return replace(match, detail=detail)


def _known_by(visit: Visit, object_name: str, heading: str, found: Sequence[Found], asked: str) -> list[Match]:
    targets = _definition(visit, object_name).by_name[heading].targets
    about = find(visit.store, visit.actor, targets, asked, MOST_MATCHES, release=visit.release)
    filters = tuple(
        FilterRow(field, "one_of", [str(each.id) for each in records])
        for field, records in (("id", found), (heading, about))
        if records
    )
    if not filters:
        return []
    query = ListQuery(object_name, (heading,), filters, "any", limit=MOST_MATCHES)
    definition = _definition(visit, object_name)
    records = short_list(visit.store, visit.actor, query, release=visit.release).records
    return [Match(str(each.id), each.name, name_of(each, definition, heading)) for each in records]
