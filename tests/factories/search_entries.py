"""What the search entries of a store hold."""

from __future__ import annotations

import uuid

from sqlalchemy import select, text

from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.tables import SEARCH_INDEX


def entries(store: OrganisationStore) -> dict[uuid.UUID, tuple[str, str]]:
    """Name and words by record."""
    entry = store.tables.search_entry
    with store.reading() as connection:
        rows = connection.execute(select(entry.c.record, entry.c.name, entry.c.words))
        return {row.record: (row.name, row.words) for row in rows}


def indexed_terms(store: OrganisationStore) -> set[str]:
    """Every term that the index knows an entry by."""
    with store.engine.begin() as connection:
        if store.is_postgres:
            entry = connection.dialect.identifier_preparer.format_table(store.tables.search_entry)
            query = f"SELECT DISTINCT unnest(tsvector_to_array(terms)) FROM {entry}"
            return set(connection.scalars(text(query)))
        connection.execute(text(f"CREATE VIRTUAL TABLE temp.terms USING fts5vocab(main, {SEARCH_INDEX}, row)"))
        found = set(connection.scalars(text("SELECT term FROM temp.terms")))
        connection.execute(text("DROP TABLE temp.terms"))
        return found
