"""The save pipeline: every write of answers, from every channel, comes through :func:`save` or :func:`save_together`.

Permit, coerce and encode first; then take the head, check what only the store
knows, and write head, ledger and projection in one transaction (DESIGN D5).
What is done for the records of one object: ``records.parts``.
"""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, select

from amparo.metadata.file_references import FileReference
from amparo.metadata.wording import N_
from amparo.runtime.access import Actor, Permission
from amparo.runtime.errors import InvalidAnswers, InvalidBatches, NotFound, NotPossible, RequestReused
from amparo.runtime.ledger.writing import Abandoned, Request, Writing, writing
from amparo.runtime.records.ahead import Ahead
from amparo.runtime.records.changes import Batch, BulkResult, Change, Saved
from amparo.runtime.records.parts import Part
from amparo.runtime.releases.live import LiveRelease
from amparo.runtime.roll_ups.keeping import Touched
from amparo.runtime.stores.organisation import OrganisationStore

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
    ahead: Ahead | None = None,
) -> BulkResult:
    """Creates and updates records of one object in one transaction.

    With ``all_or_nothing`` any problem raises :class:`InvalidAnswers` and
    nothing is kept; without, records with problems come back refused and the
    others are kept. ``merge`` keeps what others changed meanwhile where it
    does not clash. ``request_key`` makes a repeated call return the first
    result. ``ahead`` makes ready what will be saved next, where this one has
    to wait. Raises :class:`Conflict`, :class:`NotFound`,
    :class:`NotPermitted`, :class:`RequestReused`.
    """
    batches = (Batch(object_name, changes),)
    (result,) = save_together(
        store,
        actor,
        batches,
        request_key=request_key,
        merge=merge,
        all_or_nothing=all_or_nothing,
        note=note,
        ahead=ahead,
    )
    return result


def save_together(
    store: OrganisationStore,
    actor: Actor,
    batches: Sequence[Batch],
    *,
    request_key: str | None = None,
    merge: bool = False,
    all_or_nothing: bool = True,
    note: str | None = None,
    ahead: Ahead | None = None,
) -> tuple[BulkResult, ...]:
    """Saves records of several objects in one transaction: a case with its rows of services.

    Batches are written in their order, so masters come before their details;
    a record may refer to one that an earlier batch creates under an identifier
    of the caller's. With ``all_or_nothing`` any problem raises
    :class:`InvalidBatches`, which says whose it is. Otherwise as :func:`save`,
    ``ahead`` being for the object of the only batch.
    """
    for batch in batches:
        _permit(actor, batch)
    request = _request(store, batches, request_key)
    release = store.known_release()
    while True:
        try:
            parts = [Part(store, actor, release, batch, merge=merge, ahead=ahead) for batch in batches]
            return _Attempt(store, actor, release, parts, request, all_or_nothing, note, ahead).run()
        except (_NewerRelease, InvalidAnswers, NotFound) as refusal:
            # What this process knows may be old: nothing is refused but by the release and the places of now.
            newest = store.newest_release()
            if newest is release and not isinstance(refusal, _NewerRelease):
                earlier = _saved_before(store, actor, request)
                if earlier is None:
                    raise
                return earlier
            release = newest


def _request(store: OrganisationStore, batches: Sequence[Batch], request_key: str | None) -> Request | None:
    if not request_key:
        return None
    if len(request_key) > _LONGEST_KEY or not request_key.isprintable():
        raise NotPossible(N_("This form was damaged on its way, so it was not saved. Load it again."))
    return Request(request_key, _digest(store, batches))


def _saved_before(store: OrganisationStore, actor: Actor, request: Request | None) -> tuple[BulkResult, ...] | None:
    """What today's release refuses may have been saved under an older one by the same request."""
    with store.reading() as connection:
        return _earlier_result(connection, store, actor, request)


def _earlier_result(
    connection: Connection, store: OrganisationStore, actor: Actor, request: Request | None
) -> tuple[BulkResult, ...] | None:
    if request is None:
        return None
    tx = store.tables.tx
    row = connection.execute(
        select(tx.c.request_digest, tx.c.result).where(tx.c.actor == actor.member, tx.c.request_key == request.key)
    ).one_or_none()
    if row is None:
        return None
    results = _result_from(row.result)
    if bytes(row.request_digest) != request.digest:
        first = next((saved.record for result in results for saved in result.saved.values()), None)
        advice = N_("This form was already saved with other answers. Open the record and change it there.")
        raise RequestReused(advice, first)
    return results


