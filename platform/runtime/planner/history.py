"""The history of one record: its facts, last first."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Select, select

from amparo.runtime.access import Actor
from amparo.runtime.planner.queries import subject_of
from amparo.runtime.planner.telling import RESERVED_NAMES, FactReader, HistoryEntry, Life, told_facts, told_moments
from amparo.runtime.planner.views import Row, fetched
from amparo.runtime.releases.live import LiveObject, LiveRelease
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.tables import DELETED


def entries_of(
    connection: Connection,
    store: OrganisationStore,
    actor: Actor,
    release: LiveRelease,
    live: LiveObject,
    record: uuid.UUID,
    field_name: str | None,
    limit: int,
    before: int | None,
) -> list[HistoryEntry]:
    """The history of one living or deleted record, last first."""
    numbers = None if field_name is None else [_number_of(live, field_name)]
    facts = fetched(connection, _facts(store, record, numbers, limit, before))
    reader = FactReader(connection, store, actor, release)
    kept = store.tables.record
    (created,) = fetched(connection, told_moments(store, kept.c.created_tx).where(kept.c.id == record))
    if numbers is None and (before is None or created["tx"] < before) and not _tells_of(facts, created["tx"]):
        facts.append(created)
    return reader.entries(live, facts, {record: Life(created["tx"], None)})[:limit]


def _tells_of(facts: Sequence[Row], tx: int) -> bool:
    return bool(facts) and facts[-1]["tx"] == tx


def _number_of(live: LiveObject, name: str) -> int:
    for number, reserved in RESERVED_NAMES.items():
        if name == reserved:
            return number
    subject_of(live, name)
    return live.fields[name].number if name in live.fields else DELETED


def _facts(
    store: OrganisationStore, record: uuid.UUID, numbers: Sequence[int] | None, limit: int, before: int | None
) -> Select[Any]:
    fact = store.tables.fact
    conditions = [fact.c.record == record]
    if numbers is not None:
        conditions.append(fact.c.field.in_(numbers))
    if before is not None:
        conditions.append(fact.c.tx < before)
    chosen = select(fact.c.tx).where(*conditions).group_by(fact.c.tx).order_by(fact.c.tx.desc()).limit(limit)
    return told_facts(store).where(*conditions, fact.c.tx.in_(chosen)).order_by(fact.c.tx.desc(), fact.c.field)
