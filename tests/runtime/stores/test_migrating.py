"""The fixed tables are made by revisions and are the tables the code expects."""

from __future__ import annotations

import os
import subprocess
import sys
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, MetaData, delete, inspect, select, text

from amparo.runtime.access import Actor
from amparo.runtime.errors import NotFound, NotPossible, StoreProblem, StoresLeft
from amparo.runtime.identifiers import new_identifier
from amparo.runtime.keys import OrganisationKeys
from amparo.runtime.projections.comparing import check_projections
from amparo.runtime.projections.refreshing import refresh_outdated
from amparo.runtime.records import service
from amparo.runtime.settings import Settings
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.organisations import Organisations
from amparo.runtime.stores.revisions import CONTROL, ORGANISATION, REVISIONS_FOLDER, newest_revision
from amparo.runtime.stores.tables import SEARCH_INDEX
from factories.revisions import set_revision
from factories.search_entries import entries


def differences(engine: Engine, metadata: MetaData) -> list[Any]:
    """What Alembic would still change to make the store fit the tables."""

    def in_this_schema(name: str | None, kind: str, _: object) -> bool:
        if kind == "table":
            # SQLite's index of search terms is no table of the model: several lie under its name.
            return not str(name).startswith(SEARCH_INDEX)
        return kind != "schema" or name == metadata.schema

    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_type": True,
                "include_schemas": metadata.schema is not None,
                "include_name": in_this_schema,
                "version_table_schema": metadata.schema,
            },
        )
        return list(compare_metadata(context, metadata))


@pytest.mark.every_database
def test_revisions_make_the_tables_that_the_code_expects(
    organisations: Organisations, empty_store: OrganisationStore
) -> None:
    assert differences(organisations.engine, organisations.control.metadata) == []
    assert differences(empty_store.engine, empty_store.tables.metadata) == []


def test_a_table_that_no_revision_makes_would_be_noticed(empty_store: OrganisationStore) -> None:
    with empty_store.engine.begin() as connection:
        name = connection.dialect.identifier_preparer.format_table(empty_store.tables.counter)
        connection.exec_driver_sql(f"DROP TABLE {name}")
    assert [change[0] for change in differences(empty_store.engine, empty_store.tables.metadata)] == ["add_table"]


@pytest.mark.parametrize("kind", [CONTROL, ORGANISATION])
def test_the_newest_revision_is_the_one_that_alembic_ends_with(kind: str) -> None:
    """The start of a server asks the names of the files alone."""
    folder = str(REVISIONS_FOLDER / kind)
    scripts = ScriptDirectory(folder, version_locations=[folder])
    assert newest_revision(kind) == scripts.get_current_head()


def test_a_server_whose_stores_are_up_to_date_loads_no_alembic(organisations: Organisations) -> None:
    """Nor the clients of a Redis that is not set."""
    organisations.migrate()
    program = (
        "import sys; from amparo.serving import WebServer, bring_up_to_date; "
        "from amparo.runtime.settings import Settings; settings = Settings.from_environment(); "
        "bring_up_to_date(settings); WebServer(settings); "
        "print(sorted({'alembic', 'redis', 'rq'} & {*sys.modules}))"
    )
    settings = organisations.settings
    environment = {
        **os.environ, "AMPARO_HOME": str(settings.home), "AMPARO_DATABASE_URL": settings.database_url or "",
        "AMPARO_REDIS_URL": "",
    }  # fmt: skip
    said = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)
    assert said.stdout == "[]\n"


def test_migrating_again_changes_nothing(organisations: Organisations, store: OrganisationStore) -> None:
    organisations.migrate()
    with store.reading() as connection:
        assert connection.scalar(select(store.tables.head.c.release)) == 1


@pytest.mark.every_database
def test_projections_made_before_the_index_for_what_one_changed_last_get_it(
    organisations: Organisations, store: OrganisationStore
) -> None:
    table = store.newest_release().object("person").table
    name = f"{table.name}_by"
    prefix = f"{store.schema}." if store.schema else ""
    with store.engine.begin() as connection:
        for each in store.newest_release().objects.values():
            connection.exec_driver_sql(f"DROP INDEX {prefix}{each.table.name}_by")
    assert name not in index_names(store, table.name)
    search_in_rows(store)
    set_revision(store.engine, store.schema, "0006")
    organisations.migrate()
    assert name in index_names(store, table.name)


def search_in_rows(store: OrganisationStore) -> None:
    """As a store was before its records had search entries."""
    quoted = store.engine.dialect.identifier_preparer.format_table
    with store.engine.begin() as connection:
        if not store.is_postgres:
            connection.exec_driver_sql(f"DROP TABLE {SEARCH_INDEX}")
        connection.exec_driver_sql(f"DROP TABLE {quoted(store.tables.search_entry)}")
        for live in store.live(connection).objects.values():
            connection.exec_driver_sql(f"ALTER TABLE {quoted(live.table)} ADD COLUMN search TEXT")


def index_names(store: OrganisationStore, table: str) -> set[str | None]:
    return {index["name"] for index in inspect(store.engine).get_indexes(table, schema=store.schema)}


