"""The records of one object in a save: made ready before the head is taken, checked and written under it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import update

from amparo.runtime.access import Actor
from amparo.runtime.ledger.first_values import first_facts
from amparo.runtime.ledger.writing import Writing
from amparo.runtime.records.adopting import Adopted, adopt_files, forget_adopted
from amparo.runtime.records.ahead import Ahead
from amparo.runtime.records.beyond import BeyondReader
from amparo.runtime.records.changes import Batch, BulkResult, Refused, Saved
from amparo.runtime.records.checking import Arriving, StoreChecks, problems_by_position
from amparo.runtime.records.deleting import remove
from amparo.runtime.records.encoding import row_plan
from amparo.runtime.records.entry_texts import EntryTexts, entry_texts, searched_fields
from amparo.runtime.records.numbering import give_codes, give_running_numbers, has_sequence, settle_codes
from amparo.runtime.records.prepared import Prepared
from amparo.runtime.records.preparing import encode_new, prepare
from amparo.runtime.records.ruling import Ruling
from amparo.runtime.records.updating import UpdateOf, UpdatePlanner
from amparo.runtime.releases.live import LiveObject, LiveRelease
from amparo.runtime.roll_ups.keeping import Touched
from amparo.runtime.search_entries.writing import replace_entries, write_entries
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.rows import row_writer
from amparo.runtime.stores.types import instant

#: Up to so many records are written one by one; more are copied, where the database can do that.
_FEW = 8


class Part:
    """One batch of one attempt to save. Its steps: ``make_ready``, ``check``, ``write``; committed, ``settle``."""

    def __init__(
        self,
        store: OrganisationStore,
        actor: Actor,
        release: LiveRelease,
        batch: Batch,
        *,
        merge: bool,
        ahead: Ahead | None = None,
    ) -> None:
        self.store = store
        self.actor = actor
        self.release = release
        self.live: LiveObject = release.object(batch.object_name)
        self.merge = merge
        self._removed = batch.removed
        self._ruling = Ruling(release, self.live, actor, store.now)
        self._prepared = [
            (ahead and ahead.taken(release, position, change)) or prepare(self._ruling, position, change)
            for position, change in enumerate(batch.changes)
        ]
        self._creates: list[Prepared] = []
        self._planned: list[UpdateOf] = []
        self._adopted = Adopted()

    @property
    def refused(self) -> tuple[Refused, ...]:
        """As far as is known yet."""
        found = problems_by_position(self._prepared)
        return tuple(Refused(position, problems) for position, problems in found.items())

    @property
    def is_short(self) -> bool:
        """Written with few statements that ask nothing."""
        return len(self._prepared) <= _FEW and not self._removed

    @property
    def coming(self) -> dict[uuid.UUID, Mapping[str, Any]]:
        """The records that this part makes or changes, with the answers that it gives them."""
        changed = (each.prepared for each in self._planned)
        return {each.record: each.answers for each in (*self._creates, *changed)}

    def make_ready(self) -> None:
        """What needs no head: contents of files, random numbers, keys and texts."""
        sound = [each for each in self._prepared if not each.problems]
        self._adopted = adopt_files(self.store, self.actor, self.live, sound)
        acceptable = [each for each in self._prepared if not each.problems]
        self._creates = [each for each in acceptable if not each.change.is_update]
        waiting = [each for each in self._creates if each.new is None]
        give_codes(self.live, waiting)
        if not has_sequence(self.live):
            self._encode(waiting)

    def _encode(self, creates: Iterable[Prepared]) -> None:
        for each in creates:
            encode_new(self.live, each, self.store)

    def check(self, current: Writing, arriving: Arriving) -> None:
        """What only the store knows; problems are added to each change. ``arriving`` are records of earlier parts."""
        give_running_numbers(current.connection, current.tables, self.live, self._creates)
        updates = [each for each in self._prepared if each.change.is_update and not each.problems]
        reader = BeyondReader(current.connection, current.tables, self.release, self.store.keys, self.actor, arriving)
        planner = UpdatePlanner(
            current.connection, current.tables, self.live, self.store.keys, self._ruling, reader, merge=self.merge
        )
        self._planned = planner.plan(updates) if updates else []
        is_other = self._ruling.judge_under_head(reader, self._creates)
        checks = StoreChecks(current.connection, current.tables, self.release, self.live, self.store.keys, arriving)
        checks.run([*self._creates, *updates])
        if settle_codes(checks, self.live, self._creates) or is_other or has_sequence(self.live):
            self._encode(self._creates)

    def write(self, current: Writing, touched: Touched) -> BulkResult:
        """The records without problems, then what is removed."""
        saved = self._insert(current, touched) | self._update(current, touched)
        removed = sum(remove(current, touched, self.release, self.live, *each) for each in self._removed)
        return BulkResult(saved, removed=removed)

    def settle(self, result: BulkResult) -> None:
        """After the commit."""
        forget_adopted(self._adopted, [saved.record for saved in result.saved.values()])

    def _insert(self, current: Writing, touched: Touched) -> dict[int, Saved]:
        new = [(each, each.new) for each in self._creates if each.new is not None and not each.problems]
        if not new:
            return {}
        tx, at, by = current.tx, instant(current.at), self.actor.member
        number = self.live.place.number
        current.add_records([(p.record, number, made.key.wrapped) for p, made in new])
        rows = [(p.record, tx, tx, at, by, at, by, p.owner, p.record_type, None, *made.encoded.row) for p, made in new]
        writer = row_writer(
            self.live.table, row_plan(self.live, first_facts(self.store)).columns, current.connection.dialect
        )
        writer.write(current.connection, rows)
        current.add_first_facts([made.encoded.values for _, made in new], [made.encoded.leaves for _, made in new])
        entries = [(p.record, made.entry) for p, made in new]
        current.last_entry = write_entries(current.connection, self.store, number, entries, current.last_entry)
        touched.add_created(self.live, [p.answers for p, _ in new])
        return {p.position: Saved(p.record, tx, tuple(p.answers)) for p, _ in new}

    def _update(self, current: Writing, touched: Touched) -> dict[int, Saved]:
        table = self.live.table
        saved: dict[int, Saved] = {}
        planned = [each for each in self._planned if not each.prepared.problems]
        for each in planned:
            version = each.row["version"]
            if each.facts:
                version = current.tx
                stamp = {"version": version, "updated_at": instant(current.at), "updated_by": self.actor.member}
                current.connection.execute(
                    update(table).where(table.c.id == each.prepared.record).values({**each.columns, **stamp})
                )
                touched.add_changed(self.live, each.changed, each.row, each.columns)
            saved[each.prepared.position] = Saved(each.prepared.record, version, tuple(each.changed), each.merged)
        current.last_entry = replace_entries(
            current.connection, self.store, self.live.place.number, self._found_otherwise(planned), current.last_entry
        )
        current.add_facts(
            [fact for each in planned for fact in each.facts], [leaf for each in planned for leaf in each.leaves]
        )
        return saved

    def _found_otherwise(self, planned: Sequence[UpdateOf]) -> dict[uuid.UUID, EntryTexts | None]:
        """The new texts of records whose search entry an update changes."""
        columns = searched_fields(self.live).columns
        texts: dict[uuid.UUID, EntryTexts | None] = {}
        for each in planned:
            if each.columns.keys().isdisjoint(columns):
                continue
            after = entry_texts(self.live, {**each.row, **each.columns})
            if after != entry_texts(self.live, each.row):
                texts[each.prepared.record] = after
        return texts
