"""Names of the records that the boxes of a form point to."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping

from amparo.metadata.fields.base import Answer
from amparo.metadata.model import ObjectDefinition
from amparo.runtime.serializer import Labels, labels_of
from amparo.runtime.web.entries import identifier_of
from amparo.runtime.web.visits import Visit
from amparo.runtime.web.widgets.base import Entry


def names_of(visit: Visit, definition: ObjectDefinition, entries: Mapping[str, Entry]) -> Labels:
    """One query; none where nothing is pointed to."""
    wanted: dict[str | None, set[uuid.UUID]] = defaultdict(set)
    for name, entry in entries.items():
        targets = definition.by_name[name].targets
        identifier = identifier_of(entry.value) if targets and entry.value else None
        if identifier is not None:
            for target in targets:
                wanted[target].add(identifier)
    return _names(visit, wanted)


def names_in(visit: Visit, definition: ObjectDefinition, answers: Iterable[tuple[str, Answer]]) -> Labels:
    """As :func:`names_of`, for answers by field name."""
    wanted: dict[str | None, set[uuid.UUID]] = defaultdict(set)
    for name, answer in answers:
        if isinstance(answer, uuid.UUID):
            for target in definition.by_name[name].targets:
                wanted[target].add(answer)
    return _names(visit, wanted)


def _names(visit: Visit, wanted: Mapping[str | None, set[uuid.UUID]]) -> Labels:
    if not wanted:
        return {}
    with visit.store.asking() as connection:
        return labels_of(connection, visit.store, visit.actor, visit.release, wanted)
