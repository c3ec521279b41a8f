"""The record itself: its version before, and why a value is missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, cast

from amparo.metadata.formulas.scope import Scope
from amparo.metadata.formulas.signatures import Compiler, Evaluator, Function, Parameter
from amparo.metadata.formulas.tree import Call, Reference
from amparo.metadata.formulas.value_types import ValueType
from amparo.metadata.wording import N_

_FAMILY = "Record"
_FIELD = (Parameter("field", is_field=True),)
_OWN_FIELD = (Parameter("field", is_field=True, is_own=True),)


def _key(call: Call) -> str:
    return cast("Reference", call.arguments[0]).key


def _prior_value(call: Call, compiler: Compiler) -> Evaluator:
    """Of a record that is being created, the value that it has."""
    evaluate = compiler(call.arguments[0])

    def run(scope: Scope) -> Any:
        return evaluate(scope if scope.prior is None else replace(scope, values=scope.prior))

    return run


def _is_changed(call: Call, compiler: Compiler) -> Evaluator:
    key = _key(call)

    def run(scope: Scope) -> bool:
        return scope.prior is not None and _kept(scope.prior.get(key)) != _kept(scope.values.get(key))

    return run


def _kept(value: Any) -> Any:
    """An empty text and no codes are blank."""
    return None if value in ("", ()) else value


def _is_new(call: Call, compiler: Compiler) -> Evaluator:
    return lambda scope: scope.prior is None


def _missing_reason(call: Call, compiler: Compiler) -> Evaluator:
    key = _key(call)

    def run(scope: Scope) -> str | None:
        reason = scope.missing.get(key)
        return None if reason is None else reason.value

    return run


def _of_field(types: Sequence[ValueType]) -> ValueType:
    return types[0]


FUNCTIONS = (
    Function("PRIORVALUE", _FAMILY, N_("What a field had before this change."), "PRIORVALUE(closed_on)", _OWN_FIELD,
             _of_field, build=_prior_value),
    Function("ISCHANGED", _FAMILY, N_("True when a field has another value than before. Never true of a new record."),
             "ISCHANGED(status)", _OWN_FIELD, ValueType.BOOLEAN, build=_is_changed),
    Function("ISNEW", _FAMILY, N_("True while a record is being created."), "ISNEW()", (), ValueType.BOOLEAN,
             build=_is_new),
    Function("ISCLONE", _FAMILY, N_("Never true. For formulas that are brought along: records are not cloned."),
             "ISCLONE()", (), ValueType.BOOLEAN, apply=lambda: False),
    Function("MISSINGREASON", _FAMILY, N_("Why a field has no value: unknown, refused, not_asked or not_applicable."),
             'MISSINGREASON(birth_date) = "refused"', _FIELD, ValueType.TEXT, build=_missing_reason),
)  # fmt: skip
