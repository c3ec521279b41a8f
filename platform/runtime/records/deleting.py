"""Soft deletion of a record with its details, and bringing back exactly those."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace

from sqlalchemy import select, update

from amparo.metadata.problems import Problem
from amparo.metadata.wording import N_
from amparo.runtime.access import Actor, Permission
from amparo.runtime.errors import Conflict, InvalidAnswers, NotFound, NotPossible
from amparo.runtime.ledger.facts import Fact, Leaf, leaf_hash
from amparo.runtime.ledger.writing import Abandoned, Writing, writing
from amparo.runtime.records.checking import StoreChecks, taken
from amparo.runtime.records.details import details
from amparo.runtime.records.held import Row
from amparo.runtime.releases.live import LiveObject, LiveRelease
from amparo.runtime.roll_ups.keeping import Touched
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.tables import DELETED, RESERVED_FIELDS
from amparo.runtime.stores.types import instant


@dataclass(frozen=True, slots=True)
class Deleted:
    """``records`` counts the record and its details."""

    record: uuid.UUID
    version: int
    records: int


def delete(
    store: OrganisationStore, actor: Actor, object_name: str, record: uuid.UUID, version: int | None = None
) -> Deleted:
    """Raises :class:`NotFound`, :class:`NotPossible` when it is deleted, :class:`Conflict` on an old version."""
    actor.require(Permission.RECORDS_DELETE)
    with writing(store, actor) as current:
        release = store.at_release(current.connection, current.release)
        touched = Touched(current.connection, store, release)
        count = remove(current, touched, release, release.object(object_name), record, version)
        if not count:
            raise NotPossible(N_("This record is deleted already."))
        touched.bring_up_to_date()
        return Deleted(record, current.tx, count)


def remove(
    current: Writing,
    touched: Touched,
    release: LiveRelease,
    live: LiveObject,
    record: uuid.UUID,
    version: int | None = None,
) -> int:
    """Deletes a record with its details inside a transaction; gives their number, 0 where somebody did so before.

    Raises :class:`NotFound`, and :class:`Conflict` when it was changed since ``version``.
    Roll-ups of what the records point to are ``touched``.
    """
    row = _row(current, live, record)
    if row["deleted_tx"] is not None:
        return 0
    if version is not None and version != row["version"]:
        raise Conflict(record, version, row["version"], [])
    family = [(live, [record]), *details(current.connection, release, live, [record], living=True)]
    return _mark(current, touched, family, None, current.tx)


@dataclass(frozen=True, slots=True)
class DeletedMany:
    """``kept`` were changed since their version; to the others records belong (``with_details``) or point."""

    deleted: tuple[uuid.UUID, ...]
    kept: tuple[uuid.UUID, ...]
    with_details: tuple[uuid.UUID, ...]
    pointed_to: tuple[uuid.UUID, ...]


def delete_many(
    store: OrganisationStore,
    actor: Actor,
    object_name: str,
    versions: Mapping[uuid.UUID, int],
    *,
    note: str | None = None,
) -> DeletedMany:
    """Deletes in one transaction those records of one object that are as they were and that nothing living needs.

    What points to one and was last written in the transaction of these versions goes too, and is not asked.
    """
    actor.require(Permission.RECORDS_DELETE)
    with writing(store, actor, note=note) as current:
        release = store.at_release(current.connection, current.release)
        live = release.object(object_name)
        table = live.table
        rows = current.connection.execute(
            select(table.c.id, table.c.version).where(table.c.id.in_(versions), table.c.deleted_tx.is_(None))
        )
        found = {row.id: row.version for row in rows}
        as_they_were = [record for record, version in found.items() if version == versions[record]]
        masters = _with_living_details(current, release, live, as_they_were)
        childless = [record for record in as_they_were if record not in masters]
        pointed_to = _pointed_to(current, release, live, childless, set(versions.values()))
        deleted = tuple(record for record in childless if record not in pointed_to)
        changed = tuple(record for record in found if found[record] != versions[record])
        result = DeletedMany(deleted, changed, tuple(masters), tuple(pointed_to))
        if not deleted:
            raise Abandoned
        touched = Touched(current.connection, store, release)
        _mark(current, touched, [(live, list(deleted))], None, current.tx)
        touched.bring_up_to_date()
    return result


def _with_living_details(
    current: Writing, release: LiveRelease, live: LiveObject, records: Sequence[uuid.UUID]
) -> list[uuid.UUID]:
    masters: dict[uuid.UUID, None] = {}
    for definition, field in release.application.details_of(live.name):
        detail = release.object(definition.name)
        column = detail.table.c[detail.fields[field.name].column_name]
        query = select(column).where(column.in_(records), detail.table.c.deleted_tx.is_(None)).distinct()
        masters |= dict.fromkeys(current.connection.scalars(query))
    return list(masters)


def _pointed_to(
    current: Writing, release: LiveRelease, live: LiveObject, records: Sequence[uuid.UUID], own: Set[int]
) -> dict[uuid.UUID, None]:
    """Those to which a lookup of a living record leads that was changed in another transaction than one's ``own``."""
    found: dict[uuid.UUID, None] = {}
    for other in release.objects.values():
        for place in other.references:
            if live.name in place.field.targets and place.type.name != "master_detail":
                column = other.table.c[place.column_name]
                living = (other.table.c.deleted_tx.is_(None), other.table.c.version.not_in(own))
                query = select(column).where(column.in_(records), *living).distinct()
                found |= dict.fromkeys(current.connection.scalars(query))
    return found


