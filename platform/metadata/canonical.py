"""One text for one document, whatever its key order and white space.

The canonical form is JSON with sorted keys, no white space, UTF-8. It is what
a release's hash is made of. The pretty form is what people read in files.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterable, Mapping
from typing import Any


class NotCanonical(ValueError):
    """A document that has no canonical form; the message says where and why."""


def canonical_bytes(document: Any) -> bytes:
    """Canonical JSON in UTF-8.

    Raises :class:`NotCanonical` for NaN, infinities, lone surrogates and keys that are not text.
    """
    plain = _plain(document, "$")
    return json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode("utf-8")


def document_hash(document: Any) -> str:
    """SHA-256 of the canonical form, in lower-case hexadecimal."""
    return hashlib.sha256(canonical_bytes(document)).hexdigest()


def dump_pretty(document: Any, order: Iterable[str] = ()) -> str:
    """JSON for files: two spaces, a new line at the end.

    Keys named in ``order`` stand first, in that order; the others stay as they are.
    """
    ranks = {key: rank for rank, key in enumerate(order)}
    ordered = _ordered(_plain(document, "$"), ranks)
    return json.dumps(ordered, indent=2, ensure_ascii=False) + "\n"


def _ordered(value: Any, ranks: Mapping[str, int]) -> Any:
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: ranks.get(key, len(ranks)))
        return {key: _ordered(value[key], ranks) for key in keys}
    if isinstance(value, list):
        return [_ordered(item, ranks) for item in value]
    return value


def _plain(value: Any, place: str) -> Any:
    """The value in JSON's own types, with integral floats as integers."""
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, str):
        return _sound_text(value, place)
    if isinstance(value, float):
        return _sound_number(value, place)
    if isinstance(value, Mapping):
        return {_sound_key(key, place): _plain(item, f"{place}.{key}") for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item, f"{place}[{index}]") for index, item in enumerate(value)]
    raise NotCanonical(f"{place}: {type(value).__name__} is not a JSON value.")


def _sound_key(key: Any, place: str) -> str:
    if not isinstance(key, str):
        raise NotCanonical(f"{place}: the key {key!r} is not text.")
    return _sound_text(key, place)


def _sound_text(text: str, place: str) -> str:
    if not text.isascii() and any("\ud800" <= char <= "\udfff" for char in text):
        raise NotCanonical(f"{place}: the text holds half a surrogate pair, which is not a character.")
    return str(text)


def _sound_number(number: float, place: str) -> float | int:
    if not math.isfinite(number):
        raise NotCanonical(f"{place}: {number} is not a JSON number.")
    return int(number) if number.is_integer() else number
