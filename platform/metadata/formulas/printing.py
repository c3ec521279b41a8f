"""A tree as the text of a formula. Reading that text gives an equal tree."""

from __future__ import annotations

from decimal import Decimal

from amparo.metadata.formulas.tree import Call, Literal, Node, Reference

#: How tightly operators bind; functions, names and literals bind tightest.
_BINDING = {
    "=": 1, "<>": 1,
    "<": 2, "<=": 2, ">": 2, ">=": 2,
    "+": 3, "-": 3, "&": 3,
    "^": 4,
    "*": 5, "/": 5,
}  # fmt: skip
_SIGN = 6
_TIGHTEST = 7
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})


def formula_text(node: Node) -> str:
    """On one line, with no more parentheses than are needed."""
    if isinstance(node, Literal):
        return _literal(node)
    if isinstance(node, Reference):
        return node.key
    if node.name not in _BINDING:
        return f"{node.name}({', '.join(map(formula_text, node.arguments))})"
    if len(node.arguments) == 1:
        return node.name + _bracketed(node.arguments[0], _SIGN)
    binding = _BINDING[node.name]
    first, *others = node.arguments
    # A run of & is one call: a call of & that stands first in another was written in parentheses.
    is_run = node.name == "&" and isinstance(first, Call) and first.name == "&"
    parts = [_bracketed(first, binding + is_run), *(_bracketed(each, binding + 1) for each in others)]
    return f" {node.name} ".join(parts)


def _bracketed(node: Node, least: int) -> str:
    text = formula_text(node)
    return text if _binding(node) >= least else f"({text})"


def _binding(node: Node) -> int:
    if not isinstance(node, Call) or node.name not in _BINDING:
        return _TIGHTEST
    return _SIGN if len(node.arguments) == 1 else _BINDING[node.name]


def _literal(node: Literal) -> str:
    if isinstance(node.value, bool):
        return "TRUE" if node.value else "FALSE"
    if isinstance(node.value, Decimal):
        return f"{node.value:f}"
    return "NULL" if node.value is None else f'"{node.value.translate(_ESCAPES)}"'
