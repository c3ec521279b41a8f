"""What others saved while a form was open, for a form that comes back: it goes on from what the record holds now."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator, Mapping

from flask_babel import gettext

from amparo.metadata.fields.base import Answer
from amparo.metadata.model import ObjectDefinition
from amparo.metadata.problems import Problem
from amparo.metadata.wording import N_
from amparo.runtime.errors import Conflict
from amparo.runtime.planner.records import read_record
from amparo.runtime.serializer import Record
from amparo.runtime.serializer.texts import display
from amparo.runtime.web.entries import changed_entries, entry_of, shown_digests, shown_then, was_shown
from amparo.runtime.web.presenting.forms import Draft
from amparo.runtime.web.references import names_in
from amparo.runtime.web.rows import Row, RowGroup
from amparo.runtime.web.visits import Visit

_SAVE_AGAIN = N_("Somebody else wrote “{theirs}” here meanwhile. Save again to keep what stands here now.")
_DELETED = N_("Somebody else deleted this meanwhile. Remove it here, or bring it back first.")
_STANDS_HERE = N_("Somebody else changed this meanwhile. What they wrote stands here now.")


def take_in_newer(visit: Visit, draft: Draft, record_id: uuid.UUID) -> None:
    """Of a form that is refused: what nobody touched in it shows what others wrote since, by which it was judged.

    Where both wrote, what stands in the form stays, and theirs is told. Saving again is about the version of now.
    """
    record = read_record(visit.store, visit.actor, draft.definition.name, record_id)
    if record.version != draft.version:
        _take_in_record(visit, draft, record)


def _take_in_record(visit: Visit, draft: Draft, record: Record, asked: Collection[str] = ()) -> None:
    draft.version = record.version
    found = [each for each in draft.problems if each.kind != "changed_meanwhile"]
    newer = _newer_answers(visit, draft.definition, draft, record, asked)
    draft.problems = [*found, *newer, *_newer_owner_and_kind(visit, draft, record)]


def _newer_answers(
    visit: Visit, definition: ObjectDefinition, boxes: Draft | Row, record: Record, asked: Collection[str]
) -> Iterator[Problem]:
    """``asked`` are fields that count as typed: they go with one that was, as a currency with its amount."""
    before, typed = shown_then(boxes.shown), {*changed_entries(boxes.entries, boxes.shown), *asked}
    theirs: dict[str, Answer] = {}
    for name, entry in list(boxes.entries.items()):
        now = entry_of(definition.by_name[name], record.answers.get(name), visit.release.time_zone)
        if now.content == entry.content or was_shown(now, before.get(name, "")):
            continue
        boxes.shown = f"{boxes.shown} {shown_digests({name: now})}"
        if name in typed:
            theirs[name] = record.answers.get(name)
        else:
            boxes.entries[name] = now
            yield Problem("changed_meanwhile", name, None, _STANDS_HERE)
    boxes.labels = {**record.labels, **boxes.labels}
    yield from _told(visit, definition, theirs, record.answers)


def _newer_owner_and_kind(visit: Visit, draft: Draft, record: Record) -> Iterator[Problem]:
    owner, kind = str(record.owner or ""), record.record_type or ""
    if owner not in (draft.owner_shown, draft.owner):
        name = record.labels.get(record.owner) if record.owner else None
        yield _of_reserved("owner", name or gettext("Nobody"), is_typed=draft.owner != draft.owner_shown)
        draft.owner = draft.owner if draft.owner != draft.owner_shown else owner
    if kind not in (draft.kind_shown, draft.record_type or ""):
        is_typed = (draft.record_type or "") != draft.kind_shown
        theirs = visit.words.record_type(draft.definition, kind) if kind else gettext("No kind")
        yield _of_reserved("record_type", theirs, is_typed=is_typed)
        draft.record_type = draft.record_type if is_typed else record.record_type
    draft.owner_shown, draft.kind_shown = owner, kind


def _of_reserved(name: str, theirs: str, *, is_typed: bool) -> Problem:
    if is_typed:
        return Problem("changed_meanwhile", name, None, _SAVE_AGAIN, {"theirs": theirs})
    return Problem("changed_meanwhile", name, None, _STANDS_HERE)


def take_in(visit: Visit, draft: Draft, conflict: Conflict) -> None:
    """Says in the form what somebody else wrote meanwhile: saving again keeps what stands in it then."""
    asked = {each.field for each in conflict.fields if each.clashes}
    if conflict.record == draft.record:
        draft.problems = ()
        record = read_record(visit.store, visit.actor, draft.definition.name, conflict.record)
        _take_in_record(visit, draft, record, asked)
        return
    for group in draft.groups:
        for row in group.rows:
            if row.record == conflict.record:
                _take_in_row(visit, group, row, conflict.record, asked)


def _take_in_row(visit: Visit, group: RowGroup, row: Row, identifier: uuid.UUID, asked: Collection[str]) -> None:
    record = read_record(visit.store, visit.actor, group.related.object, identifier)
    row.version = record.version
    if not row.is_removed:
        row.problems += _newer_answers(visit, group.definition, row, record, asked)
        return
    zone = visit.release.time_zone
    row.entries = {each.name: entry_of(each, record.answers.get(each.name), zone) for each in group.fields}
    row.shown, row.labels, row.is_removed = shown_digests(row.entries), record.labels, False
    advice = N_("Somebody else changed this meanwhile. Look at it again before you remove it.")
    row.problems.append(Problem("changed_meanwhile", "", None, advice))


def tell_deleted_rows(visit: Visit, draft: Draft, record_id: uuid.UUID) -> bool:
    """Says of rows that were changed here and deleted by others that they were; false where there is none.

    What was typed in them stays to be read. Of a record that is deleted with its rows there is nothing to be said.
    """
    if _is_deleted(visit, draft.definition.name, record_id):
        return False
    found = [
        row
        for group in draft.groups
        for row in group.rows
        if not row.is_removed and changed_entries(row.entries, row.shown)
        if row.record is not None and _is_deleted(visit, group.related.object, row.record)
    ]
    for row in found:
        row.problems.append(Problem("deleted_meanwhile", "", None, _DELETED))
    return bool(found)


def _is_deleted(visit: Visit, object_name: str, record: uuid.UUID) -> bool:
    return read_record(visit.store, visit.actor, object_name, record, deleted=True).deleted


def _told(
    visit: Visit, definition: ObjectDefinition, theirs: Mapping[str, Answer], beside: Mapping[str, Answer]
) -> Iterator[Problem]:
    labels = names_in(visit, definition, theirs.items())
    for name, answer in theirs.items():
        field = definition.by_name[name]
        words = display(answer, field, visit.release, visit.language, labels, beside=beside) or gettext("Empty")
        yield Problem("changed_meanwhile", name, None, _SAVE_AGAIN, {"theirs": words})
