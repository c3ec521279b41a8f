"""Redis goes away while work is asked for, and comes back: pages go on, work waits, and nothing is lost."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from dataclasses import replace

import pytest

from amparo.app import create_app
from amparo.runtime.access import Role, operator_actor
from amparo.runtime.jobs.queueing import read_job
from amparo.runtime.jobs.redis_announcing import RedisAnnouncer
from amparo.runtime.jobs.states import JobState
from amparo.runtime.jobs.worker import announce_lost_work
from amparo.runtime.ledger.verifying import verify
from amparo.runtime.members import create_member
from amparo.runtime.planner.lists import count
from amparo.runtime.planner.queries import ListQuery
from amparo.runtime.projections.comparing import check_projections
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.organisations import Organisations
from factories.jobs import silence, wait_for
from factories.visitors import PASSWORD, Visitor, finished
from servers.processes import PATIENCE_SECONDS
from servers.programs import ROOT
from servers.redis_server import RedisServer, start_redis

pytestmark = pytest.mark.slow

ROWS = 30


@pytest.fixture(scope="module")
def module_database() -> None:
    """Embedded: what Redis does is the same for every store."""


@pytest.fixture
def server() -> Iterator[RedisServer]:
    """A Redis of this module's own: the others go on."""
    started = start_redis()
    yield started
    started.stop()


@pytest.fixture
def with_redis(organisations: Organisations, server: RedisServer) -> Organisations:
    return Organisations(replace(organisations.settings, redis_url=server.url))


@pytest.fixture
def supervisor(store: OrganisationStore, with_redis: Organisations) -> Iterator[Visitor]:
    login = f"{Role.SUPERVISOR.value}@{store.slug}"
    create_member(with_redis, store.slug, login, "Super Visor", Role.SUPERVISOR, PASSWORD)
    app = create_app(with_redis.settings)
    yield Visitor.signed_in(app, store.slug, Role.SUPERVISOR)
    app.extensions["amparo"].close()


@pytest.fixture
def worker(with_redis: Organisations, server: RedisServer) -> Iterator[subprocess.Popen[bytes]]:
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT / "src"),
        "AMPARO_HOME": str(with_redis.settings.home),
        "AMPARO_DATABASE_URL": "",
        "AMPARO_REDIS_URL": server.url,
    }
    process = subprocess.Popen([sys.executable, "-m", "amparo", "worker"], env=environment)
    yield process
    process.terminate()
    process.wait(PATIENCE_SECONDS)


def test_an_import_asked_for_without_redis_is_done_by_the_same_worker_when_it_is_back(
    store: OrganisationStore,
    supervisor: Visitor,
    with_redis: Organisations,
    server: RedisServer,
    worker: subprocess.Popen[bytes],
) -> None:
    mark = uuid.uuid4().hex
    trial = finished(supervisor, send_file(supervisor, mark))
    server.shut_down()
    asked = supervisor.send(trial, {"run": "1"}, "mapping")
    assert asked.status_code == 303
    address = asked.headers["Location"]
    assert supervisor.client.get(address).status_code == 200
    job = uuid.UUID(address.rsplit("/", 1)[1])
    assert read_job(store, operator_actor(), job).state is JobState.WAITING
    server.start()
    announce_again(store, with_redis, server, job)
    wait_until_done(store, job)
    assert count(store, operator_actor(), ListQuery("person", (), search=mark)) == ROWS
    assert worker.poll() is None
    assert verify(store).broken is None
    assert check_projections(store).differences == 0


def send_file(visitor: Visitor, mark: str) -> str:
    content = "Name\n" + "".join(f"{mark} {number}\n" for number in range(ROWS))
    data = {"csrf_token": visitor.token, "file": (io.BytesIO(content.encode()), "people.csv")}
    sent = visitor.client.post(visitor.at("person/import"), data=data, content_type="multipart/form-data")
    return sent.headers["Location"]


def announce_again(store: OrganisationStore, organisations: Organisations, server: RedisServer, job: uuid.UUID) -> None:
    """What a worker does every half minute, as if that had passed."""
    silence(store, job)
    announcer = RedisAnnouncer(server.url)
    assert announce_lost_work(organisations, announcer) >= 1
    announcer.close()


def wait_until_done(store: OrganisationStore, job: uuid.UUID) -> None:
    assert wait_for(store, operator_actor(), job).state is JobState.DONE
