"""Making the generated tables fit a document: new tables, columns and indexes, never fewer columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Column, Connection, Index, Table, insert, inspect
from sqlalchemy.schema import CreateColumn, CreateIndex, CreateTable, DropIndex, ExecutableDDLElement

from amparo.metadata.fields.base import Storage
from amparo.metadata.fields.registry import field_type
from amparo.metadata.model import Application, FieldDefinition, ObjectDefinition
from amparo.runtime.collation.alphabets import alphabet_of
from amparo.runtime.releases.live import field_slots, object_places
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.projection import (
    FieldPlace,
    FieldSlot,
    ObjectPlace,
    column_name,
    projection_table,
    sidecar_table,
    table_name,
)
from amparo.runtime.stores.round_trips import run_script
from amparo.runtime.stores.tables import FIRST_FIELD_NUMBER, OrganisationTables


def grow_tables(connection: Connection, store: OrganisationStore, application: Application) -> None:
    """Inside the publishing transaction. New fields get numbers and columns that are theirs for good."""
    tables = store.tables
    objects, slots = object_places(connection, tables), field_slots(connection, tables)
    added_objects: list[ObjectPlace] = []
    added_fields: list[tuple[ObjectPlace, FieldSlot]] = []
    new_tables: list[Table] = []
    alphabet = alphabet_of(application.default_language)
    for definition in application.objects.values():
        place = objects.get(definition.id)
        if place is None:
            place = objects[definition.id] = _new_object(objects, definition)
            added_objects.append(place)
        for field in definition.fields:
            if field.id not in slots:
                slots[field.id] = _new_field(slots, field)
                added_fields.append((place, slots[field.id]))
        fields = [FieldPlace.of(slots[field.id], field, alphabet) for field in definition.fields]
        table = projection_table(place, fields, tables.schema)
        if place in added_objects:
            new_tables.append(table)
        else:
            _fit_table(connection, table)
        if (sidecar := sidecar_table(place, fields, tables.schema)) is not None:
            _fit_table(connection, sidecar)
    _make_tables(connection, new_tables)
    _register(connection, tables, added_objects, added_fields)


def _new_object(objects: Mapping[str, ObjectPlace], definition: ObjectDefinition) -> ObjectPlace:
    number = max((each.number for each in objects.values()), default=0) + 1
    return ObjectPlace(number, definition.id, table_name(number, definition.name))


def _new_field(slots: Mapping[str, FieldSlot], field: FieldDefinition) -> FieldSlot:
    number = max((each.number for each in slots.values()), default=FIRST_FIELD_NUMBER - 1) + 1
    kind = field_type(field.type)
    return FieldSlot(
        number,
        field.id,
        column_name(number, field.name),
        kind.storage,
        kind.option(field, "decimals") if kind.storage is Storage.DECIMAL else 0,
        field.sensitive,
    )


def _register(
    connection: Connection,
    tables: OrganisationTables,
    objects: Sequence[ObjectPlace],
    fields: Sequence[tuple[ObjectPlace, FieldSlot]],
) -> None:
    if objects:
        rows = [{"number": each.number, "id": each.id, "table_name": each.table_name} for each in objects]
        connection.execute(insert(tables.object_map), rows)
    if fields:
        connection.execute(insert(tables.field_map), [_field_row(place, slot) for place, slot in fields])


def _field_row(place: ObjectPlace, slot: FieldSlot) -> dict[str, Any]:
    return {
        "number": slot.number,
        "id": slot.id,
        "object": place.number,
        "column_name": slot.column_name,
        "storage": slot.storage.value,
        "decimals": slot.decimals,
        "sensitive": slot.sensitive,
    }


def _make_tables(connection: Connection, tables: Sequence[Table]) -> None:
    """With their indexes, told to PostgreSQL at once: each of a template's two hundred statements was waited for."""
    made: list[ExecutableDDLElement] = []
    for table in tables:
        made += [CreateTable(table), *map(CreateIndex, sorted(table.indexes, key=lambda index: str(index.name)))]
    run_script(connection, [str(each.compile(dialect=connection.dialect)) for each in made])


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
