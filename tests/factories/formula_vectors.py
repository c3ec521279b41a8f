"""The shared vectors: formulas with what they read and the value that every engine has to give."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from amparo.metadata.formulas.checking import check_formula
from amparo.metadata.formulas.failures import FormulaError
from amparo.metadata.formulas.scope import Scope
from amparo.metadata.formulas.shapes import FieldShape, ObjectShape, Shapes
from amparo.metadata.formulas.tree import Node
from amparo.metadata.formulas.value_types import Blanks, ValueType
from amparo.metadata.formulas.values_json import value_from_json, value_to_json
from amparo.metadata.missing import Missing

VECTORS = Path(__file__).parents[1] / "metadata" / "formulas" / "vectors.json"


@dataclass(frozen=True)
class Vector:
    """``fields`` have their types by name, ``values`` are as fields keep them.

    ``expected`` is a value as :mod:`~amparo.metadata.formulas.values_json` writes it, or ``{"error": kind}``.
    ``left_by`` are the engines that leave it to the one in Python.
    """

    formula: str
    fields: Mapping[str, ValueType]
    values: Mapping[str, Any]
    prior: Mapping[str, Any] | None
    missing: Mapping[str, Missing]
    blanks: Blanks
    now: dt.datetime
    zone: ZoneInfo
    expected: Any
    left_by: frozenset[str] = frozenset()

    @property
    def tree(self) -> Node:
        shapes = Shapes(
            {"record": ObjectShape("Record", {name: FieldShape(each) for name, each in self.fields.items()})}
        )
        checked = check_formula(self.formula, shapes, "record")
        assert checked.tree is not None, checked.problems
        return checked.tree

    @property
    def scope(self) -> Scope:
        return Scope(self.values, self.now, self.zone, self.prior, self.missing)

    def found(self, evaluate: Callable[[Scope], Any]) -> Any:
        """What an engine gives, in the form of ``expected``."""
        try:
            return value_to_json(evaluate(self.scope))
        except FormulaError as error:
            return {"error": error.kind}


def vectors() -> list[Vector]:
    content = json.loads(VECTORS.read_text(encoding="utf-8"))
    return [_vector({**content["defaults"], **each}) for each in content["vectors"]]


def _vector(content: Mapping[str, Any]) -> Vector:
    fields = {name: ValueType(type_) for name, type_ in content["fields"].items()}
    prior = content["prior"]
    return Vector(
        formula=content["formula"],
        fields=fields,
        values=_values(content["values"], fields),
        prior=None if prior is None else _values(prior, fields),
        missing={name: Missing(reason) for name, reason in content["missing"].items()},
        blanks=Blanks(content["blanks"]),
        now=dt.datetime.fromisoformat(content["now"]),
        zone=ZoneInfo(content["zone"]),
        expected=content["expected"],
        left_by=frozenset(content.get("left_by", ())),
    )


def _values(contents: Mapping[str, Any], fields: Mapping[str, ValueType]) -> dict[str, Any]:
    return {name: value_from_json(content, fields[name]) for name, content in contents.items()}
