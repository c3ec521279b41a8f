"""Time limits that PostgreSQL's administrator set: they end no work that takes as long as there is data."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, event, text

from amparo.runtime.access import operator_actor
from amparo.runtime.backups.making import back_up
from amparo.runtime.backups.restoring import restore
from amparo.runtime.ledger.verifying import verify
from amparo.runtime.planner.lists import stream
from amparo.runtime.planner.queries import ListQuery
from amparo.runtime.projections.comparing import check_projections
from amparo.runtime.projections.repairing import repair_projections
from amparo.runtime.records import service
from amparo.runtime.releases.publishing import publish
from amparo.runtime.settings import Settings
from amparo.runtime.stores import migrating
from amparo.runtime.stores.engines import with_snapshots
from amparo.runtime.stores.organisations import Organisations
from amparo.runtime.stores.revisions import ORGANISATION
from amparo.runtime.stores.time_limits import lift_time_limits
from factories.clinic import clinic_document, field_of

ACTOR = operator_actor()
PASSPHRASE = "four words of rain"
LIMITS = ("statement_timeout", "idle_in_transaction_session_timeout", "transaction_timeout")
SECONDS = 30


@pytest.fixture
def limited(postgres_url: str, tmp_path: Path) -> Iterator[Organisations]:
    """An organisation whose database has every limit of PostgreSQL 18."""
    with closing(Organisations(Settings(home=tmp_path, database_url=postgres_url))) as organisations:
        with organisations.engine.begin() as connection:
            database = connection.scalar(text("SELECT current_database()"))
            for limit in LIMITS:
                connection.execute(text(f"ALTER DATABASE {database} SET {limit} = '{SECONDS}s'"))
        store = organisations.create("clinic", "Clinic")
        publish(store, ACTOR, clinic_document())
        service.create(store, ACTOR, "person", {"name": "Ann"})
        yield organisations


def erase_somebody(organisations: Organisations) -> None:
    store = organisations.open("clinic")
    person = service.create(store, ACTOR, "person", {"name": "Somebody"})
    service.erase(store, ACTOR, "person", person.record, "asked for it")


def publish_another(organisations: Organisations) -> None:
    document = clinic_document()
    field_of(document, "person", "name")["label"] = "Full name"
    publish(organisations.open("clinic"), ACTOR, document)


def bring_up_to_date(organisations: Organisations) -> None:
    store = organisations.open("clinic")
    migrating.migrate(store.engine, store.schema, ORGANISATION)


WORK: dict[str, Callable[[Organisations], object]] = {
    "a backup": lambda each: back_up(each, "clinic", each.settings.home / "clinic.backup", PASSPHRASE),
    "verifying": lambda each: verify(each.open("clinic")),
    "comparing": lambda each: check_projections(each.open("clinic")),
    "repairing": lambda each: repair_projections(each.open("clinic"), ACTOR),
    "an export": lambda each: list(stream(each.open("clinic"), ACTOR, ListQuery("person", ("name",)))),
    "publishing": publish_another,
    "bringing up to date": bring_up_to_date,
    "overwriting what was erased": erase_somebody,
}


@pytest.mark.parametrize("work", WORK.values(), ids=WORK.keys())
def test_what_takes_as_long_as_there_is_data_is_not_ended(
    limited: Organisations, work: Callable[[Organisations], object]
) -> None:
    with noted_limits() as found:
        work(limited)
    assert ("0", "0", "0") in found
    with limited.open("clinic").engine.connect() as connection:
        assert limits_of(connection) == (f"{SECONDS}s",) * len(LIMITS)


def test_a_restore_is_not_ended(limited: Organisations) -> None:
    path = limited.settings.home / "clinic.backup"
    back_up(limited, "clinic", path, PASSPHRASE)
    limited.remove("clinic")
    with noted_limits() as found:
        restore(limited, path, PASSPHRASE)
    assert ("0", "0", "0") in found


@contextmanager
def noted_limits() -> Iterator[list[tuple[str, ...]]]:
    """The limits under which each statement of the block was asked, whoever asked it."""
    found: list[tuple[str, ...]] = []

    def note(connection: Connection, *_: object) -> None:
        found.append(limits_of(connection))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def limits_of(connection: Connection) -> tuple[str, ...]:
    settings = ", ".join(f"current_setting('{limit}')" for limit in LIMITS)
    with closing(connection.connection.cursor()) as cursor:
        cursor.execute(f"SELECT {settings}")
        return tuple(cursor.fetchone() or ())


def test_a_limit_that_runs_already_is_lifted(limited: Organisations) -> None:
    with with_snapshots(limited.engine).connect() as connection, connection.begin():
        for limit in LIMITS:
            connection.execute(text(f"SET LOCAL {limit} = '500ms'"))
        lift_time_limits(connection)
        connection.execute(text("SELECT pg_sleep(0.6)"))
        time.sleep(0.6)
        assert connection.scalar(text("SELECT 1")) == 1
