"""Formula fields: what stands for a field that a formula computes, wherever another formula reads it.

A formula that reads a formula field is made into one that reads what is kept: the field's own formula takes the
place of its name, across lookups too. So every evaluator sees plain formulas, and an error stands where the field's
name stood.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from amparo.metadata.formulas.checking import check_formula
from amparo.metadata.formulas.functions.registry import FUNCTIONS
from amparo.metadata.formulas.limits import MOST_PARTS
from amparo.metadata.formulas.naming import owner_of
from amparo.metadata.formulas.shapes import Shapes
from amparo.metadata.formulas.tree import Call, Literal, Node, Reference, nodes
from amparo.metadata.formulas.value_types import NUMBERS, Blanks, ValueType
from amparo.metadata.model import Application, FieldDefinition

_ZERO = Literal(Decimal(0), type=ValueType.NUMBER)
_TRUE, _FALSE = (Literal(value, type=ValueType.BOOLEAN) for value in (True, False))
_RECORD_TYPE = ("$RecordType", "name")


class FormulaFields:
    """The formula fields of an application, each read when it is first asked for."""

    def __init__(self, application: Application, shapes: Shapes) -> None:
        self.shapes = shapes
        self._fields: Mapping[tuple[str, str], FieldDefinition] = {
            (owner.name, field.name): field
            for owner in application.objects.values()
            for field in owner.active_fields
            if field.formula is not None
        }
        self._written: dict[tuple[str, str], Node | None] = {}
        self._sizes: dict[tuple[str, str], int] = {}
        self._trees: dict[tuple[str, str], Node | None] = {}
        # What is being made would be taken for what cannot be.
        self._making = threading.RLock()

    def tree(self, object_name: str, name: str) -> Node | None:
        """What a formula field computes, of nothing but what is kept.

        ``None`` for what is no formula field, and for a formula that cannot be read, reads itself or has too many
        parts.
        """
        key = object_name, name
        if key not in self._fields:
            return None
        with self._making:
            if key not in self._trees:
                # Whoever asks for it while it is being made reads itself.
                self._trees[key] = None
                self._trees[key] = self._made(key)
            return self._trees[key]

    def _made(self, key: tuple[str, str]) -> Node | None:
        tree, field = self._as_written(key), self._fields[key]
        if tree is None or self._size(key) > MOST_PARTS:
            return None
        tree = self.expanded(_of_record(tree), key[0], field.blanks)
        if field.type == "checkbox":
            # It is ticked or it is not.
            tree = Call("IF", (tree, _TRUE, _FALSE), tree.start, tree.end, ValueType.BOOLEAN)
        return tree

    def _as_written(self, key: tuple[str, str]) -> Node | None:
        if key not in self._written:
            self._written[key] = check_formula(self._fields[key].formula or "", self.shapes, key[0]).tree
        return self._written[key]

    def parts(self, tree: Node, object_name: str) -> int:
        """How many parts a checked formula has together with the formulas of the fields that it reads."""
        with self._making:
            return sum(self._parts_of(node, object_name) for node, _ in nodes(tree))

    def _parts_of(self, node: Node, object_name: str) -> int:
        owner = owner_of(node.path, self.shapes, object_name) if isinstance(node, Reference) else None
        key = (owner, node.path[-1]) if isinstance(node, Reference) and owner is not None else None
        return self._size(key) if key in self._fields and key is not None else 1

    def _size(self, key: tuple[str, str]) -> int:
        if key not in self._sizes:
            self._sizes[key] = 1
            tree = self._as_written(key)
            self._sizes[key] = 1 if tree is None else self.parts(tree, key[0])
        return self._sizes[key]

    def expanded(self, tree: Node, object_name: str, blanks: Blanks = Blanks.AS_BLANK) -> Node:
        """A checked formula with the formulas of the fields that it reads in it.

        Each has its own way with blanks, so the result is for evaluators that leave them blank.
        """
        tree = _without_blanks(tree) if blanks is Blanks.AS_ZERO else tree
        return self._read_in(tree, object_name) if self._fields else tree

    def _read_in(self, node: Node, object_name: str) -> Node:
        if isinstance(node, Literal):
            return node
        if isinstance(node, Call):
            return replace(node, arguments=tuple(self._read_in(each, object_name) for each in node.arguments))
        owner = owner_of(node.path, self.shapes, object_name)
        found = None if owner is None else self.tree(owner, node.path[-1])
        return node if found is None else _read_through(found, node)


def _read_through(tree: Node, reference: Reference) -> Node:
    """The formula of a field as it is read from where the reference stands."""
    start, end = reference.start, reference.end
    if isinstance(tree, Call):
        arguments = tuple(_read_through(each, reference) for each in tree.arguments)
        return replace(tree, arguments=arguments, start=start, end=end)
    if isinstance(tree, Literal) or tree.path[0].startswith("$"):
        return replace(tree, start=start, end=end)
    return replace(tree, path=(*reference.path[:-1], *tree.path), start=start, end=end)


def _of_record(node: Node) -> Node:
    """The formula in which the record's type is one of its fields, so that it can be read across lookups."""
    if isinstance(node, Call):
        return replace(node, arguments=tuple(map(_of_record, node.arguments)))
    if isinstance(node, Reference) and node.path == _RECORD_TYPE:
        return replace(node, path=("record_type",))
    return node


def _without_blanks(node: Node) -> Node:
    """The formula in which a number field without an answer is zero."""
    if isinstance(node, Reference) and node.type in NUMBERS:
        return Call("BLANKVALUE", (node, _ZERO), node.start, node.end, node.type)
    if not isinstance(node, Call):
        return node
    count, function = len(node.arguments), FUNCTIONS[node.name]
    return replace(
        node,
        arguments=tuple(
            each if function.parameter(place, count).is_field else _without_blanks(each)
            for place, each in enumerate(node.arguments)
        ),
    )
