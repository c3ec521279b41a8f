"""What SQL cannot say, known before a formula is run: then it is computed after the query."""

from __future__ import annotations

from collections.abc import Mapping

from amparo.metadata.formulas.tree import Call, Node, nodes

_PATTERN = "PostgreSQL's regular expressions are others, whose time grows without bounds; SQLite has none."
_JSON = "SQL reads numbers in JSON otherwise than they are written, and PostgreSQL refuses a text that is no JSON."
_BEFORE = "A row holds what a record is, not what it was before a change."

#: Function -> the reason, on both databases.
UNSAYABLE: Mapping[str, str] = {
    "REGEX": _PATTERN,
    "JSONVALUE": _JSON,
    "JSONPATHVALUE": _JSON,
    "PRIORVALUE": _BEFORE,
    "ISCHANGED": _BEFORE,
    "ISNEW": _BEFORE,
}


def reason_not_sayable(tree: Node) -> str | None:
    """Why a checked formula cannot be an expression of a database; ``None`` when it can."""
    for node, _ in nodes(tree):
        if isinstance(node, Call) and node.name in UNSAYABLE:
            return f"{node.name}: {UNSAYABLE[node.name]}"
    return None
