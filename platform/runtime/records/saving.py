"""The save pipeline: every write of answers, from every channel, comes through :func:`save`.

Permit, coerce and encode first; then take the head, check what only the store
knows, and write head, ledger and projection in one transaction (DESIGN D5).
"""

from __future__ import annotations

import datetime
import json
import time
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, select, update

from amparo.metadata.wording import N_
from amparo.runtime.access import Actor, Permission
from amparo.runtime.errors import InvalidAnswers, NotFound, NotPossible, RequestReused
from amparo.runtime.ledger.writing import Abandoned, Request, Writing, writing
from amparo.runtime.records.changes import BulkResult, Change, Refused, Saved
from amparo.runtime.records.checking import StoreChecks, problems_by_position
from amparo.runtime.records.encoding import row_plan
from amparo.runtime.records.numbering import give_codes, give_running_numbers, has_sequence, settle_codes
from amparo.runtime.records.preparing import NewRecords, Prepared, encode_all, prepare, without_problems
from amparo.runtime.records.updating import UpdateOf, UpdatePlanner
from amparo.runtime.releases.live import LiveObject, LiveRelease
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.rows import row_writer
from amparo.runtime.stores.types import instant

#: Longer than any key that a page or a device makes.
_LONGEST_KEY = 200


class _NewerRelease(Exception):
    """The head shows another release than the one the answers were judged under."""


def save(
    store: OrganisationStore,
    actor: Actor,
    object_name: str,
    changes: Sequence[Change],
    *,
    request_key: str | None = None,
    merge: bool = False,
    all_or_nothing: bool = True,
    note: str | None = None,
) -> BulkResult:
    """Creates and updates records of one object in one transaction.

    With ``all_or_nothing`` any problem raises :class:`InvalidAnswers` and
    nothing is kept; without, records with problems come back refused and the
    others are kept. ``merge`` keeps what others changed meanwhile where it
    does not clash. ``request_key`` makes a repeated call return the first
    result. Raises :class:`Conflict`, :class:`NotFound`, :class:`NotPermitted`,
    :class:`RequestReused`.
    """
    _permit(actor, changes)
    request = _request(store, object_name, changes, request_key)
    release = store.known_release()
    while True:
        try:
            return _Batch(store, actor, release, object_name, changes, request, merge, all_or_nothing, note).run()
        except (_NewerRelease, InvalidAnswers, NotFound) as refusal:
            # What this process knows may be old: nothing is refused but by the release in force.
            newest = store.newest_release()
            if newest.number == release.number and not isinstance(refusal, _NewerRelease):
                earlier = _saved_before(store, actor, request)
                if earlier is None:
                    raise
                return earlier
            release = newest


def _request(
    store: OrganisationStore, object_name: str, changes: Sequence[Change], request_key: str | None
) -> Request | None:
    if not request_key:
        return None
    if len(request_key) > _LONGEST_KEY or not request_key.isprintable():
        raise NotPossible(N_("This form was damaged on its way, so it was not saved. Load it again."))
    return Request(request_key, _digest(store, object_name, changes))


def _saved_before(store: OrganisationStore, actor: Actor, request: Request | None) -> BulkResult | None:
    """What today's release refuses may have been saved under an older one by the same request."""
    with store.reading() as connection:
        return _earlier_result(connection, store, actor, request)


def _earlier_result(
    connection: Connection, store: OrganisationStore, actor: Actor, request: Request | None
) -> BulkResult | None:
    if request is None:
        return None
    tx = store.tables.tx
    row = connection.execute(
        select(tx.c.request_digest, tx.c.result).where(tx.c.actor == actor.member, tx.c.request_key == request.key)
    ).one_or_none()
    if row is None:
        return None
    if bytes(row.request_digest) != request.digest:
        raise RequestReused(N_("This form was already saved with other answers. Open the record and change it there."))
    return _result_from(row.result)


def _permit(actor: Actor, changes: Sequence[Change]) -> None:
    if any(change.is_update for change in changes):
        actor.require(Permission.RECORDS_UPDATE)
    if any(not change.is_update for change in changes):
        actor.require(Permission.RECORDS_CREATE)
    # Sensitive answers may be written by everybody who may write; reading them is another permission.


def _digest(store: OrganisationStore, object_name: str, changes: Sequence[Change]) -> bytes:
    """Keyed, because it outlives the answers: a plain hash of few answers could be guessed after an erasure."""
    content = [object_name, [[str(c.record), c.version, sorted(c.values.items())] for c in changes]]
    return bytes.fromhex(store.keys.match_hash("@request", json.dumps(content, default=str)))


