"""Records that a file names by a field of theirs: found through the planner, a chunk of rows at a time."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace

from amparo.metadata.fields.base import Rejected
from amparo.metadata.fields.lookup import read_identifier
from amparo.metadata.fields.registry import field_type
from amparo.metadata.model import FieldDefinition, FilterRow, ObjectDefinition
from amparo.runtime.access import Actor
from amparo.runtime.planner.lists import list_page
from amparo.runtime.planner.queries import LARGEST_PAGE, ListQuery
from amparo.runtime.serializer import Record
from amparo.runtime.stores.organisation import OrganisationStore

_ASKED_AT_ONCE = 500
#: Families of fields by whose values records can be looked up, many at once.
TELLING_FAMILIES = ("text", "integer")
#: Stands for a record's own identifier where a field may be named.
IDENTIFIER = "id"


def identifying_fields(definition: ObjectDefinition) -> list[FieldDefinition]:
    """The fields of which no two records hold the same value: unique ones, and the record's number."""
    return [
        each
        for each in definition.active_fields
        if field_type(each.type).family in TELLING_FAMILIES and (each.unique or each.name == definition.number_field)
    ]


class RecordFinder:
    """Finds records of one object by one field, or by their identifier."""

    def __init__(self, store: OrganisationStore, actor: Actor, object_name: str, by: str) -> None:
        self._store = store
        self._actor = actor
        self._object = object_name
        self._by = by

    def find(self, texts: Iterable[str]) -> dict[str, list[Record]]:
        """Text -> the records that hold it, as the field understands the text; a text it refuses finds none."""
        keys = {text: key for text in texts if (key := self._key(text)) is not None}
        wanted = sorted(set(keys.values()))
        holders: dict[str, list[Record]] = defaultdict(list)
        columns = () if self._by == IDENTIFIER else (self._by,)
        for start in range(0, len(wanted), _ASKED_AT_ONCE):
            for record in self._records(self._by, wanted[start : start + _ASKED_AT_ONCE], columns):
                holders[self._key_of(record)].append(record)
        return {text: holders[key] for text, key in keys.items() if key in holders}

    def identified(self, identifiers: Iterable[uuid.UUID], columns: Sequence[str]) -> Iterator[Record]:
        """Those of these records that are there, with the answers of these columns."""
        wanted = sorted({str(each) for each in identifiers})
        for start in range(0, len(wanted), _ASKED_AT_ONCE):
            yield from self._records(IDENTIFIER, wanted[start : start + _ASKED_AT_ONCE], columns)

    def _field(self) -> FieldDefinition:
        return self._store.known_release().object(self._object).definition.by_name[self._by]

    def _key(self, text: str) -> str | None:
        with suppress(Rejected):
            if self._by == IDENTIFIER:
                identifier = read_identifier(text)
                return str(identifier) if identifier else None
            field = self._field()
            kind = field_type(field.type)
            if kind.generated:
                return text.strip() or None
            value = kind.coercer(field, self._store.known_release().context)(text.strip())
            return None if value is None else kind.to_text(field, value)
        return None

    def _key_of(self, record: Record) -> str:
        if self._by == IDENTIFIER:
            return str(record.id)
        field = self._field()
        return field_type(field.type).to_text(field, record.answers[self._by])

    def _records(self, by: str, keys: Sequence[str], columns: Sequence[str]) -> Iterator[Record]:
        query = ListQuery(self._object, tuple(columns), (FilterRow(by, "one_of", list(keys)),), limit=LARGEST_PAGE)
        while True:
            page = list_page(self._store, self._actor, query)
            yield from page.records
            if page.next is None:
                return
            query = replace(query, after=page.next)


def only(records: Sequence[Record]) -> uuid.UUID | None:
    """The one record there is."""
    return records[0].id if len(records) == 1 else None
