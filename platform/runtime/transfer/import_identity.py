"""What follows from an import's own identifier: those of its records, and the note of its transactions."""

from __future__ import annotations

import hashlib
import uuid
from functools import lru_cache

from sqlalchemy import select

from amparo.runtime.ledger.writing import clock_microseconds
from amparo.runtime.stores.organisation import OrganisationStore

#: One machine makes an import's identifier, others write what it imports: by the clock of one that is off by less (µs)
#: it is found all the same. The ledger's ``CLOCKS_DIFFER`` is shorter, because it tells of a wrong clock.
_LEEWAY = 86_400_000_000


def record_of(identity: uuid.UUID, row: int, other: str = "") -> uuid.UUID:
    """The identifier of the record that a row of an import becomes: a UUID of version 7 in the order of the rows.

    48 bits of the import's time, 32 of the row's number, 42 that follow from
    the import, and from ``other``: an object of the row beside its own.
    """
    number = (identity.int >> 80 << 74) | (row << 42) | _following(identity, other)
    high, low = number >> 62, number & ((1 << 62) - 1)
    return uuid.UUID(int=(high >> 12 << 80) | (0x7 << 76) | ((high & 0xFFF) << 64) | (0x2 << 62) | low)


# The same for every row of a file.
@lru_cache(maxsize=256)
def _following(identity: uuid.UUID, other: str) -> int:
    return int.from_bytes(hashlib.sha256(b"import" + identity.bytes + other.encode()).digest()[:6], "big") >> 6


def import_note(identity: uuid.UUID) -> str:
    """The note of an import's transactions, by which what it wrote is found again."""
    return f"import {identity}"


def undo_note(identity: uuid.UUID) -> str:
    """The note of the transactions that undo an import."""
    return f"undo import {identity}"


def began_at(identity: uuid.UUID) -> int:
    """When the identifier was made, in µs since 1970; nothing of its import is older.

    0 for one that a clock made which was ahead: what it imported may be older.
    """
    made_at = (identity.int >> 80) * 1000
    return made_at if made_at <= clock_microseconds() + _LEEWAY else 0


def was_begun(store: OrganisationStore, identity: uuid.UUID) -> bool:
    """Whether an import saved anything here."""
    return bool(transactions_noted(store, import_note(identity), began_at(identity)))


def was_undone(store: OrganisationStore, identity: uuid.UUID) -> bool:
    """Whether undoing it took anything back: what of it is gone would count as saved if it went on."""
    return bool(transactions_noted(store, undo_note(identity), began_at(identity)))


def transactions_noted(store: OrganisationStore, note: str, since: int) -> list[int]:
    """The transactions of an import, or of its undoing, in their order. Of notes before ``since`` there are none."""
    tx = store.tables.tx
    query = select(tx.c.id).where(tx.c.note == note, tx.c.at >= since - _LEEWAY).order_by(tx.c.id)
    with store.reading() as connection:
        return list(connection.scalars(query))
