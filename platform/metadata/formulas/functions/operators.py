"""The signs of the language."""

from __future__ import annotations

import datetime as dt
import operator
from collections.abc import Callable, Sequence
from typing import Any

from amparo.metadata.formulas.comparing import before, equality_of, not_after
from amparo.metadata.formulas.decimals import CONTEXT, divide, power
from amparo.metadata.formulas.failures import too_long
from amparo.metadata.formulas.limits import MOST_TEXT
from amparo.metadata.formulas.moments import add_days, add_to_time, days_between, time_between
from amparo.metadata.formulas.scope import Scope
from amparo.metadata.formulas.signatures import Compiler, Evaluator, Function, Mismatch, Parameter
from amparo.metadata.formulas.tree import Call, Literal
from amparo.metadata.formulas.value_types import DAYS, NUMBERS, TEXTS, ValueType, common_type
from amparo.metadata.wording import N_

_FAMILY = "Operators"
_NUMBERS = (Parameter("left", NUMBERS), Parameter("right", NUMBERS))
_ANY = (Parameter("left"), Parameter("right"))
_EQUATED = (Parameter("left", is_option=True), Parameter("right", is_option=True))
_ORDERED = NUMBERS | TEXTS | DAYS | {ValueType.DATE_TIME, ValueType.TIME}
_COMPARED = _ORDERED | {ValueType.BOOLEAN}


def _equal(call: Call, compiler: Compiler) -> Evaluator:
    left, right = (compiler(argument) for argument in call.arguments)
    equal = equality_of(call.arguments)
    return lambda scope: equal(left(scope), right(scope))


def _different(call: Call, compiler: Compiler) -> Evaluator:
    left, right = (compiler(argument) for argument in call.arguments)
    equal = equality_of(call.arguments)

    def run(scope: Scope) -> bool | None:
        result = equal(left(scope), right(scope))
        return None if result is None else not result

    return run


def _ordered(compare: Callable[[Any, Any], Any], days: Callable[[Any, Any], Any]) -> Any:
    """Builds a comparison: ``days`` where one side may be known in part."""

    def build(call: Call, compiler: Compiler) -> Evaluator:
        left, right = (compiler(argument) for argument in call.arguments)
        is_partial = any(argument.type is ValueType.PARTIAL_DATE for argument in call.arguments)
        judge = days if is_partial else compare
        if isinstance(call.arguments[1], Literal) and call.arguments[1].value not in (None, ""):
            return _with_constant(left, judge, call.arguments[1].value)

        def run(scope: Scope) -> bool | None:
            first, second = left(scope), right(scope)
            return None if first is None or second is None else judge(first, second)

        return run

    return build


def _with_constant(left: Evaluator, judge: Callable[[Any, Any], Any], constant: Any) -> Evaluator:
    """Most comparisons are with a number that stands in the formula: one call fewer for each."""

    def run(scope: Scope) -> bool | None:
        first = left(scope)
        return None if first is None else judge(first, constant)

    return run


def _add(left: Any, *others: Any) -> Any:
    if not others:
        return left
    (right,) = others
    if isinstance(left, str) or isinstance(right, str):
        return _joined(left, right)
    if left is None or right is None:
        return None
    if isinstance(left, dt.time):
        return add_to_time(left, right)
    if isinstance(left, dt.date):
        return add_days(left, right)
    return add_days(right, left) if isinstance(right, dt.date) else CONTEXT.add(left, right)


def _subtract(left: Any, right: Any = None) -> Any:
    if right is None:
        return CONTEXT.minus(left)
    if isinstance(left, dt.time):
        return time_between(left, right) if isinstance(right, dt.time) else add_to_time(left, CONTEXT.minus(right))
    if isinstance(left, dt.date):
        return days_between(left, right) if isinstance(right, dt.date) else add_days(left, CONTEXT.minus(right))
    return CONTEXT.subtract(left, right)


def _joined(*texts: Any) -> str | None:
    parts = [text for text in texts if text is not None]
    if sum(map(len, parts)) > MOST_TEXT:
        raise too_long()
    return "".join(parts) or None


def _judge_equality(types: Sequence[ValueType]) -> None:
    _judge_pair(types, _COMPARED)


def _judge_order(types: Sequence[ValueType]) -> None:
    _judge_pair(types, _ORDERED)


