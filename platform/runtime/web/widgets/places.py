"""Places out of the organisation's tree: found by their names, shown by their paths."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext

from amparo.metadata.fields.location import unfit
from amparo.metadata.model import FieldDefinition
from amparo.runtime.web.visits import Visit
from amparo.runtime.web.widgets.base import Entry, Match, Question
from amparo.runtime.web.widgets.reference import FoundWidget

MOST_MATCHES = 8
#: Longer than any path; what is behind is not looked at.
_LONGEST_QUESTION = 200


class PlaceWidget(FoundWidget):
    name = "place"

    def dress(self, question: Question, visit: Visit, definition: FieldDefinition, entry: Entry) -> None:
        question.query = entry.query
        question.source = url_for("finding.find_place", slug=visit.slug, field=definition.id)
        if not visit.release.places.by_code:
            question.hint = gettext("There is no list of places yet. An administrator brings it in.")

    def operand_words(self, visit: Visit, definition: FieldDefinition, text: str) -> str:
        meant = visit.release.places.meant(text)
        return visit.release.places.path(meant[0].code, visit.language) if len(meant) == 1 else text


def chosen_place(visit: Visit, code: str) -> Match:
    """The place that stands in a form, also one that is closed or not known any more."""
    place = visit.release.places.by_code.get(code)
    path = visit.release.places.path(code, visit.language)
    return Match(code, gettext("%(place)s (closed)", place=path) if place is not None and place.closed else path)


def find_places(visit: Visit, definition: FieldDefinition, text: str) -> list[Match]:
    """At most eight that the field takes; the level tells two of the same name apart."""
    tree = visit.release.places
    found = tree.matches(text[:_LONGEST_QUESTION], MOST_MATCHES, lambda place: unfit(definition, tree, place) is None)
    return [Match(place.code, tree.path(place.code, visit.language), place.level) for place in found]
