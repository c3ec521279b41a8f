"""Columns of the projection, as formulas read them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy import BigInteger, cast, func, type_coerce

from amparo.metadata.fields.base import Storage
from amparo.metadata.formulas.value_types import NUMBERS, ValueType
from amparo.runtime.formulas.functions.building import Compiler
from amparo.runtime.formulas.kinds import KINDS
from amparo.runtime.formulas.numbers import whole
from amparo.runtime.formulas.parts import Digits, Part
from amparo.runtime.formulas.steps import Expression
from amparo.runtime.formulas.words import text_literal
from amparo.runtime.stores.types import MOST_DIGITS

_INTEGER = Digits(19, 0)
#: Of a degree, which has six decimals.
_DEGREES = Digits(3, 6)


@dataclass(frozen=True, slots=True)
class Stored:
    """A field's column.

    ``first`` and ``last`` are the days of a partly-known date, ``decimals`` those of a DECIMAL.
    """

    type: ValueType
    storage: Storage
    column: Expression
    decimals: int = 0
    first: Expression | None = None
    last: Expression | None = None


def read(stored: Stored, compiler: Compiler) -> Part:
    """The value of a column, which never holds an empty text."""
    if stored.type in _READERS:
        return _READERS[stored.type](stored, compiler)
    if stored.type in NUMBERS:
        return _number(stored, compiler)
    return Part(stored.type, (type_coerce(stored.column, KINDS[stored.type][0]),))


def _number(stored: Stored, compiler: Compiler) -> Part:
    if stored.storage is Storage.INTEGER:
        part = compiler.numbers.of_count(stored.column, _INTEGER)
    elif stored.storage is Storage.DECIMAL:
        digits = Digits(MOST_DIGITS - stored.decimals, stored.decimals)
        part = compiler.numbers.of_fixed(stored.column, digits)
    else:
        raise ValueError(f"A number is no {stored.storage}.")
    return Part(stored.type, part.values, digits=part.digits, scaled=part.scaled)


def _time(stored: Stored, compiler: Compiler) -> Part:
    """Of ``HH:MM`` or ``HH:MM:SS``."""
    hour, minute, second = (
        cast(compiler.words.not_empty(compiler.words.part_of(stored.column, whole(start), whole(2))), BigInteger())
        for start in (1, 4, 7)
    )
    seconds = (hour * whole(60) + minute) * whole(60) + func.coalesce(second, whole(0))
    return Part(ValueType.TIME, (type_coerce(seconds * whole(1_000_000), KINDS[ValueType.TIME][0]),))


def _lookup(stored: Stored, compiler: Compiler) -> Part:
    if stored.storage is not Storage.REFERENCE:
        return Part(ValueType.LOOKUP, (stored.column,))
    text = compiler.words.identifier(stored.column)
    return Part(ValueType.LOOKUP, (type_coerce(text, KINDS[ValueType.LOOKUP][0]),), length=36)


def _partial_date(stored: Stored, compiler: Compiler) -> Part:
    if stored.first is None or stored.last is None:
        raise ValueError("A partly-known date has a first and a last day.")
    return Part(ValueType.PARTIAL_DATE, (stored.column, stored.first, stored.last))


def _geolocation(stored: Stored, compiler: Compiler) -> Part:
    """Of ``11.556400,104.928200``."""
    comma = compiler.words.place_of(text_literal(","), stored.column)
    latitude = compiler.words.part_of(stored.column, whole(1), comma - whole(1))
    longitude = compiler.words.part_of(stored.column, comma + whole(1))
    degrees = (compiler.numbers.of_text(each, _DEGREES).value for each in (latitude, longitude))
    return Part(ValueType.GEOLOCATION, tuple(degrees))


_READERS: Mapping[ValueType, Callable[[Stored, Compiler], Part]] = {
    ValueType.TIME: _time,
    ValueType.LOOKUP: _lookup,
    ValueType.PARTIAL_DATE: _partial_date,
    ValueType.GEOLOCATION: _geolocation,
}
