"""Errors that are no fault of the program: a store, a disk or a key that cannot be used as it is now."""

from __future__ import annotations

import sqlite3

import psycopg
from sqlalchemy.exc import DatabaseError, DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from amparo.runtime.errors import StoreBusy, StoreProblem
from amparo.runtime.keys import KeyProblem
from amparo.runtime.room import has_no_room

#: Whatever one organisation's store may raise, so that the work on the others goes on.
OUTAGES = (StoreBusy, StoreProblem, KeyProblem, DBAPIError, NoConnectionFree, OSError)
_WHOSE = "See whether the account that Amparo runs as owns all files of the home, and whether the disk may be written."
#: What would do, by the first byte of SQLite's code.
_SQLITE_ADVICE = {
    sqlite3.SQLITE_CORRUPT: "A file is damaged. Keep it, and restore the organisation from its backup.",
    sqlite3.SQLITE_NOTADB: "A file is damaged. Keep it, and restore the organisation from its backup.",
    sqlite3.SQLITE_READONLY: _WHOSE,
    sqlite3.SQLITE_CANTOPEN: _WHOSE,
}


def is_outage_of_database(error: DBAPIError) -> bool:
    """Out of reach, without room, not to be written now, or damaged. The other kinds are faults of the program."""
    return (
        error.connection_invalidated
        or type(error) in (DatabaseError, OperationalError)
        or isinstance(error.orig, psycopg.errors.ReadOnlySqlTransaction)
        or has_no_room(error)
    )


def sentence_of(error: Exception) -> str:
    """For whoever runs the installation, of one of :data:`OUTAGES`; without the statement and its values."""
    if has_no_room(error):
        path = error.filename if isinstance(error, OSError) else None
        where = f" ({path})" if path else ""
        return f"There is no room left on the disk{where}. Nothing was damaged: make room, then run the command again."
    if isinstance(error, DBAPIError):
        said = str(error.orig).strip().partition("\n")[0]
        advice = _SQLITE_ADVICE.get(getattr(error.orig, "sqlite_errorcode", 0) & 0xFF)
        return f"The database cannot be used: {said}" + (f". {advice}" if advice else "")
    return str(error)
