"""Who arrives in an organisation, and under which release: one question at the start of every request."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, bindparam, select

from amparo.runtime.access import Role
from amparo.runtime.members import Member
from amparo.runtime.releases.live import LiveRelease
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.tables import OrganisationTables


@dataclass(frozen=True, slots=True)
class Arrival:
    member: Member
    release: LiveRelease


def find_arrival(store: OrganisationStore, login: str) -> Arrival | None:
    """The active member of this login and the release in force; ``None`` for anybody else.

    By login, not by identifier: somebody in a restored organisation may have had another one where they sign in.
    """
    with store.asking() as connection:
        row = connection.execute(_question(store.tables), {"login": login}).one_or_none()
        if row is None:
            return None
        found = Member(row.id, row.login, row.name, Role(row.role), bool(row.active), row.language)
        return Arrival(found, store.at_release(connection, row.release, row.places or 0))


@lru_cache(maxsize=64)
def _question(tables: OrganisationTables) -> Select[Any]:
    member, head = tables.member, tables.head
    return (
        select(member, head.c.release, head.c.places)
        .select_from(head.join(member, member.c.login == bindparam("login")))
        .where(member.c.active)
    )
