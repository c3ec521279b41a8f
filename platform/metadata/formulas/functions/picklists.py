"""Picklists and multi-selects. Their values are codes, never labels."""

from __future__ import annotations

from decimal import Decimal
from typing import cast

from amparo.metadata.formulas.signatures import Compiler, Evaluator, Function, Parameter
from amparo.metadata.formulas.tree import Call, Literal
from amparo.metadata.formulas.value_types import ValueType
from amparo.metadata.wording import N_

_FAMILY = "Picklists"
_PICKLIST = Parameter("picklist", frozenset({ValueType.PICKLIST}))
_MULTI_SELECT = Parameter("multi_select", frozenset({ValueType.MULTI_SELECT}))
_CODE = Parameter("code", frozenset({ValueType.TEXT}), is_literal=True, is_option=True)


def _is_value(call: Call, compiler: Compiler) -> Evaluator:
    evaluate = compiler(call.arguments[0])
    code = cast("Literal", call.arguments[1]).value or None
    return lambda scope: evaluate(scope) == code


def _includes(codes: tuple[str, ...] | None, code: str | None) -> bool:
    return code in (codes or ())


FUNCTIONS = (
    Function("ISPICKVAL", _FAMILY, N_("True when a picklist has this code; with \"\" when it is blank."),
             'ISPICKVAL(status, "closed")', (_PICKLIST, _CODE), ValueType.BOOLEAN,
             build=_is_value),
    Function("INCLUDES", _FAMILY, N_("True when a multi-select has this code among its own."),
             'INCLUDES(needs, "shelter")', (_MULTI_SELECT, _CODE), ValueType.BOOLEAN, apply=_includes,
             takes_blanks=True),
    Function("PICKLISTCOUNT", _FAMILY, N_("How many codes a multi-select has."), "PICKLISTCOUNT(needs)",
             (_MULTI_SELECT,),
             ValueType.NUMBER, apply=lambda codes: Decimal(len(codes or ())), takes_blanks=True),
)  # fmt: skip
