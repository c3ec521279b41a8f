"""What stands in PostgreSQL's log when it logs statements: the manual says how to keep names out of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from amparo.runtime.access import operator_actor
from amparo.runtime.planner.lists import list_page
from amparo.runtime.planner.queries import ListQuery
from amparo.runtime.records import service
from amparo.runtime.releases.publishing import publish
from amparo.runtime.settings import Settings
from amparo.runtime.stores.organisations import Organisations
from factories.clinic import clinic_document
from servers.databases import start_postgres
from servers.postgres import PostgresServer
from servers.programs import ROOT

MANUAL = ROOT / "docs" / "administrators" / "postgresql.md"


@pytest.fixture
def server() -> Iterator[PostgresServer]:
    """One whose settings are this test's own, and which is asked to log every statement."""
    started = start_postgres(18)
    yield started
    started.stop()


def work(url: str, home: Path, name: str) -> None:
    """In an organisation somebody of this name is written down, changed, looked for and refused."""
    with closing(Organisations(Settings(home=home, database_url=url))) as organisations:
        store = organisations.create("clinic", "Clinic")
        operator = operator_actor()
        publish(store, operator, clinic_document())
        saved = service.create(store, operator, "person", {"name": name, "code": f"{name}-1", "passport": name})
        service.update(store, operator, "person", saved.record, saved.version, {"story": f"About {name}"})
        list_page(store, operator, ListQuery("person", ("name",), search=name))
        refused = text(f"INSERT INTO {store.schema}.member VALUES (:id, :login, NULL, 'reader', true, NULL)")
        with pytest.raises(IntegrityError), store.engine.begin() as connection:
            connection.execute(refused, {"id": saved.record, "login": name})


def test_the_settings_of_the_manual_keep_values_out_of_the_log(server: PostgresServer, tmp_path: Path) -> None:
    (told,) = re.findall(r"```\n(log_parameter.*?)```", MANUAL.read_text("utf-8"), re.DOTALL)
    settings = dict(line.split(" = ") for line in told.splitlines())
    with server.new_database() as url, psycopg.connect(url, autocommit=True) as superuser:
        log_everything(superuser, {"log_min_duration_statement": "0"})
        work(url, tmp_path / "first", "Marmalade")
        assert "Marmalade" in server_log(server)
    with server.new_database() as url, psycopg.connect(url, autocommit=True) as superuser:
        log_everything(superuser, settings)
        work(url, tmp_path / "second", "Platypus")
        assert "INSERT INTO" in server_log(server)
        assert "Platypus" not in server_log(server)


def log_everything(superuser: psycopg.Connection[Any], settings: dict[str, str]) -> None:
    """Connections that are made from here on have these settings."""
    for name, value in settings.items():
        superuser.execute(f"ALTER SYSTEM SET {name} = {value}".encode())
    superuser.execute("SELECT pg_reload_conf()")
    for name, value in settings.items():
        while setting_of(superuser, name) != value:
            pass


def setting_of(superuser: psycopg.Connection[Any], name: str) -> str | None:
    row = superuser.execute("SELECT setting FROM pg_settings WHERE name = %s", [name]).fetchone()
    return row[0] if row else None


def server_log(server: PostgresServer) -> str:
    return (server.folder / "server.log").read_text("utf-8", "replace")
