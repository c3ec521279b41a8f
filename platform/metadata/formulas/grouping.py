"""AND, OR and NOT as they are said: what stands together, and which choices of one picklist are one."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from amparo.metadata.formulas.tree import Call, Literal, Node

_GROUPS = ("AND", "OR")
#: These change how a value is kept, and not how it reads.
UNHEARD = frozenset({"TEXT", "TRIM", "CASESAFEID"})

#: A condition, and whether it is said that it holds.
Part = tuple[Node, bool]


def turned(node: Node, *, holds: bool) -> Part:
    """Without any NOT around it."""
    while isinstance(node, Call) and node.name == "NOT":
        node, holds = node.arguments[0], not holds
    return node, holds


def group_of(node: Node, holds: bool = True) -> tuple[str, list[Part]] | None:
    """AND or OR, whichever it reads as, with its parts; groups of the same kind within it are dissolved.

    That neither holds reads as that the one does not and the other does not.
    """
    node, holds = turned(node, holds=holds)
    if not isinstance(node, Call) or node.name not in _GROUPS:
        return None
    name = node.name if holds else _GROUPS[1 - _GROUPS.index(node.name)]
    parts: list[Part] = []
    for argument in node.arguments:
        inner = group_of(argument, holds)
        parts += inner[1] if inner is not None and inner[0] == name else [(argument, holds)]
    return (name, parts) if len(parts) > 1 else group_of(*parts[0])


def has_groups(name: str, parts: Sequence[Part]) -> bool:
    """Whether a part is a group itself, or choices of one picklist among other parts."""
    runs = runs_of(name, parts)
    return any(group_of(*part) for part in parts) or (len(runs) > 1 and any(len(run) > 1 for run in runs))


def runs_of(name: str, parts: Sequence[Part]) -> list[list[Part]]:
    """Parts, where choices of one picklist that stand side by side are one."""

    def key(place_and_part: tuple[int, Part]) -> object:
        place, part = place_and_part
        subject = subject_of_choice(*part)
        is_choice = subject is not None and (name == "OR") is is_plain(part)
        return ("choice", subject) if is_choice else place

    return [[part for _, part in run] for _, run in groupby(enumerate(parts), key)]


def is_plain(part: Part) -> bool:
    return turned(part[0], holds=part[1])[1]


def subject_of_choice(node: Node, holds: bool) -> Node | None:
    """The picklist of which one option is asked."""
    node, _ = turned(node, holds=holds)
    if not isinstance(node, Call) or node.name not in ("ISPICKVAL", "="):
        return None
    left, right = node.arguments
    is_choice = isinstance(right, Literal) and isinstance(right.value, str) and right.value
    return left if is_choice else None


def heard_of(node: Node) -> Node:
    while isinstance(node, Call) and node.name in UNHEARD:
        node = node.arguments[0]
    return node
