"""Making an organisation from a backup, on either database."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, delete, insert, select

from amparo.runtime.backups.content import FILE, FORMAT, Line, decoded_rows, read_lines, wrapped_keys_from
from amparo.runtime.backups.files import kept_files
from amparo.runtime.backups.making import content_tables
from amparo.runtime.backups.sealed_file import SealedReader
from amparo.runtime.errors import BackupProblem
from amparo.runtime.keys import OrganisationKeys
from amparo.runtime.people import add_person
from amparo.runtime.projections.folding import Folder
from amparo.runtime.releases.growing import grow_tables
from amparo.runtime.releases.live import read_document
from amparo.runtime.stores.migrating import ORGANISATION, newest_revision
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.organisations import Organisations
from amparo.runtime.stores.rows import row_writer

#: Lines of rows written between two commits: what fails is dropped whole, so commits only bound the log.
_LINES = 40


@dataclass(frozen=True, slots=True)
class Restored:
    """``people_joined`` had a login here before and keep their password; ``people_added`` bring theirs."""

    slug: str
    head_tx: int
    people_added: int
    people_joined: int


def restore(organisations: Organisations, path: Path, passphrase: str, slug: str | None = None) -> Restored:
    """Under the short name it had, or another. Nobody sees it before it is whole, and nothing stays of a failure.

    Raises :class:`BackupProblem`, and :class:`NotPossible` when the short name
    or the organisation itself is here already.
    """
    with path.open("rb") as file:
        sealed = SealedReader(file, passphrase)
        lines = read_lines(sealed)
        manifest = _manifest(next(lines))
        identifier = uuid.UUID(manifest["id"])
        keys = OrganisationKeys.unwrapped(sealed.keys.wrapping, identifier, wrapped_keys_from(manifest["keys"]))
        slug = slug or str(manifest["slug"])
        with organisations.making(slug, manifest["name"], identifier, keys) as store:
            people = _load(store, lines)
            head_tx = _build_projections(store)
            added, joined = _let_in(organisations, identifier, people)
    return Restored(slug, head_tx, added, joined)


def _manifest(line: Line) -> Mapping[str, Any]:
    manifest: Mapping[str, Any] = line.content
    if manifest["format"] > FORMAT:
        raise BackupProblem("The backup was made by a newer Amparo. Restore it with that version.")
    if manifest["revision"] != newest_revision(ORGANISATION):
        raise BackupProblem(
            f"The backup's tables are at revision {manifest['revision']}, those of this program at "
            f"{newest_revision(ORGANISATION)}. Restore it with the version that made it, then bring that up to date."
        )
    return manifest


def _load(store: OrganisationStore, lines: Iterator[Line]) -> Sequence[Mapping[str, Any]]:
    """Fills the fixed tables and gives the people. Raises :class:`BackupProblem` when rows are missing."""
    tables = {table.name: table for table in content_tables(store.tables)}
    with store.engine.begin() as connection:
        connection.execute(delete(store.tables.head))
    counts = dict.fromkeys((*tables, FILE), 0)
    people: Sequence[Mapping[str, Any]] = ()
    for batch in _batches(kept_files(store, lines, counts)):
        with store.engine.begin() as connection:
            for line in batch:
                if line.kind == "people":
                    people = line.content
                elif line.kind == "end":
                    _require_all(counts, line.content)
                else:
                    counts[line.kind] += _write_rows(connection, tables[line.kind], line.content)
    return people


def _batches(lines: Iterator[Line]) -> Iterator[list[Line]]:
    batch: list[Line] = []
    for line in lines:
        batch.append(line)
        if len(batch) == _LINES:
            yield batch
            batch = []
    yield batch


def _write_rows(connection: Connection, table: Table, content: Sequence[Sequence[Any]]) -> int:
    columns = tuple(column.name for column in table.columns)
    row_writer(table, columns, connection.dialect).write(connection, decoded_rows(table, content))
    return len(content)


def _require_all(counts: Mapping[str, int], expected: Mapping[str, int]) -> None:
    # A backup of format 1 has no files and counts none.
    if dict(counts) != {FILE: 0, **expected}:
        raise BackupProblem("The backup does not hold everything it says it holds. Nothing was restored.")


def _build_projections(store: OrganisationStore) -> int:
    """The generated tables, filled from the ledger; gives the last transaction."""
    with store.engine.begin() as connection:
        head = connection.execute(select(store.tables.head)).one()
        grow_tables(connection, store, read_document(connection, store.tables, head.release))
        for live in store.live(connection).objects.values():
            folder = Folder(connection, store, live)
            writer = row_writer(live.table, folder.columns, connection.dialect)
            for window in folder.windows():
                writer.write(connection, window.rows)
    return int(head.tx)


def _let_in(
    organisations: Organisations, organisation: uuid.UUID, people: Sequence[Mapping[str, Any]]
) -> tuple[int, int]:
    """Everybody under the login they have; a login that is here already is joined and keeps its password."""
    person, membership = organisations.control.person, organisations.control.membership
    joined = 0
    with organisations.engine.begin() as connection:
        for each in people:
            known = connection.scalar(select(person.c.id).where(person.c.login == each["login"]))
            identifier = known or uuid.UUID(each["id"])
            if known is None:
                add_person(
                    connection, organisations, identifier, each["login"], each["password_hash"], each["language"]
                )
            else:
                joined += 1
            connection.execute(insert(membership), {"person": identifier, "organisation": organisation})
    return len(people) - joined, joined
