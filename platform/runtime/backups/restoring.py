"""Making an organisation from a backup, on either database."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, delete, insert, select, update

from amparo.metadata.building import application_from
from amparo.runtime.backups.content import FILE, FORMAT, Line, decoded_rows, read_lines, wrapped_keys_from
from amparo.runtime.backups.files import kept_files
from amparo.runtime.backups.making import content_tables
from amparo.runtime.backups.sealed_file import SealedReader
from amparo.runtime.collation.alphabets import alphabet_of
from amparo.runtime.errors import BackupProblem
from amparo.runtime.identifiers import new_identifier
from amparo.runtime.keys import OrganisationKeys
from amparo.runtime.people import add_person
from amparo.runtime.places.changing import renew_rows
from amparo.runtime.projections.folding import Folder
from amparo.runtime.releases.growing import grow_tables
from amparo.runtime.releases.live import read_document
from amparo.runtime.roll_ups.keeping import count_all
from amparo.runtime.search_entries.writing import replace_entries
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.organisations import Organisations
from amparo.runtime.stores.revisions import ORGANISATION, newest_revision
from amparo.runtime.stores.rows import row_writer
from amparo.runtime.stores.time_limits import lift_time_limits

#: Revisions before it may lack columns, and do not say so.
_FIRST_REVISION = "0006"
#: Lines of rows written between two commits: what fails is dropped whole, so commits only bound the log.
_LINES = 40


@dataclass(frozen=True, slots=True)
class Restored:
    """The restored organisation, and who is in it.

    ``added`` bring their password. ``returned`` are the very people of this installation, by identifier. ``joined``
    share a login with somebody here and were let in with the password of here; ``waiting`` share one and were not:
    they are members without a way in, until an administrator lets them in by name.
    """

    slug: str
    head_tx: int
    added: tuple[str, ...]
    returned: tuple[str, ...]
    joined: tuple[str, ...]
    waiting: tuple[str, ...]


#: Asked with the logins that somebody else here has; whether they are the same people.
AreTheSame = Callable[[Sequence[str]], bool]


def nobody_is_the_same(_logins: Sequence[str]) -> bool:
    return False


def restore(
    organisations: Organisations,
    path: Path,
    passphrase: str,
    slug: str | None = None,
    are_the_same: AreTheSame = nobody_is_the_same,
) -> Restored:
    """Under the short name it had, or another. Nobody sees it before it is whole, and nothing stays of a failure.

    A login says nothing about who somebody is: two installations may have
    given it to two people, and one of them must not read the cases of the
    other's organisation. So ``are_the_same`` is asked before they are joined.

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
            people = _load(store, lines, manifest.get("columns", {}))
            head_tx = _build_projections(store)
            guests = _guests(organisations, people)
            if guests.same_login and are_the_same([each["login"] for each in guests.same_login]):
                guests = replace(guests, joined=guests.same_login, same_login=())
            _let_in(organisations, store, guests)
    return Restored(
        slug,
        head_tx,
        *(
            tuple(str(each["login"]) for each in group)
            for group in (guests.added, guests.returned, guests.joined, guests.same_login)
        ),
    )


def _manifest(line: Line) -> Mapping[str, Any]:
    manifest: Mapping[str, Any] = line.content
    if manifest["format"] > FORMAT or manifest["revision"] > newest_revision(ORGANISATION):
        raise BackupProblem("The backup was made by a newer Amparo. Restore it with that version.")
    if manifest["revision"] < _FIRST_REVISION:
        raise BackupProblem(
            f"The backup's tables are at revision {manifest['revision']}, and the oldest that can be restored is "
            f"{_FIRST_REVISION}. Restore it with the version that made it, then bring that up to date."
        )
    return manifest


def _load(
    store: OrganisationStore, lines: Iterator[Line], written: Mapping[str, Sequence[str]]
) -> Sequence[Mapping[str, Any]]:
    """Fills the fixed tables and gives the people. Raises :class:`BackupProblem` when rows are missing.

    ``written`` are the columns that the backup has, by table; a column that came later gets its default.
    """
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
                    table = tables[line.kind]
                    names = written.get(line.kind, table.columns.keys())
                    counts[line.kind] += _write_rows(connection, table, names, line.content)
    return people


