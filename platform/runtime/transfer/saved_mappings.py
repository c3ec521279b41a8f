"""Mappings kept for the next file with the same columns: one for each object and set of headers.

A mapping holds texts of cells, so it is sealed; headers are kept as a keyed hash.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import delete, insert, select

from amparo.metadata.calendars import year_at
from amparo.runtime.access import Actor, Permission
from amparo.runtime.errors import InvalidAnswers
from amparo.runtime.ledger.writing import clock_microseconds
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.transfer.comparable_texts import comparable
from amparo.runtime.transfer.mapping import ImportMapping
from amparo.runtime.transfer.mapping_checks import check_mapping
from amparo.runtime.transfer.mapping_files import mapping_document, mapping_from

#: Mappings that are kept of one object; the one that was used longest ago goes first.
MOST_KEPT = 200


def save_mapping(
    store: OrganisationStore, actor: Actor, object_name: str, header: Sequence[str], mapping: ImportMapping
) -> None:
    """Takes the place of an earlier one for the same columns. Raises :class:`NotPermitted`, :class:`NotFound`."""
    actor.require(Permission.RECORDS_IMPORT)
    table = store.tables.import_mapping
    key = _key(store, object_name, header)
    content = json.dumps(mapping_document(mapping), ensure_ascii=False).encode()
    row = {
        "object": key[0],
        "header": key[1],
        "content": store.keys.seal_content(content, _place(key)),
        "used_at": clock_microseconds(),
    }
    with store.engine.begin() as connection:
        connection.execute(delete(table).where(table.c.object == key[0], table.c.header == key[1]))
        connection.execute(insert(table), row)
        kept = select(table.c.header).where(table.c.object == key[0]).order_by(table.c.used_at.desc())
        old = list(connection.scalars(kept.offset(MOST_KEPT)))
        if old:
            connection.execute(delete(table).where(table.c.object == key[0], table.c.header.in_(old)))


def saved_mapping(
    store: OrganisationStore, actor: Actor, object_name: str, header: Sequence[str]
) -> ImportMapping | None:
    """The mapping last used for these columns, if it still fits the object. Raises as :func:`save_mapping`."""
    actor.require(Permission.RECORDS_IMPORT)
    table = store.tables.import_mapping
    key = _key(store, object_name, header)
    query = select(table.c.content).where(table.c.object == key[0], table.c.header == key[1])
    with store.reading() as connection:
        sealed = connection.scalar(query)
    if sealed is None:
        return None
    try:
        mapping = mapping_from(json.loads(store.keys.unseal_content(bytes(sealed), _place(key))))
    except InvalidAnswers:
        # An earlier version wrote what this one does not understand.
        return None
    release = store.newest_release()
    if check_mapping(release, object_name, mapping, header):
        return None
    return _without_past_ends(mapping, dt.datetime.now(release.time_zone).date())


def _without_past_ends(mapping: ImportMapping, today: dt.date) -> ImportMapping:
    """Which century is meant is asked anew where the hundred years are over: a year later 27 would become 1927."""
    columns = {
        name: replace(column, two_digit_years_until=None)
        if (column.two_digit_years_until or 9999) < year_at(column.calendar, today)
        else column
        for name, column in mapping.columns.items()
    }
    return replace(mapping, columns=columns)


def _key(store: OrganisationStore, object_name: str, header: Sequence[str]) -> tuple[str, str]:
    """The object's permanent identity, and what the headers are together, in whatever order they stand."""
    identity = store.newest_release().object(object_name).definition.id
    names = json.dumps(sorted(comparable(name) for name in header), ensure_ascii=False)
    return identity, store.keys.match_hash("@import_mapping", names)


def _place(key: tuple[str, str]) -> bytes:
    return "\0".join(("import_mapping", *key)).encode()
