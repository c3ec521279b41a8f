"""Work that is done where this process would only wait for PostgreSQL's answer.

A save of many rows is half Python's work and half the server's, one after the
other. What comes next can be made ready meanwhile, in the same thread: no lock,
no copy, and never a moment after the answer has come but for the piece of work
that was begun.
"""

from __future__ import annotations

import select
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from sqlalchemy import Connection

#: A few milliseconds' work that does not use the connection; False when there is none left.
Work = Callable[[], bool]

#: What psycopg's generators wait for, as a poll wants it. Source: psycopg, ``psycopg.waiting.Wait``.
_READ, _WRITE = 1, 2


class WorkingConnection(psycopg.Connection[Any]):
    """psycopg's connection; does ``work`` instead of waiting, where there is any."""

    work: Work | None = None

    def wait(self, gen: Any, *args: Any, **kwargs: Any) -> Any:
        """psycopg calls it for whatever it sends and receives."""
        return super().wait(self._working(gen) if self.work is not None else gen, *args, **kwargs)

    def _working(self, gen: Any) -> Any:
        """The same generator, that asks to wait only when there is nothing to do."""
        try:
            wanted = next(gen)
            while True:
                self._work_until(wanted)
                wanted = gen.send((yield wanted))
        except StopIteration as done:
            return done.value

    def _work_until(self, wanted: int) -> None:
        socket = select.poll()
        socket.register(self.fileno(), (wanted & _READ and select.POLLIN) | (wanted & _WRITE and select.POLLOUT))
        while self.work is not None and not socket.poll(0):
            if not self.work():
                self.work = None


@contextmanager
def working_meanwhile(connection: Connection, work: Work | None) -> Iterator[None]:
    """Inside, ``work`` is done whenever the connection waits. SQLite's never does: it is in this process."""
    driver = connection.connection.driver_connection
    if not isinstance(driver, WorkingConnection):
        yield
        return
    driver.work = work
    try:
        yield
    finally:
        driver.work = None
