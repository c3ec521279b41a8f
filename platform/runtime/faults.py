"""Faults as logs tell them: of which kinds and where. What an error says may be what people wrote about a person.

``invalid literal for int() with base 10: 'Sokha'``: logs are copied, mailed and kept, so no text of an error of
unknown origin goes there.
"""

from __future__ import annotations

import logging
import sqlite3
import traceback
from collections.abc import Iterator
from typing import Any

import psycopg

_MOST_CALLS = 12


def told(error: BaseException) -> str:
    """Kind, code and latest calls of an error, and behind it those of whatever it was raised in spite of."""
    return " after ".join(f"{type(each).__name__}{_code(each)} at {_calls(each)}" for each in _chain(error))


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _calls(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)[-_MOST_CALLS:]
    return " < ".join(f"{frame.name} ({frame.filename}:{frame.lineno})" for frame in reversed(frames)) or "no call"


def _code(error: BaseException) -> str:
    """What the operating system or a database calls it; the words of one that could not be reached hold no value."""
    code: str | None = None
    if isinstance(error, psycopg.Error):
        unreachable = str(error) if isinstance(error, psycopg.OperationalError) else None
        code = error.sqlstate or unreachable
    elif isinstance(error, sqlite3.Error):
        code = getattr(error, "sqlite_errorname", None)
    elif isinstance(error, OSError):
        code = error.strerror
    return f" ({code})" if code else ""


class WordlessFormatter(logging.Formatter):
    """For handlers of other programs' logs, which print errors that escape."""

    def format(self, record: logging.LogRecord) -> str:
        # Another handler may have kept what it made of the error.
        kept, record.exc_text = record.exc_text, None
        try:
            return super().format(record)
        finally:
            record.exc_text = kept

    def formatException(self, ei: Any) -> str:  # noqa: N802 - the name that logging calls
        return told(ei[1]) if ei[1] is not None else ""
