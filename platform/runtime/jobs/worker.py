"""Worker processes: what ``amparo worker`` runs."""

from __future__ import annotations

import logging
import signal
import uuid
from contextvars import ContextVar
from threading import Event
from typing import Any

import redis
from redis.backoff import ExponentialBackoff
from redis.retry import Retry
from rq import Queue, Worker
from rq.serializers import JSONSerializer

from amparo.runtime.errors import AmparoError
from amparo.runtime.jobs.announcing import WorkerThread, lost_work
from amparo.runtime.jobs.redis_announcing import QUEUE_NAME, RedisAnnouncer
from amparo.runtime.jobs.sweeping import LOST_AFTER_SECONDS
from amparo.runtime.jobs.working import perform
from amparo.runtime.outages import OUTAGES
from amparo.runtime.settings import Settings
from amparo.runtime.stores.organisations import Organisations

_log = logging.getLogger(__name__)
#: RQ waits for an announcement for 15 seconds less than this, then looks after itself and sweeps.
_WORKER_TTL = int(LOST_AFTER_SECONDS) + 15
_settings: ContextVar[Settings | None] = ContextVar("worker_settings", default=None)


def perform_announced(slug: str, job: str) -> None:
    """What RQ calls, in a process of its own that was forked for this one job.

    Never raises for a store that cannot be used now: the job waits in it, and the sweeper announces it again.
    """
    try:
        organisations = Organisations(_settings.get() or Settings.from_environment())
        try:
            perform(organisations.open(slug), uuid.UUID(job))
        finally:
            organisations.close()
    except (AmparoError, *OUTAGES) as error:
        _log.warning("%s: job %s waits, the store cannot be used now (%s).", slug, job, type(error).__name__)


def run_worker(settings: Settings, *, burst: bool = False) -> None:
    """Works until SIGTERM or SIGINT; with ``burst``, until nothing waits.

    With Redis, any number of workers on any number of machines share the
    work. Without, this is one more process beside the server's own threads.
    """
    if settings.redis_url:
        _run_with_redis(settings, settings.redis_url, burst=burst)
    else:
        _run_embedded(settings, burst=burst)


class SweepingWorker(Worker):
    """Announces lost work again whenever RQ looks after its own registries."""

    sweeping: Organisations
    announcer: RedisAnnouncer

    def run_maintenance_tasks(self) -> None:
        super().run_maintenance_tasks()  # type: ignore[no-untyped-call]
        try:
            announce_lost_work(self.sweeping, self.announcer)
        finally:
            # A process is forked for each job, and no connection of SQLite may be open across a fork.
            self.sweeping.close()


def announce_lost_work(organisations: Organisations, announcer: RedisAnnouncer) -> int:
    """Announces what was lost in any organisation, and gives the number of jobs."""
    count = 0
    for slug, job in lost_work(organisations):
        announcer.announce(slug, job)
        count += 1
    return count


def _run_with_redis(settings: Settings, url: str, *, burst: bool) -> None:
    # A Redis that starts together with the workers may answer a little later than they do.
    patience: Any = Retry(ExponentialBackoff(cap=5, base=0.1), retries=8)
    connection = redis.Redis.from_url(url, retry=patience)
    worker = SweepingWorker(
        [Queue(QUEUE_NAME, connection=connection, serializer=JSONSerializer)],
        connection=connection,
        serializer=JSONSerializer,
        worker_ttl=_WORKER_TTL,
        maintenance_interval=int(LOST_AFTER_SECONDS),
        log_job_description=False,
    )
    worker.sweeping = Organisations(settings)
    worker.announcer = RedisAnnouncer(url)
    token = _settings.set(settings)
    try:
        worker.work(burst=burst, logging_level="WARNING")
    finally:
        _settings.reset(token)
        worker.announcer.close()
        worker.sweeping.close()
        connection.close()


def _run_embedded(settings: Settings, *, burst: bool) -> None:
    organisations = Organisations(settings)
    thread = WorkerThread(organisations)
    try:
        if burst:
            thread.take_what_waits()
            return
        stopping = Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stopping.set())
        thread.start()
        stopping.wait()
    finally:
        thread.close()
        organisations.close()
