"""Texts of one direction inside sentences of the other."""

from __future__ import annotations


def isolated(text: str) -> str:
    """A text that keeps its own direction and gives it to nothing around it. Source: Unicode Annex 9, "Isolates"."""
    return f"\u2068{text}\u2069"
