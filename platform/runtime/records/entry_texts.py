"""What a record is found by: the texts of its search entry, made of its row."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from amparo.metadata.fields.base import Storage
from amparo.metadata.missing import Missing
from amparo.runtime.collation.keys import KEY_LENGTH, normalised_part
from amparo.runtime.records.encoding import Sealed, answer_from
from amparo.runtime.releases.live import LiveObject
from amparo.runtime.searching import normalised
from amparo.runtime.stores.projection import FieldPlace

#: Longest normalised text of a field that is searched; what stands behind is not.
LONGEST_SEARCHED = 20_000
#: Longest part of a name or a number; PostgreSQL's index entries must stay under 2,700 bytes.
_LONGEST_NAME, _LONGEST_NUMBER = 400, 100


class EntryTexts(NamedTuple):
    """Normalised texts. ``name``: each naming text on a line, between line ends; ``words``: the other searched ones.

    Line ends on both sides make beginning, end and whole of a name plain to compare.
    """

    name: str
    words: str


class SearchedFields(NamedTuple):
    """The fields an object's records are found by; sensitive ones never are."""

    naming: tuple[FieldPlace, ...]
    others: tuple[FieldPlace, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that :func:`entry_texts` looks at."""
        places = (*self.naming, *self.others)
        companions = [place.key_column for place in places if place.has_key]
        return (*(place.column_name for place in places), *companions)


@lru_cache(maxsize=1024)
def searched_fields(live: LiveObject) -> SearchedFields:
    """In the order of field numbers, so that a release that only moves fields leaves every entry as it is."""
    definition = live.definition
    names = (definition.name_field, definition.number_field)
    wanted = [live.fields[name] for name in names if name is not None and name in live.fields]
    naming = tuple(p for p in wanted if p.storage is Storage.TEXT and not p.sensitive and not p.field.retired)
    others = sorted((p for p in live.fields.values() if p.is_searched and p not in naming), key=lambda p: p.number)
    return SearchedFields(naming, tuple(others))


def entry_texts(live: LiveObject, row: Mapping[str, Any]) -> EntryTexts | None:
    """``row`` has the columns of :func:`searched_fields`, sort keys may lack; None for a record that nothing finds."""
    fields = searched_fields(live)
    names = [_form(place, row) for place in fields.naming]
    others = [form for place in fields.others if (form := _form(place, row))]
    lines = [name[:longest] for name, longest in zip(names, (_LONGEST_NAME, _LONGEST_NUMBER), strict=False) if name]
    # The whole of a name too long for its line is among the words.
    others += [name for name in names if name not in lines and name]
    return EntryTexts("".join(f"\n{line}" for line in lines) + "\n", "\n".join(others)) if lines or others else None


def _form(place: FieldPlace, row: Mapping[str, Any]) -> str | None:
    """The normalised text of a field: what its key holds, where that is the whole of it."""
    if place.key_column in row:
        key: str | None = row[place.key_column]
        if key is None:
            return None
        if len(form := normalised_part(key)) < KEY_LENGTH:
            return form
    answer = None if row[place.column_name] is None else answer_from(place, row)
    if answer is None or isinstance(answer, Missing | Sealed):
        return None
    return normalised(place.type.search_text(place.field, answer))[:LONGEST_SEARCHED]
