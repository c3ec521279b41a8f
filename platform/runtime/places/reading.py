"""The tree of places out of the store."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import partial

from sqlalchemy import Connection, select

from amparo.metadata.places import Place, PlaceTree
from amparo.runtime.collation.alphabets import Alphabet
from amparo.runtime.collation.keys import sort_key
from amparo.runtime.searching import normalised
from amparo.runtime.stores.tables import OrganisationTables


def read_tree(connection: Connection, tables: OrganisationTables, alphabet: Alphabet) -> PlaceTree:
    """The places as this connection sees them. Whoever keeps the tree compares its version with ``head.places``."""
    place = tables.place
    columns = (place.c.code, place.c.parent, place.c.level, place.c.name, place.c.names, place.c.closed)
    version = connection.scalar(select(tables.head.c.places)) or 0
    rows = connection.execute(select(*columns).order_by(place.c.code)) if version else ()
    places = (Place(row.code, row.parent, row.level, row.name, json.loads(row.names), bool(row.closed)) for row in rows)
    return tree_of(places, alphabet, version)


def tree_of(places: Iterable[Place], alphabet: Alphabet, version: int = 0) -> PlaceTree:
    """The tree that names are found and sorted in as everywhere else."""
    return PlaceTree(places, normalised, partial(sort_key, alphabet=alphabet), version)
