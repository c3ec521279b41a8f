"""Saving what a form holds: one record, or a record with its rows in one transaction."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from amparo.runtime.errors import InvalidAnswers, InvalidBatches
from amparo.runtime.records import service
from amparo.runtime.records.changes import Batch, Change, Saved
from amparo.runtime.web.presenting.forms import Draft
from amparo.runtime.web.rows import batches_of, identifier_in
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
