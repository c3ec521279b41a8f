"""The clock of the machine was a year ahead and is set right: saves stay in order, and nothing waits for that year."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
from sqlalchemy import update

from amparo.runtime import guesses, members, people, sessions
from amparo.runtime.access import Actor, Role
from amparo.runtime.errors import SignInRefused
from amparo.runtime.identifiers import new_identifier
from amparo.runtime.jobs.announcing import lost_work
from amparo.runtime.jobs.queueing import enqueue
from amparo.runtime.jobs.states import claim
from amparo.runtime.jobs.sweeping import sweep
from amparo.runtime.ledger.verifying import verify
from amparo.runtime.ledger.writing import clock_microseconds
from amparo.runtime.projections.comparing import check_projections
from amparo.runtime.records import service
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.organisations import Organisations
from amparo.runtime.transfer.importing import import_file
from amparo.runtime.transfer.jobs import import_submission
from amparo.runtime.transfer.mapping import ColumnMapping, ImportMapping
from amparo.runtime.transfer.undoing import undo_import

PASSWORD = "correct horse battery"
YEAR = 365 * 86_400 * 1_000_000


@pytest.fixture
def person(organisations: Organisations, store: OrganisationStore) -> people.Person:
    login = f"dara.{uuid.uuid4().hex[:8]}"
    members.create_member(organisations, store.slug, login, "Sok Dara", Role.CASEWORKER, PASSWORD)
    return people.sign_in(organisations, login, PASSWORD)


def change(organisations: Organisations, statement: Any) -> None:
    with organisations.engine.begin() as connection:
        connection.execute(statement)


def move_session(organisations: Organisations, person: people.Person, by: int) -> None:
    session = organisations.control.session
    moved = {"begun_at": session.c.begun_at + by, "seen_at": session.c.seen_at + by}
    change(organisations, update(session).where(session.c.person == person.id).values(**moved))


def test_saves_stay_in_their_order_and_the_ledger_tells_of_the_clock(store: OrganisationStore, operator: Actor) -> None:
    made = service.create(store, operator, "person", {"name": "Before"})
    assert verify(store).ahead is None
    store.clock = lambda: clock_microseconds() + YEAR
    made = service.update(store, operator, "person", made.record, made.version, {"name": "Ahead"})
    store.clock = None
    made = service.update(store, operator, "person", made.record, made.version, {"name": "After"})
    found = verify(store)
    assert found.broken is None
    assert found.ahead is not None
    assert found.ahead > dt.datetime.now(dt.UTC) + dt.timedelta(days=364)
    assert check_projections(store).differences == 0


def test_a_session_of_then_is_not_good_for_a_year(organisations: Organisations, person: people.Person) -> None:
    token = sessions.begin(organisations, person, None)
    move_session(organisations, person, YEAR)
    assert sessions.find(organisations, token) is None
    list(lost_work(organisations))
    move_session(organisations, person, -YEAR)
    assert sessions.find(organisations, token) is None


def test_nobody_is_kept_from_signing_in_for_a_year(organisations: Organisations, person: people.Person) -> None:
    address = "198.51.100.9"
    for _ in range(people.FREE_ATTEMPTS):
        with pytest.raises(SignInRefused):
            people.sign_in(organisations, person.login, "not the password", address)
    table, counted = organisations.control.person, organisations.control.sign_in_address
    change(organisations, update(table).where(table.c.id == person.id).values(locked_until=table.c.locked_until + YEAR))
    change(organisations, update(counted).values(failed=guesses.FREE_GUESSES, began_at=counted.c.began_at + YEAR))
    assert people.sign_in(organisations, person.login, PASSWORD, address) == person


def test_a_job_whose_worker_died_is_taken_up_again(store: OrganisationStore, operator: Actor) -> None:
    mapping = ImportMapping({"name": ColumnMapping("name")})
    with store.engine.begin() as connection:
        job = enqueue(connection, store, operator, *import_submission(operator, "person", b"name\nSokha\n", mapping))
    assert claim(store, job) is not None
    table = store.tables.job
    with store.engine.begin() as connection:
        connection.execute(update(table).where(table.c.id == job).values(beat_at=table.c.beat_at + YEAR))
    assert sweep(store).again == (job,)


def test_an_import_that_was_asked_for_then_is_undone(store: OrganisationStore, operator: Actor) -> None:
    ahead = uuid.UUID(int=new_identifier().int + (YEAR // 1000 << 80))
    outcome = import_file(store, operator, "person", b"name\nSokha\n", identity=ahead)
    assert outcome.created == 1
    assert undo_import(store, operator, ahead).deleted == 1
