"""Who arrives in an organisation, and under which release: one question at the start of every request."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import bindparam, select
from sqlalchemy.engine import Dialect

from amparo.runtime.access import Role
from amparo.runtime.members import Member
from amparo.runtime.releases.live import LiveRelease
from amparo.runtime.stores.driver_statements import DriverQuestion
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
        rows = _question(store.tables, store.engine.dialect).rows(connection, {"login": login})
        if not rows:
            return None
        (row,) = rows
        kept = (row["id"], row["login"], row["name"], Role(row["role"]), bool(row["active"]), row["language"])
        return Arrival(Member(*kept), store.at_release(connection, row["release"], row["places"] or 0))


@lru_cache(maxsize=64)
def _question(tables: OrganisationTables, dialect: Dialect) -> DriverQuestion:
    member, head = tables.member, tables.head
    question = (
        select(member, head.c.release, head.c.places)
        .select_from(head.join(member, member.c.login == bindparam("login")))
        .where(member.c.active)
    )
    return DriverQuestion(question, dialect)
