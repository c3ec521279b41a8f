"""What is told to the database without waiting comes with the commit, whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, func, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from amparo.runtime.settings import Settings
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.organisations import Organisations
from amparo.runtime.stores.round_trips import (
    KEPT_PLANS,
    PLANS_FOR_VALUES,
    answered_together,
    driver_cursor,
    driver_rows,
    send_together,
    sends_together,
)
from amparo.runtime.stores.rows import row_writer


@pytest.fixture
def clinic(database: str | None, tmp_path: Path) -> Iterator[OrganisationStore]:
    organisations = Organisations(Settings(home=tmp_path, database_url=database))
    yield organisations.create("clinic", "Clinic")
    organisations.close()


def count(connection: Connection, store: OrganisationStore, *numbers: int) -> None:
    """Writes counters."""
    counter = store.tables.counter
    row_writer(counter, ("field", "last"), connection.dialect).write(connection, [(each, 77001) for each in numbers])


def tell(store: OrganisationStore, *numbers: int, meanwhile: Callable[[Connection], object] = lambda _: None) -> None:
    """Counters told together, ``meanwhile`` before the last of them."""
    with store.engine.begin() as connection:
        send_together(connection)
        for number in numbers[:-1]:
            count(connection, store, number)
        meanwhile(connection)
        count(connection, store, numbers[-1])


def counted(store: OrganisationStore) -> int:
    with store.asking() as connection:
        return connection.scalar(select(func.count()).select_from(store.tables.counter)) or 0


def test_what_is_told_together_is_there_after_the_commit(clinic: OrganisationStore) -> None:
    with clinic.engine.begin() as connection:
        send_together(connection)
        count(connection, clinic, 1)
        count(connection, clinic, *range(2, 50))
    assert counted(clinic) == 49


def test_of_what_is_told_together_nothing_stays_where_one_part_is_refused(clinic: OrganisationStore) -> None:
    with pytest.raises(IntegrityError) as refused:
        tell(clinic, 1, 1, 2)
    assert "77001" not in str(refused.value)
    assert counted(clinic) == 0
    with clinic.engine.begin() as connection:
        assert not sends_together(connection)
        count(connection, clinic, 1)
    assert counted(clinic) == 1


def test_what_was_told_before_the_program_itself_failed_never_was(clinic: OrganisationStore) -> None:
    with pytest.raises(ZeroDivisionError):
        tell(clinic, 1, 2, meanwhile=lambda _: 1 // 0)
    assert counted(clinic) == 0


def test_answers_that_are_awaited_together_come_in_their_order(clinic: OrganisationStore) -> None:
    with clinic.engine.connect() as connection:
        with answered_together(connection) as new_cursor:
            transaction = connection.begin()
            first, second = new_cursor(), new_cursor()
            first.execute("SELECT 1")
            second.execute("SELECT 2")
        assert (first.fetchall(), second.fetchall()) == ([(1,)], [(2,)])
        transaction.rollback()


def test_a_statement_that_is_refused_is_told_as_any_other(clinic: OrganisationStore) -> None:
    def ask() -> None:
        with clinic.engine.begin() as connection, driver_cursor(connection) as cursor:
            cursor.execute("SELECT * FROM nowhere")

    def ask_together() -> None:
        with clinic.engine.connect() as connection, answered_together(connection) as new_cursor:
            connection.begin()
            new_cursor().execute("SELECT * FROM nowhere")

    def ask_alone() -> None:
        with clinic.asking() as connection:
            driver_rows(connection, "SELECT * FROM nowhere", ())

    for question in (ask, ask_together, ask_alone):
        with pytest.raises(DBAPIError, match="nowhere"):
            question()


@pytest.fixture
def on_postgres(postgres_url: str, tmp_path: Path) -> Iterator[OrganisationStore]:
    organisations = Organisations(Settings(home=tmp_path, database_url=postgres_url))
    yield organisations.create("clinic", "Clinic")
    organisations.close()


def planning(connection: Connection, *, keeps_plan: bool = False) -> str:
    (((mode,),), _) = driver_rows(connection, "SHOW plan_cache_mode", (), keeps_plan=keeps_plan)
    return str(mode)


def test_a_plan_is_kept_for_one_question_at_a_time(on_postgres: OrganisationStore) -> None:
    for opened in (on_postgres.asking, on_postgres.reading):
        with opened() as connection:
            told = [planning(connection, keeps_plan=keeps) for keeps in (False, True, False)]
        assert told == [PLANS_FOR_VALUES, KEPT_PLANS, PLANS_FOR_VALUES]


@pytest.mark.parametrize(
    ("question", "values"), [("SELECT * FROM nowhere", ()), ("SELECT 1 / %s", (0,)), ("SELECT %s", (object(),))]
)
def test_after_a_question_that_failed_the_next_is_planned_for_its_values(
    on_postgres: OrganisationStore, question: str, values: tuple[object, ...]
) -> None:
    asked: list[Any] = []

    def ask(connection: Connection) -> None:
        asked.append(connection.connection.driver_connection)
        driver_rows(connection, question, values, keeps_plan=True)

    for opened in (on_postgres.asking, on_postgres.reading):
        with opened() as connection, pytest.raises(DBAPIError):
            ask(connection)
        with on_postgres.asking() as connection:
            assert connection.connection.driver_connection is asked[-1]
            assert planning(connection) == PLANS_FOR_VALUES


def end(store: OrganisationStore, connection: Connection) -> None:
    """As when PostgreSQL is started again."""
    driver: Any = connection.connection.driver_connection
    with store.asking() as other:
        other.execute(text("SELECT pg_terminate_backend(:backend)"), {"backend": driver.info.backend_pid})


def test_a_connection_that_dies_while_it_is_told_something_is_not_used_again(
    on_postgres: OrganisationStore, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(DBAPIError) as died:
        tell(on_postgres, 1, 2, meanwhile=partial(end, on_postgres))
    assert died.value.connection_invalidated
    assert counted(on_postgres) == 0
    assert caplog.records == []


@pytest.mark.parametrize("keeps_plan", [False, True])
def test_a_connection_that_dies_before_a_question_is_not_used_again(
    on_postgres: OrganisationStore, keeps_plan: bool
) -> None:
    with on_postgres.asking() as connection:
        end(on_postgres, connection)
        with pytest.raises(DBAPIError) as died:
            driver_rows(connection, "SELECT 1", (), keeps_plan=keeps_plan)
    assert died.value.connection_invalidated
    assert counted(on_postgres) == 0
