"""Finding work that got lost: never announced, or left by a worker that died."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass

from sqlalchemy import ColumnElement, delete, func, or_, select, update

from amparo.runtime.jobs.files import ending_jobs
from amparo.runtime.jobs.states import JobState
from amparo.runtime.jobs.working import MOST_ATTEMPTS, given_up
from amparo.runtime.ledger.writing import CLOCKS_DIFFER, clock_microseconds
from amparo.runtime.stores.organisation import OrganisationStore

#: A job is lost when it has waited, or has run without a sign of life, for this long.
LOST_AFTER_SECONDS = 30.0
#: Files of jobs that have ended are kept for this long.
KEEP_FILES_SECONDS = 7 * 24 * 3600.0
_MICROSECONDS = 1_000_000


@dataclass(frozen=True, slots=True)
class Swept:
    """``again`` are jobs to announce once more."""

    again: tuple[uuid.UUID, ...]
    given_up: int


def sweep(store: OrganisationStore, lost_after: float = LOST_AFTER_SECONDS) -> Swept:
    """Any number of processes may sweep at once: each lost job is found by one of them."""
    table = store.tables.job
    now = clock_microseconds()
    before = now - int(lost_after * _MICROSECONDS)
    silent = (table.c.state == JobState.RUNNING, _is_lost(table.c.beat_at, before))
    heard = func.coalesce(table.c.beat_at, table.c.created_at)
    waiting = (table.c.state == JobState.WAITING, _is_lost(heard, before))
    if not _anything(store, before):
        return Swept((), 0)
    outcome = json.dumps(given_up(MOST_ATTEMPTS))
    with ending_jobs(store) as connection:
        ended = connection.execute(
            update(table)
            .where(*silent, table.c.attempts >= MOST_ATTEMPTS)
            .values(state=JobState.FAILED.value, outcome=outcome, finished_at=now)
        ).rowcount
        back = {"state": JobState.WAITING.value, "beat_at": now}
        left = connection.scalars(update(table).where(*silent).values(**back).returning(table.c.id)).all()
        unheard = connection.scalars(update(table).where(*waiting).values(beat_at=now).returning(table.c.id)).all()
    return Swept((*left, *unheard), ended)


def _is_lost(heard: ColumnElement[int], before: int) -> ColumnElement[bool]:
    """Nothing is heard since; what a clock told that was ahead would count as heard until it came true."""
    return or_(heard < before, heard > before + CLOCKS_DIFFER)


def _anything(store: OrganisationStore, before: int) -> bool:
    """Asked first, because a write would wait for other writers."""
    table = store.tables.job
    going = table.c.state.in_([JobState.RUNNING, JobState.WAITING])
    heard = func.coalesce(table.c.beat_at, table.c.created_at)
    with store.asking() as connection:
        return connection.scalar(select(table.c.id).where(going, _is_lost(heard, before)).limit(1)) is not None


def remove_old_files(store: OrganisationStore, keep: float = KEEP_FILES_SECONDS) -> None:
    """Files hold what records hold; they go when nobody is likely to fetch them any more."""
    job, file = store.tables.job, store.tables.job_file
    # What a worker still wrote when its job had been called off after an erasure goes with the old ones.
    is_emptied = job.c.erased_tx.is_not(None) & job.c.finished_at.is_not(None)
    is_old = job.c.finished_at < clock_microseconds() - int(keep * _MICROSECONDS)
    over = select(job.c.id).where(is_old | is_emptied)
    with store.asking() as connection:
        old = list(connection.scalars(select(file.c.job).where(file.c.job.in_(over)).distinct()))
    if old:
        with store.engine.begin() as connection:
            connection.execute(delete(file).where(file.c.job.in_(old)))