def test_a_store_of_a_newer_program_is_refused(organisations: Organisations) -> None:
    store = organisations.create("newer", "Newer")
    set_revision(store.engine, store.schema, "9999")
    other = Organisations(organisations.settings)
    with pytest.raises(StoreProblem, match="newer Amparo"):
        other.open("newer")
    with pytest.raises(StoreProblem, match="newer Amparo"):
        other.migrate()
    other.close()
    organisations.remove("newer")


def test_a_store_of_an_earlier_program_asks_to_be_migrated(organisations: Organisations) -> None:
    store = organisations.create("earlier", "Earlier")
    set_revision(store.engine, store.schema, "0001")
    other = Organisations(organisations.settings)
    with pytest.raises(StoreProblem, match=r"backup with that version.*amparo migrate"):
        other.open("earlier")
    other.close()
    organisations.remove("earlier")


def test_an_organisation_whose_tables_are_gone_is_told_and_not_made_anew(organisations: Organisations) -> None:
    store = organisations.create("emptied", "Emptied")
    with store.engine.begin() as connection:
        for name in inspect(connection).get_table_names(store.schema):
            if not name.startswith(SEARCH_INDEX):
                connection.exec_driver_sql(f"DROP TABLE {store.schema + '.' if store.schema else ''}{name}")
    whole = organisations.create("whole", "Whole")
    set_revision(whole.engine, whole.schema, "9999")
    other = Organisations(organisations.settings)
    with pytest.raises(StoreProblem, match="somebody removed its tables"):
        other.open("emptied")
    with pytest.raises(StoresLeft) as left:
        other.migrate()
    assert {slug: sentence[:25] for slug, sentence in left.value.sentences.items()} == {
        "emptied": "The store is empty: someb",
        "whole": "The store was made by a n",
    }
    other.close()
    organisations.remove("emptied")
    organisations.remove("whole")


def test_a_store_without_a_head_is_told_when_it_is_opened(organisations: Organisations) -> None:
    """Releases before this one left such a store where a removal was interrupted; a backup of it held nothing."""
    store = organisations.create("headless", "Headless")
    with store.engine.begin() as connection:
        connection.execute(delete(store.tables.head))
    other = Organisations(organisations.settings)
    with pytest.raises(StoreProblem, match="amparo org remove headless"):
        other.open("headless")
    other.close()
    organisations.remove("headless")


def test_nothing_stays_of_an_organisation_that_could_not_be_made(organisations: Organisations) -> None:
    identifier = new_identifier()
    with pytest.raises(KeyError, match="interrupted"):
        _make_and_be_interrupted(organisations, identifier)
    organisations.create("half", "Whole")
    if organisations.settings.database_url:
        with organisations.engine.connect() as connection:
            left = text("SELECT count(*) FROM pg_roles WHERE rolname LIKE :role")
            assert connection.scalar(left, {"role": f"amparo_{identifier.hex}%"}) == 0
    else:
        assert not (organisations.settings.home / "organisations" / identifier.hex).exists()


def _make_and_be_interrupted(organisations: Organisations, identifier: uuid.UUID) -> None:
    with organisations.making("half", "Half", identifier, OrganisationKeys.new()) as store:
        with store.engine.connect() as connection:
            assert connection.scalar(select(store.tables.head.c.tx)) == 0
        with pytest.raises(NotFound):
            organisations.find("half")
        with pytest.raises(NotPossible, match="is being made"):
            organisations.create("half", "Another")
        raise KeyError("interrupted")


def test_an_organisation_left_half_made_by_a_killed_process_can_be_removed(organisations: Organisations) -> None:
    making = organisations.making("killed", "Killed", new_identifier(), OrganisationKeys.new())
    making.__enter__().close()
    organisations.remove("killed")
    assert organisations.create("killed", "Killed").slug == "killed"


def test_a_short_name_and_an_identifier_are_taken_once(organisations: Organisations) -> None:
    store = organisations.create("taken", "Taken")
    with pytest.raises(NotPossible, match="already an organisation"):
        organisations.create("taken", "Again")
    making = organisations.making("other-name", "Again", store.id, OrganisationKeys.new())
    with pytest.raises(NotPossible, match="here already, as 'taken'"):
        making.__enter__()


def test_processes_that_start_together_migrate_once(database: str | None, tmp_path: Path) -> None:
    started = [Organisations(Settings(home=tmp_path, database_url=database)) for _ in range(4)]
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(Organisations.migrate, started))
    assert [each.list() for each in started] == [[], [], [], []]
    for each in started:
        each.close()


@pytest.mark.every_database
def test_a_store_that_searched_in_its_rows_gets_entries_for_them(
    organisations: Organisations, store: OrganisationStore, operator: Actor
) -> None:
    service.create(store, operator, "person", {"name": "Kept since"})
    before = entries(store)
    search_in_rows(store)
    set_revision(store.engine, store.schema, "0007")
    organisations.migrate()
    assert entries(store) == {}
    refresh_outdated(store)
    assert entries(store) == before
    assert check_projections(store).differences == 0
