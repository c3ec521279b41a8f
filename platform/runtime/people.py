"""People who sign in: logins, passwords, and how wrong attempts are slowed down.

A *person* stands in the control store; what somebody is in an organisation is
a *member* (:mod:`amparo.runtime.members`).
"""

from __future__ import annotations

import unicodedata
import uuid
from dataclasses import dataclass
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Connection, Row, case, insert, select, update

from amparo.metadata.wording import N_
from amparo.runtime.errors import NotFound, NotPossible, SignInRefused
from amparo.runtime.guesses import return_guess, take_guess
from amparo.runtime.ledger.writing import clock_microseconds
from amparo.runtime.stores.organisations import Organisations

PASSWORD_MINIMUM = 12
_PASSWORD_MAXIMUM = 1000
_LOGIN_MAXIMUM = 200
#: Wrong passwords in a row before sign-in pauses, and how long it does: twice as long each time. Not for longer than
#: a quarter of an hour: somebody who knows a login could otherwise keep its owner from their work.
FREE_ATTEMPTS = 8
_PAUSES = {FREE_ATTEMPTS + doubling: 60 * 2**doubling for doubling in range(4)}
_LONGEST_PAUSE = 900
_SECOND = 1_000_000

#: Argon2id at the library's cost, the second recommendation of RFC 9106.
hasher = PasswordHasher()


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who may sign in. Their sessions are good for one ``session_epoch`` (:mod:`amparo.runtime.sessions`)."""

    id: uuid.UUID
    login: str
    session_epoch: int
    language: str | None


def normalised_login(login: str) -> str:
    """Small letters, one spelling of each character. Raises :class:`NotPossible`."""
    text = unicodedata.normalize("NFKC", login).strip().casefold()
    if not text or len(text) > _LOGIN_MAXIMUM or any(not char.isprintable() or char.isspace() for char in text):
        raise NotPossible(
            N_("This cannot be a login. Use a name or an e-mail address without spaces, of at most 200 characters.")
        )
    return text


def hashed_password(password: str) -> str:
    """The argon2id hash. Raises :class:`NotPossible` for a password that is too short."""
    if len(password) < PASSWORD_MINIMUM:
        raise NotPossible(N_("The password is too short. Use at least 12 characters; a few words do well."))
    if len(password) > _PASSWORD_MAXIMUM:
        raise NotPossible(N_("The password is too long. Use at most 1,000 characters."))
    return hasher.hash(_password_text(password))


def _password_text(password: str) -> str:
    # Keyboards differ in how they compose an accented letter.
    return unicodedata.normalize("NFC", password)


def add_person(
    connection: Connection,
    organisations: Organisations,
    identifier: uuid.UUID,
    login: str,
    password_hash: str,
    language: str | None = None,
) -> None:
    """A new row of the control store, inside the caller's transaction."""
    connection.execute(
        insert(organisations.control.person),
        {
            "id": identifier,
            "login": login,
            "password_hash": password_hash,
            "active": True,
            "session_epoch": 1,
            "language": language,
            "failed_sign_ins": 0,
            "locked_until": None,
        },
    )


def set_password(organisations: Organisations, login: str, password: str) -> Person:
    """Ends every session of the person and any pause of signing in. Raises :class:`NotFound`, :class:`NotPossible`."""
    login = normalised_login(login)
    password_hash = hashed_password(password)
    person = organisations.control.person
    with organisations.engine.begin() as connection:
        row = connection.execute(
            update(person)
            .where(person.c.login == login)
            .values(
                password_hash=password_hash,
                session_epoch=person.c.session_epoch + 1,
                failed_sign_ins=0,
                locked_until=None,
            )
            .returning(person)
        ).one_or_none()
    if row is None:
        raise NotFound(f"There is no login {login!r}.")
    return Person(row.id, row.login, row.session_epoch, row.language)


def change_password(
    organisations: Organisations, person: Person, current: str, new: str, address: str | None = None
) -> Person:
    """Somebody's own: ends every session of theirs, this one too; begin one for the person that is given back.

    Raises :class:`NotPossible` for a new password that will not do, :class:`SignInRefused` when ``current`` is wrong;
    a wrong one counts like one at sign-in.
    """
    hashed_password(new)
    sign_in(organisations, person.login, current, address)
    return set_password(organisations, person.login, new)


