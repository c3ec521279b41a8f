"""What keeps organisations apart."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from amparo.runtime.access import Actor
from amparo.runtime.errors import NotFound, NotPossible
from amparo.runtime.keys import KeyProblem
from amparo.runtime.records import service
from amparo.runtime.releases.publishing import publish
from amparo.runtime.settings import Settings
from amparo.runtime.stores.organisations import Organisations
from factories.clinic import clinic_document


@pytest.fixture
def on_postgres(postgres_url: str, tmp_path: Path) -> Iterator[Organisations]:
    opened = Organisations(Settings(home=tmp_path, database_url=postgres_url))
    yield opened
    opened.close()


def test_a_connection_of_one_organisation_cannot_reach_another(on_postgres: Organisations) -> None:
    one = on_postgres.create("one", "One")
    two = on_postgres.create("two", "Two")
    role_of_two = on_postgres.find("two").database_role
    for statement in (
        f"SELECT * FROM {two.schema}.fact",
        f"INSERT INTO {two.schema}.head VALUES (2, 0, 0, 0, '')",
        "SELECT * FROM amparo.person",
        "SELECT * FROM amparo.organisation",
        f"SET ROLE {role_of_two}",
        f"SELECT set_config('role', '{role_of_two}', false)",
        "CREATE SCHEMA another",
    ):
        with one.engine.connect() as connection, pytest.raises(ProgrammingError, match="permission denied"):
            connection.execute(text(statement))


def test_a_removed_organisation_leaves_no_schema_and_no_role(on_postgres: Organisations) -> None:
    store = on_postgres.create("one", "One")
    role = on_postgres.find("one").database_role
    schema = store.schema
    on_postgres.remove("one")
    with on_postgres.engine.connect() as connection:
        schemas = connection.scalars(text("SELECT nspname FROM pg_namespace")).all()
        roles = connection.scalars(text("SELECT rolname FROM pg_roles")).all()
    assert schema not in schemas
    assert role not in roles
    with pytest.raises(NotFound):
        on_postgres.open("one")


def test_a_name_is_given_once(organisations: Organisations) -> None:
    organisations.create("shelter", "Shelter")
    with pytest.raises(NotPossible):
        organisations.create("shelter", "Another")


@pytest.mark.parametrize("slug", ["", "A", "1a", "a b", "../x", "a" * 40, "a;drop", "é"])
def test_a_short_name_that_could_do_harm_is_refused(organisations: Organisations, slug: str) -> None:
    with pytest.raises(NotPossible):
        organisations.create(slug, "X")


def test_a_new_organisation_never_meets_the_records_of_a_removed_one(
    organisations: Organisations, operator: Actor
) -> None:
    first = organisations.create("again", "First")
    publish(first, operator, clinic_document())
    person = service.create(first, operator, "person", {"name": "A"})
    organisations.remove("again")
    second = organisations.create("again", "Second")
    publish(second, operator, clinic_document())
    with pytest.raises(NotFound):
        service.update(second, operator, "person", person.record, person.version, {"name": "B"})


def test_least_recently_used_stores_are_closed_beyond_the_limit(tmp_path: Path) -> None:
    organisations = Organisations(Settings(home=tmp_path, engine_limit=2))
    first = organisations.create("one", "One")
    organisations.create("two", "Two")
    organisations.create("three", "Three")
    assert organisations.open("one") is not first
    organisations.close()


def test_a_lost_key_file_stops_the_start_and_is_not_made_anew(database: str | None, tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, database_url=database)
    organisations = Organisations(settings)
    organisations.create("kept", "Kept")
    organisations.close()
    key = tmp_path / "keys" / "file.key"
    content = key.read_text()
    key.unlink()
    with pytest.raises(KeyProblem, match="Put it back"):
        Organisations(settings)
    assert not key.exists()
    key.write_text(content)
    again = Organisations(settings)
    assert again.open("kept").slug == "kept"
    again.remove("kept")
    again.close()
