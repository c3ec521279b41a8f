"""On a server, Amparo needs no superuser: a role that may make roles and owns the database does."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, event, text
from sqlalchemy.engine import make_url

from amparo.runtime.access import operator_actor
from amparo.runtime.releases.publishing import publish
from amparo.runtime.settings import Settings
from amparo.runtime.stores.engines import postgres_url as with_driver
from amparo.runtime.stores.organisations import Organisations
from factories.clinic import clinic_document


@pytest.fixture
def plain_role_url(postgres_url: str) -> str:
    """The database, owned by a role that is no superuser."""
    role, password = f"owner_{secrets.token_hex(4)}", secrets.token_urlsafe(16)
    engine = create_engine(with_driver(postgres_url), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE ROLE {role} LOGIN CREATEROLE PASSWORD '{password}'"))
        connection.execute(text(f"ALTER DATABASE {engine.url.database} OWNER TO {role}"))
    engine.dispose()
    url = make_url(postgres_url).set(username=role, password=password)
    return url.render_as_string(hide_password=False)


@pytest.fixture
def organisations(plain_role_url: str, tmp_path: Path) -> Iterator[Organisations]:
    opened = Organisations(Settings(home=tmp_path, database_url=plain_role_url))
    yield opened
    opened.close()


def test_no_statement_tells_the_password_of_a_role(organisations: Organisations) -> None:
    """A server may log its statements, and shows them to whoever may look at its activity."""
    statements: list[str] = []
    event.listen(organisations.engine, "before_cursor_execute", lambda _c, _k, told, *_: statements.append(told))
    store = organisations.create("told", "Told")
    assert any("CREATE ROLE" in each and "SCRAM-SHA-256$" in each for each in statements)
    password = store.engine.url.password
    assert password
    assert [each for each in statements if password in each] == []


def test_organisations_are_made_used_and_removed_without_a_superuser(organisations: Organisations) -> None:
    store = organisations.create("plain", "Plain")
    assert publish(store, operator_actor(), clinic_document()).number == 1
    organisations.remove("plain")
    assert organisations.list() == []
    with organisations.engine.connect() as connection:
        own_roles = text("SELECT count(*) FROM pg_roles WHERE rolname LIKE :role")
        roles = connection.scalar(own_roles, {"role": f"amparo_{store.id.hex}%"})
        schemas = connection.scalar(text("SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'org_%'"))
    assert (roles, schemas) == (0, 0)
