"""People who sign in, and what each is in an organisation.

A *person* stands in the control store with a login and a password hash; a
*member* stands in each organisation's own store, under the same login, with a
name and a role. A person may be member of several organisations. Identifiers
of person and member are the same, unless the organisation was restored here
from an installation where somebody else had made the login.
"""

from __future__ import annotations

import unicodedata
import uuid
from dataclasses import dataclass

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Connection, Row, case, delete, insert, select, update

from amparo.metadata.wording import N_
from amparo.runtime.access import Actor, Role
from amparo.runtime.errors import NotFound, NotPossible, SignInRefused
from amparo.runtime.identifiers import new_identifier
from amparo.runtime.ledger.writing import clock_microseconds
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.organisations import Organisations
from amparo.runtime.stores.provisioning import Organisation

PASSWORD_MINIMUM = 12
_PASSWORD_MAXIMUM = 1000
_LOGIN_MAXIMUM = 200
#: Wrong passwords in a row before sign-in pauses, and how long it does: twice as long each time, to an hour.
FREE_ATTEMPTS = 8
_PAUSES = {FREE_ATTEMPTS + doubling: 60 * 2**doubling for doubling in range(6)}
_LONGEST_PAUSE = 3600
_SECOND = 1_000_000

_hasher = PasswordHasher()
#: Verified when a login is unknown, so that an unknown login takes as long as a wrong password.
_nobody_hash = _hasher.hash(uuid.uuid4().hex)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who may sign in. A session is good for one ``session_epoch``."""

    id: uuid.UUID
    login: str
    session_epoch: int
    language: str | None


@dataclass(frozen=True, slots=True)
class Member:
    """What a person is in one organisation."""

    id: uuid.UUID
    login: str
    name: str
    role: Role
    active: bool
    language: str | None

    def acting(self, channel: str) -> Actor:
        return Actor(self.id, self.name, self.role, channel)


@dataclass(frozen=True, slots=True)
class Membership:
    """An organisation that a person may enter."""

    organisation: uuid.UUID
    slug: str
    name: str


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
    return _hasher.hash(_password_text(password))


def _password_text(password: str) -> str:
    # Keyboards differ in how they compose an accented letter.
    return unicodedata.normalize("NFC", password)


def create_member(
    organisations: Organisations,
    slug: str,
    login: str,
    name: str,
    role: Role,
    password: str | None,
) -> Member:
    """Lets a person into an organisation; a deactivated member comes back with the new name and role.

    ``password`` is None for a person who signs in already, for another
    organisation. Raises :class:`NotPossible`, :class:`NotFound`.
    """
    login = normalised_login(login)
    if not name.strip():
        raise NotPossible(N_("Give the name that colleagues will see."))
    organisation = organisations.find(slug)
    store = organisations.open(slug)
    person = _person_by_login(organisations, login)
    password_hash = _first_password(person, password)
    identifier = _known_member(store, login) or (person.id if person else new_identifier())
    member = Member(identifier, login, name.strip(), role, True, None)
    # The member first: a process that dies in between leaves one who cannot sign in, and the call can be repeated.
    _keep_member(store, member)
    _let_in(organisations, organisation, login, person.id if person else identifier, password_hash)
    return member


def _first_password(person: Person | None, password: str | None) -> str | None:
    if person is not None and password is not None:
        raise NotPossible(
            N_("This login exists already and keeps its password. Leave the password out to let this person in.")
        )
    if person is None and password is None:
        raise NotPossible(N_("A new login needs a password."))
    return hashed_password(password) if password is not None else None


def _known_member(store: OrganisationStore, login: str) -> uuid.UUID | None:
    """Somebody who was a member before, or was left without a person by an interrupted call."""
    member = store.tables.member
    with store.reading() as connection:
        return connection.scalar(select(member.c.id).where(member.c.login == login))


def _keep_member(store: OrganisationStore, member: Member) -> None:
    table = store.tables.member
    with store.engine.begin() as connection:
        changed = connection.execute(
            update(table)
            .where(table.c.id == member.id, table.c.active.is_(False))
            .values(name=member.name, role=member.role.value, active=True)
        ).rowcount
        if changed:
            return
        if connection.scalar(select(table.c.id).where(table.c.id == member.id)) is None:
            connection.execute(insert(table), member_values(member))


def member_values(member: Member) -> dict[str, object]:
    """A member as the row of an organisation's store."""
    return {
        "id": member.id,
        "login": member.login,
        "name": member.name,
        "role": member.role.value,
        "active": member.active,
        "language": member.language,
    }


def _let_in(
    organisations: Organisations,
    organisation: Organisation,
    login: str,
    identifier: uuid.UUID,
    password_hash: str | None,
) -> None:
    membership = organisations.control.membership
    with organisations.engine.begin() as connection:
        if password_hash is not None:
            add_person(connection, organisations, identifier, login, password_hash)
        known = select(membership).where(
            membership.c.person == identifier, membership.c.organisation == organisation.id
        )
        if connection.execute(known).one_or_none() is not None:
            if password_hash is None:
                raise NotPossible(N_("This person is a member of the organisation already."))
            return
        connection.execute(insert(membership), {"person": identifier, "organisation": organisation.id})


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


def list_members(store: OrganisationStore) -> list[Member]:
    """By login; deactivated ones too, because records name them."""
    table = store.tables.member
    with store.reading() as connection:
        return [_member(row) for row in connection.execute(select(table).order_by(table.c.login))]


