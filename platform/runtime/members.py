"""What people are in an organisation: their names and roles.

A *person* stands in the control store with a login and a password hash; a
*member* stands in each organisation's own store, under the same login, with a
name and a role. A person may be member of several organisations. Identifiers
of person and member are the same, unless the organisation was restored here
from an installation where somebody else had made the login.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy import Row, delete, insert, select, update

from amparo.metadata.wording import N_
from amparo.runtime.access import Actor, Role
from amparo.runtime.collation.alphabets import COMMON
from amparo.runtime.collation.keys import sort_key
from amparo.runtime.errors import NotFound, NotPossible
from amparo.runtime.identifiers import new_identifier
from amparo.runtime.people import Person, add_person, hashed_password, normalised_login, person_by_login
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.organisations import Organisations
from amparo.runtime.stores.provisioning import Organisation


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
    person = person_by_login(organisations, login)
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
    with store.asking() as connection:
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


def list_members(store: OrganisationStore) -> list[Member]:
    """By login; deactivated ones too, because records name them."""
    table = store.tables.member
    with store.asking() as connection:
        return [_member(row) for row in connection.execute(select(table).order_by(table.c.login))]


def find_member(store: OrganisationStore, identifier: uuid.UUID) -> Member | None:
    """The active member of this identifier, as records and jobs name one."""
    table = store.tables.member
    with store.asking() as connection:
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


def memberships_of(organisations: Organisations, person: uuid.UUID) -> list[Membership]:
    """The organisations a person may enter, by name."""
    membership, organisation = organisations.control.membership, organisations.control.organisation
    query = (
        select(organisation.c.id, organisation.c.slug, organisation.c.name)
        .join(membership, membership.c.organisation == organisation.c.id)
        .where(membership.c.person == person, organisation.c.state == "active")
        .order_by(organisation.c.slug)
    )
    with organisations.asking() as connection:
        found = [Membership(row.id, row.slug, row.name) for row in connection.execute(query)]
    # No organisation is entered yet whose alphabet would count.
    return sorted(found, key=lambda membership: sort_key(membership.name, COMMON))
