"""Conditions and choices."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from amparo.metadata.formulas.comparing import equality_of
from amparo.metadata.formulas.failures import FormulaError
from amparo.metadata.formulas.scope import Scope
from amparo.metadata.formulas.signatures import Compiler, Evaluator, Function, Mismatch, Parameter
from amparo.metadata.formulas.tree import Call
from amparo.metadata.formulas.value_types import TEXTS, ValueType, common_type
from amparo.metadata.wording import N_

_FAMILY = "Logical"
_BOOLEAN = frozenset({ValueType.BOOLEAN})
_CONDITIONS = (Parameter("condition", _BOOLEAN, repeats=True),)


def _all_of(call: Call, compiler: Compiler) -> Evaluator:
    parts = [compiler(argument) for argument in call.arguments]
    if len(parts) == 2:
        return _both(*parts)

    def run(scope: Scope) -> bool | None:
        result: bool | None = True
        for part in parts:
            value = part(scope)
            if not value:
                if value is not None:
                    return False
                result = None
        return result

    return run


def _any_of(call: Call, compiler: Compiler) -> Evaluator:
    parts = [compiler(argument) for argument in call.arguments]
    if len(parts) == 2:
        return _either(*parts)

    def run(scope: Scope) -> bool | None:
        result: bool | None = False
        for part in parts:
            value = part(scope)
            if value:
                return True
            if value is None:
                result = None
        return result

    return run


def _both(left: Evaluator, right: Evaluator) -> Evaluator:
    """Two conditions, the usual number, without a loop."""

    def run(scope: Scope) -> Any:
        first = left(scope)
        if first is not None and not first:
            return False
        second = right(scope)
        return first if second else second

    return run


def _either(left: Evaluator, right: Evaluator) -> Evaluator:
    def run(scope: Scope) -> bool | None:
        first = left(scope)
        if first:
            return True
        second = right(scope)
        if second:
            return True
        return None if first is None or second is None else False

    return run


def _if(call: Call, compiler: Compiler) -> Evaluator:
    condition, then, otherwise = (compiler(argument) for argument in call.arguments)
    return lambda scope: then(scope) if condition(scope) else otherwise(scope)


def _ifs(call: Call, compiler: Compiler) -> Evaluator:
    *pairs, otherwise = (compiler(argument) for argument in call.arguments)
    choices = list(zip(pairs[::2], pairs[1::2], strict=True))

    def run(scope: Scope) -> Any:
        for condition, then in choices:
            if condition(scope):
                return then(scope)
        return otherwise(scope)

    return run


def _case(call: Call, compiler: Compiler) -> Evaluator:
    evaluate, *pairs, otherwise = (compiler(argument) for argument in call.arguments)
    choices = list(zip(pairs[::2], pairs[1::2], strict=True))
    equal = equality_of([call.arguments[0], *call.arguments[1:-1:2]])

    def run(scope: Scope) -> Any:
        value = evaluate(scope)
        for candidate, then in choices:
            if equal(value, candidate(scope)):
                return then(scope)
        return otherwise(scope)

    return run


def _in(call: Call, compiler: Compiler) -> Evaluator:
    evaluate, *candidates = (compiler(argument) for argument in call.arguments)
    equal = equality_of(call.arguments)

    def run(scope: Scope) -> bool:
        value = evaluate(scope)
        return value is not None and any(equal(value, candidate(scope)) for candidate in candidates)

    return run


def _if_error(call: Call, compiler: Compiler) -> Evaluator:
    evaluate, otherwise = (compiler(argument) for argument in call.arguments)

    def run(scope: Scope) -> Any:
        try:
            return evaluate(scope)
        except FormulaError:
            return otherwise(scope)

    return run


def _blank_value(call: Call, compiler: Compiler) -> Evaluator:
    evaluate, otherwise = (compiler(argument) for argument in call.arguments)

    def run(scope: Scope) -> Any:
        value = evaluate(scope)
        return otherwise(scope) if value is None else value

    return run


def _null_value(call: Call, compiler: Compiler) -> Evaluator:
    return compiler(call.arguments[0]) if has_text(call) else _blank_value(call, compiler)


def _is_null(call: Call, compiler: Compiler) -> Evaluator:
    evaluate = compiler(call.arguments[0])
    if not has_text(call):
        return lambda scope: evaluate(scope) is None

    def never(scope: Scope) -> bool:
        # Computed all the same, because an error in it is one.
        evaluate(scope)
        return False

    return never


def has_text(call: Call) -> bool:
    return any(argument.type in TEXTS for argument in call.arguments)


def _one_type(types: Sequence[ValueType], places: Sequence[int]) -> ValueType:
    """The common type of arguments; raises :class:`Mismatch` at the first that does not fit those before it."""
    so_far: list[ValueType] = []
    for place in places:
        before = common_type(so_far) or ValueType.BLANK
        so_far.append(types[place])
        if common_type(so_far) is None:
            advice = N_("Expected {expected} as before, found {found}.")
            raise Mismatch(place, advice, expected=before.words, found=types[place].words)
    return common_type(so_far) or ValueType.BLANK


def _of_if(types: Sequence[ValueType]) -> ValueType:
    return _one_type(types, (1, 2))


def _of_ifs(types: Sequence[ValueType]) -> ValueType:
    return _one_type(types, [*range(1, len(types) - 1, 2), len(types) - 1])


def _of_case(types: Sequence[ValueType]) -> ValueType:
    _compared(types[0], types, range(1, len(types) - 1, 2))
    return _one_type(types, [*range(2, len(types) - 1, 2), len(types) - 1])


def _judge_in(types: Sequence[ValueType]) -> None:
    _compared(types[0], types, range(1, len(types)))


def _compared(first: ValueType, types: Sequence[ValueType], places: Sequence[int]) -> None:
    kept = [ValueType.TEXT if each is ValueType.PICKLIST else each for each in (first, *types[1:])]
    if first in (ValueType.BOOLEAN, ValueType.GEOLOCATION, ValueType.MULTI_SELECT):
        raise Mismatch(0, N_("A {found} cannot be compared with a list of values."), found=first.words)
    _one_type(kept, [0, *places])


def _of_both(types: Sequence[ValueType]) -> ValueType:
    return _one_type(types, (0, 1))


def _even(call: Call) -> None:
    if len(call.arguments) % 2:
        raise Mismatch(None, N_("Give a result with every value, and one more for all other values."))


def _odd(call: Call) -> None:
    if not len(call.arguments) % 2:
        raise Mismatch(None, N_("Give a result with every condition, and one more for when none is true."))


FUNCTIONS = (
    Function(
        "AND", _FAMILY, N_("True when every condition is true."), "AND(age >= 18, NOT(ISBLANK(consent_date)))",
        _CONDITIONS, ValueType.BOOLEAN, build=_all_of,
    ),
    Function(
        "OR", _FAMILY, N_("True when at least one condition is true."),
        'OR(ISPICKVAL(status, "open"), ISPICKVAL(status, "new"))', _CONDITIONS, ValueType.BOOLEAN, build=_any_of,
    ),
    Function(
        "NOT", _FAMILY, N_("True when the condition is false."), "NOT(ISBLANK(closed_on))",
        (Parameter("condition", _BOOLEAN),), ValueType.BOOLEAN, apply=lambda value: not value,
    ),
    Function(
        "IF", _FAMILY, N_("One value when a condition is true, another when it is not."),
        'IF(age < 18, "Child", "Adult")',
        (Parameter("condition", _BOOLEAN), Parameter("value_if_true"), Parameter("value_if_false")), _of_if, build=_if,
    ),
    Function(
        "IFS", _FAMILY, N_("The value of the first condition that is true; the last value when none is."),
        'IFS(age < 12, "Child", age < 18, "Young person", "Adult")',
        (
            Parameter("condition", _BOOLEAN, repeats=True), Parameter("value_if_true", repeats=True),
            Parameter("value_otherwise"),
        ),
        _of_ifs, build=_ifs, check=_odd,
    ),
    Function(
        "CASE", _FAMILY, N_("The result that belongs to a value; the last result for every other value."),
        'CASE(risk, "high", 1, "medium", 7, 30)',
        (
            Parameter("expression"), Parameter("value", repeats=True, is_option=True),
            Parameter("result", repeats=True), Parameter("result_otherwise"),
        ),
        _of_case, build=_case, check=_even,
    ),
    Function(
        "IN", _FAMILY, N_("True when a value is one of those that follow. A blank is never one of them."),
        "IN(MONTH(opened_on), 1, 2, 3)", (Parameter("expression"), Parameter("value", repeats=True, is_option=True)),
        ValueType.BOOLEAN, build=_in, judge=_judge_in,
    ),
    Function(
        "IFERROR", _FAMILY, N_("A value, or another one when it cannot be computed."), "IFERROR(costs / nights, 0)",
        (Parameter("value"), Parameter("value_if_error")), _of_both, build=_if_error,
    ),
    Function(
        "ISBLANK", _FAMILY, N_("True when there is no value."), "ISBLANK(closed_on)", (Parameter("expression"),),
        ValueType.BOOLEAN, apply=lambda value: value is None, takes_blanks=True,
    ),
    Function(
        "ISNULL", _FAMILY,
        N_("As ISBLANK, but never true of a text. For formulas that are brought along: use ISBLANK."),
        "ISNULL(closed_on)", (Parameter("expression"),), ValueType.BOOLEAN, build=_is_null,
    ),
    Function(
        "BLANKVALUE", _FAMILY, N_("A value, or another one when it is blank."), "BLANKVALUE(nights, 0)",
        (Parameter("expression"), Parameter("value_if_blank")), _of_both, build=_blank_value,
    ),
    Function(
        "NULLVALUE", _FAMILY,
        N_("As BLANKVALUE, but leaves a text as it is. For formulas that are brought along: use BLANKVALUE."),
        "NULLVALUE(nights, 0)", (Parameter("expression"), Parameter("value_if_blank")), _of_both, build=_null_value,
    ),
)  # fmt: skip
