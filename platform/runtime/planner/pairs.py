"""Texts by record, given to the database as a table of one parameter or two, however many there are."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping

from sqlalchemy import ARRAY, FromClause, Text, Uuid, column, func, literal, select, type_coerce

from amparo.runtime.stores.types import CodePointText, Identifier


def text_pairs(texts: Mapping[uuid.UUID, str | None], on_postgres: bool) -> FromClause:
    """A table of ``id`` and ``text``."""
    if on_postgres:
        records = literal(list(texts), ARRAY(Uuid()))
        values = literal(list(texts.values()), ARRAY(Text()))
        pairs = func.unnest(records, values).table_valued(
            column("id", Identifier()), column("text", CodePointText()), joins_implicitly=True
        )
        return pairs.render_derived()
    content = json.dumps({record.hex: text for record, text in texts.items()}, ensure_ascii=False)
    entries = func.json_each(content).table_valued("key", "value", joins_implicitly=True)
    identifier = type_coerce(func.amparo_identifier(entries.c.key), Identifier())
    # Grouping makes SQLite keep the result with an index, where it would read the text anew for every row.
    return (
        select(identifier.label("id"), type_coerce(func.max(entries.c.value), CodePointText()).label("text"))
        .group_by(entries.c.key)
        .subquery()
    )
