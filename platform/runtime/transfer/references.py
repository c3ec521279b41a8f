"""Lookups that a file writes by name or number: found through the planner, a chunk of rows at a time."""

from __future__ import annotations

import re
import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from amparo.metadata.model import Application, FieldDefinition
from amparo.metadata.problems import Problem
from amparo.metadata.wording import BETWEEN_LABELS, N_
from amparo.runtime.access import Actor
from amparo.runtime.releases.live import LiveObject
from amparo.runtime.serializer import AFTER_OBJECT
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.transfer.comparable_texts import comparable
from amparo.runtime.transfer.mapping import ImportMapping
from amparo.runtime.transfer.naming import Ways, labels_of, naming_ways
from amparo.runtime.transfer.record_finding import RecordFinder
from amparo.runtime.transfer.translating import TranslatedRow

#: Colons as keyboards of several scripts write them.
_AFTER_OBJECT = re.compile(f"[{AFTER_OBJECT.strip()}\uff1a\ufe55\ufe13\ua789]")
#: Names that are remembered from chunk to chunk.
_MOST_REMEMBERED = 50_000


class References:
    """Finds the records that one file names."""

    def __init__(self, store: OrganisationStore, actor: Actor, live: LiveObject, mapping: ImportMapping) -> None:
        self._store = store
        self._actor = actor
        application = store.known_release().application
        self._named = {
            column.field: _Named(application, live.definition.by_name[column.field], column.by)
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
            row.problems.append(named.problem(text, bool(records)))

    def _find(self, named: _Named, texts: Iterable[str]) -> dict[str, list[uuid.UUID]]:
        found = {text: [named.known[text]] for text in texts if text in named.known}
        unknown = {text: named.meant(text) for text in set(texts) - found.keys()}
        holders = self._holders(named, unknown)
        # A record may be called “Task: call back” by itself.
        wholes = {text: named.whole(text) for text in unknown if not holders[text]}
        whole = {text: meant for text, meant in wholes.items() if meant != unknown[text]}
        holders |= self._holders(named, whole)
        for text, identifiers in holders.items():
            if len(identifiers) == 1 and len(named.known) < _MOST_REMEMBERED:
                named.known[text] = identifiers[0]
        return found | holders

    def _holders(self, named: _Named, meant: Mapping[str, Mapping[str, str]]) -> defaultdict[str, list[uuid.UUID]]:
        """Text -> the records that it may mean."""
        holders: defaultdict[str, list[uuid.UUID]] = defaultdict(list)
        for definition, field in named.ways:
            written = {text: each[definition.name] for text, each in meant.items() if definition.name in each}
            records = RecordFinder(self._store, self._actor, definition.name, field.name).find(set(written.values()))
            for text, name in written.items():
                holders[text] += [record.id for record in records.get(name, ())]
        return holders


class _Named:
    """One column: the objects it names records of, and by which field of each."""

    def __init__(self, application: Application, field: FieldDefinition, by: str) -> None:
        self._field = field
        self.ways: Ways = naming_ways(application, field)[by]
        self.known: dict[str, uuid.UUID] = {}
        #: What an object is called, in every language, by which a cell may say of which of several a record is.
        self._objects = {
            comparable(text): each.name for each, _ in self.ways for text in (each.name, *labels_of(application, each))
        }

    def meant(self, text: str) -> Mapping[str, str]:
        """What a cell says of a record, by the objects it may be of."""
        before, *rest = _AFTER_OBJECT.split(text, maxsplit=1)
        said = self._objects.get(comparable(before)) if rest and len(self._field.targets) > 1 else None
        return {said: rest[0].strip()} if said else self.whole(text)

    def whole(self, text: str) -> Mapping[str, str]:
        return {each.name: text for each, _ in self.ways}

    def problem(self, text: str, is_ambiguous: bool) -> Problem:
        # Several are told in the organisation's own language: an import does not know that of its reader.
        labels = {field.id: field.label for _, field in self.ways}
        params = {"text": text, "field": BETWEEN_LABELS.join(dict.fromkeys(labels.values()))}
        if len(labels) == 1:
            params |= {"field_id": next(iter(labels))}
        name = self._field.name
        if not is_ambiguous:
            advice = N_("No record has “{text}” as its {field}. Import those records first, or correct the name.")
            return Problem("unknown_record", name, text, advice, params)
        if len(self.ways) == 1:
            advice = N_("Several records have “{text}” as their {field}. Name the record by its number or identifier.")
            return Problem("ambiguous_record", name, text, advice, params)
        advice = N_(
            "Several records are called “{text}”. Write what the record is before its name, as in “{example}”, "
            "or name it by its number or identifier."
        )
        example = f"{self.ways[0][0].label}{AFTER_OBJECT}{text}"
        return Problem("ambiguous_record", name, text, advice, params | {"example": example})
