"""Making a backup of one organisation, whole, while people work."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, select

from amparo.runtime.backups.content import FILE, FORMAT, ContentWriter, encoded_rows, wrapped_keys_content
from amparo.runtime.backups.files import WrittenFiles, write_files
from amparo.runtime.backups.sealed_file import SealingWriter
from amparo.runtime.durability import written_aside
from amparo.runtime.errors import NotPossible
from amparo.runtime.ledger.writing import clock_microseconds
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.organisations import Organisations
from amparo.runtime.stores.revisions import ORGANISATION, newest_revision
from amparo.runtime.stores.tables import OrganisationTables
from amparo.runtime.stores.time_limits import lift_time_limits

#: Rows in a line; tables with large cells have one.
_ROWS = 500
_LARGE = frozenset({"job_file", "release"})


@dataclass(frozen=True, slots=True)
class Backup:
    """``head_tx`` is the last transaction in it; ``rows`` counts by table; ``files`` are beside the rows."""

    path: Path
    head_tx: int
    rows: dict[str, int]
    files: WrittenFiles


def back_up(organisations: Organisations, slug: str, path: Path, passphrase: str) -> Backup:
    """One snapshot, written aside and renamed when it is whole.

    Raises :class:`NotFound`, :class:`NotPossible` when the file is there
    already, :class:`BackupProblem` for a short passphrase.
    """
    organisation = organisations.find(slug)
    store = organisations.open(slug)
    if path.exists():
        raise NotPossible(f"{path} is there already. Give the new backup another name.")
    tables = content_tables(store.tables)
    with written_aside(path) as file, store.reading() as connection:
        lift_time_limits(connection)
        sealed = SealingWriter(file, passphrase)
        writer = ContentWriter(sealed)
        head_tx = connection.scalar(select(store.tables.head.c.tx)) or 0
        writer.write(
            "manifest",
            {
                "format": FORMAT,
                "revision": newest_revision(ORGANISATION),
                "columns": {table.name: [column.name for column in table.columns] for table in tables},
                "made_at": clock_microseconds(),
                "id": store.id.hex,
                "slug": slug,
                "name": organisation.name,
                "keys": wrapped_keys_content(store.keys.wrapped_by(sealed.keys.wrapping, store.id)),
            },
        )
        rows = {table.name: _write_table(connection, writer, table) for table in tables}
        files = write_files(connection, store, writer)
        writer.write("people", _people(organisations, store))
        writer.write("end", {**rows, FILE: files.contents})
        writer.finish()
    return Backup(path, head_tx, rows, files)


def content_tables(tables: OrganisationTables) -> list[Table]:
    """Every fixed table but the keys', which are wrapped anew and stand in the manifest, and what is made again."""
    return [table for table in tables.metadata.sorted_tables if table not in (tables.key, tables.search_entry)]


def _write_table(connection: Connection, writer: ContentWriter, table: Table) -> int:
    count = 0
    size = 1 if table.name in _LARGE else _ROWS
    query = select(*table.c).order_by(*(table.primary_key.columns or table.c))
    if table.name == "fact":
        query = select(*table.c).order_by(table.c.tx, table.c.record, table.c.field)
    with connection.execute(query, execution_options={"yield_per": size}) as result:
        for rows in result.partitions():
            writer.write(table.name, encoded_rows(table, rows))
            count += len(rows)
    return count


def _people(organisations: Organisations, store: OrganisationStore) -> list[dict[str, Any]]:
    """Who may enter the organisation, with what lets them sign in again."""
    person, membership = organisations.control.person, organisations.control.membership
    query = (
        select(person.c.id, person.c.login, person.c.password_hash, person.c.language)
        .join(membership, membership.c.person == person.c.id)
        .where(membership.c.organisation == store.id, person.c.active)
        .order_by(person.c.login)
    )
    with organisations.asking() as connection:
        return [{**row, "id": row["id"].hex} for row in connection.execute(query).mappings()]
