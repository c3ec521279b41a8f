"""Addresses of style, script and pictures: stable name → name with the hash of its content."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from flask import url_for

STATIC_FOLDER = Path(__file__).parent / "static"
BUILT = "dist"


class NotBuilt(Exception):
    """The front end was not bundled yet."""


@lru_cache(maxsize=1)
def _names() -> Mapping[str, str]:
    try:
        names: Mapping[str, str] = json.loads((STATIC_FOLDER / BUILT / "manifest.json").read_text())
    except FileNotFoundError:
        raise NotBuilt("The front end is not built. Run: make assets") from None
    return names


def built_name(name: str) -> str:
    """The name with its hash of a bundle in the folder :data:`BUILT`. Raises :class:`KeyError` for none."""
    return _names()[name]


def asset(name: str) -> str:
    """The address of ``app.css``, ``app.js`` or a file that is served as it is, such as ``favicon.svg``."""
    built = _names().get(name)
    return url_for("static", filename=f"{BUILT}/{built}" if built else name)


def is_immutable(path: str) -> bool:
    """Whether the address holds a hash, so that what it gives never changes."""
    return path.startswith(f"/static/{BUILT}/") and not path.endswith(".json")
