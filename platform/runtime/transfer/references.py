"""Lookups that a file writes by name or number: found through the planner, a chunk of rows at a time."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence

from amparo.metadata.problems import Problem
from amparo.metadata.wording import N_
from amparo.runtime.access import Actor
from amparo.runtime.releases.live import LiveObject
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.transfer.mapping import ImportMapping
from amparo.runtime.transfer.record_finding import RecordFinder
from amparo.runtime.transfer.translating import TranslatedRow

#: Names that are remembered from chunk to chunk.
_MOST_REMEMBERED = 50_000


class References:
    """Finds the records that one file names."""

    def __init__(self, store: OrganisationStore, actor: Actor, live: LiveObject, mapping: ImportMapping) -> None:
        self._store = store
        self._actor = actor
        self._named = {
            column.field: _Named(live.definition.by_name[column.field].options["object"], column.by)
            for column in mapping.columns.values()
            if column.by is not None and column.field in live.definition.by_name
        }

    def resolve(self, rows: Sequence[TranslatedRow]) -> None:
        """Puts identifiers in the place of names, or a problem beside them."""
        for name, named in self._named.items():
            # A reason is text to Python too, and stays.
            waiting = [row for row in rows if type(row.values.get(name)) is str]
            texts = {row.values[name].strip() for row in waiting} - {""}
            found = self._find(named, texts)
            for row in waiting:
                self._put(row, name, named, found)

    def _put(self, row: TranslatedRow, name: str, named: _Named, found: dict[str, list[uuid.UUID]]) -> None:
        text = row.values.pop(name).strip()
        records = found.get(text, [])
        if not text:
            row.values[name] = None
        elif len(records) == 1:
            row.values[name] = records[0]
        else:
            row.problems.append(_problem(name, text, named, bool(records)))

    def _find(self, named: _Named, texts: Iterable[str]) -> dict[str, list[uuid.UUID]]:
        found = {text: [named.known[text]] for text in texts if text in named.known}
        finder = RecordFinder(self._store, self._actor, named.object, named.by)
        for text, records in finder.find(set(texts) - found.keys()).items():
            found[text] = [record.id for record in records]
            if len(records) == 1 and len(named.known) < _MOST_REMEMBERED:
                named.known[text] = records[0].id
        return found


class _Named:
    """One column: the object it names records of, and by which field."""

    def __init__(self, object_name: str, by: str) -> None:
        self.object = object_name
        self.by = by
        self.known: dict[str, uuid.UUID] = {}


def _problem(name: str, text: str, named: _Named, is_ambiguous: bool) -> Problem:
    params = {"text": text, "field": named.by}
    if is_ambiguous:
        advice = N_("Several records have “{text}” as their {field}. Name the record by its number or identifier.")
        return Problem("ambiguous_record", name, text, advice, params)
    advice = N_("No record has “{text}” as its {field}. Import those records first, or correct the name.")
    return Problem("unknown_record", name, text, advice, params)
