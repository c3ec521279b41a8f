"""What a formula may cost. Stated here, refused before a formula is accepted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from amparo.metadata.formulas.tree import Call, Node, Reference, nodes
from amparo.metadata.problems import Problem
from amparo.metadata.wording import N_

#: Of the text, in code points.
MOST_CHARACTERS = 10_000
#: Of one that stands in a definition.
LONGEST_CONDITION = 4_000
#: Literals, references, functions and operators together.
MOST_PARTS = 2_000
#: Functions within functions. Every level takes a few levels of Python's stack where a formula is checked.
DEEPEST = 100
#: Lookups that one reference crosses, as in Salesforce.
MOST_LEVELS = 5
#: Different lookups that one formula crosses: each is a table to join.
MOST_LOOKUPS = 15
#: Each takes time with the length of its text, some thirtieth of a second for the longest.
MOST_PATTERNS = 25
#: Of a text that a formula makes, in code points.
MOST_TEXT = 200_000
#: Of a number that a formula makes.
MOST_DIGITS_BEFORE_POINT = 999


@dataclass(frozen=True, slots=True)
class Price:
    """What a formula costs: its parts, its depth, the lookups that it crosses, and its regular expressions."""

    parts: int
    depth: int
    lookups: int
    patterns: int


def price(tree: Node) -> Price:
    parts = depth = patterns = 0
    lookups: set[tuple[str, ...]] = set()
    for node, level in nodes(tree):
        parts += 1
        depth = max(depth, level)
        patterns += isinstance(node, Call) and node.name == "REGEX"
        if isinstance(node, Reference) and not node.path[0].startswith("$"):
            lookups.update(node.path[:length] for length in range(1, len(node.path)))
    return Price(parts, depth, len(lookups), patterns)


def too_dear(cost: Price, path: str) -> Iterator[Problem]:
    """One problem for each limit that is passed."""
    for kind, value, limit, advice in (
        ("too_many_parts", cost.parts, MOST_PARTS, N_("A formula has at most {limit} parts; this one has {value}.")),
        ("too_deep", cost.depth, DEEPEST, N_("Functions stand at most {limit} deep; here they stand {value} deep.")),
        (
            "too_many_lookups",
            cost.lookups,
            MOST_LOOKUPS,
            N_("A formula reads across at most {limit} lookups; this one reads across {value}."),
        ),
        (
            "too_many_patterns",
            cost.patterns,
            MOST_PATTERNS,
            N_("A formula has at most {limit} regular expressions; this one has {value}."),
        ),
    ):
        if value > limit:
            yield Problem(kind, path, value, advice, {"limit": limit, "value": value})
