"""Finding a record while somebody types its name."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Select, or_, select

from amparo.runtime.access import Actor, Permission
from amparo.runtime.planner.listing import search_conditions
from amparo.runtime.planner.readings import Reading
from amparo.runtime.planner.texts import begins, require_searchable, starts_with
from amparo.runtime.planner.views import Row, View, naming_fields
from amparo.runtime.releases.live import LiveRelease
from amparo.runtime.serializer import serialise
from amparo.runtime.stores.engines import planned_for_values
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.projection import FieldPlace


@dataclass(frozen=True, slots=True)
class Found:
    """One record to choose. ``detail`` is its number, where its object has one beside the name."""

    id: uuid.UUID
    name: str
    detail: str | None


def find(
    store: OrganisationStore,
    actor: Actor,
    object_name: str,
    text: str,
    limit: int = 8,
    *,
    release: LiveRelease | None = None,
) -> list[Found]:
    """Records to choose from: first those whose name or number begins so, then whatever holds every word.

    Without text, the last changed. ``release`` is the one the caller works
    under, when it has asked already. Raises :class:`NotFound` for an unknown
    object and :class:`InvalidAnswers` for a text too long to look for.
    """
    actor.require(Permission.RECORDS_READ)
    with store.asking() as connection:
        # Its statements need not agree: each only adds to what there is to choose from.
        reading = Reading(connection, store, release or store.live(connection))
        return _found(reading, actor, object_name, text.strip(), limit)


def _found(reading: Reading, actor: Actor, object_name: str, text: str, limit: int) -> list[Found]:
    store, release = reading.store, reading.release
    view = View(store, release, release.object(object_name))
    rows: dict[uuid.UUID, Row] = {}
    for statement in _statements(view, actor, text):
        for row in reading.rows(planned_for_values(statement.limit(limit))):
            rows.setdefault(row["id"], row)
        if len(rows) >= limit:
            break
    chosen = list(rows.values())[:limit]
    records = serialise(reading.connection, store, actor, release, view.live, chosen, (), name_members=False)
    return [Found(record.id, record.name, record.number) for record in records]


def _statements(view: View, actor: Actor, text: str) -> Iterator[Select[tuple[object, ...]]]:
    """Questions to ask one after another until there is enough."""
    base = select(*view.row_columns(naming_fields(view.live))).select_from(view.source).where(view.seen_by(actor))
    last_changed = base.order_by(view.table.c.updated_at.desc(), view.table.c.id.desc())
    if text:
        require_searchable(text, "text")
        places = [view.live.fields[name] for name in naming_fields(view.live)]
        yield from (_beginning_so(view, base, place, text) for place in places if not place.sensitive)
    yield last_changed.where(*search_conditions(view, text))


def _beginning_so(
    view: View, base: Select[tuple[object, ...]], place: FieldPlace, text: str
) -> Select[tuple[object, ...]]:
    """A range of the field's index: of its sort key, or of codes as people write them."""
    value, key = view.value(place.field.name), view.search_key(place)
    if key is not None:
        return base.where(starts_with(value, key, text)).order_by(key, view.table.c.id)
    written = sorted({text, text.upper()})
    return base.where(or_(*(begins(value, each) for each in written))).order_by(value, view.table.c.id)
