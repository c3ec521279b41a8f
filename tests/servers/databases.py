"""Empty stores of every kind, each server started when the first test asks for it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext

from servers.absence import report_absence
from servers.postgres import PostgresServer
from servers.programs import find_postgres

#: A context manager that yields AMPARO_DATABASE_URL for an empty store of a kind: None for embedded SQLite.
NewDatabase = Callable[[str], AbstractContextManager[str | None]]

POSTGRES_MAJORS = {"postgresql18": 18, "postgresql15": 15}


class Databases:
    def __init__(self) -> None:
        self._servers: dict[str, PostgresServer] = {}

    def open(self, kind: str) -> AbstractContextManager[str | None]:
        """``kind`` is ``sqlite``, ``postgresql18`` or ``postgresql15``."""
        if kind == "sqlite":
            return nullcontext()
        if kind not in self._servers:
            self._servers[kind] = start_postgres(POSTGRES_MAJORS[kind])
        return self._servers[kind].new_database()

    def stop(self) -> None:
        for server in self._servers.values():
            server.stop()


def start_postgres(major: int) -> PostgresServer:
    program = find_postgres(major)
    if program is None:
        report_absence(f"PostgreSQL {major}")
    return PostgresServer(program)
