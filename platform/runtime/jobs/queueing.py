"""Asking for work, seeing how far it is, and calling it off.

A job is written in the transaction of the change it follows from, and
announced when that is committed. The announcement may get lost; the row does
not, and the sweeper announces it again.
"""

from __future__ import annotations

import datetime
import json
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, insert, select, true, update

from amparo.metadata.wording import N_
from amparo.runtime.access import Actor, Role
from amparo.runtime.errors import NotFound, NotPossible
from amparo.runtime.identifiers import new_identifier
from amparo.runtime.jobs.files import ending_jobs, finished_names, keep_file, no_such_file, read_file
from amparo.runtime.jobs.kinds import JobKind
from amparo.runtime.jobs.states import JobState
from amparo.runtime.ledger.writing import clock_microseconds
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.types import instant


@dataclass(frozen=True, slots=True)
class JobView:
    """A job as its owner sees it. ``total`` is None while it is not known; ``files`` names what can be fetched.

    ``is_emptied``: something was erased while it was going, so its files go with its end.
    """

    id: uuid.UUID
    kind: str
    state: JobState
    payload: Mapping[str, Any]
    done: int
    total: int | None
    outcome: Mapping[str, Any] | None
    attempts: int
    created_at: datetime.datetime
    started_at: datetime.datetime | None
    finished_at: datetime.datetime | None
    files: tuple[str, ...] = ()
    is_emptied: bool = False

    @property
    def is_over(self) -> bool:
        return self.state.is_final


def enqueue(
    connection: Connection,
    store: OrganisationStore,
    actor: Actor,
    kind: JobKind,
    payload: Mapping[str, Any],
    files: Mapping[str, Iterable[bytes]] | None = None,
) -> uuid.UUID:
    """Writes a job in the caller's transaction. Announce it after the commit (:class:`amparo.runtime.jobs.Jobs`).

    ``payload`` is kept in the clear: it holds names and choices, never a record's values; those go into ``files``.
    """
    job = new_identifier()
    row = {
        "id": job,
        "kind": kind.name,
        "payload": json.dumps(payload, ensure_ascii=False, separators=(",", ":")),
        "state": JobState.WAITING.value,
        "done": 0,
        "actor": actor.member,
        "attempts": 0,
        "created_at": clock_microseconds(),
    }
    connection.execute(insert(store.tables.job), row)
    for name, content in (files or {}).items():
        keep_file(connection, store, job, name, content)
    return job


def read_job(store: OrganisationStore, actor: Actor, job: uuid.UUID) -> JobView:
    """People see their own jobs, the operator every one. Raises :class:`NotFound`."""
    table, file = store.tables.job, store.tables.job_file
    with store.reading() as connection:
        row = connection.execute(select(table).where(table.c.id == job, _own(store, actor))).one_or_none()
        if row is None:
            raise _unknown()
        names = connection.scalars(select(file.c.name).where(file.c.job == job).distinct())
        return _view(row, finished_names(names))


def read_job_file(store: OrganisationStore, actor: Actor, job: uuid.UUID, name: str) -> Iterator[bytes]:
    """A file of one of the actor's jobs. Raises :class:`NotFound`."""
    if name not in read_job(store, actor, job).files:
        raise no_such_file()
    return read_file(store, job, name)


def job_content(store: OrganisationStore, actor: Actor, job: uuid.UUID, name: str) -> bytes:
    """The whole of a small file of one of the actor's jobs, at once. Raises :class:`NotFound`."""
    return b"".join(read_job_file(store, actor, job, name))


def cancel_job(store: OrganisationStore, actor: Actor, job: uuid.UUID) -> None:
    """Work under way stops after its present step; what it has done stays. Raises :class:`NotFound`, NotPossible."""
    table = store.tables.job
    going = table.c.state.in_([JobState.WAITING, JobState.RUNNING])
    with ending_jobs(store) as connection:
        cancelled = connection.execute(
            update(table)
            .where(table.c.id == job, _own(store, actor), going)
            .values(state=JobState.CANCELLED.value, finished_at=clock_microseconds())
        ).rowcount
    if not cancelled:
        read_job(store, actor, job)
        raise NotPossible(N_("This job has ended already."))


def _own(store: OrganisationStore, actor: Actor) -> ColumnElement[bool]:
    if actor.member is None and actor.role is Role.ADMINISTRATOR:
        return true()
    return store.tables.job.c.actor == actor.member


def _unknown() -> NotFound:
    return NotFound(N_("There is no such job among yours."))


def _view(row: Row[Any], files: tuple[str, ...]) -> JobView:
    return JobView(
        row.id,
        row.kind,
        JobState(row.state),
        json.loads(row.payload),
        row.done,
        row.total,
        json.loads(row.outcome) if row.outcome else None,
        row.attempts,
        instant(row.created_at),
        instant(row.started_at) if row.started_at else None,
        instant(row.finished_at) if row.finished_at else None,
        files,
        row.erased_tx is not None,
    )
