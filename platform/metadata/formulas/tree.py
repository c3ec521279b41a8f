"""A formula as a tree: literals, references and calls. Operators are calls too."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from amparo.metadata.formulas.value_types import ValueType

LiteralValue = str | Decimal | bool | None


@dataclass(frozen=True, slots=True)
class Literal:
    """A text, a number, TRUE, FALSE or NULL.

    ``start`` and ``end`` of every node are places in the formula's text, counted in code points; they and ``type``,
    which the checker fills in, are no part of what makes two trees equal.
    """

    value: LiteralValue
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)
    type: ValueType | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Reference:
    """A field by its API name, across lookups: ``("client", "birth_date")``; or ``("$User", "name")``."""

    path: tuple[str, ...]
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)
    type: ValueType | None = field(default=None, compare=False)

    @property
    def key(self) -> str:
        """The path as it is written: ``client.birth_date``."""
        return ".".join(self.path)


@dataclass(frozen=True, slots=True)
class Call:
    """A function or an operator with its arguments.

    The name is in upper case. ``&&``, ``||`` and ``!`` are AND, OR and NOT; ``==`` is ``=`` and ``!=`` is ``<>``;
    minus with one argument is the sign.
    """

    name: str
    arguments: tuple[Node, ...]
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)
    type: ValueType | None = field(default=None, compare=False)


Node = Literal | Reference | Call


def nodes(root: Node) -> Iterator[tuple[Node, int]]:
    """Every node with its depth, the root's being 1, in no recursion: however deep the tree is."""
    waiting = [(root, 1)]
    while waiting:
        node, depth = waiting.pop()
        yield node, depth
        if isinstance(node, Call):
            waiting.extend((argument, depth + 1) for argument in reversed(node.arguments))
