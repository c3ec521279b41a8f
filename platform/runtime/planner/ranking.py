"""Which records a search finds, the likeliest first.

Asked one after another until there are enough: whose name or number begins so,
whose name has words that begin so, who holds the words anywhere, who has a name
that may be another spelling. Within each the entries written last come first.

A word that stands in many texts is found among the latest entries; only for one
that is rarer there is the index asked, which proposes few then. So no question
reads more than some thousand entries, however many there are.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from enum import IntEnum
from functools import cached_property
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, FromClause, Select, and_, case, literal, literal_column, or_, select, true

from amparo.runtime.access import Actor
from amparo.runtime.planner.entries import (
    Forms,
    holds_words,
    name_holds,
    of_objects,
    proposed,
    word_terms,
    words_of,
)
from amparo.runtime.planner.readings import Reading
from amparo.runtime.planner.texts import begins
from amparo.runtime.planner.views import View
from amparo.runtime.releases.live import LiveObject
from amparo.runtime.search_entries.grams import Terms, beginning_terms, spelling_terms, terms_of
from amparo.runtime.search_entries.spellings import SHORTEST, likeness, skeleton, sound
from amparo.runtime.searching import normalised
from amparo.runtime.stores.types import Identifier

#: The latest entries that are looked through, the most that an index may propose, and the most spellings compared.
_LATEST, _PROPOSED, _COMPARED = 500, 5_000, 100
#: Names less alike than that in Latin letters are no other spelling.
_ALIKE = 0.55
#: What the entries that a statement finds are called in it.
_FOUND = "found"
#: What stands before a word of a name.
_BEFORE_WORDS = ("\n", " ")


class Rank(IntEnum):
    """How near a record comes to what was asked."""

    NAMED = 0
    BEGINS = 1
    WORDS_BEGIN = 2
    INSIDE = 3
    TEXT = 4
    SPELLING = 5


class Hit(NamedTuple):
    """A record that was found, its object's number and why."""

    record: uuid.UUID
    object: int
    rank: Rank


def ranked(reading: Reading, actor: Actor, lives: Sequence[LiveObject], text: str, limit: int) -> list[Hit]:
    """At most ``limit`` records that the actor may see."""
    words = words_of(text)
    hits: dict[uuid.UUID, Hit] = {}
    if not words:
        return []
    for found in _Asking(reading, actor, lives, limit).steps(" ".join(normalised(text).split()), words):
        for hit in found:
            hits.setdefault(hit.record, hit)
        if len(hits) >= limit:
            break
    return sorted(hits.values(), key=lambda hit: hit.rank)[:limit]


