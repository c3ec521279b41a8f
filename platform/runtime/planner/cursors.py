"""Where the next page of a list begins, sealed: it holds values of a record and travels in addresses."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import hashlib
import json
import uuid
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from amparo.metadata.wording import N_
from amparo.runtime.keys import KeyProblem, OrganisationKeys
from amparo.runtime.planner.queries import ListQuery, refuse
from amparo.runtime.planner.sorting import Position

_READERS: Mapping[str, Callable[[Any], Any]] = {
    "Decimal": Decimal,
    "date": dt.date.fromisoformat,
    "datetime": dt.datetime.fromisoformat,
    "UUID": uuid.UUID,
}


def write_cursor(keys: OrganisationKeys, query: ListQuery, release: int, position: Position) -> str:
    """URL-safe text that only this organisation opens, and only for the same list under the same release."""
    content = [[_written(value) for value in position.values], position.id.hex]
    sealed = keys.seal_content(json.dumps(content, separators=(",", ":")).encode(), _list_of(query, release))
    return base64.urlsafe_b64encode(sealed).decode().rstrip("=")


def read_cursor(keys: OrganisationKeys, query: ListQuery, release: int) -> Position | None:
    """The position the query goes on from. Raises :class:`InvalidAnswers` for a text made elsewhere."""
    text = query.after
    if text is None:
        return None
    try:
        sealed = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        values, identifier = json.loads(keys.unseal_content(sealed, _list_of(query, release)))
    except (KeyProblem, KeyError, IndexError, ValueError, binascii.Error):
        raise refuse("unknown_page", "after", text, N_("Open the list again from its first page.")) from None
    return Position(tuple(_read(value) for value in values), uuid.UUID(hex=identifier))


def _list_of(query: ListQuery, release: int) -> bytes:
    """What makes a list the same list: its object and order, and the language where the order depends on it.

    Another release may compare by other values, or put options into another order: the rest of the list would be
    missed, or come twice.
    """
    sorts = [(sort.field, sort.descending) for sort in query.sort]
    content = repr((query.object, sorts, query.as_of, query.language, release))
    return b"list:" + hashlib.sha256(content.encode()).digest()


def _written(value: Any) -> Any:
    kind = type(value).__name__
    if kind not in _READERS:
        return value
    return {kind: value.isoformat() if kind in ("date", "datetime") else str(value)}


def _read(written: Any) -> Any:
    if not isinstance(written, dict):
        return written
    ((kind, text),) = written.items()
    return _READERS[kind](text)
