"""Making the generated tables fit a document: new tables, columns and indexes, never fewer columns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Column, Connection, Index, Table, func, insert, inspect, select
from sqlalchemy.schema import CreateColumn, CreateIndex, DropIndex

from amparo.metadata.building import application_from
from amparo.metadata.fields.base import Storage
from amparo.metadata.fields.registry import field_type
from amparo.metadata.model import FieldDefinition, ObjectDefinition
from amparo.runtime.releases.live import field_slots, object_places
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.projection import (
    FieldPlace,
    FieldSlot,
    ObjectPlace,
    column_name,
    projection_table,
    table_name,
)
from amparo.runtime.stores.tables import FIRST_FIELD_NUMBER, OrganisationTables


def grow_tables(connection: Connection, store: OrganisationStore, document: Mapping[str, Any]) -> None:
    """Inside the publishing transaction. New fields get numbers and columns that are theirs for good."""
    tables = store.tables
    objects = object_places(connection, tables)
    slots = field_slots(connection, tables)
    for definition in application_from(document).objects.values():
        place = objects.get(definition.id) or _add_object(connection, tables, definition)
        places = [
            FieldPlace.of(slots.get(field.id) or _add_field(connection, tables, place, field), field)
            for field in definition.fields
        ]
        _fit_table(connection, projection_table(place, places, tables.schema))


def _add_object(connection: Connection, tables: OrganisationTables, definition: ObjectDefinition) -> ObjectPlace:
    number = (connection.scalar(select(func.max(tables.object_map.c.number))) or 0) + 1
    place = ObjectPlace(number, definition.id, table_name(number, definition.name))
    connection.execute(
        insert(tables.object_map), {"number": number, "id": definition.id, "table_name": place.table_name}
    )
    return place


def _add_field(
    connection: Connection, tables: OrganisationTables, place: ObjectPlace, field: FieldDefinition
) -> FieldSlot:
    highest = connection.scalar(select(func.max(tables.field_map.c.number))) or FIRST_FIELD_NUMBER - 1
    kind = field_type(field.type)
    made = FieldSlot(
        highest + 1,
        field.id,
        column_name(highest + 1, field.name),
        kind.storage,
        kind.option(field, "decimals") if kind.storage is Storage.DECIMAL else 0,
        field.sensitive,
    )
    connection.execute(
        insert(tables.field_map),
        {
            "number": made.number,
            "id": made.id,
            "object": place.number,
            "column_name": made.column_name,
            "storage": made.storage.value,
            "decimals": made.decimals,
            "sensitive": made.sensitive,
        },
    )
    return made


def _fit_table(connection: Connection, table: Table) -> None:
    inspector = inspect(connection)
    if not inspector.has_table(table.name, table.schema):
        table.create(connection)
        return
    present = {column["name"] for column in inspector.get_columns(table.name, table.schema)}
    for column in table.columns:
        if column.name not in present:
            _add_column(connection, table, column)
    _fit_indexes(connection, table)


def _add_column(connection: Connection, table: Table, column: Column[Any]) -> None:
    target = connection.dialect.identifier_preparer.format_table(table)
    made = CreateColumn(column).compile(dialect=connection.dialect)
    connection.exec_driver_sql(f"ALTER TABLE {target} ADD COLUMN {made}")


def _fit_indexes(connection: Connection, table: Table) -> None:
    present = {index["name"] for index in inspect(connection).get_indexes(table.name, table.schema)}
    wanted = {index.name: index for index in table.indexes}
    for name in sorted(present - wanted.keys(), key=str):
        connection.execute(DropIndex(Index(name, next(iter(table.columns)))))
    for name in sorted(wanted.keys() - present, key=str):
        connection.execute(CreateIndex(wanted[name]))