def _batches(lines: Iterator[Line]) -> Iterator[list[Line]]:
    batch: list[Line] = []
    for line in lines:
        batch.append(line)
        if len(batch) == _LINES:
            yield batch
            batch = []
    yield batch


def _write_rows(connection: Connection, table: Table, names: Sequence[str], content: Sequence[Sequence[Any]]) -> int:
    rows = decoded_rows([table.columns[name] for name in names], content)
    row_writer(table, tuple(names), connection.dialect).write(connection, rows)
    return len(content)


def _require_all(counts: Mapping[str, int], expected: Mapping[str, int]) -> None:
    # A backup of format 1 has no files and counts none; one of an earlier revision may have fewer tables.
    if counts != {**dict.fromkeys(counts, 0), **expected}:
        raise BackupProblem("The backup does not hold everything it says it holds. Nothing was restored.")


def _build_projections(store: OrganisationStore) -> int:
    """The generated tables, filled from the ledger, and what sorts places; gives the last transaction."""
    with store.engine.begin() as connection:
        lift_time_limits(connection)
        head = connection.execute(select(store.tables.head)).one()
        application = application_from(read_document(connection, store.tables, head.release))
        renew_rows(connection, store.tables, alphabet_of(application.default_language))
        grow_tables(connection, store, application)
        release = store.live(connection)
        for live in release.objects.values():
            folder = Folder(connection, store, live)
            writer = row_writer(live.table, folder.columns, connection.dialect)
            for window in folder.windows():
                writer.write(connection, window.rows)
                replace_entries(connection, store, live.place.number, folder.entries_of(window.rows))
        for source in release.roll_up_sources:
            count_all(connection, store, release, source)
    return int(head.tx)


_Person = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Guests:
    """The people of a backup by what this installation knows of them; ``same_login`` are not joined."""

    added: tuple[_Person, ...]
    returned: tuple[_Person, ...]
    same_login: tuple[_Person, ...]
    joined: tuple[_Person, ...] = ()


def _guests(organisations: Organisations, people: Sequence[_Person]) -> _Guests:
    person = organisations.control.person
    query = select(person.c.login, person.c.id).where(person.c.login.in_([each["login"] for each in people]))
    with organisations.asking() as connection:
        known: dict[str, uuid.UUID] = {row.login: row.id for row in connection.execute(query)}
    here = [each for each in people if each["login"] in known]
    returned = [each for each in here if known[each["login"]] == uuid.UUID(each["id"])]
    return _Guests(
        tuple(each for each in people if each["login"] not in known),
        tuple(returned),
        tuple(each for each in here if each not in returned),
    )


def _let_in(organisations: Organisations, store: OrganisationStore, guests: _Guests) -> None:
    """Memberships for everybody but those who wait; a member without one is no active one, so that nobody is let in
    by a login that somebody is given later."""
    person, membership = organisations.control.person, organisations.control.membership
    with organisations.engine.begin() as connection:
        for each in guests.added:
            identifier = _free_identifier(connection, organisations, uuid.UUID(each["id"]))
            add_person(connection, organisations, identifier, each["login"], each["password_hash"], each["language"])
        let_in = [each["login"] for each in (*guests.added, *guests.returned, *guests.joined)]
        for identifier in connection.scalars(select(person.c.id).where(person.c.login.in_(let_in))).all():
            connection.execute(insert(membership), {"person": identifier, "organisation": store.id})
    member = store.tables.member
    with store.engine.begin() as connection:
        connection.execute(update(member).where(member.c.login.not_in(let_in)).values(active=False))


def _free_identifier(connection: Connection, organisations: Organisations, wanted: uuid.UUID) -> uuid.UUID:
    """Somebody of this identifier and another login is here: the member keeps it, who signs in gets another."""
    person = organisations.control.person
    taken = connection.scalar(select(person.c.id).where(person.c.id == wanted))
    return wanted if taken is None else new_identifier()
