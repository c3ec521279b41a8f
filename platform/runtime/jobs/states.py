"""The life of a job row: waiting, running, then done, failed or cancelled.

Every step is one guarded UPDATE, so any number of processes may try the same
step and exactly one succeeds. ``attempts`` counts the claims and is the token
of the present one: a worker that slept through its own replacement changes
nothing any more.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, func, select, update

from amparo.runtime.jobs.files import ending_jobs
from amparo.runtime.ledger.writing import clock_microseconds
from amparo.runtime.stores.organisation import OrganisationStore


class JobState(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def is_final(self) -> bool:
        return self not in (JobState.WAITING, JobState.RUNNING)


@dataclass(frozen=True, slots=True)
class Claim:
    """One worker's hold of one job. ``member`` is who asked for it; None is the operator."""

    job: uuid.UUID
    kind: str
    payload: Mapping[str, Any]
    member: uuid.UUID | None
    attempt: int


def claim(store: OrganisationStore, job: uuid.UUID) -> Claim | None:
    """Takes a waiting job; None when it is not waiting: somebody else was first, or it was cancelled."""
    table = store.tables.job
    now = clock_microseconds()
    taken = (
        update(table)
        .where(table.c.id == job, table.c.state == JobState.WAITING)
        .values(
            state=JobState.RUNNING.value,
            attempts=table.c.attempts + 1,
            started_at=func.coalesce(table.c.started_at, now),
            beat_at=now,
        )
        .returning(table.c.kind, table.c.payload, table.c.actor, table.c.attempts)
    )
    with store.engine.begin() as connection:
        row = connection.execute(taken).one_or_none()
    return Claim(job, row.kind, json.loads(row.payload), row.actor, row.attempts) if row is not None else None


def next_waiting(store: OrganisationStore, besides: Collection[uuid.UUID] = ()) -> uuid.UUID | None:
    """The job that has waited longest, of those that are not ``besides``."""
    table = store.tables.job
    others = (table.c.state == JobState.WAITING, table.c.id.not_in(besides))
    query = select(table.c.id).where(*others).order_by(table.c.created_at).limit(1)
    with store.asking() as connection:
        return connection.scalar(query)


def beat(store: OrganisationStore, held: Claim, done: int | None = None, total: int | None = None) -> bool:
    """Says that the job is alive, and how far it is; False when it was cancelled or given to another worker."""
    values: dict[str, Any] = {"beat_at": clock_microseconds()}
    if done is not None:
        values |= {"done": done, "total": total}
    return _change(store, held, values)


def finish(
    store: OrganisationStore,
    held: Claim,
    state: JobState,
    outcome: Mapping[str, Any],
    reached: tuple[int, int | None] | None = None,
) -> bool:
    """Ends the job; False when it was cancelled or given to another worker meanwhile.

    Its files go when something was erased since it began: they may hold it.
    """
    text = json.dumps(outcome, ensure_ascii=False, separators=(",", ":"), default=str)
    values: dict[str, Any] = {"state": state.value, "outcome": text, "finished_at": clock_microseconds()}
    if reached is not None:
        values |= {"done": reached[0], "total": reached[1]}
    with ending_jobs(store) as connection:
        return _update(connection, store, held, values)


def give_back(store: OrganisationStore, held: Claim) -> bool:
    """Lets the job wait again, for this worker or another to go on where it stopped."""
    return _change(store, held, {"state": JobState.WAITING.value, "beat_at": clock_microseconds()})


def is_held(connection: Connection, store: OrganisationStore, held: Claim) -> bool:
    """Whether the claim stands, and will until the caller's transaction ends."""
    return _update(connection, store, held, {"beat_at": clock_microseconds()})


def _change(store: OrganisationStore, held: Claim, values: Mapping[str, Any]) -> bool:
    with store.engine.begin() as connection:
        return _update(connection, store, held, values)


def _update(connection: Connection, store: OrganisationStore, held: Claim, values: Mapping[str, Any]) -> bool:
    table = store.tables.job
    mine = (table.c.id == held.job, table.c.state == JobState.RUNNING, table.c.attempts == held.attempt)
    return connection.execute(update(table).where(*mine).values(**values)).rowcount == 1
