"""What code contributes under a name of its own (field types, widgets, kinds of job), by that name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Protocol, TypeVar


class Named(Protocol):
    @property
    def name(self) -> str: ...


_Thing = TypeVar("_Thing", bound=Named)


def collect(things: Iterable[_Thing]) -> Mapping[str, _Thing]:
    """By name, in their order; raises :class:`ValueError` when two share one: a mistake that shows at start."""
    collected: dict[str, _Thing] = {}
    for each in things:
        if each.name in collected:
            kinds = " and ".join(type(one).__name__ for one in (collected[each.name], each))
            raise ValueError(f"{kinds} share the name {each.name!r}. Give one of them another.")
        collected[each.name] = each
    return MappingProxyType(collected)
