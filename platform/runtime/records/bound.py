"""Answers that mean nothing without another one, as an amount without its currency: two people may change one each.

Kept side by side, 250 dollars became 250 riel, which nobody wrote.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from amparo.metadata.missing import Missing
from amparo.runtime.errors import FieldConflict
from amparo.runtime.stores.projection import FieldPlace


def with_bound(fields: Mapping[str, FieldPlace], found: Sequence[FieldConflict]) -> list[FieldConflict]:
    """The same fields; both of such a pair are a clash where one side changed one and the other side the other."""
    by_name = {each.field: each for each in found}
    bound = {name for pair in _pairs(fields, by_name) for name in pair}
    return [replace(each, is_bound=each.field in bound) for each in found]


def _pairs(fields: Mapping[str, FieldPlace], found: Mapping[str, FieldConflict]) -> Iterator[tuple[str, str]]:
    for name, each in found.items():
        place = fields[name]
        for other in place.type.beside(place.field):
            if other in found and _part_ways(each, found[other]):
                yield name, other


def _part_ways(one: FieldConflict, other: FieldConflict) -> bool:
    if (one.mine, other.mine) == (one.theirs, other.theirs):
        return False
    if one.mine != one.base and other.theirs != other.base:
        return _says_something(one.mine)
    return one.theirs != one.base and other.mine != other.base and _says_something(one.theirs)


def _says_something(answer: object) -> bool:
    return answer is not None and not isinstance(answer, Missing)
