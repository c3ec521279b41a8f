"""Texts given to the database as a table of one parameter or two, however many there are."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping, Sequence

from sqlalchemy import ARRAY, BigInteger, FromClause, Text, Uuid, column, func, literal, select, type_coerce

from amparo.runtime.stores.types import CodePointText, Identifier


def text_pairs(texts: Mapping[uuid.UUID, str | None], on_postgres: bool) -> FromClause:
    """A table of ``id`` and ``text``: texts by record."""
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


def numbered_texts(texts: Sequence[str], on_postgres: bool) -> FromClause:
    """A table of ``text`` and its ``place`` among the others, counted upwards."""
    if on_postgres:
        values = literal(list(texts), ARRAY(Text()))
        places = func.unnest(values).table_valued(
            column("text", CodePointText()), with_ordinality="place", joins_implicitly=True
        )
        return places.render_derived()
    entries = func.json_each(json.dumps(texts, ensure_ascii=False)).table_valued("key", "value", joins_implicitly=True)
    text = type_coerce(entries.c.value, CodePointText())
    # Grouped for the same reason.
    place = type_coerce(func.max(entries.c.key), BigInteger())
    return select(text.label("text"), place.label("place")).group_by(entries.c.value).subquery()
