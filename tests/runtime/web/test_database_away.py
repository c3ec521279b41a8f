"""PostgreSQL goes away and comes back, and connections are killed: people are told, and nothing is lost or doubled."""

from __future__ import annotations

import io
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress

import psycopg
import pytest
from flask import Flask
from sqlalchemy import update

from amparo.runtime.access import Role, operator_actor
from amparo.runtime.jobs.queueing import read_job
from amparo.runtime.jobs.states import JobState
from amparo.runtime.ledger.verifying import verify
from amparo.runtime.planner.lists import count
from amparo.runtime.planner.queries import ListQuery
from amparo.runtime.projections.comparing import check_projections
from amparo.runtime.stores import engines
from amparo.runtime.stores.engines import RESTED_SECONDS
from amparo.runtime.stores.organisation import OrganisationStore
from factories.jobs import silence
from factories.visitors import PASSWORD, Visitor, finished, form_of
from servers.databases import start_postgres
from servers.postgres import PostgresServer

#: Those of the application.
END_CONNECTIONS = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'amparo'"
ROWS = 1500
SAVES = 6
#: A page, a way on after a save, or the page that says what to do.
TOLD = {200, 302, 503}


@pytest.fixture(scope="module", autouse=True)
def _impatient() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engines, "POSTGRES_LOCK_SECONDS", 5)
        yield


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    """A cluster of this module's own: the others go on."""
    started = start_postgres(18)
    yield started
    started.stop()


@pytest.fixture(scope="module")
def module_database(server: PostgresServer) -> Iterator[str]:
    with server.new_database() as url:
        yield url


@contextmanager
def away(server: PostgresServer) -> Iterator[None]:
    """Long enough for connections to count as rested: one that was just used is not asked whether it is alive."""
    server.shut_down()
    try:
        yield
        time.sleep(RESTED_SECONDS)
    finally:
        server.start()


@pytest.fixture(autouse=True)
def sound(office: OrganisationStore) -> Iterator[None]:
    """After each test the ledger holds and the projection is what it says."""
    yield
    assert verify(office).broken is None
    assert check_projections(office).differences == 0


def named(store: OrganisationStore, name: str) -> int:
    return count(store, operator_actor(), ListQuery("person", (), search=name))


def test_a_page_says_what_to_do_and_the_next_one_works_without_a_restart(
    supervisor: Visitor, server: PostgresServer
) -> None:
    with away(server):
        told = supervisor.get("person/", view="all")
        assert told.status_code == 503
        assert "The records cannot be reached right now" in told.text
        assert f'href="{supervisor.at("person/?view=all")}"' in told.text
    assert supervisor.get("person/", view="all").status_code == 200


def test_what_was_typed_is_sent_again_and_saved_once(
    supervisor: Visitor, office: OrganisationStore, server: PostgresServer
) -> None:
    name = f"Ann “{uuid.uuid4().hex}” <b>"
    form = form_of(supervisor.get("person/new", record_type="client"))
    typed = form.filled({"name": name, "story": "First line\r\n  second line"})
    with away(server):
        told = supervisor.client.post(form.action, data=typed)
        assert told.status_code == 503
    again = form_of(told, "again")
    assert sorted(again.pairs) == sorted(typed.items(multi=True))
    first, second = (supervisor.client.post(again.action, data=again.filled({})) for _ in range(2))
    assert first.status_code == 302
    assert second.headers["Location"] == first.headers["Location"]
    assert named(office, name) == 1


def test_a_password_stands_in_no_page(app: Flask, office: OrganisationStore, server: PostgresServer) -> None:
    visitor = Visitor(app, office.slug)
    visitor.client.get("/sign-in")
    with away(server):
        told = visitor.sign_in(f"supervisor@{office.slug}", PASSWORD)
    assert told.status_code == 503
    assert PASSWORD not in told.text
    assert visitor.sign_in(f"supervisor@{office.slug}", PASSWORD).status_code == 302


@pytest.mark.parametrize("way", ["/leave", "/sign-out"])
def test_somebody_who_leaves_in_a_hurry_gets_away(
    app: Flask, office: OrganisationStore, server: PostgresServer, way: str
) -> None:
    visitor = Visitor.signed_in(app, office.slug, Role.CASEWORKER)
    with away(server):
        assert 'class="leave" method="post" action="/leave"' in visitor.get("person/").text
        gone = visitor.client.post(way)
        assert gone.status_code in (302, 303)
        assert visitor.client.get(gone.headers["Location"]).status_code == 200
    assert visitor.get("person/").status_code == 302


def test_an_import_under_way_is_resumed_and_doubles_nothing(
    supervisor: Visitor, app: Flask, office: OrganisationStore, server: PostgresServer
) -> None:
    mark = uuid.uuid4().hex
    address = begun_import(supervisor, mark)
    job = uuid.UUID(address.rsplit("/", 1)[1])
    wait_for_rows(office, mark)
    with away(server):
        # The thread that works finds out by itself.
        assert supervisor.get("person/").status_code == 503
    assert 0 < named(office, mark) < ROWS
    assert read_job(office, operator_actor(), job).state is JobState.RUNNING
    take_up_again(app, office, job)
    assert f"{ROWS} rows were added" in finished(supervisor, address).text
    assert named(office, mark) == ROWS


def begun_import(visitor: Visitor, mark: str) -> str:
    """The page of a running import of people."""
    content = "Name\n" + "".join(f"{mark} {number}\n" for number in range(ROWS))
    data = {"csrf_token": visitor.token, "file": (io.BytesIO(content.encode()), "people.csv")}
    sent = visitor.client.post(visitor.at("person/import"), data=data, content_type="multipart/form-data")
    trial = finished(visitor, sent.headers["Location"])
    return visitor.send(trial, {"run": "1"}, "mapping").headers["Location"]


