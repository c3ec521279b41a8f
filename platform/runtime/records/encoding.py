"""Answers made into the ledger's texts and the projection's columns, and columns made into answers again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from amparo.metadata.fields.base import Answer, Value
from amparo.metadata.missing import Missing
from amparo.metadata.model import FieldDefinition
from amparo.metadata.partial_dates import PartialDate
from amparo.runtime.collation.keys import KEY_LENGTH, sort_key
from amparo.runtime.keys import OrganisationKeys, RecordKey
from amparo.runtime.ledger.facts import Fact, LeafParts, first_leaf_content, leaf_content, leaf_opening, leaf_run
from amparo.runtime.ledger.first_values import FirstFacts, FirstValue, FirstValues
from amparo.runtime.releases.live import LiveObject
from amparo.runtime.searching import normalised
from amparo.runtime.stores.projection import FieldPlace
from amparo.runtime.stores.tables import RESERVED_FIELDS

#: Columns every projection row begins with, before its fields'.
SYSTEM_COLUMNS = (
    "id", "version", "created_tx", "created_at", "created_by", "updated_at", "updated_by",
    "owner", "record_type", "deleted_tx",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sealed:
    """A sensitive value as the store holds it. Only ``runtime.serializer`` opens it, for those who may read it."""

    text: str


@dataclass(frozen=True, slots=True)
class EncodedField:
    """One answer ready to be kept: its ledger text or reason, and its columns by name."""

    text: str | None
    missing: str | None
    columns: Mapping[str, Any]


def encode_field(place: FieldPlace, answer: Answer, keys: OrganisationKeys, record_key: RecordKey) -> EncodedField:
    """Blank answers give blank columns, so that an update can clear a field."""
    text: str | None = None
    missing: str | None = None
    if isinstance(answer, Missing):
        missing, answer = answer.value, None
    elif answer is not None:
        text = place.type.to_text(place.field, answer)
    columns: dict[str, Any] = {place.column_name: text if place.storage.is_kept_as_text else answer}
    if place.has_reasons:
        columns[place.missing_column] = missing
    if place.has_key:
        columns[place.key_column] = search_key(place, answer)
    if place.has_days:
        columns |= day_columns(place, answer)
    if place.sensitive:
        columns[place.match_column] = keys.match_hash(place.id, text) if text is not None else None
        text = columns[place.column_name] = record_key.seal_text(text, place.id) if text is not None else None
    return EncodedField(text, missing, columns)


def columns_from_text(
    place: FieldPlace, text: str | None, missing: str | None, keys: OrganisationKeys, record_key: RecordKey
) -> dict[str, Any]:
    """The projection's columns for what the ledger holds: how a projection is rebuilt."""
    if text is not None and place.sensitive:
        plain = record_key.unseal_text(text, place.id)
        columns = {place.column_name: text, place.match_column: keys.match_hash(place.id, plain)}
        return columns | ({place.missing_column: missing} if place.has_reasons else {})
    answer: Answer = Missing(missing) if missing else None
    if text is not None:
        answer = place.type.from_text(place.field, text)
    return dict(encode_field(place, answer, keys, record_key).columns)


def search_key(place: FieldPlace, value: Value | None) -> str | None:
    """What filters look into and lists are sorted by: a sort key, or the normalised text of what has no order.

    :func:`normalised_part` takes the normalised text out of both.
    """
    if value is None:
        return None
    text = place.type.search_text(place.field, value)
    return sort_key(text, place.alphabet) if place.type.sortable else normalised(text)[:KEY_LENGTH]


def day_columns(place: FieldPlace, value: Value | None) -> dict[str, dt.date | None]:
    """The first and the last day of a partly known date."""
    if isinstance(value, PartialDate):
        return {place.first_column: value.first, place.last_column: value.last}
    return {place.first_column: None, place.last_column: None}


def answer_from(place: FieldPlace, row: Mapping[str, Any]) -> Answer | Sealed:
    """The answer a projection row holds."""
    value = row[place.column_name]
    if value is None:
        reason = row[place.missing_column] if place.has_reasons else None
        return Missing(reason) if reason else None
    if place.sensitive:
        return Sealed(value)
    if place.storage.is_kept_as_text:
        return place.type.from_text(place.field, value)
    return value  # type: ignore[no-any-return]


def kept_text(place: FieldPlace, row: Mapping[str, Any]) -> tuple[str | None, str | None]:
    """The ledger text and missing reason a projection row stands for: the ``old`` of the next fact."""
    answer = answer_from(place, row)
    if isinstance(answer, Missing):
        return None, answer.value
    if isinstance(answer, Sealed):
        return answer.text, None
    return (None if answer is None else place.type.to_text(place.field, answer)), None


#: Families of fields that give the same few answers again and again, and how many answers of a field are remembered.
_REPEATING, _MOST_REMEMBERED = frozenset({"code", "boolean", "date", "integer"}), 4096


#: What an answer becomes: the first value, its part and the content of its leaf.
_Kept = tuple[FirstValue, Any, bytes]