def find_member(store: OrganisationStore, identifier: uuid.UUID) -> Member | None:
    """The active member of this identifier, as records and jobs name one."""
    table = store.tables.member
    with store.reading() as connection:
        row = connection.execute(select(table).where(table.c.id == identifier, table.c.active)).one_or_none()
    return _member(row) if row is not None else None


def _member(row: Row[tuple[object, ...]]) -> Member:
    return Member(row.id, row.login, row.name, Role(row.role), bool(row.active), row.language)


def deactivate(organisations: Organisations, slug: str, login: str) -> None:
    """Ends a person's membership and every session; what they did keeps their name. Raises :class:`NotFound`."""
    login = normalised_login(login)
    organisation = organisations.find(slug)
    store = organisations.open(slug)
    identifier = _known_member(store, login)
    if identifier is None:
        raise NotFound(f"There is no member {login!r} in organisation {slug!r}.")
    membership, person = organisations.control.membership, organisations.control.person
    with organisations.engine.begin() as connection:
        connection.execute(
            update(person).where(person.c.login == login).values(session_epoch=person.c.session_epoch + 1)
        )
        by_login = select(person.c.id).where(person.c.login == login).scalar_subquery()
        connection.execute(
            delete(membership).where(membership.c.person == by_login, membership.c.organisation == organisation.id)
        )
    table = store.tables.member
    with store.engine.begin() as connection:
        connection.execute(update(table).where(table.c.id == identifier).values(active=False))


def set_password(organisations: Organisations, login: str, password: str) -> None:
    """Ends every session of the person and any pause of signing in. Raises :class:`NotFound`, :class:`NotPossible`."""
    login = normalised_login(login)
    password_hash = hashed_password(password)
    person = organisations.control.person
    with organisations.engine.begin() as connection:
        changed = connection.execute(
            update(person)
            .where(person.c.login == login)
            .values(
                password_hash=password_hash,
                session_epoch=person.c.session_epoch + 1,
                failed_sign_ins=0,
                locked_until=None,
            )
        )
    if not changed.rowcount:
        raise NotFound(f"There is no login {login!r}.")


def set_language(organisations: Organisations, identifier: uuid.UUID, language: str) -> None:
    """The language a person chose, for every device they use."""
    person = organisations.control.person
    with organisations.engine.begin() as connection:
        connection.execute(update(person).where(person.c.id == identifier).values(language=language))


def sign_in(organisations: Organisations, login: str, password: str) -> Person:
    """The person, when login and password are right.

    Every refusal is the same :class:`SignInRefused` and takes the same time,
    so that nobody learns which logins exist. Each attempt is counted before
    the password is looked at: many at once get no more tries than one by one.
    """
    try:
        login = normalised_login(login)
    except NotPossible:
        login = ""
    row = _take_attempt(organisations, login)
    if not _verified(row.password_hash if row is not None else _nobody_hash, password) or row is None:
        raise SignInRefused(
            N_("The login or the password is wrong, or there were too many attempts and signing in pauses for a while.")
        )
    _forget_attempts(organisations, row, password)
    return Person(row.id, row.login, row.session_epoch, row.language)


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
                person.c.locked_until.is_(None) | (person.c.locked_until <= now),
            )
            .values(failed_sign_ins=attempts, locked_until=case((attempts < FREE_ATTEMPTS, None), else_=later))
            .returning(person)
        ).one_or_none()


def _verified(password_hash: str, password: str) -> bool:
    try:
        return _hasher.verify(password_hash, _password_text(password[:_PASSWORD_MAXIMUM]))
    except (VerificationError, InvalidHashError):
        return False


def _forget_attempts(organisations: Organisations, row: Row[tuple[object, ...]], password: str) -> None:
    person = organisations.control.person
    values: dict[str, object] = {"failed_sign_ins": 0, "locked_until": None}
    if _hasher.check_needs_rehash(row.password_hash):
        values["password_hash"] = _hasher.hash(_password_text(password))
    with organisations.engine.begin() as connection:
        # A password that was set meanwhile stays.
        connection.execute(
            update(person).where(person.c.id == row.id, person.c.password_hash == row.password_hash).values(**values)
        )


def find_person(organisations: Organisations, identifier: uuid.UUID) -> Person | None:
    """The person of a session; compare the ``session_epoch``."""
    person = organisations.control.person
    with organisations.engine.connect() as connection:
        row = connection.execute(select(person).where(person.c.id == identifier, person.c.active)).one_or_none()
    return Person(row.id, row.login, row.session_epoch, row.language) if row is not None else None


def is_known_login(organisations: Organisations, login: str) -> bool:
    """Somebody signs in with it already, whichever organisation they are in. Raises :class:`NotPossible`."""
    return _person_by_login(organisations, normalised_login(login)) is not None


def _person_by_login(organisations: Organisations, login: str) -> Person | None:
    person = organisations.control.person
    with organisations.engine.connect() as connection:
        row = connection.execute(select(person).where(person.c.login == login)).one_or_none()
    return Person(row.id, row.login, row.session_epoch, row.language) if row is not None else None


def memberships_of(organisations: Organisations, person: uuid.UUID) -> list[Membership]:
    """The organisations a person may enter, by name."""
    membership, organisation = organisations.control.membership, organisations.control.organisation
    query = (
        select(organisation.c.id, organisation.c.slug, organisation.c.name)
        .join(membership, membership.c.organisation == organisation.c.id)
        .where(membership.c.person == person, organisation.c.state == "active")
        .order_by(organisation.c.name, organisation.c.slug)
    )
    with organisations.engine.connect() as connection:
        return [Membership(row.id, row.slug, row.name) for row in connection.execute(query)]
