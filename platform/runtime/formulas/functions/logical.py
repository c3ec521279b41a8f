"""Conditions and choices. What is not chosen may be an error all the same: it does not count."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from sqlalchemy import and_, case, false, func, not_, or_, true, type_coerce
from sqlalchemy.sql.elements import Grouping

from amparo.metadata.formulas.functions.logical import has_text
from amparo.metadata.formulas.tree import Call
from amparo.metadata.formulas.value_types import ValueType
from amparo.runtime.formulas.functions.building import Builder, Compiler
from amparo.runtime.formulas.functions.comparing import Comparison, equality_of
from amparo.runtime.formulas.kinds import KINDS
from amparo.runtime.formulas.parts import Digits, Part, any_error
from amparo.runtime.formulas.steps import Expression

#: Conditions that stand beside each other in one expression; where they may be errors, each stands within another.
_WIDEST, _WIDEST_OF_ERRORS = 20, 6


def _connected(connect: Callable[..., Expression], goes_on: Callable[[Expression], Expression]) -> Builder:
    """AND and OR: what follows is asked only while what came before ``goes_on``."""

    def build(call: Call, compiler: Compiler) -> Part:
        parts = [compiler.converted(part, ValueType.BOOLEAN) for part in compiler.parts(call.arguments)]
        return _join_all(parts, compiler, connect, goes_on)

    return build


def _join_all(
    parts: Sequence[Part],
    compiler: Compiler,
    connect: Callable[..., Expression],
    goes_on: Callable[[Expression], Expression],
) -> Part:
    """In groups, and groups of them: of three conditions the first two may be asked together."""
    widest = _WIDEST if all(part.error is None for part in parts) else _WIDEST_OF_ERRORS
    while len(parts) > widest:
        groups = [parts[place : place + widest] for place in range(0, len(parts), widest)]
        parts = [compiler.shared(_join(group, compiler, connect, goes_on)) for group in groups]
    return _join(parts, compiler, connect, goes_on)


def _join(
    parts: Sequence[Part],
    compiler: Compiler,
    connect: Callable[..., Expression],
    goes_on: Callable[[Expression], Expression],
) -> Part:
    last_error = max((place for place, part in enumerate(parts) if part.error is not None), default=0)
    parts = [compiler.shared(part) if place < last_error else part for place, part in enumerate(parts)]
    error: Expression | None = None
    for part in reversed(parts):
        error = any_error(part.error, None if error is None else and_(goes_on(part.value), error))
    return Part(ValueType.BOOLEAN, (connect(*(part.value for part in parts)),), error)


def _not(call: Call, compiler: Compiler) -> Part:
    (part,) = compiler.parts(call.arguments)
    part = compiler.converted(part, ValueType.BOOLEAN)
    # In brackets, because NOT binds looser than what may stand behind it, such as IS NULL.
    return replace(part, values=(Grouping(not_(part.value)),))


def chosen(compiler: Compiler, type_: ValueType, choices: Sequence[tuple[Part, Part]], otherwise: Part) -> Part:
    """The first value whose condition is true."""
    thens = [compiler.converted(then, type_) for _, then in choices]
    last = compiler.converted(otherwise, type_)
    all_ = [*thens, last]
    conditions = [compiler.converted(condition, ValueType.BOOLEAN) for condition, _ in choices]
    if len(KINDS[type_]) > 1 or any(part.error is not None for part in (*conditions, *all_)):
        conditions = [compiler.shared(condition) for condition in conditions]
    errors = [
        (condition, value)
        for place, each in enumerate(conditions)
        for condition, value in ((each.error, true()), (each.value, _error_of(thens[place])))
        if condition is not None
    ]
    has_errors = any(part.error is not None for part in (*conditions, *all_))
    error = case(*errors, else_=_error_of(last)) if has_errors else None
    tests = [condition.value for condition in conditions]
    part = Part(type_, _components(type_, tests, [then.values for then in thens], last.values), error)
    return _described(compiler, part, tests, all_)


def _error_of(part: Part) -> Expression:
    return false() if part.error is None else part.error


def _components(
    type_: ValueType,
    tests: Sequence[Expression],
    thens: Sequence[tuple[Expression, ...]],
    last: tuple[Expression, ...],
) -> tuple[Expression, ...]:
    return tuple(
        type_coerce(
            case(*((test, then[place]) for test, then in zip(tests, thens, strict=True)), else_=last[place]), kind
        )
        for place, kind in enumerate(KINDS[type_])
    )


def _described(compiler: Compiler, part: Part, tests: Sequence[Expression], all_: Sequence[Part]) -> Part:
    """With what is known of numbers and texts."""
    lengths = [each.length for each in all_]
    length = None if None in lengths else max(each for each in lengths if each is not None)
    if not part.is_number:
        return replace(part, length=length)
    known = [each.digits for each in all_ if each.digits is not None]
    digits = Digits(max(each.whole for each in known), max(each.decimals for each in known))
    counts = [each.scaled for each in all_]
    if None not in counts and len({count[1] for count in counts if count}) == 1:
        values = [count[0] for count in counts if count]
        counted = case(*zip(tests, values[:-1], strict=True), else_=values[-1])
        return replace(compiler.numbers.of_count(counted, digits), type=part.type, error=part.error)
    return replace(part, digits=digits)


def _if(call: Call, compiler: Compiler) -> Part:
    condition, then, otherwise = compiler.parts(call.arguments)
    return chosen(compiler, _type(call), [(condition, then)], otherwise)


def _ifs(call: Call, compiler: Compiler) -> Part:
    *pairs, otherwise = compiler.parts(call.arguments)
    return chosen(compiler, _type(call), list(zip(pairs[::2], pairs[1::2], strict=True)), otherwise)


def _case(call: Call, compiler: Compiler) -> Part:
    subject, *pairs, otherwise = compiler.parts(call.arguments)
    subject = compiler.shared(subject)
    equal = equality_of([call.arguments[0], *call.arguments[1:-1:2]])
    choices = [
        (_equals(compiler, equal, subject, candidate), then)
        for candidate, then in zip(pairs[::2], pairs[1::2], strict=True)
    ]
    return chosen(compiler, _type(call), choices, otherwise).with_error(subject.error)


def _equals(compiler: Compiler, equal: Comparison, subject: Part, candidate: Part) -> Part:
    return compiler.condition(equal(compiler, replace(subject, error=None), candidate), candidate.error)


def _in(call: Call, compiler: Compiler) -> Part:
    subject, *candidates = compiler.parts(call.arguments)
    subject = compiler.shared(subject)
    equal = equality_of(call.arguments)
    tests = [_equals(compiler, equal, subject, candidate) for candidate in candidates]
    found = _join_all(tests, compiler, or_, _not_true)
    is_there = subject.value.is_not(None)
    value = and_(is_there, func.coalesce(found.value, false()))
    error = None if found.error is None else and_(is_there, found.error)
    return compiler.condition(value, subject.error, error)


def _if_error(call: Call, compiler: Compiler) -> Part:
    part, otherwise = compiler.parts(call.arguments)
    if part.error is None:
        return compiler.converted(part, _type(call))
    part = compiler.shared(part)
    failed = Part(ValueType.BOOLEAN, (_error_of(part),))
    return chosen(compiler, _type(call), [(failed, otherwise)], replace(part, error=None))


def _blank_value(call: Call, compiler: Compiler) -> Part:
    part, otherwise = compiler.parts(call.arguments)
    part = compiler.shared(part)
    is_blank = Part(ValueType.BOOLEAN, (part.value.is_(None),), part.error)
    return chosen(compiler, _type(call), [(is_blank, otherwise)], replace(part, error=None))


def _null_value(call: Call, compiler: Compiler) -> Part:
    if not has_text(call):
        return _blank_value(call, compiler)
    return compiler.converted(compiler.part(call.arguments[0]), _type(call))


def _is_blank(call: Call, compiler: Compiler) -> Part:
    (part,) = compiler.parts(call.arguments)
    return compiler.condition(part.value.is_(None), part.error)


def _is_null(call: Call, compiler: Compiler) -> Part:
    (part,) = compiler.parts(call.arguments)
    return compiler.condition(false() if has_text(call) else part.value.is_(None), part.error)


def _type(call: Call) -> ValueType:
    return call.type or ValueType.BLANK


def _not_false(value: Expression) -> Expression:
    return value.is_not(false())


def _not_true(value: Expression) -> Expression:
    return value.is_not(true())


BUILDERS: Mapping[str, Builder] = {
    "AND": _connected(and_, _not_false),
    "OR": _connected(or_, _not_true),
    "NOT": _not,
    "IF": _if,
    "IFS": _ifs,
    "CASE": _case,
    "IN": _in,
    "IFERROR": _if_error,
    "ISBLANK": _is_blank,
    "ISNULL": _is_null,
    "BLANKVALUE": _blank_value,
    "NULLVALUE": _null_value,
}
