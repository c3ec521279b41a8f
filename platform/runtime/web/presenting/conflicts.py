"""The rows of the conflict page: before, mine, theirs; only what clashes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext

from amparo.metadata.fields.base import Answer
from amparo.metadata.fields.registry import field_type
from amparo.metadata.model import FieldDefinition
from amparo.runtime.errors import Conflict, FieldConflict
from amparo.runtime.serializer import Record
from amparo.runtime.web.presenting.answers import show, without_link
from amparo.runtime.web.presenting.files import with_picture
from amparo.runtime.web.presenting.layouts import may_see
from amparo.runtime.web.references import names_in
from amparo.runtime.web.visits import Visit
from amparo.runtime.web.widgets.base import Shown


def own_changes(conflict: Conflict) -> list[str]:
    """The fields that the person who saves changed, and those that they are asked about."""
    return [each.field for each in conflict.fields if each.mine != each.base or each.clashes]


def clashing(conflict: Conflict) -> list[FieldConflict]:
    return [each for each in conflict.fields if each.clashes]


def open_choices(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What the head of the page says of the rows where nothing is chosen, each with the first button of its row."""
    return [
        {"label": row["label"], "message": message, "anchor": f"keep-{row['name']}"}
        for row in rows
        for message in row["errors"]
    ]


def conflict_rows(
    visit: Visit, record: Record, conflict: Conflict, form: Mapping[str, Any], *, unanswered: bool
) -> list[dict[str, Any]]:
    """``unanswered`` marks the rows where nothing was chosen although the page was sent."""
    definition = visit.release.object(record.object).definition
    clashes = [each for each in clashing(conflict) if may_see(visit, definition.by_name[each.field])]
    answers = [(each.field, answer) for each in clashes for answer in (each.base, each.theirs, each.mine)]
    labels = names_in(visit, definition, answers)
    sides = [_side(record, conflict, side) for side in ("base", "mine", "theirs")]

    def shown(field: FieldDefinition) -> list[Shown]:
        told = [without_link(show(visit, field, side[field.name], labels, beside=side)) for side in sides]
        # Two signatures are told apart by how they look, not by their names.
        return [
            with_picture(visit, record, field, side[field.name], each) for side, each in zip(sides, told, strict=True)
        ]

    return [
        _row(visit, field, shown(field), form.get(f"{field.name}.keep", ""), unanswered=unanswered)
        for field in (definition.by_name[each.field] for each in clashes)
    ]


def _side(record: Record, conflict: Conflict, side: str) -> Mapping[str, Answer]:
    """What the whole record is, was or would be: beside an amount it says in which currency."""
    return record.answers | {each.field: getattr(each, side) for each in conflict.fields}


def _row(
    visit: Visit,
    field: FieldDefinition,
    sides: Sequence[Shown],
    chosen: str,
    *,
    unanswered: bool,
) -> dict[str, Any]:
    before, mine, theirs = sides
    is_open = unanswered and chosen not in ("mine", "theirs")
    return {
        "name": field.name,
        "label": visit.words.field(field).label,
        "note": gettext("Long text") if field_type(field.type).family == "long_text" else None,
        "before": before,
        "mine": mine,
        "theirs": theirs,
        "chosen": chosen,
        "care": gettext("If in doubt, keep the more careful answer and ask again.") if field.sensitive else None,
        "errors": [gettext("Choose which answer to keep.")] if is_open else [],
    }
