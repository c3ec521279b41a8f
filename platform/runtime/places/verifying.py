"""Whether the places are those that the ledger vouches for."""

from __future__ import annotations

import json
from collections.abc import Iterator

from sqlalchemy import Connection, select

from amparo.metadata.places import Place
from amparo.runtime.collation.alphabets import Alphabet
from amparo.runtime.places.changing import PLACES_NOTE, digest_of, rows_now, rows_of
from amparo.runtime.places.reading import tree_of
from amparo.runtime.stores.tables import OrganisationTables


def faults_of_places(
    connection: Connection, tables: OrganisationTables, alphabet: Alphabet
) -> Iterator[tuple[int, str]]:
    """The transactions whose changes of places are not what was written, and how."""
    tx, change = tables.tx, tables.place_change
    query = select(tx.c.id, tx.c.result).where(tx.c.note == PLACES_NOTE).order_by(tx.c.id)
    last = 0
    latest: dict[str, str] = {}
    for last, digest in connection.execute(query).all():
        columns = (change.c.code, change.c.old, change.c.new)
        rows = connection.execute(select(*columns).where(change.c.tx == last).order_by(change.c.code)).all()
        if digest_of(tuple(row) for row in rows) != digest or any(latest.get(row.code) != row.old for row in rows):
            yield last, "The changes of places are not those that were made."
        latest |= {row.code: row.new for row in rows}
    tree = tree_of((Place(**json.loads(text)) for text in latest.values()), alphabet)
    if rows_now(connection, tables) != {row["code"]: row for row in rows_of(tree)}:
        yield last, "The places are not what their changes made of them."
