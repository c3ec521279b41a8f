"""Processes are killed without warning, and many write at once; nothing acknowledged is lost."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import func, select

from amparo.runtime.access import Actor, operator_actor
from amparo.runtime.ledger.verifying import verify
from amparo.runtime.planner.records import read_record
from amparo.runtime.projections.comparing import check_projections
from amparo.runtime.records import service
from amparo.runtime.releases.publishing import publish
from amparo.runtime.settings import Settings
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.organisations import Organisations
from factories.clinic import clinic_document
from servers.programs import ROOT
from storm.writer import THREADS

KILLS = 8
ROWS = 2500
WRITERS = 8
TIMES = 4


@pytest.fixture
def organisations(database: str | None, tmp_path: Path) -> Iterator[Organisations]:
    opened = Organisations(Settings(home=tmp_path / "home", database_url=database))
    yield opened
    opened.close()


@pytest.fixture
def operator() -> Actor:
    return operator_actor()


@pytest.fixture
def store(organisations: Organisations, operator: Actor) -> OrganisationStore:
    made = organisations.create("storm", "Storm")
    publish(made, operator, clinic_document())
    return made


def start(module: str, organisations: Organisations, *arguments: object) -> subprocess.Popen[str]:
    environment = {
        **os.environ,
        "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT / 'tests'}",
        "AMPARO_DATABASE_URL": organisations.settings.database_url or "",
    }
    words = [str(organisations.settings.home), "storm", *(str(argument) for argument in arguments)]
    return subprocess.Popen(
        [sys.executable, "-m", module, *words],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@dataclass
class Acknowledged:
    """What processes were told is saved: texts by record."""

    created: dict[uuid.UUID, str] = field(default_factory=dict)
    updated: dict[uuid.UUID, str] = field(default_factory=dict)
    deleted: dict[uuid.UUID, str] = field(default_factory=dict)
    imported: list[str] = field(default_factory=list)

    def take(self, lines: str) -> None:
        for line in lines.splitlines():
            word, *rest = line.split()
            if word == "imported":
                self.imported = rest
            elif word not in ("started", "chunk"):
                getattr(self, word)[uuid.UUID(rest[0])] = rest[1]


@pytest.mark.slow
def test_nothing_acknowledged_is_lost_when_processes_are_killed(
    organisations: Organisations, store: OrganisationStore, operator: Actor, tmp_path: Path
) -> None:
    person = service.create(store, operator, "person", {"name": "Somebody", "code": "X"})
    file = tmp_path / "visits.csv"
    file.write_text("title,person\n" + "".join(f"Visit {number},{person.record}\n" for number in range(ROWS)))
    identity = uuid.uuid4()
    acknowledged = Acknowledged()
    imported = []
    for number in range(KILLS):
        run_and_kill(organisations, file, identity, acknowledged, "chunk" if number < 3 else "created")
        assert_everything_is_there(store, operator, acknowledged)
        imported.append(len(titles(store)))
    assert any(0 < rows < ROWS for rows in imported), imported
    assert len(acknowledged.created) > 2 * KILLS
    assert acknowledged.deleted
    finish_import(organisations, file, identity, acknowledged)
    assert acknowledged.imported == [str(ROWS), "0"]
    assert titles(store) == sorted(f"Visit {number}" for number in range(ROWS))
    assert_everything_is_there(store, operator, acknowledged)


def run_and_kill(
    organisations: Organisations, file: Path, identity: uuid.UUID, acknowledged: Acknowledged, moment: str
) -> None:
    """Some acknowledgements of that kind after its start, and at any point of what it does next."""
    process = start("storm.saver", organisations, file, identity)
    assert process.stdout is not None
    patience = random.randint(1, 2) if moment == "chunk" else random.randint(1, 40)
    for line in process.stdout:
        acknowledged.take(line)
        patience -= line.startswith(moment)
        if not patience:
            break
    time.sleep(random.uniform(0, 0.02))
    kill(process, acknowledged)


def finish_import(organisations: Organisations, file: Path, identity: uuid.UUID, acknowledged: Acknowledged) -> None:
    process = start("storm.saver", organisations, file, identity)
    assert process.stdout is not None
    for line in process.stdout:
        acknowledged.take(line)
        if acknowledged.imported:
            break
    kill(process, acknowledged)


def kill(process: subprocess.Popen[str], acknowledged: Acknowledged) -> None:
    """What it had said before it was killed counts too."""
    assert process.stdout is not None
    assert process.stderr is not None
    process.kill()
    with process.stdout, process.stderr:
        acknowledged.take(process.stdout.read())
        assert process.stderr.read() == ""
    process.wait()


def assert_everything_is_there(store: OrganisationStore, operator: Actor, acknowledged: Acknowledged) -> None:
    found = verify(store)
    assert found.broken is None
    assert check_projections(store).differences == 0
    live = store.newest_release().object("person")
    table = live.table
    columns = (table.c[live.fields["name"].column_name], table.c[live.fields["story"].column_name], table.c.deleted_tx)
    with store.reading() as connection:
        rows = {row[0]: row[1:] for row in connection.execute(select(table.c.id, *columns))}
    assert {record: rows[record][0] for record in acknowledged.created} == acknowledged.created
    assert {record: rows[record][1] for record in acknowledged.updated} == acknowledged.updated
    assert all(rows[record][2] is not None for record in acknowledged.deleted)


def titles(store: OrganisationStore) -> list[str]:
    live = store.newest_release().object("visit")
    with store.reading() as connection:
        return sorted(connection.scalars(select(live.table.c[live.fields["title"].column_name])))


@pytest.mark.slow
def test_eight_writers_neither_wait_for_each_other_for_ever_nor_lose_an_update(
    organisations: Organisations, store: OrganisationStore, operator: Actor
) -> None:
    records = [service.create(store, operator, "person", {"name": name, "children": 0}).record for name in "AB"]
    writers = [start("storm.writer", organisations, TIMES, *records) for _ in range(WRITERS // THREADS)]
    ended = [(*writer.communicate(timeout=120), writer.returncode) for writer in writers]
    assert [(errors, status) for _, errors, status in ended] == [("", 0)] * len(writers)
    for record in records:
        assert read_record(store, operator, "person", record).answers["children"] == WRITERS * TIMES
    with store.reading() as connection:
        transactions = connection.scalar(select(func.count()).select_from(store.tables.tx))
    assert transactions == 3 + WRITERS * TIMES
    assert verify(store).broken is None
    assert check_projections(store).differences == 0
