"""What roll-ups are made of: records of one object, over a lookup of theirs, for records of another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from amparo.runtime.stores.projection import FieldPlace

if TYPE_CHECKING:
    from amparo.runtime.releases.live import LiveObject

_LAST_CHANGE = frozenset({"updated_at", "updated_by"})


@dataclass(frozen=True, eq=False)
class RollUpSource:
    """Records of ``child`` whose ``lookup`` points to those of ``master``, and the roll-ups made of them there."""

    master: LiveObject
    child: LiveObject
    lookup: FieldPlace
    roll_ups: tuple[FieldPlace, ...]

    @cached_property
    def reads(self) -> frozenset[str]:
        """The fields of the child that the roll-ups look at, system fields too."""
        asked = [each.field.roll_up for each in self.roll_ups if each.field.roll_up is not None]
        computed_with = {each.of for each in asked if each.of is not None}
        return frozenset(computed_with | {row.field for each in asked for row in each.filters})

    @cached_property
    def paths(self) -> frozenset[tuple[str, ...]]:
        """As a view of the past asks for them, with the lookup."""
        return frozenset((name,) for name in {*self.reads, self.lookup.field.name})

    def concerns(self, changed: Collection[str]) -> bool:
        """Whether a change of these fields of a record can change a roll-up."""
        is_read = self.lookup.field.name in changed or not self.reads.isdisjoint(changed)
        return is_read or not self.reads.isdisjoint(_LAST_CHANGE)


def sources_of(objects: Mapping[str, LiveObject]) -> tuple[RollUpSource, ...]:
    found: defaultdict[tuple[str, str, str], list[FieldPlace]] = defaultdict(list)
    for live in objects.values():
        for place in live.roll_ups:
            if (asked := place.field.roll_up) is not None:
                found[live.name, asked.object, asked.field].append(place)
    return tuple(
        RollUpSource(objects[master], objects[child], objects[child].fields[lookup], tuple(places))
        for (master, child, lookup), places in found.items()
    )


def grouped_by_child(sources: Iterable[RollUpSource]) -> dict[str, tuple[RollUpSource, ...]]:
    grouped: defaultdict[str, list[RollUpSource]] = defaultdict(list)
    for source in sources:
        grouped[source.child.name].append(source)
    return {name: tuple(found) for name, found in grouped.items()}
