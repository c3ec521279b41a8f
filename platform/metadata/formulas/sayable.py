"""What SQL cannot say, known before a formula is run: then it is computed after the query."""

from __future__ import annotations

from collections.abc import Mapping

from amparo.metadata.formulas.limits import price
from amparo.metadata.formulas.tree import Call, Node, nodes

#: Of a formula in SQL: a larger one would make a statement that takes longer to plan than records take to evaluate.
MOST_PARTS = 500
DEEPEST = 50

_PATTERN = "PostgreSQL's regular expressions are others, whose time grows without bounds, and SQLite has none."
_JSON = "SQL reads numbers in JSON otherwise than they are written, and PostgreSQL refuses a text that is no JSON."
_BEFORE = "A row holds what a record is, not what it was before a change."

#: Function -> why neither SQLite nor PostgreSQL says it.
UNSAYABLE: Mapping[str, str] = {
    "REGEX": _PATTERN,
    "JSONVALUE": _JSON,
    "JSONPATHVALUE": _JSON,
    "PRIORVALUE": _BEFORE,
    "ISCHANGED": _BEFORE,
    "ISNEW": _BEFORE,
}


def reason_not_sayable(tree: Node) -> str | None:
    """Why a checked formula is no expression of a database; ``None`` when it is one, of SQLite and of PostgreSQL."""
    for node, _ in nodes(tree):
        if isinstance(node, Call) and node.name in UNSAYABLE:
            return f"{node.name}: {UNSAYABLE[node.name]}"
    cost = price(tree)
    if cost.parts > MOST_PARTS or cost.depth > DEEPEST:
        return f"It has {cost.parts} parts, {cost.depth} deep; SQL is asked for at most {MOST_PARTS}, {DEEPEST} deep."
    return None
