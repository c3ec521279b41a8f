"""Places out of the organisation's tree: found by their names or chosen from the top down, shown by their paths.

The lists of a choice from the top down are named after what they are in:
``<name>.in.`` at the top, ``<name>.in.<code>`` for what lies in a place. So a
list counts only where its place was chosen in the list above it.
``<name>.in`` says which place the lists showed: they are the answer where they
show another one now.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from flask import url_for
from flask_babel import gettext

from amparo.metadata.fields.location import unfit
from amparo.metadata.model import FieldDefinition
from amparo.metadata.places import Place, PlaceTree
from amparo.runtime.collation.keys import sort_key
from amparo.runtime.web.visits import Visit
from amparo.runtime.web.widgets.base import Choice, Entry, Form, Match, Question, Step
from amparo.runtime.web.widgets.reference import FoundWidget

MOST_MATCHES = 8
#: A longer list is nothing to choose from: its places are found by their names.
MOST_OPTIONS = 300
#: Longer than any path; what is behind is not looked at.
LONGEST_QUESTION = 200


class PlaceWidget(FoundWidget):
    name = "place"

    def typed(self, form: Form, name: str) -> Entry:
        entry = super().typed(form, name)
        shown = form.get(f"{name}.in")
        chosen = _chosen_in_lists(form, name)
        reached = chosen[-1] if chosen else ""
        if shown is None or reached == shown:
            return entry
        others = {text for box, text in form.items() if box.startswith(f"{name}.in.") and text} - {*chosen}
        return replace(entry, value=reached, is_parted=bool(others))

    def dress(self, question: Question, visit: Visit, definition: FieldDefinition, entry: Entry) -> None:
        question.query = entry.query
        question.source = finding_url(visit, definition)
        question.steps = steps_to(visit, definition, entry.value)
        question.steps_url = url_for("finding.place_steps", slug=visit.slug, field=definition.id)
        if not visit.release.places.by_code:
            question.hint = gettext("There is no list of places yet. An administrator brings it in.")

    def operand_words(self, visit: Visit, definition: FieldDefinition, text: str) -> str:
        meant = visit.release.places.meant(text)
        return visit.release.places.path(meant[0].code, visit.language) if len(meant) == 1 else text


def finding_url(visit: Visit, definition: FieldDefinition, places: str | None = None) -> str:
    """Where a script asks for places; ``places="all"`` for those that a condition may compare with."""
    return url_for("finding.find_place", slug=visit.slug, field=definition.id, places=places)


def _chosen_in_lists(form: Form, name: str) -> list[str]:
    """The places chosen one in the other, from the top."""
    chosen: list[str] = []
    place = form.get(f"{name}.in.", "")
    while place and place not in chosen:
        chosen.append(place)
        place = form.get(f"{name}.in.{place}", "")
    return chosen


def chosen_place(visit: Visit, code: str) -> Match:
    """The place that stands in a form, also one that is closed or not known any more."""
    place = visit.release.places.by_code.get(code)
    path = visit.release.places.path(code, visit.language)
    return Match(code, gettext("%(place)s (closed)", place=path) if place is not None and place.closed else path)


def find_places(visit: Visit, definition: FieldDefinition, text: str) -> list[Match]:
    """At most eight that the field takes; the level tells two of the same name apart."""
    tree = visit.release.places
    return _found(visit, text, lambda place: unfit(definition, tree, place) is None)


def find_places_to_ask_for(visit: Visit, definition: FieldDefinition, text: str) -> list[Match]:
    """As :func:`find_places`, with what the places lie in, and those that records have and nobody can choose now."""
    tree = visit.release.places
    root = definition.options.get("root")
    if root is None:
        return _found(visit, text, lambda place: True)
    return _found(visit, text, lambda place: tree.is_within(place.code, root) or tree.is_within(root, place.code))


def _found(visit: Visit, text: str, is_wanted: Callable[[Place], bool]) -> list[Match]:
    found = visit.release.places.matches(text[:LONGEST_QUESTION], MOST_MATCHES, is_wanted)
    return [replace(chosen_place(visit, place.code), detail=place.level) for place in found]


def steps_to(visit: Visit, definition: FieldDefinition, code: str) -> list[Step]:
    """The lists in which a place is chosen, from the top or from the field's root, and the one below it.

    They end before a list that would be too long, and where nothing below is for the field.
    """
    tree = visit.release.places
    root = definition.options.get("root")
    line = [place.code for place in reversed(tree.line(code))]
    if root is not None:
        line = line[line.index(root) + 1 :] if root in line else []
    steps: list[Step] = []
    above = root
    for chosen in (*line, ""):
        below = [each for each in tree.lying_in(above) if each.code == chosen or _leads(definition, tree, each)]
        if not 0 < len(below) <= MOST_OPTIONS:
            break
        steps.append(_step(visit, above if steps else None, chosen, below))
        above = chosen
    return steps


def _leads(definition: FieldDefinition, tree: PlaceTree, place: Place) -> bool:
    """Whether the field takes the place, or anything in it."""
    if unfit(definition, tree, place) is None:
        return True
    return any(_leads(definition, tree, each) for each in tree.lying_in(place.code))


def _step(visit: Visit, above: str | None, chosen: str, places: Sequence[Place]) -> Step:
    options = [Choice(place.code, place.named(visit.language)) for place in places]
    levels = dict.fromkeys(place.level for place in places)
    options.sort(key=lambda each: sort_key(each.label, visit.release.alphabet))
    return Step(above or "", gettext(", ").join(levels), chosen, options)
