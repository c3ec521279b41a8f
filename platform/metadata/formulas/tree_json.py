"""The tree as JSON, for the browser, and back."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from amparo.metadata.formulas.tree import Call, Literal, Node, Reference
from amparo.metadata.formulas.value_types import ValueType


def tree_to_json(node: Node) -> dict[str, Any]:
    """One of ``{"literal": …}``, ``{"reference": [names]}`` and ``{"call": name, "arguments": [trees]}``.

    Beside it ``at`` (the two places) and, once checked, ``type``. A number is ``{"number": "1.50"}``, because a
    double does not hold every decimal.
    """
    content: dict[str, Any] = {}
    if isinstance(node, Literal):
        is_number = isinstance(node.value, Decimal)
        content["literal"] = {"number": str(node.value)} if is_number else node.value
    elif isinstance(node, Reference):
        content["reference"] = list(node.path)
    else:
        content["call"] = node.name
        content["arguments"] = [tree_to_json(argument) for argument in node.arguments]
    content["at"] = [node.start, node.end]
    if node.type is not None:
        content["type"] = node.type.value
    return content


def tree_from_json(content: Mapping[str, Any]) -> Node:
    """The tree that :func:`tree_to_json` wrote. Raises :class:`KeyError` for what it never writes."""
    start, end = content["at"]
    type_ = ValueType(content["type"]) if "type" in content else None
    if "call" in content:
        arguments = tuple(tree_from_json(argument) for argument in content["arguments"])
        return Call(content["call"], arguments, start, end, type_)
    if "reference" in content:
        return Reference(tuple(content["reference"]), start, end, type_)
    value = content["literal"]
    return Literal(Decimal(value["number"]) if isinstance(value, dict) else value, start, end, type_)
