"""What a kind of job is, and what its work may use while it runs."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from threading import Event
from typing import Any

from sqlalchemy import Connection

from amparo.runtime.access import Actor
from amparo.runtime.jobs.files import read_file, writing_file
from amparo.runtime.jobs.states import Claim, beat, is_held
from amparo.runtime.stores.organisation import OrganisationStore

#: What came of a job, as JSON.
Outcome = Mapping[str, Any]
#: Progress is written at most this often.
_PROGRESS_SECONDS = 1.0


class JobStopped(Exception):
    """The job was cancelled, was given to another worker, or its process is ending. Work lets it pass."""


class JobRun:
    """One run of one job. ``actor`` is who asked for it, with the role they have now."""

    def __init__(self, store: OrganisationStore, held: Claim, actor: Actor, stopping: Event) -> None:
        self.store = store
        self.actor = actor
        self._held = held
        self._stopping = stopping
        self._told_at = 0.0
        #: Steps done, and the steps there are where that is known.
        self.reached: tuple[int, int | None] = (0, None)

    @property
    def id(self) -> uuid.UUID:
        return self._held.job

    @property
    def payload(self) -> Mapping[str, Any]:
        return self._held.payload

    @property
    def is_again(self) -> bool:
        """An earlier run of this job was interrupted, and may have done a part of the work."""
        return self._held.attempt > 1

    def progress(self, done: int, total: int | None = None) -> None:
        """Call between steps that are safe to stop after. Raises :class:`JobStopped`."""
        self.reached = (done, total)
        if self._stopping.is_set():
            raise JobStopped
        now = time.monotonic()
        if now - self._told_at < _PROGRESS_SECONDS and done != total:
            return
        self._told_at = now
        if not beat(self.store, self._held, done, total):
            raise JobStopped

    def read_file(self, name: str) -> Iterator[bytes]:
        """Raises :class:`NotFound`."""
        return read_file(self.store, self.id, name)

    def writing_file(self, name: str) -> AbstractContextManager[Callable[[bytes], None]]:
        """``with run.writing_file(name) as write``: whole at the end, or not there. Raises :class:`JobStopped`."""
        return writing_file(self.store, self.id, name, self._held.attempt, self._require_held)

    def _require_held(self, connection: Connection) -> None:
        if not is_held(connection, self.store, self._held):
            raise JobStopped


@dataclass(frozen=True, slots=True)
class JobKind:
    """A kind of job. ``run`` may be called again after a crash in its middle, and must not do work twice.

    It may raise any :class:`AmparoError`, which ends the job as failed with that message.
    """

    name: str
    run: Callable[[JobRun], Outcome]
