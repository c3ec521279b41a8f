"""Lines saved in one transaction: each with all the records it speaks of, or not at all."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

from sqlalchemy import select

from amparo.metadata.problems import Problem
from amparo.metadata.wording import N_
from amparo.runtime.access import Actor
from amparo.runtime.errors import Conflict, InvalidBatches, NotFound, NotPossible, StoreBusy
from amparo.runtime.records.ahead import Ahead
from amparo.runtime.records.changes import Batch, BulkResult
from amparo.runtime.records.saving import save_together
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.transfer.import_identity import import_note
from amparo.runtime.transfer.line_parts import LinePart
from amparo.runtime.transfer.lines import Entry, Line, change_of, entries_of
from amparo.runtime.transfer.matching import brought_identifier
from amparo.runtime.transfer.outcomes import Fate

#: How often a chunk is tried whose records somebody changes meanwhile.
_MOST_TRIES = 5


class LineSaver:
    """Saves chunks of lines of one import. What comes of each record is told by its entry.

    ``ahead`` makes the next ones ready meanwhile, of lines of one new record each.
    """

    def __init__(
        self,
        store: OrganisationStore,
        actor: Actor,
        parts: Sequence[LinePart],
        identity: uuid.UUID,
        ahead: Ahead | None = None,
    ) -> None:
        self._store = store
        self._ahead = ahead
        self._actor = actor
        self._parts = parts
        self._note = import_note(identity)

    def made_before(self, entries: Sequence[Entry]) -> frozenset[uuid.UUID]:
        """The records that an earlier run of the same import made of these."""
        candidates = {entry.own_record for entry in entries}
        candidates |= {brought for entry in entries if (brought := brought_identifier(entry.part.mapping, entry.row))}
        record, tx = self._store.tables.record, self._store.tables.tx
        query = select(record.c.id).join(tx, tx.c.id == record.c.created_tx)
        with self._store.reading() as connection:
            found = connection.scalars(query.where(record.c.id.in_(candidates), tx.c.note == self._note))
            return frozenset(found)

    def save(self, lines: Sequence[Line], match: Callable[[Sequence[Entry]], None]) -> float | None:
        """For how many seconds the head was held; None where nothing was left to save.

        Where somebody changed a record between its being found and its being saved, ``match`` finds it again.
        """
        tries = 0
        while entries := self._to_write(lines):
            by_part: dict[str, list[Entry]] = defaultdict(list)
            for entry in entries:
                by_part[entry.part.name].append(entry)
            batches = [by_part[part.name] for part in self._parts if part.name in by_part]
            try:
                return self._saved(batches)
            except InvalidBatches as refusal:
                # What is refused takes its lines along, and what they would have made first is made by other lines.
                for batch, problems in zip(batches, refusal.batches, strict=True):
                    _refuse(batch, problems)
            except (Conflict, NotFound, NotPossible):
                tries += 1
                if tries == _MOST_TRIES:
                    raise StoreBusy(N_("Others change the same records all the time. Try again.")) from None
                match(entries)
        return None

    def _to_write(self, lines: Sequence[Line]) -> list[Entry]:
        return [entry for entry in entries_of(line for line in lines if line.is_good) if entry.is_pending]

    def _saved(self, batches: Sequence[Sequence[Entry]]) -> float:
        results = save_together(
            self._store,
            self._actor,
            [Batch(batch[0].part.name, [change_of(entry) for entry in batch]) for batch in batches],
            # Lines of one record each need not wait for one another.
            all_or_nothing=len(self._parts) > 1,
            note=self._note,
            ahead=self._ahead,
        )
        for batch, result in zip(batches, results, strict=True):
            _refuse(batch, {each.position: each.problems for each in result.refused})
            _settle(batch, result)
        return results[0].lock_seconds


def _refuse(batch: Sequence[Entry], problems: Mapping[int, Sequence[Problem]]) -> None:
    for place, found in problems.items():
        # A record that another run of this import saved meanwhile is none to correct.
        if batch[place].row.brought is None and any(problem.kind == "identifier_taken" for problem in found):
            batch[place].fate = Fate.CREATED
        else:
            batch[place].refusals = tuple(found)


def _settle(batch: Sequence[Entry], result: BulkResult) -> None:
    for place, saved in result.saved.items():
        entry = batch[place]
        if entry.row.version is None:
            entry.fate = Fate.CREATED
        else:
            entry.fate = Fate.UPDATED if saved.changed else Fate.UNCHANGED
