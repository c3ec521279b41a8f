"""Saving what a form holds: one record, or a record with its rows in one transaction."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from amparo.metadata.model import ObjectDefinition
from amparo.metadata.problems import Problem
from amparo.metadata.wording import N_
from amparo.runtime.errors import Conflict, InvalidAnswers, InvalidBatches
from amparo.runtime.planner.records import read_record
from amparo.runtime.records import service
from amparo.runtime.records.changes import Batch, Change, Saved
from amparo.runtime.serializer import Labels
from amparo.runtime.web.entries import entry_of, shown_digests
from amparo.runtime.web.presenting.answers import show
from amparo.runtime.web.presenting.forms import Draft
from amparo.runtime.web.rows import Row, RowGroup, batches_of, identifier_in
from amparo.runtime.web.shell import new_request_key
from amparo.runtime.web.visits import Visit


def save_new(visit: Visit, draft: Draft, values: Mapping[str, Any]) -> Saved:
    """Raises :class:`InvalidAnswers` with the record's own problems; those of rows stand on the rows then."""
    key = draft.request_key or new_request_key()
    if not draft.groups:
        name, acknowledged = draft.definition.name, draft.acknowledged
        return service.create(visit.store, visit.actor, name, values, request_key=key, acknowledged=acknowledged)
    change = Change(values, identifier_in(key, "record"), acknowledged=draft.acknowledged)
    return _save_with_rows(visit, draft, change, key)


def save_changed(visit: Visit, draft: Draft, record: uuid.UUID, values: Mapping[str, Any]) -> Saved:
    """As :func:`save_new`; what others changed meanwhile is kept where it does not clash, else :class:`Conflict`."""
    key = draft.request_key or new_request_key()
    version = draft.version or 0
    if not draft.groups:
        return service.update(
            visit.store,
            visit.actor,
            draft.definition.name,
            record,
            version,
            values,
            request_key=key,
            merge=True,
            acknowledged=draft.acknowledged,
        )
    return _save_with_rows(visit, draft, Change(values, record, version, acknowledged=draft.acknowledged), key)


def _save_with_rows(visit: Visit, draft: Draft, change: Change, key: str) -> Saved:
    master = change.record or identifier_in(key, "record")
    rows = list(batches_of(draft.groups, master, key))
    batches = [Batch(draft.definition.name, [change]), *(batch for batch, _ in rows)]
    try:
        results = service.save_together(visit.store, visit.actor, batches, request_key=key, merge=True)
    except InvalidBatches as refusal:
        own, *of_rows = refusal.batches
        for problems, (_, saved) in zip(of_rows, rows, strict=True):
            for position, found in problems.items():
                saved[position].problems += found
        raise InvalidAnswers(own.get(0, ())) from None
    draft.rows_saved = sum(
        result.removed + sum(bool(each.changed) for each in result.saved.values()) for result in results[1:]
    )
    return results[0].saved[0]


def has_changed_rows(draft: Draft) -> bool:
    """Whether something of a row would be saved."""
    changed = batches_of(draft.groups, uuid.UUID(int=0), "")
    return any(batch.changes or batch.removed for batch, _ in changed)


def take_in(visit: Visit, draft: Draft, conflict: Conflict) -> None:
    """Says in the form what somebody else wrote meanwhile: saving again keeps what stands in it then."""
    if conflict.record == draft.record:
        draft.version = conflict.current_version
        draft.problems = _clashes(visit, draft.definition, conflict, draft.labels)
        return
    for group in draft.groups:
        for row in group.rows:
            if row.record == conflict.record:
                _take_in_row(visit, group, row, conflict)


def _take_in_row(visit: Visit, group: RowGroup, row: Row, conflict: Conflict) -> None:
    row.version = conflict.current_version
    if not row.is_removed:
        row.problems += _clashes(visit, group.definition, conflict, row.labels)
        return
    record = read_record(visit.store, visit.actor, group.related.object, conflict.record)
    zone = visit.release.time_zone
    row.entries = {each.name: entry_of(each, record.answers.get(each.name), zone) for each in group.fields}
    row.shown, row.labels, row.is_removed = shown_digests(row.entries), record.labels, False
    advice = N_("Somebody else changed this meanwhile. Look at it again before you remove it.")
    row.problems.append(Problem("changed_meanwhile", "", None, advice))


def _clashes(
    visit: Visit, definition: ObjectDefinition, conflict: Conflict, labels: Labels | Mapping[uuid.UUID, str]
) -> Sequence[Problem]:
    advice = N_("Somebody else wrote “{theirs}” here meanwhile. Save again to keep what stands here now.")
    return [
        Problem(
            "changed_meanwhile",
            each.field,
            None,
            advice,
            {"theirs": show(visit, definition.by_name[each.field], each.theirs, labels).text},
        )
        for each in conflict.fields
        if each.clashes
    ]
