"""Finding records by words: while somebody types a name, and all over the organisation."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from amparo.metadata.missing import Missing
from amparo.runtime.access import Actor, Permission
from amparo.runtime.planner.computed_answers import computed_answers
from amparo.runtime.planner.ranking import Hit, Rank, ranked
from amparo.runtime.planner.readings import Reading
from amparo.runtime.planner.texts import require_searchable
from amparo.runtime.planner.views import Row, View, naming_fields
from amparo.runtime.records.entry_texts import searched_fields
from amparo.runtime.releases.live import LiveObject, LiveRelease
from amparo.runtime.searching import normalised
from amparo.runtime.serializer import Record, columns_beside, serialise
from amparo.runtime.stores.organisation import OrganisationStore


@dataclass(frozen=True, slots=True)
class Found:
    """One record to choose. ``detail`` is its number, where its object has one beside the name."""

    id: uuid.UUID
    object: str
    name: str
    detail: str | None


@dataclass(frozen=True, slots=True)
class Discovery:
    """A record that a search found. ``fields``, for one found by other texts than its name, hold the words."""

    record: Record
    rank: Rank
    fields: tuple[str, ...] = ()


#: The fields of an object that are shown beside each record found, by the object's name.
Columns = Callable[[str], tuple[str, ...]]


def find(
    store: OrganisationStore,
    actor: Actor,
    object_names: Sequence[str],
    text: str,
    limit: int = 8,
    *,
    release: LiveRelease | None = None,
) -> list[Found]:
    """Records of some objects to choose from, in the order of :func:`search`; without text, the last changed.

    ``release`` is the one the caller works under, when it has asked already.
    Raises :class:`NotFound` for an unknown object and :class:`InvalidAnswers`
    for a text too long to look for.
    """
    actor.require(Permission.RECORDS_READ)
    with store.asking() as connection:
        # Its statements need not agree: each only adds to what there is to choose from.
        reading = Reading(connection, store, release or store.live(connection))
        lives = [reading.release.object(name) for name in object_names]
        if normalised(require_searchable(text, "text")).split():
            records = [each.record for each in _discovered(reading, actor, lives, text, limit, _no_columns)]
        else:
            latest = [each for live in lives for each in _last_changed(reading, actor, live, limit)]
            records = sorted(latest, key=lambda each: (each.updated_at, each.id), reverse=True)[:limit]
    return [Found(record.id, record.object, record.name, record.number) for record in records]


def search(
    store: OrganisationStore,
    actor: Actor,
    text: str,
    limit: int,
    *,
    columns: Columns,
    release: LiveRelease | None = None,
) -> list[Discovery]:
    """Records of every object that hold every word, those first that are named so; then names spelt otherwise.

    Raises :class:`InvalidAnswers` for a text too long to look for.
    """
    actor.require(Permission.RECORDS_READ)
    require_searchable(text, "text")
    with store.asking() as connection:
        reading = Reading(connection, store, release or store.live(connection))
        return _discovered(reading, actor, list(reading.release.objects.values()), text, limit, columns)


def _no_columns(_object_name: str) -> tuple[str, ...]:
    return ()


def _last_changed(reading: Reading, actor: Actor, live: LiveObject, limit: int) -> list[Record]:
    view = View(reading.store, reading.release, live)
    query = select(*view.row_columns(naming_fields(live))).where(view.seen_by(actor))
    query = query.order_by(view.table.c.updated_at.desc(), view.table.c.id.desc()).limit(limit)
    rows = reading.rows(query)
    return [*serialise(reading.connection, reading.store, actor, reading.release, live, rows, (), name_members=False)]


def _discovered(
    reading: Reading, actor: Actor, lives: Sequence[LiveObject], text: str, limit: int, columns: Columns
) -> list[Discovery]:
    hits = ranked(reading, actor, lives, text, limit)
    by_object: dict[int, list[Hit]] = defaultdict(list)
    for hit in hits:
        by_object[hit.object].append(hit)
    found: dict[uuid.UUID, Discovery] = {}
    for number, some in by_object.items():
        live = reading.release.by_number[number]
        found |= _read(reading, actor, live, some, text, columns(live.name))
    return [found[hit.record] for hit in hits if hit.record in found]


def _read(
    reading: Reading, actor: Actor, live: LiveObject, hits: Sequence[Hit], text: str, columns: tuple[str, ...]
) -> dict[uuid.UUID, Discovery]:
    """The records of one object's hits, as their reader may see them; asked once more who may."""
    store, release = reading.store, reading.release
    view = View(store, release, live)
    searched: tuple[str, ...] = ()
    if any(hit.rank is Rank.TEXT for hit in hits):
        searched = tuple(place.field.name for place in searched_fields(live).others)
    names = (*columns, *searched)
    read = view.row_columns((*names, *naming_fields(live)))
    read += columns_beside(store, actor, release, live, names, name_members=False)
    query = (
        select(*read)
        .select_from(view.source)
        .where(view.table.c.id.in_([hit.record for hit in hits]), view.seen_by(actor))
    )
    rows: list[Row] = reading.rows(query)
    computed = computed_answers(reading.connection, store, release, live, rows, names, view.now)
    records = serialise(
        reading.connection, store, actor, release, live, rows, names, name_members=False, computed=computed
    )
    ranks = {hit.record: hit.rank for hit in hits}
    return {
        each.id: Discovery(each, ranks[each.id], _places(live, each, text) if ranks[each.id] is Rank.TEXT else ())
        for each in records
    }


def _places(live: LiveObject, record: Record, text: str) -> tuple[str, ...]:
    """The fields in which the words of a search stand."""
    words = normalised(text).split()
    return tuple(_holding(live, record, words))


def _holding(live: LiveObject, record: Record, words: Sequence[str]) -> Iterable[str]:
    for place in searched_fields(live).others:
        answer = record.answers.get(place.field.name)
        if answer is not None and not isinstance(answer, Missing):
            form = normalised(place.type.search_text(place.field, answer))
            if any(word in form for word in words):
                yield place.field.name