class _Asking:
    """One search: over which objects, for whom."""

    def __init__(self, reading: Reading, actor: Actor, lives: Sequence[LiveObject], limit: int) -> None:
        self._reading = reading
        self._entry = reading.store.tables.search_entry
        self._views = [View(reading.store, reading.release, live) for live in lives]
        self._actor = actor
        self._numbers = [live.place.number for live in lives]
        self._limit = limit

    def steps(self, phrase: str, words: Sequence[Forms]) -> Iterator[list[Hit]]:
        yield self._beginning(phrase)
        begins_so = name_holds(self._entry, words, _BEFORE_WORDS)
        yield self._hits(self._indexed([[beginning_terms(form) for form in forms] for forms in words], begins_so),
                         literal(int(Rank.WORDS_BEGIN)))  # fmt: skip
        yield self._anywhere(self._latest(), words)
        yield self._anywhere(self._indexed(word_terms(words), holds_words(self._entry, words)), words)
        yield self._spelt_otherwise(words)
        yield self._spelt_briefly(words)

    def _beginning(self, phrase: str) -> list[Hit]:
        """Names that begin so, in their order: a name that is no longer than what was asked comes first."""
        found = self._entry.alias(_FOUND)
        query = select(found.c.record, found.c.object, found.c.name).where(
            begins(found.c.name, "\n" + phrase), self._is_seen
        )
        rows = self._reading.rows(query.order_by(found.c.name).limit(self._limit))
        whole = f"\n{phrase}\n"
        return [Hit(row["record"], row["object"], Rank.NAMED if whole in row["name"] else Rank.BEGINS) for row in rows]

    def _anywhere(self, entries: FromClause, words: Sequence[Forms]) -> list[Hit]:
        rank = case((name_holds(entries, words), int(Rank.INSIDE)), else_=int(Rank.TEXT))
        return self._hits(entries, rank, holds_words(entries, words))

    def _spelt_otherwise(self, words: Sequence[Forms]) -> list[Hit]:
        """Every word by its skeleton, one that has too short a one as it stands."""
        ways: list[list[Terms]] = []
        spelt: list[Forms] = []
        literally: list[Forms] = []
        for forms in words:
            bones = skeleton(forms[0])
            if len(bones) >= SHORTEST:
                ways.append([spelling_terms(bones)])
                spelt.append(forms)
            else:
                ways.append([terms_of(form) for form in forms])
                literally.append(forms)
        if not spelt:
            return []
        rows = self._alike(self._indexed(ways, holds_words(self._entry, literally), _COMPARED), spelt)
        return [Hit(row["record"], row["object"], Rank.SPELLING) for row in rows]

    def _spelt_briefly(self, words: Sequence[Forms]) -> list[Hit]:
        """Where a word has one consonant alone, as Laila or Keo, by the others, if the name has a word of that sound.

        Without another word it would be in too many names.
        """
        sounds = [sound(forms[0]) for forms in words]
        spelt = [forms for forms, each in zip(words, sounds, strict=True) if len(each) >= SHORTEST]
        brief = {each for each in sounds if len(each) < SHORTEST}
        if not spelt or not brief or "" in brief:
            return []
        ways = [[spelling_terms(skeleton(forms[0]))] for forms in spelt]
        rows = self._alike(self._indexed(ways, true(), _COMPARED), spelt)
        named = (row for row in rows if brief <= {sound(word) for word in row["name"].split()})
        return [Hit(row["record"], row["object"], Rank.SPELLING) for row in named]

    def _alike(self, entries: FromClause, spelt: Sequence[Forms]) -> list[Mapping[str, Any]]:
        """The entries whose names come near the words, the nearest first."""
        query = select(entries.c.record, entries.c.object, entries.c.name).where(self._is_seen)
        rows = self._reading.rows(query.order_by(entries.c.id.desc()))
        alike = {row["record"]: min(likeness(row["name"], forms[0]) for forms in spelt) for row in rows}
        return sorted((row for row in rows if alike[row["record"]] >= _ALIKE), key=lambda row: -alike[row["record"]])

    def _latest(self) -> FromClause:
        """The entries written last."""
        query = self._entries().order_by(self._entry.c.id.desc()).limit(_LATEST)
        return query.subquery(_FOUND)

    def _indexed(
        self, every: Sequence[Sequence[Terms]], check: ColumnElement[bool], most: int = _PROPOSED
    ) -> FromClause:
        """What the index proposes and a look at the texts confirms; the latest ones where the database can tell."""
        asked = [*of_objects(self._numbers), *every]
        query = self._entries().where(proposed(self._reading.store, asked, latest=most), check)
        return query.limit(most).subquery(_FOUND)

    def _entries(self) -> Select[Any]:
        entry = self._entry
        return select(entry.c.id, entry.c.record, entry.c.object, entry.c.name, entry.c.words).where(
            entry.c.object.in_(self._numbers)
        )

    def _hits(self, entries: FromClause, rank: ColumnElement[int], *conditions: ColumnElement[bool]) -> list[Hit]:
        query = select(entries.c.record, entries.c.object, rank.label("rank"))
        query = query.where(*conditions, self._is_seen).order_by(rank, entries.c.id.desc()).limit(self._limit)
        return [Hit(row["record"], row["object"], Rank(row["rank"])) for row in self._reading.rows(query)]

    @cached_property
    def _is_seen(self) -> ColumnElement[bool]:
        """Whether the record of an entry that was found is there for the actor; asked of its object's table.

        Not EXISTS: PostgreSQL would read all records of an object into a hash first, for the twenty that are asked of.
        """
        # The plus keeps SQLite from reading all entries of an object, where the name or the index tells fewer.
        number: ColumnElement[int] = literal_column(f"+{_FOUND}.object")
        record = literal_column(f"{_FOUND}.record", Identifier())
        return or_(
            *(
                and_(
                    number == view.live.place.number,
                    select(true()).where(view.table.c.id == record, view.seen_by(self._actor)).scalar_subquery(),
                )
                for view in self._views
            )
        )
