"""Worker processes with a real Redis, and what is left when one of them is killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import redis
from rq import Queue
from rq.serializers import JSONSerializer
from sqlalchemy import func, select

from amparo.runtime.access import Actor
from amparo.runtime.jobs.announcing import Jobs
from amparo.runtime.jobs.queueing import enqueue, read_job
from amparo.runtime.jobs.redis_announcing import QUEUE_NAME, RedisAnnouncer
from amparo.runtime.jobs.states import JobState
from amparo.runtime.jobs.worker import announce_lost_work
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.organisations import Organisations
from amparo.runtime.transfer.jobs import import_submission
from amparo.runtime.transfer.mapping_files import mapping_from
from factories.jobs import silence, wait_for
from servers.processes import PATIENCE_SECONDS
from servers.programs import ROOT

pytestmark = pytest.mark.slow

MAPPING = mapping_from({"columns": {"Name": {"field": "name"}, "Code": {"field": "code"}}})
WORK = """
from amparo.runtime.jobs.worker import run_worker
from amparo.runtime.settings import Settings
import sys
run_worker(Settings.from_environment(), burst=sys.argv[1] == "burst")
"""
StartWorker = Callable[..., subprocess.Popen[bytes]]


@pytest.fixture
def start_worker(organisations: Organisations) -> Iterator[StartWorker]:
    """``start_worker(redis_url, "burst")`` starts a worker process, in the state of a fresh machine."""
    started: list[subprocess.Popen[bytes]] = []
    settings = organisations.settings

    def start(redis_url: str | None, how: str = "stay") -> subprocess.Popen[bytes]:
        environment = {
            **os.environ,
            "PYTHONPATH": str(ROOT / "src"),
            "AMPARO_HOME": str(settings.home),
            "AMPARO_DATABASE_URL": settings.database_url or "",
            "AMPARO_REDIS_URL": redis_url or "",
        }
        started.append(subprocess.Popen([sys.executable, "-c", WORK, how], env=environment))
        return started[-1]

    yield start
    for process in started:
        if process.poll() is None:
            kill_hard(process)


def kill_hard(process: subprocess.Popen[bytes]) -> None:
    """``kill -9`` of a worker and of the process that it forked for its job."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    for child in children.read_text().split() if children.exists() else ():
        os.kill(int(child), signal.SIGKILL)
    process.kill()
    process.wait(PATIENCE_SECONDS)


@pytest.fixture
def with_redis(organisations: Organisations, redis_url: str) -> Iterator[Jobs]:
    """The jobs of a web process of the same installation that is set to use Redis."""
    web = Organisations(replace(organisations.settings, redis_url=redis_url))
    jobs = Jobs(web)
    yield jobs
    jobs.close()
    web.close()


def people_file(rows: int) -> bytes:
    return b"Name,Code\n" + b"".join(b"Person %d,c%d\n" % (number, number) for number in range(rows))


def people(store: OrganisationStore) -> tuple[int, int]:
    """Rows of the projection and records of the ledger."""
    live = store.newest_release().object("person")
    with store.reading() as connection:
        rows = connection.scalar(select(func.count()).select_from(live.table))
        return rows or 0, connection.scalar(select(func.count()).select_from(store.tables.record)) or 0


def test_an_rq_worker_does_what_a_web_process_announced(
    store: OrganisationStore, operator: Actor, with_redis: Jobs, start_worker: StartWorker, redis_url: str
) -> None:
    job = with_redis.submit(store, operator, *import_submission(operator, "person", people_file(300), MAPPING))
    with redis.Redis.from_url(redis_url) as client:
        queue = Queue(QUEUE_NAME, connection=client, serializer=JSONSerializer)
        assert [entry.args for entry in queue.get_jobs()] == [[store.slug, str(job)]]
    assert start_worker(redis_url, "burst").wait(PATIENCE_SECONDS) == 0
    view = read_job(store, operator, job)
    assert (view.state, view.done, view.total) == (JobState.DONE, 300, 300)
    assert view.outcome is not None
    assert view.outcome["created"] == 300
    with redis.Redis.from_url(redis_url) as client:
        assert client.keys("rq:job:*") == []


def test_an_import_whose_worker_is_killed_is_resumed_without_doubling_a_row(
    store: OrganisationStore,
    operator: Actor,
    organisations: Organisations,
    with_redis: Jobs,
    start_worker: StartWorker,
    redis_url: str,
) -> None:
    job = with_redis.submit(store, operator, *import_submission(operator, "person", people_file(8000), MAPPING))
    for _ in range(2):
        worker = start_worker(redis_url)
        already = people(store)[0]
        while people(store)[0] <= already:
            time.sleep(0.01)
        kill_hard(worker)
        assert read_job(store, operator, job).state is JobState.RUNNING
        silence(store, job)
        announcer = RedisAnnouncer(redis_url)
        assert announce_lost_work(organisations, announcer) == 1
        assert announce_lost_work(organisations, announcer) == 0
        announcer.close()
    assert 0 < people(store)[0] < 8000
    assert start_worker(redis_url, "burst").wait(PATIENCE_SECONDS) == 0
    view = read_job(store, operator, job)
    assert (view.state, view.attempts) == (JobState.DONE, 3)
    assert view.outcome is not None
    assert (view.outcome["created"], view.outcome["refused"]) == (8000, 0)
    assert people(store) == (8000, 8000)


def test_work_asked_for_while_redis_is_gone_waits_and_is_not_lost(
    store: OrganisationStore,
    operator: Actor,
    organisations: Organisations,
    start_worker: StartWorker,
    redis_url: str,
    tmp_path: Path,
) -> None:
    gone = Organisations(replace(organisations.settings, redis_url=f"unix://{tmp_path}/nobody.sock"))
    jobs = Jobs(gone)
    job = jobs.submit(store, operator, *import_submission(operator, "person", people_file(10), MAPPING))
    jobs.close()
    gone.close()
    assert read_job(store, operator, job).state is JobState.WAITING
    silence(store, job)
    announcer = RedisAnnouncer(redis_url)
    assert announce_lost_work(organisations, announcer) == 1
    announcer.close()
    assert start_worker(redis_url, "burst").wait(PATIENCE_SECONDS) == 0
    assert read_job(store, operator, job).state is JobState.DONE


def test_a_redis_worker_announces_lost_work_by_itself_when_it_starts(
    store: OrganisationStore, operator: Actor, with_redis: Jobs, start_worker: StartWorker, redis_url: str
) -> None:
    job = with_redis.submit(store, operator, *import_submission(operator, "person", people_file(10), MAPPING))
    with redis.Redis.from_url(redis_url) as client:
        client.flushall()
    silence(store, job)
    worker = start_worker(redis_url)
    wait_for(store, operator, job)
    worker.terminate()
    assert worker.wait(PATIENCE_SECONDS) == 0


def test_a_worker_without_redis_ends_politely_and_its_job_is_resumed(
    store: OrganisationStore, operator: Actor, start_worker: StartWorker
) -> None:
    kind, payload, files = import_submission(operator, "person", people_file(6000), MAPPING)
    with store.engine.begin() as connection:
        job = enqueue(connection, store, operator, kind, payload, files)
    worker = start_worker(None)
    wait_for(store, operator, job, lambda view: view.done > 0)
    worker.terminate()
    assert worker.wait(PATIENCE_SECONDS) == 0
    assert read_job(store, operator, job).state is JobState.WAITING
    assert start_worker(None, "burst").wait(PATIENCE_SECONDS) == 0
    assert read_job(store, operator, job).state is JobState.DONE
    assert people(store) == (6000, 6000)