class _Plan(NamedTuple):
    """How one field is encoded. ``is_plain``: its answer is its column, and it has no companion but the reason's.

    ``known``: answers met before, and what each became.
    """

    name: str
    place: FieldPlace
    number: int
    definition: FieldDefinition
    to_text: Callable[[FieldDefinition, Any], str]
    leaf_opening: bytes
    is_plain: bool
    column: int
    reason: int
    known: dict[Answer, _Kept] | None


class EncodedRecord(NamedTuple):
    """A new record for the ledger (``values``, ``leaves``) and the field part of its row."""

    values: FirstValues
    leaves: LeafParts
    row: list[Any]


class RowPlan:
    """Encodes whole new records fast: positions are worked out once per object and release."""

    def __init__(self, live: LiveObject, facts: FirstFacts) -> None:
        self._part = facts.part
        self.columns = tuple(column.name for column in live.table.columns)
        offset = len(SYSTEM_COLUMNS)
        self.width = len(self.columns) - offset
        self._at = {name: number - offset for number, name in enumerate(self.columns)}
        # In the order of field numbers, in which the leaves of a transaction are hashed.
        places = sorted(live.fields.values(), key=lambda place: place.number)
        self._plans = [_plan(p, self._at) for p in places if not p.field.retired and not p.field.is_computed]

    def positions(self, columns: Iterable[str]) -> list[tuple[str, int]]:
        """Where columns of fields stand in an encoded row."""
        return [(column, self._at[column]) for column in columns]

    def encode(
        self,
        answers: Mapping[str, Answer],
        keys: OrganisationKeys,
        record_key: RecordKey,
        reserved: Sequence[tuple[int, str]] = (),
    ) -> EncodedRecord:
        """``reserved`` are the texts of reserved fields, in the order of their numbers."""
        part_of = self._part
        all_kept: list[_Kept] = [
            ((number, text, None), part_of((number, text, None)), first_leaf_content(_RESERVED_OPENINGS[number], text))
            for number, text in reserved
        ]
        row: list[Any] = [None] * self.width
        # Taken apart at once: this runs for every answer of an import.
        for name, place, number, definition, to_text, opening, is_plain, column, reason, known in self._plans:
            answer = answers.get(name)
            if answer is None:
                continue
            if type(answer) is Missing:
                row[reason] = answer.value
                kept: _Kept | None = self._kept_reason(place, answer, record_key)
            else:
                row[column] = answer
                kept = known.get(answer) if known is not None else None
            if kept is None:
                text = to_text(definition, answer)
                if not is_plain:
                    text = self._fill_companions(row, place, answer, text, keys, record_key)
                value = (number, text, None)
                kept = value, part_of(value), first_leaf_content(opening, text)
                if known is not None and len(known) < _MOST_REMEMBERED:
                    known[answer] = kept
            all_kept.append(kept)
        values, parts, contents = zip(*all_kept, strict=True) if all_kept else ((), (), ())
        first = values[0][0] if values else 0
        record = record_key.record
        leaves = record.bytes, first, leaf_run(record_key.leaf_key, contents)
        return EncodedRecord(FirstValues(record, values, parts), leaves, row)

    def _kept_reason(self, place: FieldPlace, reason: Missing, record_key: RecordKey) -> _Kept:
        value = (place.number, None, reason.value)
        fact = Fact(record_key.record, place.number, None, None, reason.value, None)
        return value, self._part(value), leaf_content(place.id, fact)

    def _fill_companions(
        self,
        row: list[Any],
        place: FieldPlace,
        answer: Value,
        text: str,
        keys: OrganisationKeys,
        record_key: RecordKey,
    ) -> str:
        """The columns beside the answer's own and those that hold texts; gives the text that the ledger keeps."""
        at = self._at
        if place.sensitive:
            row[at[place.match_column]] = keys.match_hash(place.id, text)
            text = record_key.seal_text(text, place.id)
        if place.sensitive or place.storage.is_kept_as_text:
            row[at[place.column_name]] = text
        if place.has_key:
            row[at[place.key_column]] = search_key(place, answer)
        if place.has_days:
            for name, day in day_columns(place, answer).items():
                row[at[name]] = day
        return text


def _plan(place: FieldPlace, at: Mapping[str, int]) -> _Plan:
    is_plain = not (place.sensitive or place.has_key or place.storage.is_kept_as_text)
    return _Plan(
        place.field.name,
        place,
        place.number,
        place.field,
        place.type.to_text,
        leaf_opening(place.id),
        is_plain,
        at[place.column_name],
        at.get(place.missing_column, -1),
        {} if is_plain and place.type.family in _REPEATING else None,
    )


_RESERVED_OPENINGS = {number: leaf_opening(name) for number, name in RESERVED_FIELDS.items()}


@lru_cache(maxsize=1024)
def row_plan(live: LiveObject, facts: FirstFacts) -> RowPlan:
    """The plan of an object under one release, for the database that takes the facts."""
    return RowPlan(live, facts)