def wait_for_rows(store: OrganisationStore, mark: str) -> None:
    while named(store, mark) == 0:
        pass


def take_up_again(app: Flask, store: OrganisationStore, job: uuid.UUID) -> None:
    silence(store, job)
    app.extensions["amparo"].jobs()._announcer.take_what_waits()


def test_while_nothing_can_be_written_people_read_and_what_they_type_is_held(
    supervisor: Visitor, office: OrganisationStore, app: Flask, server: PostgresServer
) -> None:
    """As on a standby that was not made the first server yet."""
    name = uuid.uuid4().hex
    form = form_of(supervisor.get("person/new", record_type="client"))
    seen_long_ago(app)
    with read_only(server, office):
        assert supervisor.get("person/", view="all").status_code == 200
        told = supervisor.client.post(form.action, data=form.filled({"name": name}))
        assert told.status_code == 503
    again = form_of(told, "again")
    assert supervisor.client.post(again.action, data=again.filled({})).status_code == 302
    assert named(office, name) == 1


def seen_long_ago(app: Flask) -> None:
    """So that the next page notes that the session is in use."""
    organisations = app.extensions["amparo"].organisations()
    session = organisations.control.session
    with organisations.engine.begin() as connection:
        connection.execute(update(session).values(seen_at=session.c.seen_at - 600_000_000))


@contextmanager
def read_only(server: PostgresServer, store: OrganisationStore) -> Iterator[None]:
    database = store.engine.url.database
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        connection.execute(f"ALTER DATABASE {database} SET default_transaction_read_only = on")
        end_connections(connection)
        try:
            yield
        finally:
            connection.execute(f"ALTER DATABASE {database} RESET default_transaction_read_only")
            end_connections(connection)


def end_connections(connection: psycopg.Connection) -> int:
    """Those of the application, which count as rested afterwards, so that their next use finds out; how many."""
    ended = len(connection.execute(END_CONNECTIONS).fetchall())
    time.sleep(RESTED_SECONDS)
    return ended


def test_a_lock_that_somebody_holds_by_hand_does_not_hold_people_for_ever(
    supervisor: Visitor, office: OrganisationStore, server: PostgresServer
) -> None:
    name = uuid.uuid4().hex
    form = form_of(supervisor.get("person/new", record_type="client"))
    with psycopg.connect(server.url(office.engine.url.database or "")) as connection:
        connection.execute(f"LOCK TABLE {office.schema}.head IN ACCESS EXCLUSIVE MODE")
        told = supervisor.client.post(form.action, data=form.filled({"name": name}))
        assert told.status_code == 503
        connection.rollback()
    again = form_of(told, "again")
    assert supervisor.client.post(again.action, data=again.filled({})).status_code == 302
    assert named(office, name) == 1


def take_every_free_connection(server: PostgresServer, taken: ExitStack) -> None:
    with suppress(psycopg.OperationalError):
        while True:
            taken.enter_context(psycopg.connect(server.url("postgres")))


def test_when_every_connection_is_taken_people_are_told_and_go_on_when_one_is_free(
    supervisor: Visitor, server: PostgresServer
) -> None:
    with ExitStack() as taken:
        first = taken.enter_context(psycopg.connect(server.url("postgres"), autocommit=True))
        take_every_free_connection(server, taken)
        # One that is ended comes free late on a busy machine, and may be taken again by the application meanwhile.
        while end_connections(first):
            take_every_free_connection(server, taken)
        told = supervisor.get("person/", view="all")
        assert told.status_code == 503
        assert "The records cannot be reached right now" in told.text
    assert supervisor.get("person/", view="all").status_code == 200


@pytest.mark.slow
def test_killed_connections_lose_nothing_that_was_told(
    app: Flask, office: OrganisationStore, server: PostgresServer
) -> None:
    visitors = [Visitor.signed_in(app, office.slug, role) for role in (Role.CASEWORKER, Role.SUPERVISOR)]
    forms = [form_of(visitor.get("person/new", record_type="client")) for visitor in visitors]
    answers: list[int] = []
    told: list[str] = []

    def work(number: int) -> None:
        visitor, form = visitors[number], forms[number]
        for _ in range(SAVES):
            name, key = uuid.uuid4().hex, uuid.uuid4().hex
            answers.append(visitor.get("person/", view="all").status_code)
            answers.append(503)
            while answers[-1] == 503:
                boxes = form.filled({"name": name, "request_key": key})
                answers.append(visitor.client.post(form.action, data=boxes).status_code)
            told.append(name)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(len(visitors))]
    for thread in threads:
        thread.start()
    killed = kill_connections_while(server, threads)
    assert killed > 0
    assert set(answers) <= TOLD
    assert [named(office, name) for name in told] == [1] * SAVES * len(visitors)


def kill_connections_while(server: PostgresServer, threads: list[threading.Thread]) -> int:
    """Ends every connection of the application again and again; gives how many there were.

    Each pause is longer than the last, so that the slowest machine gets a save through in the end.
    """
    killed, pause = 0, 0.1
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        while working := [thread for thread in threads if thread.is_alive()]:
            killed += len(connection.execute(END_CONNECTIONS).fetchall())
            # Of one that is still at work: another would leave the last one no pause at all.
            working[0].join(pause)
            pause *= 1.1
    # On a quick machine it is over before a connection that was killed counts as rested.
    time.sleep(RESTED_SECONDS)
    return killed