def set_language(organisations: Organisations, identifier: uuid.UUID, language: str) -> None:
    """The language a person chose, for every device they use."""
    person = organisations.control.person
    with organisations.engine.begin() as connection:
        connection.execute(update(person).where(person.c.id == identifier).values(language=language))


def sign_in(organisations: Organisations, login: str, password: str, address: str | None = None) -> Person:
    """The person, when login and password are right. ``address`` is who asks (:func:`guesses.guessing_address`).

    Every refusal is the same :class:`SignInRefused` and takes the same time,
    so that nobody learns which logins exist. Each attempt is counted before
    the password is looked at: many at once get no more tries than one by one.
    """
    # An address that guessed too often is refused whatever it asks, and does not add to the pause of a login.
    if address is not None and not take_guess(organisations, address):
        raise _refused()
    try:
        login = normalised_login(login)
    except NotPossible:
        login = ""
    nobody = _nobody_hash()
    row = _take_attempt(organisations, login)
    if not _verified(row.password_hash if row is not None else nobody, password) or row is None:
        raise _refused()
    _forget_attempts(organisations, row, password)
    if address is not None:
        return_guess(organisations, address)
    return Person(row.id, row.login, row.session_epoch, row.language)


def _refused() -> SignInRefused:
    return SignInRefused(
        N_("The login or the password is wrong, or there were too many attempts and signing in pauses for a while.")
    )


@lru_cache
def _nobody_hash() -> str:
    """Verified when a login is unknown, so that an unknown login takes as long as a wrong password."""
    return hasher.hash(uuid.uuid4().hex)


def _take_attempt(organisations: Organisations, login: str) -> Row[tuple[object, ...]] | None:
    """Counts an attempt; None when the login is unknown, not active or pauses."""
    person = organisations.control.person
    now = clock_microseconds()
    attempts = person.c.failed_sign_ins + 1
    pauses = {count: now + seconds * _SECOND for count, seconds in _PAUSES.items()}
    later = case(*((attempts == count, until) for count, until in pauses.items()), else_=now + _LONGEST_PAUSE * _SECOND)
    with organisations.engine.begin() as connection:
        return connection.execute(
            update(person)
            .where(
                person.c.login == login,
                person.c.active,
                person.c.locked_until.is_(None)
                | (person.c.locked_until <= now)
                # A pause that none can last for so long was begun by a clock that was ahead.
                | (person.c.locked_until > now + _LONGEST_PAUSE * _SECOND),
            )
            .values(failed_sign_ins=attempts, locked_until=case((attempts < FREE_ATTEMPTS, None), else_=later))
            .returning(person)
        ).one_or_none()


def _verified(password_hash: str, password: str) -> bool:
    try:
        return hasher.verify(password_hash, _password_text(password[:_PASSWORD_MAXIMUM]))
    except (VerificationError, InvalidHashError):
        return False


def _forget_attempts(organisations: Organisations, row: Row[tuple[object, ...]], password: str) -> None:
    person = organisations.control.person
    values: dict[str, object] = {"failed_sign_ins": 0, "locked_until": None}
    if hasher.check_needs_rehash(row.password_hash):
        values["password_hash"] = hasher.hash(_password_text(password))
    with organisations.engine.begin() as connection:
        # A password that was set meanwhile stays.
        connection.execute(
            update(person).where(person.c.id == row.id, person.c.password_hash == row.password_hash).values(**values)
        )


def is_known_login(organisations: Organisations, login: str) -> bool:
    """Somebody signs in with it already, whichever organisation they are in. Raises :class:`NotPossible`."""
    return person_by_login(organisations, normalised_login(login)) is not None


def person_by_login(organisations: Organisations, login: str) -> Person | None:
    person = organisations.control.person
    with organisations.asking() as connection:
        row = connection.execute(select(person).where(person.c.login == login)).one_or_none()
    return Person(row.id, row.login, row.session_epoch, row.language) if row is not None else None
