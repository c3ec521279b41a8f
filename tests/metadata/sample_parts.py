"""What a sample of a field type is made of."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

SOMEBODY = uuid.UUID("0192f0c4-7b1e-7c3a-9d55-3f6a2b1c4d5e")
NOON = dt.datetime(2026, 11, 22, 12, 0, tzinfo=dt.UTC)


@dataclass(frozen=True)
class Sample:
    """What a type should do: (input, value, canonical text), refused (input, kind), and how to invent values."""

    taken: list[tuple[Any, Any, str]]
    refused: list[tuple[Any, str]]
    values: st.SearchStrategy[Any]
    options: Mapping[str, Any] = field(default_factory=dict)


plain_text = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1)
#: Without everything that str.splitlines calls a line break.
line = plain_text.filter(lambda text: "\r" not in text and len(text.splitlines()) == 1 and text == text.splitlines()[0])


def itself(text: str) -> tuple[str, str]:
    """A value that is its own canonical text."""
    return text, text