def undelete(store: OrganisationStore, actor: Actor, object_name: str, record: uuid.UUID) -> Deleted:
    """Brings back the record and the details that were deleted with it, no others.

    Raises :class:`NotPossible` when it is not deleted or its master still is,
    :class:`InvalidAnswers` when a unique value was taken meanwhile.
    """
    actor.require(Permission.RECORDS_DELETE)
    with writing(store, actor) as current:
        release = store.at_release(current.connection, current.release)
        live = release.object(object_name)
        row = _row(current, live, record)
        deleted_tx = row["deleted_tx"]
        if deleted_tx is None:
            raise NotPossible(N_("This record is not deleted."))
        _require_living_master(current, release, live, row)
        family = [(live, [record]), *details(current.connection, release, live, [record], deleted_tx=deleted_tx)]
        for member, records in family:
            _require_unique(current, store, release, member, records)
        touched = Touched(current.connection, store, release)
        count = _mark(current, touched, family, deleted_tx, None)
        touched.bring_up_to_date()
        return Deleted(record, current.tx, count)


def _row(current: Writing, live: LiveObject, record: uuid.UUID) -> Row:
    row = current.connection.execute(select(live.table).where(live.table.c.id == record)).mappings().one_or_none()
    if row is None:
        raise NotFound(N_("This record does not exist in this organisation."))
    return dict(row)


def _mark(
    current: Writing,
    touched: Touched,
    family: Sequence[tuple[LiveObject, list[uuid.UUID]]],
    old: int | None,
    new: int | None,
) -> int:
    """Writes the facts of deletion or undeletion and the rows; gives the number of records."""
    count = 0
    for live, records in family:
        touched.add_records(live, records)
        facts = [Fact(record, DELETED, _text(new), _text(old), None, None) for record in records]
        current.add_facts(facts, _leaves(current, records, facts))
        table = live.table
        current.connection.execute(
            update(table)
            .where(table.c.id.in_(records))
            .values(
                deleted_tx=new,
                version=current.tx,
                updated_at=instant(current.at),
                updated_by=current.actor.member,
            )
        )
        count += len(records)
    return count


def _text(tx: int | None) -> str | None:
    return None if tx is None else str(tx)


def _leaves(current: Writing, records: Sequence[uuid.UUID], facts: Sequence[Fact]) -> list[Leaf]:
    table = current.tables.record
    query = select(table.c.id, table.c.wrapped_key).where(table.c.id.in_(records))
    keys = {
        row.id: current.store.keys.open_record_key(row.id, bytes(row.wrapped_key)).leaf_key
        for row in current.connection.execute(query)
    }
    return [
        Leaf(fact.record.bytes, DELETED, leaf_hash(keys[fact.record], RESERVED_FIELDS[DELETED], fact)) for fact in facts
    ]


def _require_living_master(current: Writing, release: LiveRelease, live: LiveObject, row: Row) -> None:
    master = live.definition.master
    if master is None:
        return
    parent = release.object(master.targets[0])
    deleted = current.connection.scalar(
        select(parent.table.c.deleted_tx).where(parent.table.c.id == row[live.fields[master.name].column_name])
    )
    if deleted is not None:
        raise NotPossible(N_("What this belongs to is deleted. Bring that back; this comes back with it."))


def _require_unique(
    current: Writing, store: OrganisationStore, release: LiveRelease, live: LiveObject, records: Sequence[uuid.UUID]
) -> None:
    """Deleted rows do not hold their unique values, so somebody may have taken one meanwhile.

    The problem says of which object the field is: it may be that of a detail.
    """
    if not live.unique:
        return
    rows = current.connection.execute(select(live.table).where(live.table.c.id.in_(records))).mappings().all()
    checks = StoreChecks(current.connection, current.tables, release, live, store.keys)
    problems: list[Problem] = []
    for place in live.unique:
        column = place.match_column if place.sensitive else place.column_name
        returning = [(row["id"], row[column]) for row in rows if row[column] is not None]
        found = replace(taken(place.field.name, None), params={"object": live.name})
        problems += [found for _ in checks.clashing(place, returning)]
    if problems:
        raise InvalidAnswers(problems)
