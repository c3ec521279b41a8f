"""Multi-selects, points on the earth, and the record itself."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import cast

from sqlalchemy import Double, and_, case, false, func, literal_column, or_

from amparo.metadata.formulas.functions.geolocation import RADIUS
from amparo.metadata.formulas.tree import Call, Reference
from amparo.metadata.formulas.value_types import ValueType
from amparo.metadata.geolocations import BOUNDS
from amparo.runtime.formulas.functions.building import Builder, Compiler
from amparo.runtime.formulas.numbers import whole
from amparo.runtime.formulas.parts import Digits, Part, any_error
from amparo.runtime.formulas.steps import Expression
from amparo.runtime.formulas.words import text_literal

_COUNT = Digits(6, 0)


def _count_of_codes(call: Call, compiler: Compiler) -> Part:
    """The text of the codes has a bar before each, and one behind the last."""
    (part,) = compiler.parts(call.arguments)
    part, words = compiler.shared(part), compiler.words
    without = words.replaced(part.value, text_literal("|"), text_literal(""))
    count = func.coalesce(words.length(part.value) - func.length(without) - whole(1), whole(0))
    return compiler.numbers.of_count(count, _COUNT).with_error(part.error)


def _point(call: Call, compiler: Compiler) -> Part:
    parts = [compiler.converted(part, ValueType.NUMBER) for part in compiler.parts(call.arguments)]
    latitude, longitude = (compiler.shared(part) for part in parts)
    is_half = latitude.value.is_(None) != longitude.value.is_(None)
    is_out = or_(
        *(_is_beyond(compiler, part, bound) for part, bound in zip((latitude, longitude), BOUNDS, strict=True))
    )
    error = any_error(latitude.error, longitude.error, is_half, is_out)
    return Part(ValueType.GEOLOCATION, (latitude.value, longitude.value), error)


def _is_beyond(compiler: Compiler, part: Part, bound: Decimal) -> Expression:
    numbers = compiler.numbers
    return or_(
        numbers.compare(">", part, numbers.constant(bound)),
        numbers.compare("<", part, numbers.constant(-bound)),
    )


def _distance(call: Call, compiler: Compiler) -> Part:
    point, other, unit = compiler.parts(call.arguments)
    point, other = (compiler.shared(compiler.converted(each, ValueType.GEOLOCATION)) for each in (point, other))
    unit = compiler.shared(compiler.converted(unit, ValueType.TEXT))
    radii: Mapping[str, Expression] = {name: literal_column(str(radius), Double()) for name, radius in RADIUS.items()}
    radius = compiler.steps.step(case(*((unit.value == text_literal(name), each) for name, each in radii.items())))
    degrees = [Part(ValueType.NUMBER, (value,)) for value in (*point.values, *other.values)]
    found = compiler.numbers.distance(degrees, radius)
    is_given = and_(point.value.is_not(None), other.value.is_not(None), unit.value.is_not(None))
    is_unknown = and_(is_given, radius.is_(None))
    return found.with_error(point.error, other.error, unit.error, is_unknown)


def _missing_reason(call: Call, compiler: Compiler) -> Part:
    reason = compiler.reason(cast("Reference", call.arguments[0]).key)
    if reason is None:
        return compiler.converted(Part(ValueType.BLANK, ()), ValueType.TEXT)
    return compiler.text(reason, None)


BUILDERS: Mapping[str, Builder] = {
    "PICKLISTCOUNT": _count_of_codes,
    "GEOLOCATION": _point,
    "DISTANCE": _distance,
    "ISCLONE": lambda call, compiler: compiler.condition(false()),
    "MISSINGREASON": _missing_reason,
}
