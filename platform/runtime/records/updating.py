"""Updates under the head: what differs, who was there first, and the facts that say so."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, select

from amparo.metadata.fields.base import Answer
from amparo.metadata.missing import Missing
from amparo.metadata.problems import Problem
from amparo.metadata.wording import N_
from amparo.runtime.errors import Conflict, FieldConflict, NotFound, NotPossible
from amparo.runtime.keys import OrganisationKeys, RecordKey
from amparo.runtime.ledger.facts import Fact, Leaf, leaf_hash
from amparo.runtime.records.beyond import BeyondReader
from amparo.runtime.records.bound import with_bound
from amparo.runtime.records.encoding import EncodedField, encode_field, kept_text
from amparo.runtime.records.held import Row, current_rows, held_answer
from amparo.runtime.records.prepared import Prepared
from amparo.runtime.records.ruling import Ruling, standing_warnings
from amparo.runtime.releases.live import LiveObject
from amparo.runtime.stores.projection import FieldPlace
from amparo.runtime.stores.tables import ACKNOWLEDGED, OWNER, RECORD_TYPE, RESERVED_FIELDS, OrganisationTables

#: A field's canonical text (in the clear) and missing reason.
Kept = tuple[str | None, str | None]
_RESERVED_INPUTS = {OWNER: "owner", RECORD_TYPE: "record_type"}


@dataclass(slots=True)
class UpdateOf:
    """An update worked out against the current row. Without ``facts`` there is nothing to write."""

    prepared: Prepared
    row: Row
    key: RecordKey
    facts: list[Fact] = field(default_factory=list)
    leaves: list[Leaf] = field(default_factory=list)
    columns: dict[str, Any] = field(default_factory=dict)
    changed: list[str] = field(default_factory=list)
    merged: tuple[str, ...] = ()


class UpdatePlanner:
    """Works out the updates of one object inside one transaction."""

    def __init__(
        self,
        connection: Connection,
        tables: OrganisationTables,
        live: LiveObject,
        keys: OrganisationKeys,
        ruling: Ruling,
        reader: BeyondReader,
        *,
        merge: bool,
    ) -> None:
        self._connection = connection
        self._tables = tables
        self._live = live
        self._keys = keys
        self._ruling = ruling
        self._reader = reader
        self._merge = merge

    def plan(self, prepared: Sequence[Prepared]) -> list[UpdateOf]:
        """Raises :class:`NotFound`, :class:`NotPossible` (deleted) and :class:`Conflict`."""
        if len({p.record for p in prepared}) < len(prepared):
            raise NotPossible(N_("One record cannot be changed twice at once. Put its changes together."))
        rows = current_rows(self._connection, self._tables, self._live, self._keys, [p.record for p in prepared])
        updates = [self._begun(change, *self._living(rows, change)) for change in prepared]
        if not self._ruling.rules:
            for update in updates:
                self._work_out(update)
            return updates
        standing = self._standing(updates)
        found = [(update.prepared, update.row, update.key) for update in updates]
        for update, situation in zip(updates, self._ruling.situations(self._reader, found), strict=True):
            self._ruling.settle_fields(update.prepared, situation)
            self._work_out(update)
            # Who changes nothing is not asked to put anything right.
            if update.facts:
                self._ruling.judge(update.prepared, situation, standing[update.prepared.record])
                self._keep_standing(update, standing[update.prepared.record])
        return updates

    def _standing(self, updates: Sequence[UpdateOf]) -> Mapping[uuid.UUID, tuple[str, ...]]:
        records = [update.prepared.record for update in updates]
        if not self._ruling.rules.has_warnings:
            return dict.fromkeys(records, ())
        return standing_warnings(self._connection, self._tables, records)

    def _keep_standing(self, update: UpdateOf, before: tuple[str, ...]) -> None:
        """Which warnings somebody saved the record in spite of is a fact about it."""
        if update.prepared.standing != before:
            self._add_reserved(update, ACKNOWLEDGED, " ".join(update.prepared.standing), " ".join(before))

    def _living(self, rows: Mapping[uuid.UUID, tuple[Row, RecordKey]], change: Prepared) -> tuple[Row, RecordKey]:
        if change.record not in rows:
            raise NotFound(N_("This record does not exist in this organisation."))
        row, key = rows[change.record]
        if row["deleted_tx"] is not None:
            raise NotPossible(N_("This record was deleted. Bring it back before changing it."))
        return row, key

    def _begun(self, change: Prepared, row: Row, key: RecordKey) -> UpdateOf:
        update = UpdateOf(change, row, key)
        if change.change.version != row["version"]:
            self._reconcile(change, row, key, update)
        return update

    def _work_out(self, update: UpdateOf) -> None:
        for name, answer in update.prepared.answers.items():
            place = self._live.fields[name]
            encoded = encode_field(place, answer, self._keys, update.key)
            old = kept_text(place, update.row)
            if self._clear(place, update.key, (encoded.text, encoded.missing)) != self._clear(place, update.key, old):
                self._change_field(update, place, encoded, old)
        self._require_fitting(update)
        self._change_reserved(update)

    def _change_field(self, update: UpdateOf, place: FieldPlace, encoded: EncodedField, old: Kept) -> None:
        if place.type.name == "master_detail" and old[0] is not None:
            advice = N_("This cannot be moved to another record. Delete it here and add it there.")
            update.prepared.problems.append(Problem("master_fixed", place.field.name, encoded.text, advice))
            return
        update.changed.append(place.field.name)
        update.columns |= encoded.columns
        record = update.prepared.record
        fact = Fact(record, place.number, encoded.text, old[0], encoded.missing, old[1])
        update.facts.append(fact)
        update.leaves.append(Leaf(record.bytes, place.number, leaf_hash(update.key.leaf_key, place.id, fact)))

    def _require_fitting(self, update: UpdateOf) -> None:
        """Options that go with another answer, where they or it changed: an old record may break a newer table."""
        coercer = self._live.coercer
        names = {name for each in coercer.dependences for name in each.names}
        if names.isdisjoint(update.changed):
            return
        held = {name: held_answer(self._live.fields[name], update.row, update.key) for name in names}
        answers = {name: update.prepared.answers.get(name, held[name]) for name in names}
        update.prepared.problems += coercer.unfitting(answers, update.changed, held)

    def _change_reserved(self, update: UpdateOf) -> None:
        wanted = (("owner", OWNER, update.prepared.owner), ("record_type", RECORD_TYPE, update.prepared.record_type))
        for name, number, value in wanted:
            old = update.row[name]
            if name not in update.prepared.given or value == old:
                continue
            update.changed.append(name)
            update.columns[name] = value
            self._add_reserved(update, number, _text(value), _text(old))

    def _add_reserved(self, update: UpdateOf, number: int, new: str | None, old: str | None) -> None:
        record = update.prepared.record
        fact = Fact(record, number, new or None, old or None, None, None)
        update.facts.append(fact)
        update.leaves.append(Leaf(record.bytes, number, leaf_hash(update.key.leaf_key, RESERVED_FIELDS[number], fact)))

    def _clear(self, place: FieldPlace, key: RecordKey, kept: Kept) -> Kept:
        """In the clear: sealed texts of equal values differ."""
        if place.sensitive and kept[0] is not None:
            return key.unseal_text(kept[0], place.id), None
        return kept

    def _reconcile(self, change: Prepared, row: Row, key: RecordKey, update: UpdateOf) -> None:
        """Keeps what only others changed, or raises :class:`Conflict`."""
        if self._merge:
            self._reconcile_reserved(change, row)
            if change.problems:
                return
        base = self._base_texts(change, key)
        conflicts = []
        for name in {*change.answers, *base}:
            place = self._live.fields[name]
            theirs = self._clear(place, key, kept_text(place, row))
            before = base.get(name, theirs)
            mine = self._mine(place, change, before)
            if theirs != before or mine != before:
                was, now, wanted = (_answer(place, kept) for kept in (before, theirs, mine))
                conflicts.append(FieldConflict(name, was, now, wanted))
        conflicts = with_bound(self._live.fields, conflicts)
        if not self._merge or any(conflict.clashes for conflict in conflicts):
            order = list(self._live.fields)
            conflicts.sort(key=lambda conflict: order.index(conflict.field))
            raise Conflict(change.record, change.change.version or 0, row["version"], conflicts)
        untouched = [conflict.field for conflict in conflicts if conflict.mine == conflict.base]
        for name in untouched:
            change.answers.pop(name, None)
        update.merged = tuple(sorted(untouched))

    def _reconcile_reserved(self, change: Prepared, row: Row) -> None:
        """Owner and record type: kept where only others changed them; refused where both did."""
        base = self._reserved_base(change)
        for name, mine in (("owner", change.owner), ("record_type", change.record_type)):
            theirs = _text(row[name])
            before = base.get(name, theirs)
            if name not in change.given or theirs in (before, _text(mine)):
                continue
            if _text(mine) == before:
                change.given -= {name}
            else:
                advice = N_("Somebody else changed this meanwhile. Put back here what it was, save, and look again.")
                change.problems.append(Problem("changed_meanwhile", name, _text(mine), advice))

    def _reserved_base(self, change: Prepared) -> dict[str, str | None]:
        """What owner and record type were at the version this change was based on, where others changed them since."""
        base: dict[str, str | None] = {}
        for number, old, _ in self._facts_since(change):
            if number in _RESERVED_INPUTS:
                base.setdefault(_RESERVED_INPUTS[number], old)
        return base

    def _mine(self, place: FieldPlace, change: Prepared, before: Kept) -> Kept:
        if place.field.name not in change.answers:
            return before
        answer = change.answers[place.field.name]
        if isinstance(answer, Missing):
            return None, answer.value
        return (None if answer is None else place.type.to_text(place.field, answer)), None

    def _base_texts(self, change: Prepared, key: RecordKey) -> dict[str, Kept]:
        """What each field that others changed since held at the version this change was based on."""
        places = self._live.by_number
        base: dict[str, Kept] = {}
        for number, old, old_missing in self._facts_since(change):
            if number in places:
                place = places[number]
                base.setdefault(place.field.name, self._clear(place, key, (old, old_missing)))
        return base

    def _facts_since(self, change: Prepared) -> Sequence[Any]:
        """Field number, old text and old reason of what others changed after this change's version, in order."""
        fact = self._tables.fact
        query = (
            select(fact.c.field, fact.c.old, fact.c.old_missing)
            .where(fact.c.record == change.record, fact.c.tx > change.change.version)
            .order_by(fact.c.tx)
        )
        return self._connection.execute(query).all()


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _answer(place: FieldPlace, kept: Kept) -> Answer:
    text, missing = kept
    if missing is not None:
        return Missing(missing)
    return None if text is None else place.type.from_text(place.field, text)
