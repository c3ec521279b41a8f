"""Texts. A text that would be empty is blank."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy import and_, case, false, func, or_, true

from amparo.metadata.formulas.functions.text import DOTTED_LANGUAGES
from amparo.metadata.formulas.limits import MOST_TEXT
from amparo.metadata.formulas.tree import Call
from amparo.metadata.formulas.value_types import NUMBERS, ValueType
from amparo.runtime.formulas.functions.building import Builder, Compiler
from amparo.runtime.formulas.functions.moments import shown
from amparo.runtime.formulas.numbers import whole
from amparo.runtime.formulas.parts import Digits, Part, any_error
from amparo.runtime.formulas.steps import Expression
from amparo.runtime.formulas.words import text_literal

#: Places and counts beyond any text.
_FAR = 1_000_000
_ONE, _NONE = whole(1), whole(0)
#: Of a count of characters, and of a code point.
COUNT, _POINT = Digits(6, 0), Digits(7, 0)
#: Texts that are joined in one expression.
_WIDEST = 20
_LAST_POINT = 0x10FFFF
_SURROGATES = (0xD800, 0xDFFF)


def integer_of(compiler: Compiler, part: Part, limit: int = _FAR) -> Expression:
    return compiler.steps.step(compiler.numbers.integer(number_of(compiler, part), limit))


def number_of(compiler: Compiler, part: Part) -> Part:
    return compiler.converted(part, ValueType.NUMBER) if part.type is ValueType.BLANK else part


def errors_of(parts: list[Part]) -> list[Expression | None]:
    return [part.error for part in parts]


def joined(call: Call, compiler: Compiler) -> Part:
    parts = compiler.parts(call.arguments)
    while len(parts) > _WIDEST:
        groups = [parts[place : place + _WIDEST] for place in range(0, len(parts), _WIDEST)]
        parts = [compiler.shared(_joined(group, compiler)) for group in groups]
    return _joined(parts, compiler)


def _joined(parts: list[Part], compiler: Compiler) -> Part:
    length = sum(part.length if part.length is not None else MOST_TEXT for part in parts)
    error: Expression | None = None
    if length > MOST_TEXT:
        parts = [compiler.shared(part) for part in parts]
        lengths = [func.coalesce(compiler.words.length(part.value), _NONE) for part in parts]
        error = sum(lengths[1:], lengths[0]) > whole(MOST_TEXT)
    together = compiler.words.joined([part.value for part in parts])
    # What is too long is not put together: the next step would make it longer yet.
    value = compiler.words.not_empty(together)
    if error is not None:
        error = compiler.steps.step(error)
        value = case((error, None), else_=value)
    return compiler.text(value, min(length, MOST_TEXT), *errors_of(parts), error)


def _text(call: Call, compiler: Compiler) -> Part:
    (part,) = compiler.parts(call.arguments)
    if part.type in NUMBERS:
        return compiler.text(compiler.numbers.text(part), None, part.error)
    return compiler.text(shown(compiler, part), part.length, part.error)


def _value(call: Call, compiler: Compiler) -> Part:
    (part,) = compiler.parts(call.arguments)
    text = compiler.shared(part)
    found = compiler.numbers.read(text.value)
    error = None if found.error is None else and_(text.value.is_not(None), found.error)
    return replace(found, error=any_error(text.error, error))


def _is_number(call: Call, compiler: Compiler) -> Part:
    (part,) = compiler.parts(call.arguments)
    part = compiler.shared(part)
    is_none = compiler.numbers.read(part.value).error
    is_number = and_(
        part.value.is_not(None), true() if is_none is None else func.coalesce(is_none, false()).is_(false())
    )
    return compiler.condition(is_number, part.error)


def _length(call: Call, compiler: Compiler) -> Part:
    (part,) = compiler.parts(call.arguments)
    count = func.coalesce(compiler.words.length(part.value), _NONE)
    return compiler.numbers.of_count(count, COUNT).with_error(part.error)


def _left(call: Call, compiler: Compiler) -> Part:
    text, count = compiler.parts(call.arguments)
    taken = compiler.words.part_of(text.value, _ONE, at_least(compiler, integer_of(compiler, count), _NONE))
    return compiler.text(compiler.words.not_empty(taken), text.length, text.error, count.error)


def _right(call: Call, compiler: Compiler) -> Part:
    text, count = compiler.parts(call.arguments)
    text = compiler.shared(text)
    wanted = integer_of(compiler, count)
    start = compiler.words.length(text.value) - wanted + _ONE
    taken = compiler.words.part_of(text.value, at_least(compiler, start, _ONE))
    value = compiler.words.not_empty(case((wanted >= _ONE, taken)))
    return compiler.text(value, text.length, text.error, count.error)


def _mid(call: Call, compiler: Compiler) -> Part:
    text, start, count = parts = compiler.parts(call.arguments)
    first = at_least(compiler, integer_of(compiler, start), _ONE)
    wanted = at_least(compiler, integer_of(compiler, count), _NONE)
    taken = compiler.words.part_of(text.value, first, wanted)
    return compiler.text(compiler.words.not_empty(taken), text.length, *errors_of(parts))


def at_least(compiler: Compiler, number: Expression, least: Expression) -> Expression:
    """Blank stays blank."""
    return case((number < least, least), else_=number)


def _substring(call: Call, compiler: Compiler) -> Part:
    text, start, *count = parts = compiler.parts(call.arguments)
    text = compiler.shared(text)
    first, length = integer_of(compiler, start), compiler.words.length(text.value)
    begin = case((first < _NONE, first + length + _ONE), (first < _ONE, _ONE), else_=first)
    wanted = at_least(compiler, integer_of(compiler, count[0]), _NONE) if count else None
    taken = compiler.words.not_empty(compiler.words.part_of(text.value, begin, wanted))
    return compiler.text(case((func.abs(first) <= length, taken)), text.length, *errors_of(parts))


def _trim(call: Call, compiler: Compiler) -> Part:
    (text,) = compiler.parts(call.arguments)
    return compiler.text(compiler.words.not_empty(compiler.words.trimmed(text.value)), text.length, text.error)


def _letters(name: str) -> Builder:
    def build(call: Call, compiler: Compiler) -> Part:
        text, *language = parts = compiler.parts(call.arguments)
        is_dotted = _is_dotted(compiler, language[0].value) if language else None
        return compiler.text(compiler.words.letters(name, text.value, is_dotted), None, *errors_of(parts))

    return build


def _is_dotted(compiler: Compiler, language: Expression) -> Expression:
    """Of ``tr``, ``TR-tr`` and ``az_Latn``."""
    words = compiler.words
    code = compiler.steps.step(
        words.part_of(func.lower(words.replaced(language, text_literal("-"), text_literal("_"))), _ONE)
    )
    is_one = or_(
        *(
            or_(code == text_literal(each), words.part_of(code, _ONE, whole(3)) == text_literal(f"{each}_"))
            for each in DOTTED_LANGUAGES
        )
    )
    return func.coalesce(is_one, false())


def _padded(*, to_left: bool) -> Builder:
    def build(call: Call, compiler: Compiler) -> Part:
        text, length, *fill = parts = compiler.parts(call.arguments)
        text, words = compiler.shared(text), compiler.words
        wanted = integer_of(compiler, length)
        is_long = compiler.steps.step(and_(text.value.is_not(None), wanted > whole(MOST_TEXT)))
        pattern = func.coalesce(fill[0].value, text_literal(" ")) if fill else text_literal(" ")
        pattern = compiler.steps.step(pattern)
        lacking = compiler.steps.step(wanted - words.length(text.value))
        times = lacking // words.length(pattern) + _ONE
        filling = words.part_of(words.repeated(pattern, times), _ONE, lacking)
        whole_text = filling.concat(text.value) if to_left else text.value.concat(filling)
        value = case(
            (or_(is_long, wanted < _ONE), None),
            (lacking <= _NONE, words.part_of(text.value, _ONE, at_least(compiler, wanted, _NONE))),
            else_=whole_text,
        )
        return compiler.text(value, MOST_TEXT, *errors_of(parts), is_long)

    return build


def _reverse(call: Call, compiler: Compiler) -> Part:
    (text,) = compiler.parts(call.arguments)
    return compiler.text(compiler.words.reversed(text.value), text.length, text.error)


def _code_point(call: Call, compiler: Compiler) -> Part:
    (text,) = compiler.parts(call.arguments)
    return compiler.numbers.of_count(compiler.words.code_point(text.value), _POINT).with_error(text.error)


def _character(call: Call, compiler: Compiler) -> Part:
    (number,) = compiler.parts(call.arguments)
    point = integer_of(compiler, number, _LAST_POINT + 1)
    first, last = map(whole, _SURROGATES)
    is_one = and_(point > _NONE, point <= whole(_LAST_POINT), or_(point < first, point > last))
    return compiler.text(case((is_one, compiler.words.character(point))), 1, number.error)


def _money(call: Call, compiler: Compiler) -> Part:
    code, amount = parts = compiler.parts(call.arguments)
    known = compiler.steps.step(func.coalesce(code.value, text_literal("")))
    return compiler.text(compiler.numbers.money(known, number_of(compiler, amount)), None, *errors_of(parts))


def _label(place: int) -> Builder:
    """Of a link its words, or else where it goes; of a picture its words."""

    def build(call: Call, compiler: Compiler) -> Part:
        parts = compiler.parts(call.arguments)
        url, words = parts[0], parts[1]
        value = func.coalesce(words.value, url.value) if place else words.value
        return compiler.text(value, None, *errors_of(parts))

    return build


def _itself(call: Call, compiler: Compiler) -> Part:
    (part,) = compiler.parts(call.arguments)
    return compiler.converted(part, ValueType.TEXT)


BUILDERS: Mapping[str, Builder] = {
    "&": joined,
    "TEXT": _text,
    "VALUE": _value,
    "ISNUMBER": _is_number,
    "LEN": _length,
    "LEFT": _left,
    "RIGHT": _right,
    "MID": _mid,
    "SUBSTR": _substring,
    "TRIM": _trim,
    "UPPER": _letters("upper"),
    "LOWER": _letters("lower"),
    "INITCAP": _letters("initcap"),
    "LPAD": _padded(to_left=True),
    "RPAD": _padded(to_left=False),
    "REVERSE": _reverse,
    "ASCII": _code_point,
    "CHR": _character,
    "BR": lambda call, compiler: compiler.text(text_literal("\n"), 1),
    "FORMATCURRENCY": _money,
    "HYPERLINK": _label(1),
    "IMAGE": _label(0),
    "CASESAFEID": _itself,
}
