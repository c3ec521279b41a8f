"""SQLite's files: each is made once, and missed afterwards.

SQLite itself makes a file that is not there, and takes an empty one for a new store. It then removes the log beside
it, and with the log the saves that stand nowhere else yet: somebody who put the file back would have lost them.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from amparo.runtime.durability import made_folder
from amparo.runtime.errors import StoreProblem


def is_there(path: Path) -> bool:
    """Whether a store was ever made in this file, and still is."""
    try:
        return path.stat().st_size > 0
    except FileNotFoundError:
        return False


def has_log(path: Path) -> bool:
    """Whether saves lie beside a store that are not in its file yet."""
    return is_there(path.with_name(f"{path.name}-wal"))


def make_file(path: Path) -> None:
    """A store without tables; its owner's alone, because SQLite would let every account of the machine read it."""
    made_folder(path.parent)
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    with closing(sqlite3.connect(path)) as connection:
        # Writes the head of the file.
        connection.execute("PRAGMA journal_mode=WAL")


def require_file(path: Path, way_back: str) -> None:
    """``way_back`` tells what would do. Raises :class:`StoreProblem`."""
    if not is_there(path):
        raise StoreProblem(f"The store {path} is missing or empty. {way_back}")
