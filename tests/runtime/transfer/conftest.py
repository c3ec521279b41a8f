"""Members for imports and jobs."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest
from sqlalchemy import insert

from amparo.runtime.access import Role
from amparo.runtime.identifiers import new_identifier
from amparo.runtime.members import Member, member_values
from amparo.runtime.stores.organisation import OrganisationStore


@pytest.fixture
def new_member(store: OrganisationStore) -> Callable[..., uuid.UUID]:
    """``new_member("login", "Name", Role.SUPERVISOR)`` gives the identifier."""

    def make(login: str, name: str, role: Role = Role.CASEWORKER) -> uuid.UUID:
        member = Member(new_identifier(), login, name, role, True, None)
        with store.engine.begin() as connection:
            connection.execute(insert(store.tables.member), member_values(member))
        return member.id

    return make
