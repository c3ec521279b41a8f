"""Automatic numbers: random codes with a check character, and running numbers.

A code is short enough to say on the telephone, carries a check character so
that a slip is noticed, and is made on any device without asking a server.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

#: Digits and capitals that are not mistaken for one another (no 0 O, 1 I L, S beside 5, U beside V).
#: Twenty-nine, a prime, so that the check character finds every single slip and every swap of two characters.
ALPHABET = "23456789ABCDEFGHJKMNPQRTVWXYZ"
CODE_LENGTH = 6
_VALUES = {char: value for value, char in enumerate(ALPHABET)}


def check_character(body: str) -> str:
    """The character that ends a code (the pure system of ISO 7064 with modulus 29 and radix 2).

    Raises :class:`KeyError` for a character outside :data:`ALPHABET`.
    """
    total = 0
    for char in body:
        total = (total + _VALUES[char]) * 2 % len(ALPHABET)
    return ALPHABET[-total % len(ALPHABET)]


def make_code(choose: Callable[[int], int]) -> str:
    """Six random characters and their check character; ``choose(n)`` gives a number below n."""
    body = "".join(ALPHABET[choose(len(ALPHABET))] for _ in range(CODE_LENGTH))
    return body + check_character(body)


def is_valid_code(code: str) -> bool:
    """Whether the code, without its prefix, could have been made by :func:`make_code`."""
    body = code[:-1]
    return len(code) == CODE_LENGTH + 1 and all(char in _VALUES for char in code) and check_character(body) == code[-1]


def is_code_of(format_option: Mapping[str, Any], text: str) -> bool:
    """Whether a text could be a number of this format that was made by chance, with its prefix."""
    prefix = str(format_option.get("prefix", ""))
    return not uses_sequence(format_option) and text.startswith(prefix) and is_valid_code(text.removeprefix(prefix))


def uses_sequence(format_option: Mapping[str, Any]) -> bool:
    """Whether numbers must be given one after the other by the store."""
    return bool(format_option["style"] == "sequence")


def numbered(format_option: Mapping[str, Any], sequence: int | None, choose: Callable[[int], int]) -> str:
    """The next automatic number. ``sequence`` counts from 1 and is needed for the style of that name only."""
    prefix = str(format_option.get("prefix", ""))
    if not uses_sequence(format_option):
        return prefix + make_code(choose)
    if sequence is None:
        raise ValueError("A running number needs the next number of its sequence.")
    return prefix + str(sequence).zfill(int(format_option.get("digits", 6)))
