"""A case with a client, as formulas see them, and short ways to check and compute a formula."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from amparo.metadata.formulas.checking import check_formula
from amparo.metadata.formulas.evaluation import compile_formula
from amparo.metadata.formulas.scope import scope_of
from amparo.metadata.formulas.shapes import FieldShape, ObjectShape, Shapes
from amparo.metadata.formulas.value_types import Blanks, ValueType

#: Half past one in the morning of 1 April in Phnom Penh, and still 31 March in UTC.
NOW = dt.datetime(2026, 3, 31, 18, 30, tzinfo=dt.UTC)
ZONE = ZoneInfo("Asia/Phnom_Penh")

Compute = Callable[..., Any]
Problems = Callable[[str], list[str]]

_STATUS = ("new", "open", "closed")
_CASE = {
    "age": FieldShape(ValueType.NUMBER),
    "costs": FieldShape(ValueType.CURRENCY),
    "share": FieldShape(ValueType.PERCENT),
    "summary": FieldShape(ValueType.TEXT),
    "name": FieldShape(ValueType.TEXT),
    "is_urgent": FieldShape(ValueType.BOOLEAN),
    "is_known": FieldShape(ValueType.BOOLEAN),
    "opened_on": FieldShape(ValueType.DATE),
    "closed_on": FieldShape(ValueType.DATE),
    "updated_at": FieldShape(ValueType.DATE_TIME),
    "seen_at": FieldShape(ValueType.TIME),
    "status": FieldShape(ValueType.PICKLIST, (), _STATUS),
    "needs": FieldShape(ValueType.MULTI_SELECT, (), ("shelter", "legal", "medical")),
    "place": FieldShape(ValueType.GEOLOCATION),
    "client": FieldShape(ValueType.LOOKUP, ("client",)),
}
_CLIENT = {
    "name": FieldShape(ValueType.TEXT),
    "birth_date": FieldShape(ValueType.PARTIAL_DATE),
    "arrived": FieldShape(ValueType.PARTIAL_DATE),
    "last_case": FieldShape(ValueType.LOOKUP, ("case",)),
}


@pytest.fixture(scope="session")
def shapes() -> Shapes:
    return Shapes({"case": ObjectShape("Case", _CASE), "client": ObjectShape("Client", _CLIENT)})


@pytest.fixture(scope="session")
def compute(shapes: Shapes) -> Compute:
    """``compute("age + 1", {"age": 17})``; ``prior=`` for a record that was there before."""

    def run(
        formula: str,
        answers: Mapping[str, Any] | None = None,
        prior: Mapping[str, Any] | None = None,
        blanks: Blanks = Blanks.AS_BLANK,
    ) -> Any:
        checked = check_formula(formula, shapes, "case")
        assert checked.tree is not None, checked.problems
        return compile_formula(checked.tree, blanks)(scope_of(answers or {}, NOW, ZONE, prior))

    return run


@pytest.fixture(scope="session")
def problems(shapes: Shapes) -> Problems:
    """What the checker says about a formula on a case, each as a sentence."""
    return lambda formula: [str(problem) for problem in check_formula(formula, shapes, "case").problems]
