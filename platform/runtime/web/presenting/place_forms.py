"""One place being added or changed by hand: its boxes, what is wrong with them, and the place they make."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from flask_babel import gettext

from amparo.metadata.fields.base import Rejected
from amparo.metadata.fields.location import the_place
from amparo.metadata.places import Place
from amparo.metadata.problems import Problem
from amparo.runtime.places.changing import place_text
from amparo.runtime.web.presenting.forms import SummaryLine
from amparo.runtime.web.presenting.places import name_label
from amparo.runtime.web.presenting.questions import anchor_of
from amparo.runtime.web.problems import said
from amparo.runtime.web.visits import Visit
from amparo.runtime.web.widgets.base import Form, Question

_NAME_IN = "name:"
#: The box that a kind of problem is about; a name that cannot be is found by what was typed.
_BOX_OF = {
    "bad_code": "code",
    "bad_level": "level",
    "duplicate": "code",
    "unknown_place": "parent",
    "ambiguous_place": "parent",
    "unknown_parent": "parent",
    "in_itself": "parent",
    "too_deep": "parent",
}


@dataclass
class PlaceDraft:
    """``place`` is None for one that is to be added; ``texts`` stand in the boxes, by their names."""

    place: Place | None
    texts: dict[str, str]
    problems: list[Problem] = field(default_factory=list)


def first_draft(visit: Visit, place: Place | None, parent: str | None) -> PlaceDraft:
    """The boxes as a place fills them; of a new one only what it lies in is known."""
    parent = place.parent if place else parent
    texts = dict.fromkeys(_boxes(visit, place), "") | {"parent": _parent_text(visit, parent)}
    if place is None:
        return PlaceDraft(None, texts)
    names = {f"{_NAME_IN}{language}": name for language, name in place.names.items()}
    return PlaceDraft(place, texts | {"code": place.code, "level": place.level, "name": place.name} | names)


def typed_draft(visit: Visit, place: Place | None, form: Form) -> PlaceDraft:
    texts = {box: form.get(box, "").strip() for box in _boxes(visit, place)}
    return PlaceDraft(place, texts | ({"code": place.code} if place else {}))


def _boxes(visit: Visit, place: Place | None) -> list[str]:
    """A name in each language of the organisation, and in those that the place has a name in."""
    languages = dict.fromkeys((*visit.release.application.languages, *(place.names if place else ())))
    return ["code", "name", *(f"{_NAME_IN}{each}" for each in languages), "level", "parent"]


def _parent_text(visit: Visit, code: str | None) -> str:
    """The path, where it names no other place."""
    tree = visit.release.places
    if code is None or code not in tree.by_code:
        return ""
    path = tree.path(code, visit.language)
    return path if [each.code for each in tree.meant(path)] == [code] else code


def place_of(visit: Visit, draft: PlaceDraft) -> Place | None:
    """The place that the boxes make; None where what it lies in is no place, which is then among the problems."""
    texts = draft.texts
    parent = None
    if texts["parent"]:
        try:
            parent = the_place(visit.release.places, texts["parent"]).code
        except Rejected as refusal:
            draft.problems.append(refusal.at("parent", None))
            return None
    names = {box.removeprefix(_NAME_IN): text for box, text in texts.items() if box.startswith(_NAME_IN) and text}
    known = draft.place or Place(texts["code"], None, "", "")
    return replace(known, parent=parent, level=texts["level"], name=texts["name"], names=names)


def seen_mark(place: Place) -> str:
    """Tells whether a place is still as a form showed it."""
    return hashlib.sha256(place_text(place).encode()).hexdigest()[:16]


def place_questions(visit: Visit, draft: PlaceDraft) -> list[Question]:
    errors = _errors(draft)
    levels = gettext(", ").join(visit.release.places.levels)
    asked: Mapping[str, tuple[str, str]] = {
        "code": (gettext("Code"), gettext("It never changes. Take the one of the statistics office, if there is one.")),
        "name": (gettext("Name"), gettext("For readers whose language has no name below.")),
        "level": (gettext("Level"), gettext("One of: %(levels)s. Or another word.", levels=levels) if levels else ""),
        "parent": (gettext("Lies in"), gettext("The name or the code of a place. Empty for one at the top.")),
    }
    return [
        Question(
            box,
            anchor_of(box),
            asked[box][0] if box in asked else name_label(box.removeprefix(_NAME_IN), visit.language),
            "generated" if box == "code" and draft.place else "text",
            help=asked[box][1] if box in asked else "",
            required=box in ("code", "name", "level"),
            value=text,
            errors=errors.get(box, ()),
            width="full",
        )
        for box, text in draft.texts.items()
    ]


def _errors(draft: PlaceDraft) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for problem in draft.problems:
        for box in boxes_of(draft, problem):
            if (words := said(problem)) not in found.setdefault(box, []):
                found[box].append(words)
    return found


def boxes_of(draft: PlaceDraft, problem: Problem) -> Sequence[str]:
    """The boxes that a problem is about; none for one about the whole."""
    if problem.kind == "bad_name":
        names = {box: text for box, text in draft.texts.items() if box == "name" or (box.startswith(_NAME_IN) and text)}
        return [box for box, text in names.items() if text == problem.value]
    return [_BOX_OF[problem.kind]] if problem.kind in _BOX_OF else []


def place_summary(visit: Visit, draft: PlaceDraft) -> list[SummaryLine]:
    labels = {question.name: question.label for question in place_questions(visit, draft)}
    lines = {}
    for problem in draft.problems:
        for box in boxes_of(draft, problem) or ("",):
            anchor = anchor_of(box) if box else None
            lines[box, said(problem)] = SummaryLine(labels.get(box, ""), said(problem), anchor)
    return list(lines.values())