def _judge_pair(types: Sequence[ValueType], allowed: frozenset[ValueType]) -> None:
    for place, each in enumerate(types):
        if each not in allowed and each is not ValueType.BLANK:
            raise Mismatch(place, _ADVICE.get(each, N_("A {found} cannot be compared this way.")), found=each.words)
    if set(types) == {ValueType.DATE, ValueType.DATE_TIME}:
        raise Mismatch(1, N_("A date is compared with a date: DATEVALUE(…) gives the day of a date-time."))
    if common_type(types) is None:
        advice = N_("Expected {expected} to compare with, found {found}.")
        raise Mismatch(1, advice, expected=types[0].words, found=types[1].words)


_ADVICE = {
    ValueType.PICKLIST: N_("A picklist is compared with ISPICKVAL, or as a text with TEXT."),
    ValueType.MULTI_SELECT: N_("A multi-select is compared with INCLUDES."),
}


def _of_sum(types: Sequence[ValueType]) -> ValueType:
    if len(types) == 1:
        return _number(types[0], 0)
    if ValueType.BLANK in types:
        return next((each for each in types if each is not ValueType.BLANK), ValueType.BLANK)
    left, right = types
    if left in TEXTS and right in TEXTS:
        return ValueType.TEXT
    if left in NUMBERS and right in _MOMENTS - {ValueType.TIME}:
        return right
    return _number(right, 1) if left in NUMBERS else _moment(left, right)


def _of_difference(types: Sequence[ValueType]) -> ValueType:
    if len(types) == 1:
        return _number(types[0], 0)
    left, right = types
    if left is right and left in _MOMENTS:
        return ValueType.NUMBER
    if left in NUMBERS or left is ValueType.BLANK:
        return _number(right, 1)
    return _moment(left, right)


_MOMENTS = frozenset({ValueType.DATE, ValueType.DATE_TIME, ValueType.TIME})


def _number(given: ValueType, place: int) -> ValueType:
    if given in NUMBERS or given is ValueType.BLANK:
        return ValueType.NUMBER
    raise Mismatch(place, N_("Expected a number, found {found}."), found=given.words)


def _moment(left: ValueType, right: ValueType) -> ValueType:
    if left not in _MOMENTS:
        advice = N_("Expected a number, a date, a date-time or a time, found {found}.")
        raise Mismatch(0, advice, found=left.words)
    _number(right, 1)
    return left


def _operator(name: str, summary: str, example: str, parameters: Any, result: Any, **how: Any) -> Function:
    return Function(name, _FAMILY, summary, example, parameters, result, is_operator=True, **how)


def _comparison(name: str, summary: str, example: str, build: Any) -> Function:
    return _operator(name, summary, example, _ANY, ValueType.BOOLEAN, build=build, judge=_judge_order)


def _equality(name: str, summary: str, example: str, build: Any) -> Function:
    return _operator(name, summary, example, _EQUATED, ValueType.BOOLEAN, build=build, judge=_judge_equality)


FUNCTIONS = (
    _equality("=", "True when two values are equal; == is the same. A blank text equals a blank text.",
              'TEXT(status) = "closed"', _equal),
    _equality("<>", "True when two values differ; != is the same.", "owner <> $User.id", _different),
    _comparison("<", "True when the left value is smaller, earlier, or before in the order of characters.", "age < 18",
                _ordered(operator.lt, before)),
    _comparison("<=", "True when the left value is not larger or later.", "opened_on <= closed_on",
                _ordered(operator.le, not_after)),
    _comparison(">", "True when the left value is larger or later.", "nights > 90",
                _ordered(operator.gt, lambda left, right: before(right, left))),
    _comparison(">=", "True when the left value is not smaller or earlier.", "age >= 18",
                _ordered(operator.ge, lambda left, right: not_after(right, left))),
    _operator("+", "The sum; days after a date, milliseconds after a time; texts joined.", "opened_on + 30",
              (Parameter("left"), Parameter("right", is_optional=True)), _of_sum, apply=_add, takes_blanks=True),
    _operator("-", "The difference; the days between two dates; or a number's opposite.", "closed_on - opened_on",
              (Parameter("left"), Parameter("right", is_optional=True)), _of_difference, apply=_subtract),
    _operator("*", "The product.", "nights * 12.5", _NUMBERS, ValueType.NUMBER, apply=CONTEXT.multiply),
    _operator("/", "The quotient. Dividing by zero is an error.", "costs / nights", _NUMBERS, ValueType.NUMBER,
              apply=divide),
    _operator("^", "A number to the power of a whole number. It binds looser than * and /, as in Salesforce.",
              "(1 + rate) ^ 12", _NUMBERS, ValueType.NUMBER, apply=power),
    _operator("&", "Texts joined. A blank adds nothing.", 'given_name & " " & family_name',
              (Parameter("text", frozenset({ValueType.TEXT}), repeats=True),), ValueType.TEXT, apply=_joined,
              takes_blanks=True),
)  # fmt: skip
