"""Facts and their hashes.

A fact says that in one transaction one field of one record went from ``old``
to ``new``. Texts are canonical (sealed ones for sensitive fields), so the
hashes are alike on both databases. Source of the design: DESIGN D1.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterable
from typing import Any, NamedTuple

from amparo.runtime.keys import LeafKey

#: The hash before the first transaction.
GENESIS = bytes(32)


class Fact(NamedTuple):
    """One changed field. ``field`` is its small number; a missing reason goes with a text of None."""

    record: uuid.UUID
    field: int
    new: str | None
    old: str | None
    new_missing: str | None
    old_missing: str | None


def leaf_hash(leaf_key: LeafKey, field_id: str, fact: Fact) -> bytes:
    """32 bytes under the record's key: commits to the values without revealing them.

    The key binds the leaf to its record. NUL is refused in every text, so it
    separates the parts without doubt.
    """
    return leaf_run(leaf_key, [leaf_content(field_id, fact)])


def leaf_run(leaf_key: LeafKey, contents: Iterable[bytes]) -> bytes:
    """The leaf hashes of some contents, one after the other."""
    begin = leaf_key.copy
    hashes = []
    for content in contents:
        state = begin()
        state.update(content)
        hashes.append(state.digest())
    return b"".join(hashes)


def leaf_content(field_id: str, fact: Fact) -> bytes:
    """What the leaf of a fact is the hash of."""
    _, _, new, old, new_missing, old_missing = fact
    return f"{field_id}\0{_marked(new)}\0{_marked(old)}\0{new_missing or ''}\0{old_missing or ''}".encode()


def leaf_opening(field_id: str) -> bytes:
    """What :func:`first_leaf_content` begins with; made once for each field."""
    return f"{field_id}\0=".encode()


def first_leaf_content(opening: bytes, text: str) -> bytes:
    """:func:`leaf_content` of the fact that a field of a new record holds ``text``, in a third of the time."""
    return opening + text.encode() + _NOTHING_BEFORE


#: How the content of a leaf ends where there was no value before and no reason.
_NOTHING_BEFORE = b"\0-\0\0"


def _marked(text: str | None) -> str:
    """Blank and empty text must differ."""
    return "-" if text is None else "=" + text


class TransactionHeader(NamedTuple):
    """What the hash of a transaction covers beside its leaves."""

    id: int
    at: int
    actor: uuid.UUID | None
    channel: str
    release: int
    request_key: str | None
    request_digest: bytes | None
    result: str | None
    note: str | None


class Creation(NamedTuple):
    record: uuid.UUID
    object_number: int


class Leaf(NamedTuple):
    """``record`` is the identifier's 16 bytes, by which leaves are ordered."""

    record: bytes
    field: int
    hash: bytes


#: A :class:`Leaf`; or all leaves of one record at once, in the order of their fields, with the first field's number.
#: An import makes millions of leaves, so it keeps them together.
LeafParts = tuple[bytes, int, bytes]


def transaction_hash(
    previous: bytes,
    header: TransactionHeader,
    created: Iterable[Creation],
    erased: Iterable[uuid.UUID],
    leaves: Iterable[LeafParts],
) -> bytes:
    """SHA-256 over the previous hash, the header, what was created or erased, and the leaves in a fixed order."""
    digest = hashlib.sha256(previous)
    digest.update(_header_bytes(header))
    for record, number in sorted((c.record.bytes, c.object_number) for c in created):
        digest.update(b"+" + record + number.to_bytes(2, "big"))
    for record in sorted(identifier.bytes for identifier in erased):
        digest.update(b"-" + record)
    digest.update(b"".join([leaf for _, _, leaf in sorted(leaves)]))
    return digest.digest()


def _header_bytes(header: TransactionHeader) -> bytes:
    values: list[Any] = [
        value.hex() if isinstance(value, bytes) else str(value) if isinstance(value, uuid.UUID) else value
        for value in header
    ]
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode()
