"""Telling a worker that a job waits: a thread of this process, or an RQ queue in Redis.

Redis carries two texts, the organisation's short name and the job's
identifier; everything else stays in the organisation's store.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterable, Iterator, Mapping
from queue import Empty, SimpleQueue
from threading import Event, Lock, Thread
from typing import Any, Protocol

from amparo.runtime.access import Actor
from amparo.runtime.errors import AmparoError
from amparo.runtime.files.settling import sweep_files
from amparo.runtime.guesses import remove_old_guesses
from amparo.runtime.jobs.kinds import JobKind
from amparo.runtime.jobs.queueing import enqueue
from amparo.runtime.jobs.states import next_waiting
from amparo.runtime.jobs.sweeping import LOST_AFTER_SECONDS, remove_old_files, sweep
from amparo.runtime.jobs.working import perform
from amparo.runtime.ledger.writing import clock_microseconds
from amparo.runtime.outages import OUTAGES
from amparo.runtime.projections.refreshing import refresh_outdated
from amparo.runtime.records.left_traces import overwrite_left_traces
from amparo.runtime.sessions import remove_old_sessions
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.organisations import Organisations

#: Whoever published a release fills its rows; after so long they are taken to have been interrupted.
_PUBLISHING_SECONDS = 600

_log = logging.getLogger(__name__)


class Announcer(Protocol):
    """How a process hands work over."""

    def announce(self, slug: str, job: uuid.UUID) -> None: ...

    def start(self) -> None: ...

    def close(self) -> None: ...


class Jobs:
    """The jobs of an installation, as a web or command process uses them. Make one per process, after forks."""

    def __init__(self, organisations: Organisations) -> None:
        self._announcer = _announcer(organisations)

    def submit(
        self,
        store: OrganisationStore,
        actor: Actor,
        kind: JobKind,
        payload: Mapping[str, Any],
        files: Mapping[str, Iterable[bytes]] | None = None,
    ) -> uuid.UUID:
        """Writes a job in a transaction of its own and announces it."""
        with store.engine.begin() as connection:
            job = enqueue(connection, store, actor, kind, payload, files)
        self.announce(store, job)
        return job

    def announce(self, store: OrganisationStore, job: uuid.UUID) -> None:
        """Call after the commit. Never raises: what cannot be announced now, the sweeper announces later."""
        self._announcer.announce(store.slug, job)

    def start(self) -> None:
        """Embedded: begins to work in a thread, also on what an earlier process left. With Redis: nothing."""
        self._announcer.start()

    def close(self) -> None:
        """Embedded: stops after the present step; the rest is resumed at the next start."""
        self._announcer.close()


def _announcer(organisations: Organisations) -> Announcer:
    url = organisations.settings.redis_url
    if not url:
        return WorkerThread(organisations)
    from amparo.runtime.jobs.redis_announcing import RedisAnnouncer  # noqa: PLC0415 - it loads the clients of Redis

    return RedisAnnouncer(url)


class WorkerThread:
    """Works in this process, one job at a time. Several processes with such a thread share the work."""

    def __init__(self, organisations: Organisations) -> None:
        self._organisations = organisations
        self._announced: SimpleQueue[tuple[str, uuid.UUID] | None] = SimpleQueue()
        self._stopping = Event()
        self._lock = Lock()
        self._thread: Thread | None = None

    def announce(self, slug: str, job: uuid.UUID) -> None:
        self._announced.put((slug, job))
        self.start()

    def start(self) -> None:
        with self._lock:
            if self._thread is None or not self._thread.is_alive():
                self._stopping.clear()
                self._thread = Thread(target=self._work, name="amparo-jobs", daemon=True)
                self._thread.start()

    def close(self) -> None:
        self._stopping.set()
        self._announced.put(None)
        with self._lock:
            if self._thread is not None:
                self._thread.join()
                self._thread = None

    def _work(self) -> None:
        self.take_what_waits()
        while not self._stopping.is_set():
            try:
                announced = self._announced.get(timeout=LOST_AFTER_SECONDS)
            except Empty:
                self.take_what_waits()
                continue
            if announced is not None:
                self._perform(*announced)

    def take_what_waits(self) -> None:
        """After a start, and whenever nothing was announced for a while: work that any process left."""
        for slug, job in lost_work(self._organisations):
            _log.info("%s: job %s is taken up again.", slug, job)
        for slug in _slugs(self._organisations):
            # Work that goes back to wait, for a store that takes nothing now, is tried again the next time.
            tried: set[uuid.UUID] = set()
            while not self._stopping.is_set() and (waiting := self._waiting_in(slug, tried)) is not None:
                tried.add(waiting)
                self._perform(slug, waiting)

    def _waiting_in(self, slug: str, tried: set[uuid.UUID]) -> uuid.UUID | None:
        try:
            return next_waiting(self._organisations.open(slug), tried)
        except _UNAVAILABLE as error:
            _log_unavailable(slug, error)
            return None

    def _perform(self, slug: str, job: uuid.UUID) -> None:
        try:
            perform(self._organisations.open(slug), job, self._stopping)
        except _UNAVAILABLE as error:
            _log_unavailable(slug, error)


def lost_work(organisations: Organisations) -> Iterator[tuple[str, uuid.UUID]]:
    """Sweeps every organisation; what is found waits again, and its announcement is the caller's."""
    _forget_sign_ins(organisations)
    for slug in _slugs(organisations):
        try:
            store = organisations.open(slug)
            remove_old_files(store)
            sweep_files(store)
            overwrite_left_traces(store)
            refresh_outdated(store, clock_microseconds() - _PUBLISHING_SECONDS * 1_000_000)
            swept = sweep(store)
        except _UNAVAILABLE as error:
            _log_unavailable(slug, error)
            continue
        for job in swept.again:
            yield slug, job


def _forget_sign_ins(organisations: Organisations) -> None:
    try:
        remove_old_sessions(organisations)
        remove_old_guesses(organisations)
    except _UNAVAILABLE as error:
        _log_unavailable("control", error)


def _slugs(organisations: Organisations) -> list[str]:
    try:
        return [organisation.slug for organisation in organisations.list()]
    except _UNAVAILABLE as error:
        _log_unavailable("control", error)
        return []


#: One store that cannot be reached must not end the work on the others.
_UNAVAILABLE = (AmparoError, *OUTAGES)


def _log_unavailable(place: str, error: Exception) -> None:
    _log.warning("%s: the store cannot be used now (%s).", place, type(error).__name__)
