"""Counting the roll-ups that a release adds or changes, in its transaction."""

from __future__ import annotations

from typing import Any

from amparo.metadata.model import Application, FieldDefinition, ObjectDefinition
from amparo.runtime.ledger.writing import Writing
from amparo.runtime.releases.live import load_release
from amparo.runtime.roll_ups.keeping import count_all


def count_changed(current: Writing, was: Application, now: Application) -> None:
    """One statement for each lookup over which something is rolled up otherwise than under the release before."""
    before = _meanings(was)
    changed = {field for field, meaning in _meanings(now).items() if before.get(field) != meaning}
    if not changed:
        return
    release = load_release(current.connection, current.tables, current.release)
    for source in release.roll_up_sources:
        if not changed.isdisjoint(place.id for place in source.roll_ups):
            count_all(current.connection, current.store, release, source)


def _meanings(application: Application) -> dict[str, Any]:
    """By permanent id, whatever a roll-up's figure follows from but the records."""
    return {
        field.id: _meaning(application, field)
        for owner in application.objects.values()
        for field in owner.active_fields
        if field.roll_up is not None
    }


def _meaning(application: Application, field: FieldDefinition) -> Any:
    asked = field.roll_up
    child = application.objects.get(asked.object) if asked is not None else None
    if asked is None or child is None:
        return None
    names = (asked.field, asked.of, *(row.field for row in asked.filters))
    # A day that an instant is compared with begins when the organisation's zone says so.
    return asked, child.id, [_identity(child, name) for name in names], application.time_zone


def _identity(child: ObjectDefinition, name: str | None) -> str | None:
    found = child.by_name.get(name) if name is not None else None
    return found.id if found is not None else name
