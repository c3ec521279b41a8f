"""Texts in other texts."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sqlalchemy import and_, case, func, true

from amparo.metadata.formulas.limits import MOST_TEXT
from amparo.metadata.formulas.tree import Call
from amparo.runtime.formulas.functions.building import Builder, Compiler
from amparo.runtime.formulas.functions.texts import COUNT, at_least, errors_of, integer_of
from amparo.runtime.formulas.numbers import whole
from amparo.runtime.formulas.parts import Part
from amparo.runtime.formulas.steps import Expression
from amparo.runtime.formulas.words import text_literal

_ONE, _NONE = whole(1), whole(0)


def _find(call: Call, compiler: Compiler) -> Part:
    parts = compiler.parts(call.arguments)
    sought, text = parts[0].value, parts[1].value
    if len(parts) == 2:
        count: Expression = func.coalesce(compiler.words.place_of(sought, text), _NONE)
        return compiler.numbers.of_count(count, COUNT).with_error(*errors_of(parts))
    start = func.coalesce(integer_of(compiler, parts[2]), _ONE)
    before = compiler.steps.step(case((start > _ONE, start - _ONE), else_=_NONE))
    place = compiler.steps.step(compiler.words.place_of(sought, compiler.words.part_of(text, before + _ONE)))
    count = case((place > _NONE, place + before), else_=_NONE)
    return compiler.numbers.of_count(count, COUNT).with_error(*errors_of(parts))


def _with(found: Callable[[Compiler, Expression, Expression], Expression]) -> Builder:
    """A test of a text for another one, which is true when the other one is blank."""

    def build(call: Call, compiler: Compiler) -> Part:
        text, sought = (compiler.shared(part) for part in compiler.parts(call.arguments))
        value = case((sought.value.is_(None), true()), else_=found(compiler, text.value, sought.value))
        return compiler.condition(value, text.error, sought.error)

    return build


def _begins(compiler: Compiler, text: Expression, sought: Expression) -> Expression:
    return compiler.words.part_of(text, _ONE, compiler.words.length(sought)) == sought


def _ends(compiler: Compiler, text: Expression, sought: Expression) -> Expression:
    start = compiler.words.length(text) - compiler.words.length(sought) + _ONE
    ending = compiler.words.part_of(text, at_least(compiler, start, _ONE))
    return and_(start >= _ONE, ending == sought)


def _contains(compiler: Compiler, text: Expression, sought: Expression) -> Expression:
    return compiler.words.place_of(sought, text) > _NONE


def _substitute(call: Call, compiler: Compiler) -> Part:
    text, old, new = parts = [compiler.shared(part) for part in compiler.parts(call.arguments)]
    words = compiler.words
    added = func.coalesce(new.value, text_literal(""))
    length, old_length = words.length(text.value), words.length(old.value)
    without = words.length(words.replaced(text.value, old.value, text_literal("")))
    is_long = compiler.steps.step(
        length + (length - without) // old_length * (words.length(added) - old_length) > whole(MOST_TEXT)
    )
    value = case((is_long, None), else_=words.not_empty(words.replaced(text.value, old.value, added)))
    return compiler.text(value, MOST_TEXT, *errors_of(parts), is_long)


BUILDERS: Mapping[str, Builder] = {
    "FIND": _find,
    "BEGINS": _with(_begins),
    "ENDS": _with(_ends),
    "CONTAINS": _with(_contains),
    "SUBSTITUTE": _substitute,
}
