"""Rows that speak of records which are there already: found by a field of which no two hold the same value."""

from __future__ import annotations

import uuid
from collections.abc import Sequence, Set
from contextlib import suppress

from amparo.metadata.fields.base import Rejected
from amparo.metadata.fields.lookup import read_identifier
from amparo.metadata.problems import Problem
from amparo.metadata.wording import N_
from amparo.runtime.access import Actor
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.transfer.held_answers import leave_what_is_held
from amparo.runtime.transfer.mapping import ImportMapping, Match, WhenFound, WhenMissing
from amparo.runtime.transfer.record_finding import IDENTIFIER, RecordFinder
from amparo.runtime.transfer.translating import TranslatedRow


class Matching:
    """Decides for each row of one file whether it makes, changes or passes over a record."""

    def __init__(self, store: OrganisationStore, actor: Actor, object_name: str, match: Match) -> None:
        self._match = match
        self._store, self._object = store, object_name
        self._finder = RecordFinder(store, actor, object_name, match.field)
        #: Key -> the row that had it first.
        self._first_rows: dict[str, int] = {}
        self._made: Set[uuid.UUID] = frozenset()
        self._before: Set[int] = frozenset()

    def go_on_after(self, made: Set[uuid.UUID], transactions: Set[int]) -> None:
        """What an earlier run of the same import made of the next rows, and its transactions: nobody else's work."""
        self._made, self._before = made, transactions

    def decide(self, rows: Sequence[TranslatedRow]) -> None:
        """Gives rows their record and its present version, or a problem. May be asked again of the same rows."""
        found = self._finder.find({row.key for row in rows if row.key})
        for row in rows:
            if row.key and self._match.field == IDENTIFIER and _identifier(self._match, row.key) is None:
                # Taken for a record that is not there yet, it would make a second one.
                self._refuse(row, "not_a_record", _DAMAGED)
                continue
            if row.key and (first := self._first_rows.setdefault(row.key, row.number)) != row.number:
                advice = N_("Row {first} of this file has the same “{field}”. Put the two together.")
                self._refuse(row, "twice_in_file", advice, first=first)
                continue
            records = found.get(row.key, [])
            if records:
                self._found(row, records[0].id, records[0].version)
            else:
                self._missing(row)
        live = self._store.known_release().object(self._object)
        leave_what_is_held(live, self._finder, [row for row in rows if not row.is_unmatched])

    def _found(self, row: TranslatedRow, record: uuid.UUID, version: int) -> None:
        is_own = record in self._made or version in self._before
        when_found = WhenFound.UPDATE if is_own else self._match.when_found
        if when_found is WhenFound.REFUSE:
            self._refuse(row, "record_exists", N_("A record with this “{field}” is there already."))
        elif when_found is WhenFound.SKIP:
            row.is_skipped, row.record = True, record
        elif when_found is WhenFound.UPDATE_UNCHANGED and row.seen is None:
            self._refuse(row, "record_exists", _NOT_SEEN)
        elif when_found is WhenFound.UPDATE_UNCHANGED and version != row.seen:
            self._refuse(row, "changed_since", _CHANGED_SINCE)
        else:
            row.record, row.version = record, version
            if not self._match.blank_clears:
                row.values = {name: value for name, value in row.values.items() if value is not None}

    def _missing(self, row: TranslatedRow) -> None:
        row.record = row.version = row.brought = None
        if self._match.when_missing is WhenMissing.REFUSE:
            self._refuse(row, "record_missing", N_("There is no record with this “{field}”."))
        elif self._match.when_missing is WhenMissing.SKIP:
            row.is_skipped = True
        else:
            row.brought = _identifier(self._match, row.key)

    def _refuse(self, row: TranslatedRow, kind: str, advice: str, **params: object) -> None:
        params |= {"field": self._match.field}
        row.is_unmatched = True
        row.problems.append(Problem(kind, self._match.field, row.key, advice, params))


_NOT_SEEN = N_(
    "A record with this “{field}” is there already, and the file does not say whether it was changed since. Export it "
    "again, or choose that the file changes it all the same."
)
_CHANGED_SINCE = N_(
    "This record was changed since this file was made. Export it again and make your changes there, or choose that the "
    "file changes it all the same."
)
_DAMAGED = N_(
    "This is no whole identifier, which has 36 characters. Copy it again from the export, or leave the cell empty for "
    "a new record."
)


def brought_identifier(mapping: ImportMapping, row: TranslatedRow) -> uuid.UUID | None:
    """The identifier that a new record of a row brings along; None where it gets one of its own."""
    return _identifier(mapping.match, row.key) if mapping.match else None


def _identifier(match: Match, key: str) -> uuid.UUID | None:
    """The record of another organisation keeps its identifier, so that others still point to it."""
    with suppress(Rejected):
        return read_identifier(key) if match.field == IDENTIFIER else None
    return None
