"""The web server is killed while people save in it and an import runs; nothing they were told is lost."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import select

from amparo.runtime import members
from amparo.runtime.access import Role, operator_actor
from amparo.runtime.jobs.queueing import enqueue
from amparo.runtime.jobs.states import JobState
from amparo.runtime.jobs.sweeping import sweep
from amparo.runtime.ledger.verifying import verify
from amparo.runtime.members import Member
from amparo.runtime.projections.comparing import check_projections
from amparo.runtime.records import service
from amparo.runtime.releases.publishing import publish
from amparo.runtime.settings import Settings
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.organisations import Organisations
from amparo.runtime.transfer.jobs import import_submission
from amparo.runtime.transfer.mapping import ColumnMapping, ImportMapping
from factories.clinic import clinic_document
from servers.processes import PATIENCE_SECONDS
from servers.programs import ROOT
from storm.visitor import SERVER_IS_GONE, Visitor

KILLS = 3
ROWS = 6000
PASSWORD = "four words of rain"


@pytest.fixture
def organisations(database: str | None, tmp_path: Path) -> Iterator[Organisations]:
    opened = Organisations(Settings(home=tmp_path / "home", database_url=database))
    yield opened
    opened.close()


@pytest.fixture
def store(organisations: Organisations) -> OrganisationStore:
    made = organisations.create("storm", "Storm")
    publish(made, operator_actor(), clinic_document())
    return made


@pytest.fixture
def member(organisations: Organisations, store: OrganisationStore) -> Member:
    return members.create_member(organisations, store.slug, "dara", "Dara", Role.SUPERVISOR, PASSWORD)


@contextmanager
def server(organisations: Organisations) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Its address and process; on leaving, the process and its workers are killed without warning."""
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT / "src"),
        "AMPARO_HOME": str(organisations.settings.home),
        "AMPARO_DATABASE_URL": organisations.settings.database_url or "",
    }
    command = [sys.executable, "-m", "amparo", "serve", "--port", "0"]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True, start_new_session=True)
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line.startswith("Amparo is at ")
        yield line.split()[-1], process
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate(timeout=30)


def save_until_it_is_gone(visitor: Visitor, slug: str, added: dict[uuid.UUID, str]) -> None:
    while True:
        name = uuid.uuid4().hex
        try:
            added[visitor.add_person(slug, name)] = name
        except SERVER_IS_GONE:
            return


@pytest.mark.slow
def test_nothing_that_people_were_told_is_lost_when_the_server_is_killed(
    organisations: Organisations, store: OrganisationStore, member: Member
) -> None:
    visitors = signed_in(organisations)
    job = ask_for_import(store, member)
    added: dict[uuid.UUID, str] = {}
    imported = []
    for number in range(KILLS):
        storm(organisations, visitors, store, added, is_import_new=number == 0)
        assert_everything_is_there(store, added)
        imported.append(len(texts(store, "visit", "title")))
        # As if the half minute had passed after which a silent job is taken up again.
        sweep(store, lost_after=0)
    assert len(added) >= KILLS - 1
    assert any(0 < rows < ROWS for rows in imported), imported
    with server(organisations):
        wait_for_job(store, job)
    assert sorted(texts(store, "visit", "title").values()) == sorted(f"Visit {number}" for number in range(ROWS))
    assert_everything_is_there(store, added)


def ask_for_import(store: OrganisationStore, member: Member) -> uuid.UUID:
    person = service.create(store, operator_actor(), "person", {"name": "Somebody", "code": "X"})
    content = "title,person\n" + "".join(f"Visit {number},{person.record}\n" for number in range(ROWS))
    mapping = ImportMapping({name: ColumnMapping(name) for name in ("title", "person")})
    submission = import_submission(member.acting("page"), "visit", content.encode(), mapping)
    with store.engine.begin() as connection:
        return enqueue(connection, store, member.acting("page"), *submission)


def signed_in(organisations: Organisations) -> list[Visitor]:
    """Their sessions outlive the servers."""
    with server(organisations) as (address, _):
        visitors = [Visitor(address) for _ in range(2)]
        for visitor in visitors:
            visitor.sign_in("dara", PASSWORD)
    return visitors


def storm(
    organisations: Organisations,
    visitors: Sequence[Visitor],
    store: OrganisationStore,
    added: dict[uuid.UUID, str],
    *,
    is_import_new: bool,
) -> None:
    """The kill falls into the import where that is new, and otherwise at any moment soon after the first save."""
    with server(organisations) as (address, process):
        for visitor in visitors:
            visitor.address = address
        threads = [threading.Thread(target=save_until_it_is_gone, args=(each, store.slug, added)) for each in visitors]
        for thread in threads:
            thread.start()
        if is_import_new:
            wait_until(lambda: len(texts(store, "visit", "title")) > 0)
        else:
            before = len(added)
            wait_until(lambda: len(added) > before)
            time.sleep(random.uniform(0.0, 0.4))
        os.killpg(process.pid, signal.SIGKILL)
        for thread in threads:
            thread.join()


def wait_until(has_come: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not has_come():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def assert_everything_is_there(store: OrganisationStore, added: dict[uuid.UUID, str]) -> None:
    assert verify(store).broken is None
    assert check_projections(store).differences == 0
    names = texts(store, "person", "name")
    assert {record: names.get(record) for record in added} == added


def texts(store: OrganisationStore, object_name: str, field: str) -> dict[uuid.UUID, str]:
    live = store.newest_release().object(object_name)
    column = live.table.c[live.fields[field].column_name]
    with store.reading() as connection:
        return {row[0]: row[1] for row in connection.execute(select(live.table.c.id, column))}


def wait_for_job(store: OrganisationStore, job: uuid.UUID) -> None:
    table = store.tables.job
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        with store.engine.connect() as connection:
            state = connection.scalar(select(table.c.state).where(table.c.id == job))
        if state == JobState.DONE:
            return
        assert state in (JobState.WAITING, JobState.RUNNING)
        time.sleep(0.1)
    raise AssertionError("The import did not end.")
