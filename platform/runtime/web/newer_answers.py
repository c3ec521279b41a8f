"""What others saved while a form was open, for a form that comes back: it goes on from what the record holds now."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping

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
_STANDS_HERE = N_("Somebody else changed this meanwhile. What they wrote stands here now.")


def take_in_newer(visit: Visit, draft: Draft, record_id: uuid.UUID) -> None:
    """Of a form that is refused: what nobody touched in it shows what others wrote since, by which it was judged.

    Where both wrote, what stands in the form stays, and theirs is told. Saving again is about the version of now.
    """
    record = read_record(visit.store, visit.actor, draft.definition.name, record_id)
    if record.version == draft.version:
        return
    draft.version = record.version
    found = [each for each in draft.problems if each.kind != "changed_meanwhile"]
    draft.problems = [*found, *_newer_answers(visit, draft, record), *_newer_owner_and_kind(visit, draft, record)]


def _newer_answers(visit: Visit, draft: Draft, record: Record) -> Iterator[Problem]:
    before, typed = shown_then(draft.shown), changed_entries(draft.entries, draft.shown)
    theirs: dict[str, Answer] = {}
    for name, entry in list(draft.entries.items()):
        field = draft.definition.by_name[name]
        now = entry_of(field, record.answers.get(name), visit.release.time_zone)
        if now.content == entry.content or was_shown(now, before.get(name, "")):
            continue
        draft.shown = f"{draft.shown} {shown_digests({name: now})}"
        if name in typed:
            theirs[name] = record.answers.get(name)
        else:
            draft.entries[name] = now
            yield Problem("changed_meanwhile", name, None, _STANDS_HERE)
    yield from _told(visit, draft.definition, theirs, record.answers)


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
    if conflict.record == draft.record:
        draft.version = conflict.current_version
        draft.shown = _shown_with_theirs(visit, draft.definition, conflict, draft.shown)
        draft.problems = _clashes(visit, draft.definition, conflict)
        return
    for group in draft.groups:
        for row in group.rows:
            if row.record == conflict.record:
                _take_in_row(visit, group, row, conflict)


def _take_in_row(visit: Visit, group: RowGroup, row: Row, conflict: Conflict) -> None:
    row.version = conflict.current_version
    if not row.is_removed:
        row.shown = _shown_with_theirs(visit, group.definition, conflict, row.shown)
        row.problems += _clashes(visit, group.definition, conflict)
        return
    record = read_record(visit.store, visit.actor, group.related.object, conflict.record)
    zone = visit.release.time_zone
    row.entries = {each.name: entry_of(each, record.answers.get(each.name), zone) for each in group.fields}
    row.shown, row.labels, row.is_removed = shown_digests(row.entries), record.labels, False
    advice = N_("Somebody else changed this meanwhile. Look at it again before you remove it.")
    row.problems.append(Problem("changed_meanwhile", "", None, advice))


def _shown_with_theirs(visit: Visit, definition: ObjectDefinition, conflict: Conflict, shown: str) -> str:
    """Saving again then puts back also an answer that nobody touched, where it goes with one that was."""
    clashing = {each.field: each.theirs for each in conflict.fields if each.clashes}
    zone = visit.release.time_zone
    theirs = {name: entry_of(definition.by_name[name], answer, zone) for name, answer in clashing.items()}
    return f"{shown} {shown_digests(theirs)}"


def _clashes(visit: Visit, definition: ObjectDefinition, conflict: Conflict) -> list[Problem]:
    theirs = {each.field: each.theirs for each in conflict.fields}
    return list(_told(visit, definition, {each.field: each.theirs for each in conflict.fields if each.clashes}, theirs))


def _told(
    visit: Visit, definition: ObjectDefinition, theirs: Mapping[str, Answer], beside: Mapping[str, Answer]
) -> Iterator[Problem]:
    labels = names_in(visit, definition, theirs.items())
    for name, answer in theirs.items():
        field = definition.by_name[name]
        words = display(answer, field, visit.release, visit.language, labels, beside=beside) or gettext("Empty")
        yield Problem("changed_meanwhile", name, None, _SAVE_AGAIN, {"theirs": words})
