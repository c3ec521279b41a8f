"""The history of one record: its facts, last first."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, select

from amparo.runtime.access import Actor
from amparo.runtime.planner.queries import subject_of
from amparo.runtime.planner.readings import Reading
from amparo.runtime.planner.row_access import visible_rows
from amparo.runtime.planner.telling import RESERVED_NAMES, FactReader, HistoryEntry, Life, told_facts, told_moments
from amparo.runtime.planner.views import Row
from amparo.runtime.releases.live import LiveObject
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.tables import DELETED


def creation_of(reading: Reading, actor: Actor, live: LiveObject, record: uuid.UUID) -> Row | None:
    """The creation of a living or deleted record that the actor may see, with its wrapped key."""
    kept = reading.store.tables.record
    statement = told_moments(reading.store, kept.c.created_tx).add_columns(kept.c.wrapped_key)
    statement = statement.join(live.table, live.table.c.id == kept.c.id)
    found = reading.rows(statement.where(kept.c.id == record, *visible_rows(actor, live)))
    return found[0] if found else None


def entries_of(
    reading: Reading,
    actor: Actor,
    live: LiveObject,
    created: Row,
    field_name: str | None,
    limit: int,
    before: int | None,
) -> list[HistoryEntry]:
    """The history of the record whose creation :func:`creation_of` gave, last first."""
    record = created["record"]
    numbers = None if field_name is None else [_number_of(live, field_name)]
    facts = reading.rows(_facts(reading.store, record, numbers, limit, before))
    if numbers is None and (before is None or created["tx"] < before) and not _tells_of(facts, created["tx"]):
        facts.append(created)
    # The key came with the creation: after the facts it might be gone, by an erasure in between.
    keys = {record: bytes(created["wrapped_key"])}
    reader = FactReader(reading.connection, reading.store, actor, reading.release, keys)
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
