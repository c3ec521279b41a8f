"""Places that conditions compare with: looked for by their names in any language, and shown by their paths."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from amparo.metadata.filters import OPERATORS, Operator, Shape, Subject, family_of
from amparo.metadata.model import FieldDefinition, ObjectDefinition
from amparo.runtime.web.presenting.filter_lookups import found_question
from amparo.runtime.web.typed_rows import TypedRow
from amparo.runtime.web.visits import Visit
from amparo.runtime.web.widgets.base import Question
from amparo.runtime.web.widgets.places import chosen_place, find_places_to_ask_for, finding_url


def asks_for_places(subject: Subject, operator: Operator) -> bool:
    """Whether the row compares with places to look for: one, or several."""
    return family_of(subject) == "place" and operator.shape in (Shape.ONE, Shape.MANY)


def settled_row(visit: Visit, definition: ObjectDefinition, row: TypedRow) -> TypedRow:
    """A row in which a name that can be one place only is that place, though it was typed and not chosen."""
    field, operator = definition.by_name.get(row.field), OPERATORS.get(row.operator)
    if not row.query or field is None or operator is None or not asks_for_places(field, operator):
        return row
    codes, unclear = _meant(visit, row, row.query)
    if not codes:
        return row
    known = _parts(row, row.value)
    return replace(row, value=";".join(dict.fromkeys([*known, *codes])), query="; ".join(unclear))


def question_of_places(visit: Visit, field: FieldDefinition, number: int, row: TypedRow) -> Question:
    """The box of a row, with the places that are chosen; what a text could mean besides is looked for."""
    codes, unclear = _meant(visit, row, row.value)
    chosen = [chosen_place(visit, code) for code in codes]
    asked = replace(row, query=row.query or "; ".join(unclear))
    label = visit.words.field(field).label
    find = partial(find_places_to_ask_for, visit, field)
    return found_question(label, number, asked, chosen, find, finding_url(visit, field, places="all"))


def _meant(visit: Visit, row: TypedRow, text: str) -> tuple[list[str], list[str]]:
    """The codes of the places that a text names, each by its code, its name or its path; and what is not one place."""
    tree = visit.release.places
    codes, unclear = [], []
    for part in _parts(row, text):
        places = tree.meant(part)
        if len(places) == 1:
            codes.append(places[0].code)
        else:
            unclear.append(part)
    return list(dict.fromkeys(codes)), unclear


def _parts(row: TypedRow, text: str) -> list[str]:
    parts = text.split(";") if row.takes_several else [text]
    return [part.strip() for part in parts if part.strip()]
