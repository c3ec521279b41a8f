"""Whether a store or a disk refused because there is no room left, whoever tells it."""

from __future__ import annotations

import errno
import sqlite3

import psycopg
from sqlalchemy.exc import DBAPIError

#: Of the disk, of somebody's share of it, and of the largest file that the account may write.
_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
#: SQLite tells a full disk as FULL, and a file that may not grow as a failed write.
_SQLITE_NO_ROOM = frozenset({sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_SHMSIZE})


def has_no_room(error: BaseException | None) -> bool:
    """For an error of the operating system or of a database; False for every other."""
    if isinstance(error, DBAPIError):
        return has_no_room(error.orig)
    if isinstance(error, sqlite3.Error):
        # An error that the driver made by itself carries no code.
        return getattr(error, "sqlite_errorcode", None) in _SQLITE_NO_ROOM
    if isinstance(error, psycopg.errors.DiskFull):
        return True
    return isinstance(error, OSError) and error.errno in _NO_ROOM
