"""Record identifiers: UUID version 7 (RFC 9562), so that new rows lie together in indexes."""

from __future__ import annotations

import os
import time
import uuid


def new_identifier() -> uuid.UUID:
    """48 bits of milliseconds, then 74 random bits."""
    millis = time.time_ns() // 1_000_000
    number = (millis << 80) | int.from_bytes(os.urandom(10), "big")
    number &= ~(0xF << 76) & ~(0x3 << 62)
    return uuid.UUID(int=number | (0x7 << 76) | (0x2 << 62))
