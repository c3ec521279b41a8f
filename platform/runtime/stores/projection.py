"""The projection: one generated table per object, with real columns.

A row holds what the ledger's facts add up to. Column names are fixed when a
field is made and never reused; see docs/developers/architecture.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, Column, Index, MetaData, Table, text

from amparo.metadata.fields.base import FieldType, Storage
from amparo.metadata.fields.registry import field_type
from amparo.metadata.limits import has_search_key
from amparo.metadata.model import FieldDefinition
from amparo.runtime.collation.alphabets import Alphabet
from amparo.runtime.stores.types import CodePointText, Day, Identifier, Moment, column_type

#: Longest readable part of a generated name; numbers and suffixes keep it under PostgreSQL's 63 bytes.
_READABLE = 40


@dataclass(frozen=True, slots=True)
class ObjectPlace:
    """Where an object lies: its small number and its projection table."""

    number: int
    id: str
    table_name: str


@dataclass(frozen=True, slots=True)
class FieldSlot:
    """Where a field lies for good: its small number in facts and its column."""

    number: int
    id: str
    column_name: str
    storage: Storage
    decimals: int
    sensitive: bool


@dataclass(frozen=True, slots=True)
class FieldPlace(FieldSlot):
    """A slot with the definition that a release gives it."""

    field: FieldDefinition
    #: What its sort keys follow.
    alphabet: Alphabet

    @classmethod
    def of(cls, slot: FieldSlot, field: FieldDefinition, alphabet: Alphabet) -> FieldPlace:
        return cls(slot.number, slot.id, slot.column_name, slot.storage, slot.decimals, slot.sensitive, field, alphabet)

    @property
    def type(self) -> FieldType:
        return field_type(self.field.type, self.storage)

    @property
    def missing_column(self) -> str:
        return f"{self.column_name}_m"

    @property
    def match_column(self) -> str:
        return f"{self.column_name}_h"

    @property
    def key_column(self) -> str:
        return f"{self.column_name}_k"

    @property
    def first_column(self) -> str:
        return f"{self.column_name}_f"

    @property
    def last_column(self) -> str:
        return f"{self.column_name}_l"

    @property
    def has_reasons(self) -> bool:
        return bool(self.field.missing_reasons)

    @property
    def has_key(self) -> bool:
        """A normalised companion serves search, sorting and looking for parts."""
        return has_search_key(self.field, self.storage)

    @property
    def is_searched(self) -> bool:
        """The search of the whole record looks into it."""
        return self.has_key and self.field.searchable and not self.field.retired

    @property
    def has_days(self) -> bool:
        """The first and the last day that a partly known date may be; an encrypted one has no order."""
        return self.storage is Storage.DAYS and not self.sensitive


def table_name(number: int, name: str) -> str:
    return f"o{number}_{_readable(name)}"


def column_name(number: int, name: str) -> str:
    return f"{_readable(name)}_{number}"


def _readable(name: str) -> str:
    return re.sub(r"[^a-z0-9_]", "", name.lower())[:_READABLE].strip("_") or "x"


def field_columns(place: FieldPlace) -> Iterator[Column[Any]]:
    """The field's own column and its companions; none of one that is computed."""
    if place.field.is_computed:
        return
    kind = CodePointText() if place.sensitive else column_type(place.storage, place.decimals)
    yield Column(place.column_name, kind)
    if place.has_reasons:
        yield Column(place.missing_column, CodePointText())
    if place.sensitive:
        yield Column(place.match_column, CodePointText())
    if place.has_key:
        yield Column(place.key_column, CodePointText())
    if place.has_days:
        yield Column(place.first_column, Day)
        yield Column(place.last_column, Day)


def projection_table(place: ObjectPlace, fields: Sequence[FieldPlace], schema: str | None) -> Table:
    table = Table(
        place.table_name,
        MetaData(schema=schema),
        Column("id", Identifier, primary_key=True),
        Column("version", BigInteger, nullable=False),
        Column("created_tx", BigInteger, nullable=False),
        Column("created_at", Moment, nullable=False),
        Column("created_by", Identifier),
        Column("updated_at", Moment, nullable=False),
        Column("updated_by", Identifier),
        Column("owner", Identifier),
        Column("record_type", CodePointText),
        Column("deleted_tx", BigInteger),
        *(column for field in fields for column in field_columns(field)),
    )
    standard_indexes(table)
    for field in fields:
        field_indexes(table, field)
    return table


def sidecar_table(place: ObjectPlace, fields: Sequence[FieldPlace], schema: str | None) -> Table | None:
    """What the roll-ups of an object's records hold; None for an object without any.

    Records that nothing ever pointed to have no row.
    """
    rolled_up = [each for each in fields if each.field.roll_up is not None and not each.field.retired]
    if not rolled_up:
        return None
    columns = (Column(each.column_name, column_type(each.storage, each.decimals)) for each in rolled_up)
    name = f"{place.table_name}_rollups"
    return Table(name, MetaData(schema=schema), Column("id", Identifier, primary_key=True), *columns)


def standard_indexes(table: Table) -> list[Index]:
    """For "last activity" and "mine", which every list offers, and for "where I was last".

    Made with the table; SQLAlchemy attaches them to it.
    """
    name = table.name
    return [
        Index(f"{name}_updated", table.c.updated_at, table.c.id),
        Index(f"{name}_owner", table.c.owner, table.c.updated_at, table.c.id),
        Index(f"{name}_by", table.c.updated_by, table.c.updated_at, table.c.id),
    ]


def _indexed_column(place: FieldPlace) -> str:
    if place.sensitive:
        return place.match_column
    return place.first_column if place.has_days else place.column_name


def field_indexes(table: Table, place: FieldPlace) -> list[Index]:
    """Unique ones ignore deleted rows; lookups and ``indexed`` fields get a plain one."""
    definition = place.field
    if definition.retired or definition.is_computed:
        return []
    own = table.c[_indexed_column(place)]
    living = text("deleted_tx IS NULL")
    indexes: list[Index] = []
    if definition.unique:
        indexes.append(Index(f"{place.column_name}_u", own, unique=True, sqlite_where=living, postgresql_where=living))
    elif definition.indexed or place.storage is Storage.REFERENCE:
        indexes.append(Index(f"{place.column_name}_i", own, table.c.id))
    if place.has_key:
        indexes.append(Index(f"{place.column_name}_ki", table.c[place.key_column], table.c.id))
    return indexes
