"""Statements sent to PostgreSQL one behind the other, and their answers awaited once.

Every answer waited for costs a round trip to the server: one durable save of a
record waited ten times. SQLite is in this process and answers at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from typing import Any

import psycopg
from sqlalchemy import Connection
from sqlalchemy.engine.interfaces import DBAPIModule
from sqlalchemy.exc import DBAPIError

from amparo.runtime.stores.waiting import WorkingConnection

#: A plan made once for all values took 18 ms instead of 1 for a filtered list whose order has an index.
PLANS_FOR_VALUES = "force_custom_plan"
#: PostgreSQL keeps the plan of a prepared statement when five for its values were no better.
KEPT_PLANS = "auto"


class SendingConnection(WorkingConnection):
    """psycopg's connection; its pipeline can be left open up to the end of a transaction."""

    _open: AbstractContextManager[Any] | None = None

    @property
    def sends_together(self) -> bool:
        return self._open is not None

    def send_together(self) -> None:
        """From here to the end of the transaction nothing is asked, only told: the end has all answers."""
        if self._open is None:
            self._open = self.pipeline()
            self._open.__enter__()

    @contextmanager
    def keeping_plan(self) -> Iterator[None]:
        """Inside, PostgreSQL may use one plan for all values of a statement. No answer more is waited for.

        Where PostgreSQL refuses the statement, what it was told before is undone with it: a pipeline is a transaction.
        """
        with self.pipeline():
            self.execute(f"SET plan_cache_mode = {KEPT_PLANS}")
            try:
                yield
            finally:
                self.execute(f"SET plan_cache_mode = {PLANS_FOR_VALUES}")

    def commit(self) -> None:
        """Raises the first error of all that was told. psycopg's own would wait once more, to leave its pipeline."""
        if self._open is None:
            super().commit()
            return
        with self.cursor() as cursor:
            cursor.execute("COMMIT")
        self._leave()

    def rollback(self) -> None:
        self._forget()
        super().rollback()

    def close(self) -> None:
        self._forget()
        super().close()

    def _forget(self) -> None:
        """What went wrong with what was told is not worth an error any more."""
        with suppress(psycopg.Error):
            self._leave()

    def _leave(self) -> None:
        opened, self._open = self._open, None
        if opened is not None:
            opened.__exit__(None, None, None)


def send_together(connection: Connection) -> None:
    """What is told to PostgreSQL from here to the end of the transaction is answered at its end.

    Nothing may be asked meanwhile, and nothing copied.
    """
    if isinstance(driver := connection.connection.driver_connection, SendingConnection):
        driver.send_together()


def sends_together(connection: Connection) -> bool:
    driver = connection.connection.driver_connection
    return isinstance(driver, SendingConnection) and driver.sends_together


@contextmanager
def answered_together(connection: Connection) -> Iterator[Callable[[], Any]]:
    """Makes the driver's own cursors, which hold their rows after it: PostgreSQL is waited for once."""
    proxy = connection.connection
    driver = proxy.driver_connection
    try:
        with driver.pipeline() if isinstance(driver, SendingConnection) else nullcontext():
            yield proxy.cursor
    except connection.dialect.loaded_dbapi.Error as error:
        raise _told(connection, driver, error) from error


@contextmanager
def driver_cursor(connection: Connection) -> Iterator[Any]:
    """The driver's own cursor inside the same transaction, which there has to be: it would begin none."""
    if not connection.in_transaction():
        raise RuntimeError("Statements for the driver's own cursor belong into a transaction.")
    proxy = connection.connection
    cursor = proxy.cursor()
    try:
        yield cursor
    except connection.dialect.loaded_dbapi.Error as error:
        raise _told(connection, proxy.driver_connection, error) from error
    finally:
        cursor.close()


def driver_rows(
    connection: Connection, question: str, values: Any, *, keeps_plan: bool = False
) -> tuple[Sequence[Any], Sequence[Any]]:
    """The driver's own rows of a question, and its description of their columns; a transaction is not needed.

    ``keeps_plan`` says that the best way to answer it is the same whatever the values: those of one record.
    SQLAlchemy would begin one and end it, and look at each column of the result: twice as long as a short question
    takes SQLite. Whoever listens for its statements hears of these too.
    """
    proxy = connection.connection
    driver = proxy.driver_connection
    cursor = proxy.cursor()
    try:
        for listen in connection.dispatch.before_cursor_execute:
            listen(connection, cursor, question, values, None, False)
        with driver.keeping_plan() if keeps_plan and isinstance(driver, SendingConnection) else nullcontext():
            cursor.execute(question, values)
        rows = cursor.fetchall()
        for listen in connection.dispatch.after_cursor_execute:
            listen(connection, cursor, question, values, None, False)
        return rows, cursor.description
    except connection.dialect.loaded_dbapi.Error as error:
        raise _told(connection, driver, error) from error
    finally:
        cursor.close()


def run_script(connection: Connection, statements: Sequence[str]) -> None:
    """Statements without values, which give no rows: PostgreSQL takes all of them in one go, SQLite one by one."""
    if not statements:
        return
    with driver_cursor(connection) as cursor:
        for each in [";\n".join(statements)] if connection.dialect.name == "postgresql" else statements:
            cursor.execute(each)


def _told(connection: Connection, driver: Any, error: DBAPIModule.Error) -> BaseException:
    """The driver's error as SQLAlchemy tells it, without the values; a connection that died is not used again."""
    dialect = connection.dialect
    is_dead = dialect.is_disconnect(error, driver, None)
    if is_dead:
        connection.invalidate(error)
    every = dialect.loaded_dbapi.Error
    told = DBAPIError.instance(None, None, error, every, connection_invalidated=is_dead, dialect=dialect)
    return told if isinstance(told, BaseException) else error
