"""The shared texts in many scripts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from xml.etree import ElementTree


def declarations(shared: Path, kinds: Sequence[str]) -> Iterator[list[str]]:
    """The texts of each translation of the Universal Declaration of Human Rights, of these kinds of elements."""
    for path in sorted((shared / "real/multiscript/udhr").glob("*.xml")):
        tree = ElementTree.parse(path)  # noqa: S314 - ours
        yield ["".join(each.itertext()) for kind in kinds for each in tree.iterfind(f".//{{*}}{kind}")]


def strings(content: Any) -> Iterator[str]:
    """Every text in a value as JSON has them, in its order."""
    if isinstance(content, str):
        yield content
    elif isinstance(content, (dict, list)):
        for each in content.values() if isinstance(content, dict) else content:
            yield from strings(each)
