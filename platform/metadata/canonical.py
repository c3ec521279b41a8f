"""One text for one document, whatever its key order and white space.

The canonical form is JSON with sorted keys, no white space, UTF-8. It is what
a release's hash is made of. The pretty form is what people read in files.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any


class NotCanonical(ValueError):
    """A document that has no canonical form; the message says where and why."""


def canonical_bytes(document: Any) -> bytes:
    """Canonical JSON in UTF-8.

    Raises :class:`NotCanonical` for NaN, infinities, lone surrogates and keys that are not text.
    """
    plain = _plain_document(document)
    return json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode("utf-8")


def document_hash(document: Any) -> str:
    """SHA-256 of the canonical form, in lower-case hexadecimal."""
    return canonical_hash(canonical_bytes(document))


def canonical_hash(canonical: bytes) -> str:
    """The same of a form that was made already."""
    return hashlib.sha256(canonical).hexdigest()


def dump_pretty(document: Any, order: Iterable[str] = ()) -> str:
    """JSON for files: two spaces, a new line at the end.

    Keys named in ``order`` stand first, in that order; the others stay as they are.
    """
    ranks = {key: rank for rank, key in enumerate(order)}
    ordered = _ordered(_plain_document(document), ranks)
    return json.dumps(ordered, indent=2, ensure_ascii=False) + "\n"


def _ordered(value: Any, ranks: Mapping[str, int]) -> Any:
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: ranks.get(key, len(ranks)))
        return {key: _ordered(value[key], ranks) for key in keys}
    if isinstance(value, list):
        return [_ordered(item, ranks) for item in value]
    return value


class _UnsoundError(Exception):
    """What is wrong, and where: the steps that led there, the last one first."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.steps: list[str] = []


def _plain_document(document: Any) -> Any:
    """The document in JSON's own types, with integral floats as integers. Raises :class:`NotCanonical`."""
    try:
        return _plain(document)
    except _UnsoundError as error:
        place = "".join(["$", *reversed(error.steps)])
        raise NotCanonical(f"{place}: {error.reason}") from None


def _plain(value: Any) -> Any:
    """Documents hold tens of thousands of values: a place is made up only for what is wrong."""
    if isinstance(value, str):
        return value if value.isascii() else _sound_text(value)
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, float):
        return _sound_number(value)
    if isinstance(value, Mapping):
        return _plain_entries(value)
    if isinstance(value, (list, tuple)):
        return _plain_items(value)
    raise _UnsoundError(f"{type(value).__name__} is not a JSON value.")


def _plain_entries(mapping: Mapping[Any, Any]) -> dict[str, Any]:
    plain = {}
    for key, item in mapping.items():
        if not isinstance(key, str):
            raise _UnsoundError(f"the key {key!r} is not text.")
        _sound_text(key)
        try:
            plain[key] = _plain(item)
        except _UnsoundError as error:
            error.steps.append(f".{key}")
            raise
    return plain


def _plain_items(items: Sequence[Any]) -> list[Any]:
    plain = []
    for index, item in enumerate(items):
        try:
            plain.append(_plain(item))
        except _UnsoundError as error:
            error.steps.append(f"[{index}]")
            raise
    return plain


def _sound_text(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise _UnsoundError("the text holds half a surrogate pair, which is not a character.") from None
    return text


def _sound_number(number: float) -> float | int:
    if not math.isfinite(number):
        raise _UnsoundError(f"{number} is not a JSON number.")
    return int(number) if number.is_integer() else number