class _Batch:
    """One attempt to save under one release."""

    def __init__(
        self,
        store: OrganisationStore,
        actor: Actor,
        release: LiveRelease,
        object_name: str,
        changes: Sequence[Change],
        request: Request | None,
        merge: bool,
        all_or_nothing: bool,
        note: str | None,
    ) -> None:
        self.store = store
        self.actor = actor
        self.release = release
        self.live: LiveObject = release.object(object_name)
        self.request = request
        self.merge = merge
        self.all_or_nothing = all_or_nothing
        self.note = note
        now = datetime.datetime.now(datetime.UTC)
        self.prepared = [
            prepare(self.live, release, actor, position, change, now) for position, change in enumerate(changes)
        ]
        self.refused: dict[int, Refused] = {}

    def run(self) -> BulkResult:
        acceptable = self._acceptable()
        creates = [p for p in acceptable if not p.change.is_update]
        updates = [p for p in acceptable if p.change.is_update]
        give_codes(self.live, creates)
        encode_late = has_sequence(self.live)
        new = encode_all(self.live, [] if encode_late else creates, self.store)
        result = BulkResult()
        with writing(self.store, self.actor, request=self.request, note=self.note) as current:
            began = time.monotonic()
            if current.release != self.release.number:
                raise _NewerRelease
            earlier = _earlier_result(current.connection, self.store, self.actor, self.request)
            if earlier is not None:
                result = earlier
                raise Abandoned
            if encode_late:
                give_running_numbers(current.connection, current.tables, self.live, creates)
            result = self._write(current, creates, updates, new, encode_late)
            if not any(saved.version == current.tx for saved in result.saved.values()):
                raise Abandoned
            current.result = _result_text(result) if self.request else None
        return BulkResult(result.saved, tuple(self.refused.values()), time.monotonic() - began)

    def _acceptable(self) -> list[Prepared]:
        for position, problems in problems_by_position(self.prepared).items():
            self.refused[position] = Refused(position, problems)
        if self.refused and self.all_or_nothing:
            raise InvalidAnswers([problem for refused in self.refused.values() for problem in refused.problems])
        return [p for p in self.prepared if not p.problems]

    def _write(
        self,
        current: Writing,
        creates: list[Prepared],
        updates: list[Prepared],
        new: NewRecords,
        encode_late: bool,
    ) -> BulkResult:
        planner = UpdatePlanner(current.connection, current.tables, self.live, self.store.keys, merge=self.merge)
        planned = planner.plan(updates) if updates else []
        checks = StoreChecks(current.connection, current.tables, self.release, self.live, self.store.keys)
        checks.run([*creates, *updates])
        self._acceptable()
        renumbered = settle_codes(checks, self.live, creates)
        if encode_late or renumbered:
            new = encode_all(self.live, creates, self.store)
        new = without_problems(new, self.store)
        planned = [each for each in planned if not each.prepared.problems]
        saved = self._insert(current, new) | self._update(current, planned)
        return BulkResult(saved)

    def _insert(self, current: Writing, new: NewRecords) -> dict[int, Saved]:
        records = new.records
        if not records:
            return {}
        tx, at, by = current.tx, instant(current.at), self.actor.member
        number = self.live.place.number
        current.add_records([(each.prepared.record, number, each.key.wrapped) for each in records])
        current.add_first_facts(new.facts, [each.encoded.leaves for each in records])
        writer = row_writer(self.live.table, row_plan(self.live).columns, current.connection.dialect)
        writer.write(
            current.connection,
            [
                (p.record, tx, tx, at, by, at, by, p.owner, p.record_type, None, each.encoded.search, *each.encoded.row)
                for each in records
                for p in (each.prepared,)
            ],
        )
        prepared = [each.prepared for each in records]
        return {each.position: Saved(each.record, tx, tuple(each.answers)) for each in prepared}

    def _update(self, current: Writing, planned: list[UpdateOf]) -> dict[int, Saved]:
        table = self.live.table
        saved: dict[int, Saved] = {}
        for each in planned:
            version = each.row["version"]
            if each.facts:
                version = current.tx
                stamp = {"version": version, "updated_at": instant(current.at), "updated_by": self.actor.member}
                current.connection.execute(
                    update(table).where(table.c.id == each.prepared.record).values({**each.columns, **stamp})
                )
            saved[each.prepared.position] = Saved(each.prepared.record, version, tuple(each.changed), each.merged)
        current.add_facts(
            [fact for each in planned for fact in each.facts], [leaf for each in planned for leaf in each.leaves]
        )
        return saved


def _result_text(result: BulkResult) -> str:
    saved = {position: {**asdict(each), "record": str(each.record)} for position, each in result.saved.items()}
    return json.dumps(saved, separators=(",", ":"))


def _result_from(text: str) -> BulkResult:
    saved: Mapping[str, Any] = json.loads(text)
    return BulkResult(
        {
            int(position): Saved(
                uuid.UUID(each["record"]), each["version"], tuple(each["changed"]), tuple(each["merged"])
            )
            for position, each in saved.items()
        }
    )
