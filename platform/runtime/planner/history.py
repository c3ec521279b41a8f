"""The history of one record: its facts, last first."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, or_, select

from amparo.runtime.access import Actor
from amparo.runtime.planner.queries import subject_of
from amparo.runtime.planner.readings import Reading
from amparo.runtime.planner.row_access import scope_of, visible_rows
from amparo.runtime.planner.telling import RESERVED_NAMES, FactReader, HistoryEntry, Life, told_facts, told_moments
from amparo.runtime.planner.views import Row
from amparo.runtime.releases.live import LiveObject
from amparo.runtime.serializer.labels import Labels
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.tables import DELETED
from amparo.runtime.stores.types import instant, microseconds


@dataclass(frozen=True, slots=True)
class TimelineQuery:
    """The last ``limit`` transactions of a record, and beside them every change of the field ``whole``.

    ``only`` names the one field whose changes are wanted (or ``owner``,
    ``record_type``); ``until`` leaves out what came later. ``around`` is the
    stretch that is shown. A creation without any answer has no facts, and is
    told by the history alone.
    """

    limit: int
    around: tuple[dt.datetime, dt.datetime]
    only: str | None = None
    whole: str | None = None
    until: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Timeline:
    """``before`` and ``after``: when the record last changed before the stretch shown, and first after it."""

    entries: Sequence[HistoryEntry]
    before: dt.datetime | None = None
    after: dt.datetime | None = None


def _creation_of(reading: Reading, actor: Actor, live: LiveObject, record: uuid.UUID) -> Row | None:
    """The creation of a living or deleted record that the actor may see, told like a fact."""
    asked = ("creation", scope_of(actor))
    (statement,) = reading.kept(live, asked, lambda: [_creation(reading.store, actor, live)], of_one_record=True)
    found = reading.run(statement, {"record": record})
    return found[0] if found else None


def _creation(store: OrganisationStore, actor: Actor, live: LiveObject) -> Select[Any]:
    kept = store.tables.record
    statement = told_moments(store, kept.c.created_tx).add_columns(kept.c.created_tx, kept.c.wrapped_key)
    statement = statement.join(live.table, live.table.c.id == kept.c.id)
    return statement.where(kept.c.id == bindparam("record"), *visible_rows(actor, live))


def entries_of(
    reading: Reading,
    actor: Actor,
    live: LiveObject,
    record: uuid.UUID,
    limit: int,
    before: int | None,
) -> list[HistoryEntry] | None:
    """The history of a living or deleted record, last first; None for one that the actor does not see.

    One statement, and one more for a creation that had no answer to tell.
    """
    is_latest = before is None
    asked = ("facts", scope_of(actor), limit, is_latest)
    (statement,) = reading.kept(
        live, asked, lambda: [_facts(reading.store, actor, live, limit, is_latest=is_latest)], of_one_record=True
    )
    facts = reading.run(statement, {"record": record} if before is None else {"record": record, "before_tx": before})
    # The key comes with the facts: after them it might be gone, by an erasure in between.
    first = facts[0] if facts else _creation_of(reading, actor, live, record)
    if first is None:
        return None
    created = first["created_tx"]
    is_whole = len({fact["tx"] for fact in facts}) < limit and (before is None or created < before)
    if is_whole and not _tells_of(facts, created):
        creation = _creation_of(reading, actor, live, record) if facts else first
        facts += [creation] if creation else []
    keys = {record: bytes(first["wrapped_key"])}
    reader = FactReader(reading.connection, reading.store, actor, reading.release, keys)
    return reader.entries(live, facts, {record: Life(created, None)})


def timeline_of(
    reading: Reading,
    actor: Actor,
    live: LiveObject,
    record: uuid.UUID,
    asked: TimelineQuery,
    known: Labels,
) -> Timeline:
    """What :class:`TimelineQuery` asks for, in one statement, and one more where a change names what is not known."""
    about = ("timeline", scope_of(actor), asked.limit, asked.only, asked.whole, asked.until is None)
    (statement,) = reading.kept(
        live, about, lambda: [_timeline_facts(reading.store, actor, live, asked)], of_one_record=True
    )
    begin, end = asked.around
    given = {"record": record, "begin": microseconds(begin), "end": microseconds(end)}
    if asked.until is not None:
        given["until"] = microseconds(asked.until)
    facts = reading.run(statement, given)
    if not facts:
        return Timeline(())
    first = facts[0]
    reader = FactReader(
        reading.connection, reading.store, actor, reading.release, {record: bytes(first["wrapped_key"])}, known
    )
    entries = reader.entries(live, facts, {record: Life(first["created_tx"], None)})
    before, after = (instant(at) if (at := first[side]) is not None else None for side in ("before", "after"))
    return Timeline(entries, before, after)


def _timeline_facts(store: OrganisationStore, actor: Actor, live: LiveObject, asked: TimelineQuery) -> Select[Any]:
    """Its parameters: record, begin and end of the stretch around, and until where that is asked."""
    fact, tx = store.tables.fact, store.tables.tx
    conditions = [fact.c.record == bindparam("record")]
    if asked.until is not None:
        last = select(func.max(tx.c.id)).where(tx.c.at <= bindparam("until"))
        conditions.append(fact.c.tx <= last.scalar_subquery())
    numbers = [] if asked.only is None else [_number_of(live, asked.only)]
    among = [fact.c.field.in_(numbers)] if numbers else []
    wanted = and_(fact.c.tx >= _first_of_last(store, [*conditions, *among], asked.limit), *among)
    if asked.whole is not None:
        wanted = or_(wanted, fact.c.field == _number_of(live, asked.whole))
    changed = select(tx.c.at).join(fact, fact.c.tx == tx.c.id).where(fact.c.record == bindparam("record"))
    changed = changed.limit(1).correlate(None)
    before = changed.where(tx.c.at < bindparam("begin")).order_by(tx.c.id.desc()).scalar_subquery()
    after = changed.where(tx.c.at > bindparam("end")).order_by(tx.c.id).scalar_subquery()
    statement = _told_of_one(store, actor, live).add_columns(before.label("before"), after.label("after"))
    return statement.where(*conditions, wanted).order_by(fact.c.tx.desc(), fact.c.field)


def _told_of_one(store: OrganisationStore, actor: Actor, live: LiveObject) -> Select[Any]:
    """Facts with what :class:`FactReader` needs of their record, which is the parameter ``record``.

    What is the same for all facts is asked beside them: PostgreSQL took longer to plan its joins than to run them.
    """
    kept, table = store.tables.record, live.table
    beside = [
        select(column).where(kept.c.id == bindparam("record")).scalar_subquery().label(column.name)
        for column in (kept.c.created_tx, kept.c.wrapped_key)
    ]
    is_seen = select(table.c.id).where(table.c.id == bindparam("record"), *visible_rows(actor, live)).exists()
    return told_facts(store).add_columns(*beside).where(is_seen)


def _first_of_last(store: OrganisationStore, conditions: Sequence[ColumnElement[bool]], limit: int) -> Any:
    """The first of the last ``limit`` transactions that have such facts."""
    fact = store.tables.fact
    last = select(fact.c.tx).where(*conditions).group_by(fact.c.tx).order_by(fact.c.tx.desc()).limit(limit).subquery()
    return select(func.min(last.c.tx)).scalar_subquery()


def _tells_of(facts: Sequence[Row], tx: int) -> bool:
    return bool(facts) and facts[-1]["tx"] == tx


def _number_of(live: LiveObject, name: str) -> int:
    for number, reserved in RESERVED_NAMES.items():
        if name == reserved:
            return number
    subject_of(live, name)
    return live.fields[name].number if name in live.fields else DELETED


def _facts(store: OrganisationStore, actor: Actor, live: LiveObject, limit: int, *, is_latest: bool) -> Select[Any]:
    """Its parameters: record, and before_tx where it is not the latest that are asked for."""
    fact = store.tables.fact
    conditions = [fact.c.record == bindparam("record")]
    if not is_latest:
        conditions.append(fact.c.tx < bindparam("before_tx"))
    statement = _told_of_one(store, actor, live)
    statement = statement.where(*conditions, fact.c.tx >= _first_of_last(store, conditions, limit))
    return statement.order_by(fact.c.tx.desc(), fact.c.field)
