"""Sessions: who is signed in where, and how that ends.

The browser holds a random text, the control store its hash. A session is good
while its row is not ended, is neither idle nor old (``settings``), its person
is active, and the person still has the epoch it began under: raising the epoch
(a new password, a deactivated member, signing out everywhere) ends all of them
at once, those that begin in the same moment too.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
import secrets
import uuid
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, LargeBinary, bindparam, delete, insert, or_, select, update
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from amparo.runtime.ledger.writing import CLOCKS_DIFFER, clock_microseconds
from amparo.runtime.people import Person
from amparo.runtime.settings import Settings
from amparo.runtime.stores.control import ControlTables
from amparo.runtime.stores.driver_statements import DriverQuestion
from amparo.runtime.stores.organisations import Organisations
from amparo.runtime.stores.types import instant

_SECOND = 1_000_000
#: When a session was last seen is written at most so often: a page only reads.
_SEEN_SECONDS = 300
_TOKEN_BYTES = 32

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class OtherSession:
    """A session of the same person elsewhere. ``device`` is what :func:`begin` was given."""

    begun_at: dt.datetime
    seen_at: dt.datetime
    device: str | None


def begin(organisations: Organisations, person: Person, device: str | None) -> str:
    """The secret text for the browser. ``device`` says browser and system in a word each, nothing more."""
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    now = clock_microseconds()
    row = {
        "id": _hash(token),
        "person": person.id,
        "epoch": person.session_epoch,
        "begun_at": now,
        "seen_at": now,
        "device": device,
    }
    with organisations.engine.begin() as connection:
        connection.execute(insert(organisations.control.session), row)
    return token


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def find(organisations: Organisations, token: str) -> Person | None:
    """The person of a session that is good: one statement, and every few minutes a second one that notes it."""
    now = clock_microseconds()
    limits = {"id": _hash(token), **_limits(organisations.settings, now)}
    with organisations.asking() as connection:
        rows = _lookup(organisations.control, organisations.engine.dialect).rows(connection, limits)
    if not rows:
        return None
    (row,) = rows
    if row["seen_at"] < now - _seen_step(organisations.settings) * _SECOND:
        _note_seen(organisations, limits["id"], now)
    return Person(row["id"], row["login"], row["session_epoch"], row["language"])


def _limits(settings: Settings, now: int) -> dict[str, Any]:
    """The least ``begun_at`` and ``seen_at`` that are still good, and the ``latest`` of both.

    What a clock wrote that was ahead would be good until it came true.
    """
    return {
        "latest": now + CLOCKS_DIFFER,
        "begun": now - settings.session_hours * 3600 * _SECOND,
        "seen": now - settings.session_idle_minutes * 60 * _SECOND,
    }


def _seen_step(settings: Settings) -> int:
    """Seconds; a tenth of a short idle time, so that nobody loses much of it to an old note."""
    return min(_SEEN_SECONDS, settings.session_idle_minutes * 6)


@lru_cache(maxsize=64)
def _lookup(control: ControlTables, dialect: Dialect) -> DriverQuestion:
    person, session = control.person, control.session
    question = (
        select(person.c.id, person.c.login, person.c.session_epoch, person.c.language, session.c.seen_at)
        .join(session, session.c.person == person.c.id)
        .where(session.c.id == bindparam("id", type_=LargeBinary), person.c.active, *_good(control))
    )
    return DriverQuestion(question, dialect)


def _good(control: ControlTables) -> tuple[ColumnElement[bool], ...]:
    person, session = control.person, control.session
    return (
        session.c.ended_at.is_(None),
        session.c.epoch == person.c.session_epoch,
        session.c.begun_at > bindparam("begun", type_=BigInteger),
        session.c.seen_at > bindparam("seen", type_=BigInteger),
        session.c.begun_at <= bindparam("latest", type_=BigInteger),
        session.c.seen_at <= bindparam("latest", type_=BigInteger),
    )


def _note_seen(organisations: Organisations, identifier: bytes, now: int) -> None:
    """Never raises for a store that takes nothing, as of a full disk: whoever only reads goes on reading."""
    session = organisations.control.session
    try:
        with organisations.engine.begin() as connection:
            connection.execute(update(session).where(session.c.id == identifier).values(seen_at=now))
    except (DBAPIError, NoConnectionFree) as error:
        _log.warning("That a session was seen could not be noted (%s).", type(error).__name__)


def end(organisations: Organisations, token: str) -> None:
    """A copy of the cookie is worth nothing afterwards.

    Never raises for a store that is out of reach: somebody who leaves in a hurry must get away. The log says it then;
    the session ends when it was idle for long enough.
    """
    session = organisations.control.session
    mine = (session.c.id == _hash(token), session.c.ended_at.is_(None))
    try:
        with organisations.engine.begin() as connection:
            connection.execute(update(session).where(*mine).values(ended_at=clock_microseconds()))
    except (DBAPIError, NoConnectionFree) as error:
        _log.warning("A session could not be ended in the store (%s). Its cookie is gone.", type(error).__name__)


def end_everywhere(organisations: Organisations, person: uuid.UUID) -> None:
    table = organisations.control.person
    with organisations.engine.begin() as connection:
        connection.execute(update(table).where(table.c.id == person).values(session_epoch=table.c.session_epoch + 1))


def others(organisations: Organisations, person: uuid.UUID, token: str) -> list[OtherSession]:
    """The person's sessions that are good beside this one, the last seen first."""
    control, settings = organisations.control, organisations.settings
    session = control.session
    query = (
        select(session.c.begun_at, session.c.seen_at, session.c.device)
        .join(control.person, control.person.c.id == session.c.person)
        .where(session.c.person == person, session.c.id != _hash(token), *_good(control))
        .order_by(session.c.seen_at.desc())
    )
    with organisations.asking() as connection:
        rows = connection.execute(query, _limits(settings, clock_microseconds()))
        return [OtherSession(instant(row.begun_at), instant(row.seen_at), row.device) for row in rows]


def remove_old_sessions(organisations: Organisations) -> None:
    """Rows of sessions that are over. Who signed in when is nobody's business afterwards."""
    person, session = organisations.control.person, organisations.control.session
    limits = _limits(organisations.settings, clock_microseconds())
    still = select(person.c.id).where(person.c.id == session.c.person, person.c.session_epoch == session.c.epoch)
    over = or_(
        session.c.ended_at.is_not(None),
        session.c.begun_at <= limits["begun"],
        session.c.seen_at <= limits["seen"],
        session.c.begun_at > limits["latest"],
        session.c.seen_at > limits["latest"],
        ~still.exists(),
    )
    with organisations.asking() as connection:
        if connection.scalar(select(session.c.id).where(over).limit(1)) is None:
            return
    with organisations.engine.begin() as connection:
        connection.execute(delete(session).where(over))
