"""What formulas read, and in which order they are computed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

from amparo.metadata.formulas.naming import fields_crossed
from amparo.metadata.formulas.shapes import Shapes
from amparo.metadata.formulas.tree import Call, Node, Reference, nodes
from amparo.metadata.problems import Problem
from amparo.metadata.wording import N_

#: These ask for more than the value that a field has now.
_OF_BEFORE = frozenset({"PRIORVALUE", "ISCHANGED"})


def paths_read(tree: Node) -> frozenset[tuple[str, ...]]:
    """Every path that the formula reads, ``$User`` and its like included."""
    return frozenset(node.path for node, _ in nodes(tree) if isinstance(node, Reference))


def paths_read_before(tree: Node) -> frozenset[tuple[str, ...]]:
    """Those of which the formula also asks what they were before this change."""
    calls = (node for node, _ in nodes(tree) if isinstance(node, Call) and node.name in _OF_BEFORE)
    return frozenset(path for call in calls for path in paths_read(call))


@dataclass(frozen=True, slots=True)
class Dependencies:
    """Which formula reads which fields, across lookups too. A field is written ``case.total``."""

    reads: Mapping[str, frozenset[str]]

    @classmethod
    def of(cls, formulas: Mapping[str, Mapping[str, Node]], shapes: Shapes) -> Dependencies:
        """Of checked formulas: object -> field that a formula computes -> the formula."""
        return cls(
            {
                f"{owner}.{name}": frozenset(
                    field for path in paths_read(tree) for field in fields_crossed(path, shapes, owner)
                )
                for owner, named in formulas.items()
                for name, tree in named.items()
            }
        )

    def order(self) -> list[str]:
        """Every formula after those that it reads. Raises :class:`graphlib.CycleError`; ask :meth:`cycles` before."""
        graph = {name: sorted(self.reads[name] & self.reads.keys()) for name in sorted(self.reads)}
        return list(TopologicalSorter(graph).static_order())

    def cycles(self) -> Iterator[Problem]:
        """A problem, still without a place, that names a loop, if there is one.

        A formula that reads its own field across a lookup is one too: its value would go on from record to record.
        """
        try:
            self.order()
        except CycleError as error:
            # In the error each name is read by the one behind it.
            loop = " → ".join(reversed(error.args[1]))
            yield Problem("loop", "", loop, N_("These formulas read each other: {loop}."), {"loop": loop})