def _permit(actor: Actor, batch: Batch) -> None:
    if any(change.is_update for change in batch.changes):
        actor.require(Permission.RECORDS_UPDATE)
    if any(not change.is_update for change in batch.changes):
        actor.require(Permission.RECORDS_CREATE)
    if batch.removed:
        actor.require(Permission.RECORDS_DELETE)
    # Sensitive answers may be written by everybody who may write; reading them is another permission.


def _digest(store: OrganisationStore, batches: Sequence[Batch]) -> bytes:
    """Keyed, because it outlives the answers: a plain hash of few answers could be guessed after an erasure."""
    content = [
        [
            batch.object_name,
            [[str(c.record), c.version, sorted(c.values.items())] for c in batch.changes],
            batch.removed,
        ]
        for batch in batches
    ]
    return bytes.fromhex(store.keys.match_hash("@request", json.dumps(content, default=_digest_form)))


def _digest_form(value: Any) -> Any:
    """A file that was sent again with the same form is another upload of the same content."""
    return value.content_is if isinstance(value, FileReference) else str(value)


class _Attempt:
    """One attempt to save under one release."""

    def __init__(
        self,
        store: OrganisationStore,
        actor: Actor,
        release: LiveRelease,
        parts: Sequence[Part],
        request: Request | None,
        all_or_nothing: bool,
        note: str | None,
        ahead: Ahead | None,
    ) -> None:
        self.store = store
        self.actor = actor
        self.release = release
        self.parts = parts
        self.request = request
        self.all_or_nothing = all_or_nothing
        self.note = note
        self.ahead = ahead

    def run(self) -> tuple[BulkResult, ...]:
        self._require_sound()
        for part in self.parts:
            part.make_ready()
        results: tuple[BulkResult, ...] = ()
        work = self.ahead.make_some_ready if self.ahead else None
        with writing(self.store, self.actor, request=self.request, note=self.note, meanwhile=work) as current:
            began = time.monotonic()
            if current.release != self.release.number:
                raise _NewerRelease
            earlier = _earlier_result(current.connection, self.store, self.actor, self.request)
            if earlier is not None:
                results = earlier
                raise Abandoned
            results = self._write(current)
            if not any(result.has_changed(current.tx) for result in results):
                raise Abandoned
            current.result = _result_text(results) if self.request else None
        seconds = time.monotonic() - began
        for part, result in zip(self.parts, results, strict=True):
            part.settle(result)
        return tuple(
            BulkResult(result.saved, part.refused, seconds, result.removed)
            for result, part in zip(results, self.parts, strict=True)
        )

    def _write(self, current: Writing) -> tuple[BulkResult, ...]:
        arriving: dict[str, dict[uuid.UUID, Mapping[str, Any]]] = {}
        for part in self.parts:
            part.check(current, arriving)
            arriving.setdefault(part.live.name, {}).update(part.coming)
        self._require_sound()
        if all(part.is_short for part in self.parts):
            current.ask_no_more()
        touched = Touched(current.connection, self.store, self.release)
        results = tuple([part.write(current, touched) for part in self.parts])
        touched.bring_up_to_date()
        return results

    def _require_sound(self) -> None:
        if not self.all_or_nothing or not any(part.refused for part in self.parts):
            return
        raise InvalidBatches([{each.position: each.problems for each in part.refused} for part in self.parts])


def _result_text(results: Sequence[BulkResult]) -> str:
    content = [
        {
            "saved": {
                position: {**asdict(each), "record": str(each.record)} for position, each in result.saved.items()
            },
            "removed": result.removed,
        }
        for result in results
    ]
    return json.dumps(content, separators=(",", ":"))


def _result_from(text: str) -> tuple[BulkResult, ...]:
    content: Sequence[Mapping[str, Any]] = json.loads(text)
    return tuple(
        BulkResult(
            {
                int(position): Saved(
                    uuid.UUID(each["record"]), each["version"], tuple(each["changed"]), tuple(each["merged"])
                )
                for position, each in result["saved"].items()
            },
            removed=result["removed"],
        )
        for result in content
    )
