"""Five years of work in an organisation's store, written through the save pipeline under a clock of its own."""

from __future__ import annotations

import datetime
import random
import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from amparo.runtime.access import Actor
from amparo.runtime.records.changes import Change
from amparo.runtime.records.saving import save
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.types import microseconds
from tools.bench import cases

CHUNK = 500
YEARS = 5
#: Share of the updates that fall into the last 90 days.
LATE = 0.2


class Clock:
    """The store's clock while the past is written."""

    def __init__(self, start: datetime.datetime) -> None:
        self.now = start

    def __call__(self) -> int:
        return microseconds(self.now)


def write_past(
    store: OrganisationStore, actor: Actor, rows: Sequence[dict[str, Any]], clock: Clock, today: datetime.datetime
) -> list[uuid.UUID]:
    """Every case created over five years and updated once, a fifth of the updates in the last 90 days.

    ``clock`` is the store's.
    """
    identifiers = _create(store, actor, rows, clock, today)
    _update(store, actor, identifiers, clock, today)
    return identifiers


def _create(
    store: OrganisationStore,
    actor: Actor,
    rows: Sequence[dict[str, Any]],
    clock: Clock,
    today: datetime.datetime,
) -> list[uuid.UUID]:
    start = clock.now
    span = (today - datetime.timedelta(days=400)) - start
    identifiers: list[uuid.UUID] = []
    for first in range(0, len(rows), CHUNK):
        clock.now = start + span * (first / len(rows))
        result = save(store, actor, "case", [Change(row) for row in rows[first : first + CHUNK]])
        identifiers += [result.saved[position].record for position in sorted(result.saved)]
    return identifiers


def _update(
    store: OrganisationStore,
    actor: Actor,
    identifiers: Sequence[uuid.UUID],
    clock: Clock,
    today: datetime.datetime,
) -> None:
    source = random.Random(2)  # noqa: S311 - test data, not secrets
    order = list(identifiers)
    source.shuffle(order)
    late = int(len(order) * (1 - LATE))
    versions = _versions(store)
    fresh = cases.rows(len(order), seed=3)
    for first in range(0, len(order), CHUNK):
        days = 380 - 290 * first / late if first < late else 89 * (1 - (first - late) / (len(order) - late))
        clock.now = max(clock.now, today - datetime.timedelta(days=days))
        changes = []
        for record in order[first : first + CHUNK]:
            row = next(fresh)
            names = source.sample(cases.field_names()[:12], 3)
            changes.append(Change({name: row.get(name) for name in names}, record, versions[record]))
        save(store, actor, "case", changes)


def _versions(store: OrganisationStore) -> dict[uuid.UUID, int]:
    table = store.known_release().object("case").table
    with store.reading() as connection:
        return {row.id: row.version for row in connection.execute(select(table.c.id, table.c.version))}
