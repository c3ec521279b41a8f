"""Whole numbers out of boxes and addresses, where anybody may write anything."""

from __future__ import annotations

#: Of a transaction or a version, which the stores keep in 64 bits.
MOST_DIGITS = 17


def whole_number(text: str, most_digits: int) -> int | None:
    """None of what is no number; Python would read digits of any script, and refuses thousands of them."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= most_digits else None
