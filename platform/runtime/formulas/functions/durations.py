"""How long something lasted, and how old somebody is."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import BigInteger, and_, case, false, func, true

from amparo.metadata.formulas.moments import MOST_COUNT
from amparo.metadata.formulas.tree import Call
from amparo.metadata.formulas.value_types import NUMBERS, ValueType
from amparo.runtime.formulas.functions import moments
from amparo.runtime.formulas.functions.building import Builder, Compiler
from amparo.runtime.formulas.functions.dates import SMALL, typed
from amparo.runtime.formulas.numbers import whole
from amparo.runtime.formulas.parts import Part
from amparo.runtime.formulas.steps import Expression

_NONE = whole(0)


def _duration(call: Call, compiler: Compiler) -> Part:
    first, *others = compiler.parts(call.arguments)
    second = compiler.shared(others[0]) if others else None
    seconds, with_days = _seconds_of(compiler, first, second)
    seconds = compiler.steps.step(seconds)
    hours, padded = seconds // whole(3600), compiler.words.padded
    long = padded(hours // whole(24), 1).concat(":")
    long = long.concat(moments.clock_text(compiler, padded(hours % whole(24), 2), seconds))
    text = case((with_days, long), else_=moments.clock_text(compiler, padded(hours, 2), seconds))
    is_beyond = seconds == whole(MOST_COUNT)
    if second is None:
        return compiler.text(text, None, first.error, is_beyond)
    is_given = second.value.is_not(None)
    return compiler.text(case((is_given, text)), None, first.error, second.error, and_(is_given, is_beyond))


def _seconds_of(compiler: Compiler, first: Part, second: Part | None) -> tuple[Expression, Expression]:
    """How long, and whether days are shown."""
    types = {first.type, second.type if second else ValueType.BLANK}
    if second is not None and types == {ValueType.DATE_TIME}:
        since = [compiler.words.since_year_one(part.value) for part in (first, second)]
        return _absolute(since[1] - since[0]) // whole(1_000_000), true()
    if second is not None and types == {ValueType.TIME}:
        milliseconds = [moments.time_count(part.value) // whole(1000) for part in (first, second)]
        return _absolute(milliseconds[1] - milliseconds[0]) // whole(1000), false()
    # Beside a blank the length does not count.
    number = first if first.type in NUMBERS else compiler.converted(Part(ValueType.BLANK, ()), ValueType.NUMBER)
    with_days = second.value if second is not None and second.type is ValueType.BOOLEAN else false()
    return _absolute(compiler.numbers.integer(number, MOST_COUNT)), with_days


def _absolute(number: Expression) -> Expression:
    return func.abs(number, type_=BigInteger())


def _age(call: Call, compiler: Compiler) -> Part:
    """Completed years, where every day that the birth may have been makes them the same."""
    born, on = compiler.parts(call.arguments)
    born, on = compiler.shared(typed(compiler, born, ValueType.DATE)), typed(compiler, on, ValueType.DATE)
    _, first, last = compiler.converted(born, ValueType.PARTIAL_DATE).values
    day = compiler.steps.step(_written(compiler, on.value))
    least, most = (
        compiler.steps.step(moments.floor_divided(compiler, day - _written(compiler, each), 10_000))
        for each in (last, first)
    )
    age = case((and_(least == most, least >= _NONE), least))
    return compiler.numbers.of_count(age, SMALL).with_error(born.error, on.error)


def _written(compiler: Compiler, date: Expression) -> Expression:
    """20260331: between two of them lie as many ten thousands as completed years."""
    year, month, day = compiler.words.date_parts(date)
    return year * whole(10_000) + month * whole(100) + day


BUILDERS: Mapping[str, Builder] = {"FORMATDURATION": _duration, "AGE": _age}
