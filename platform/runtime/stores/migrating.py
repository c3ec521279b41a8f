"""Bringing the fixed tables of a store to what this program expects."""

from __future__ import annotations

from sqlalchemy import Engine

from amparo.runtime.stores.control import ControlTables
from amparo.runtime.stores.tables import OrganisationTables


def migrate_control(engine: Engine, schema: str | None) -> None:
    with engine.begin() as connection:
        if schema:
            connection.exec_driver_sql(f"CREATE SCHEMA IF NOT EXISTS {schema}")
        ControlTables(schema).metadata.create_all(connection)


def migrate_organisation(engine: Engine, schema: str | None) -> None:
    with engine.begin() as connection:
        OrganisationTables(schema).metadata.create_all(connection)
