"""Answers made into the ledger's texts and the projection's columns, and columns made into answers again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from amparo.metadata.fields.base import Answer, Storage
from amparo.metadata.missing import Missing
from amparo.runtime.keys import OrganisationKeys, RecordKey
from amparo.runtime.releases.live import LiveObject
from amparo.runtime.searching import normalised
from amparo.runtime.stores.projection import FieldPlace

#: Longest normalised text kept for search and sorting; PostgreSQL's index entries must stay under 2,700 bytes.
KEY_LENGTH = 500

#: Columns every projection row begins with, before its fields'.
SYSTEM_COLUMNS = (
    "id", "version", "created_tx", "created_at", "created_by", "updated_at", "updated_by",
    "owner", "record_type", "deleted_tx", "search",
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
    columns: dict[str, Any] = {place.column_name: text if place.storage is Storage.CODES else answer}
    if place.has_reasons:
        columns[place.missing_column] = missing
    if place.has_key:
        columns[place.key_column] = search_key(text)
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


def search_key(text: str | None) -> str | None:
    return normalised(text)[:KEY_LENGTH] if text is not None else None


def search_text(keys: Sequence[str | None]) -> str | None:
    """The record's search text from its fields' keys."""
    return "\n".join(key for key in keys if key) or None


def search_key_columns(live: LiveObject) -> list[str]:
    """In the order of field numbers, so that a release that only moves fields leaves every row as it is."""
    searched = [place for place in live.fields.values() if place.has_key and not place.field.retired]
    return [place.key_column for place in sorted(searched, key=lambda place: place.number)]


def answer_from(place: FieldPlace, row: Mapping[str, Any]) -> Answer | Sealed:
    """The answer a projection row holds."""
    value = row[place.column_name]
    if value is None:
        reason = row[place.missing_column] if place.has_reasons else None
        return Missing(reason) if reason else None
    if place.sensitive:
        return Sealed(value)
    if place.storage is Storage.CODES:
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


#: (place, to_text, position of the column, of the reason, of the key, of the match hash; -1 where there is none)
_Plan = tuple[FieldPlace, Callable[[Any, Any], str], int, int, int, int]


class RowPlan:
    """Encodes whole new records fast: positions are worked out once per object and release."""

    def __init__(self, live: LiveObject) -> None:
        self.columns = tuple(column.name for column in live.table.columns)
        offset = len(SYSTEM_COLUMNS)
        self.width = len(self.columns) - offset
        at = {name: number - offset for number, name in enumerate(self.columns)}
        self._plans: dict[str, _Plan] = {
            name: (
                place,
                place.type.to_text,
                at[place.column_name],
                at.get(place.missing_column, -1),
                at.get(place.key_column, -1),
                at.get(place.match_column, -1),
            )
            for name, place in live.fields.items()
        }
        self._key_positions = [at[column] for column in search_key_columns(live)]

    def encode(
        self, answers: Mapping[str, Answer], keys: OrganisationKeys, record_key: RecordKey
    ) -> tuple[list[tuple[FieldPlace, str | None, str | None]], list[Any], str | None]:
        """Texts for the ledger as (place, text, missing), the field part of the row, and its search text."""
        texts: list[tuple[FieldPlace, str | None, str | None]] = []
        row: list[Any] = [None] * self.width
        for name, answer in answers.items():
            if answer is None:
                continue
            place, to_text, column, reason, key, match = self._plans[name]
            if type(answer) is Missing:
                row[reason] = answer.value
                texts.append((place, None, answer.value))
                continue
            text = to_text(place.field, answer)
            row[column] = answer
            if match >= 0:
                row[match] = keys.match_hash(place.id, text)
                row[column] = text = record_key.seal_text(text, place.id)
            elif place.storage is Storage.CODES:
                row[column] = text
            if key >= 0:
                row[key] = search_key(text)
            texts.append((place, text, None))
        return texts, row, search_text([row[position] for position in self._key_positions])


@lru_cache(maxsize=1024)
def row_plan(live: LiveObject) -> RowPlan:
    """The plan of an object under one release."""
    return RowPlan(live)
