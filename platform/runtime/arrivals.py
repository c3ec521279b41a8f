"""Who arrives in an organisation, and under which release: one question at the start of every request."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from amparo.runtime.access import Role
from amparo.runtime.members import Member
from amparo.runtime.releases.live import LiveRelease
from amparo.runtime.stores.organisation import OrganisationStore


@dataclass(frozen=True, slots=True)
class Arrival:
    member: Member
    release: LiveRelease


def find_arrival(store: OrganisationStore, login: str) -> Arrival | None:
    """The active member of this login and the release in force; ``None`` for anybody else.

    By login, not by identifier: somebody in a restored organisation may have had another one where they sign in.
    """
    member, head = store.tables.member, store.tables.head
    query = (
        select(member, head.c.release, head.c.places)
        .select_from(head.join(member, member.c.login == login))
        .where(member.c.active)
    )
    with store.asking() as connection:
        row = connection.execute(query).one_or_none()
        if row is None:
            return None
        found = Member(row.id, row.login, row.name, Role(row.role), bool(row.active), row.language)
        return Arrival(found, store.at_release(connection, row.release, row.places or 0))
