"""Roll-ups counted from the records that point to others, in one statement for all of them.

A sum, and with it an average, of more than 18 digits has no room in a column: it is left blank.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Numeric,
    Subquery,
    case,
    cast,
    func,
    literal_column,
    null,
    select,
    type_coerce,
)

from amparo.metadata.fields.base import Storage
from amparo.runtime.access import operator_actor
from amparo.runtime.planner.filters import conditions
from amparo.runtime.planner.measuring import HALF, exact_sums
from amparo.runtime.planner.views import View
from amparo.runtime.roll_ups.sources import RollUpSource
from amparo.runtime.stores.projection import FieldPlace
from amparo.runtime.stores.types import MOST_DIGITS, column_type

Expression = ColumnElement[Any]


def counted(
    view: View, source: RollUpSource, narrowed: Callable[[Expression], ColumnElement[bool]] | None = None
) -> Subquery:
    """What the roll-ups of a source hold, by their columns, for each ``id`` that living records of ``view`` point to.

    ``view`` is one of the source's child; ``narrowed`` says which of the records pointed to are wanted.
    """
    pointed_to = view.value(source.lookup.field.name)
    chosen = [_chosen(view, place).label(f"v{number}") for number, place in enumerate(source.roll_ups)]
    query = select(pointed_to.label("id"), *chosen).select_from(view.source).where(view.living())
    query = query.where(pointed_to.is_not(None) if narrowed is None else narrowed(pointed_to))
    each = query.subquery()
    steps: list[Expression] = [each.c.id]
    for number, place in enumerate(source.roll_ups):
        added_up = _added_up(place, each.c[f"v{number}"], on_postgres=view.on_postgres)
        steps += [step.label(f"{name}{number}") for name, step in added_up]
    sums = select(*steps).group_by(each.c.id).subquery()
    finished = [
        _finished(view, place, sums, number).label(place.column_name) for number, place in enumerate(source.roll_ups)
    ]
    return select(sums.c.id, *finished).subquery()


def _chosen(view: View, place: FieldPlace) -> Expression:
    """Of one record: what counts, NULL where the filters leave it out."""
    asked = place.field.roll_up
    if asked is None:
        raise TypeError(f"{place.field.name} is no roll-up.")
    value = literal_column("1", BigInteger) if asked.of is None else view.value(asked.of)
    # No filter of a roll-up asks who is asking, nor what time it is.
    condition = conditions(view, operator_actor(), asked.filters, asked.match, view.now)
    return value if condition is None else case((condition, value))


def _added_up(place: FieldPlace, value: Expression, *, on_postgres: bool) -> Iterator[tuple[str, Expression]]:
    function = place.field.roll_up.function if place.field.roll_up else ""
    if function in ("count", "average"):
        yield "n", func.count(value)
    if function in ("minimum", "maximum"):
        yield "x", func.min(value) if function == "minimum" else func.max(value)
    if function in ("sum", "average"):
        yield from exact_sums(value, on_postgres=on_postgres)


def _finished(view: View, place: FieldPlace, sums: Subquery, number: int) -> Expression:
    function = place.field.roll_up.function if place.field.roll_up else ""
    kind = column_type(place.storage, place.decimals)
    if function == "count":
        return type_coerce(sums.c[f"n{number}"], kind)
    if function in ("minimum", "maximum"):
        return type_coerce(sums.c[f"x{number}"], kind)
    decimals = _decimals_added_up(view, place)
    total = _total(sums, number, decimals, on_postgres=view.on_postgres)
    if function == "sum":
        return _fixed(func.coalesce(total, _number(0)), place, on_postgres=view.on_postgres)
    average = _average(total, sums.c[f"n{number}"], place.decimals - decimals, on_postgres=view.on_postgres)
    has_room = func.abs(total) < _number(10**MOST_DIGITS)
    return _fixed(case((has_room, average)), place, on_postgres=view.on_postgres)


def _decimals_added_up(view: View, place: FieldPlace) -> int:
    asked = place.field.roll_up
    of = view.live.fields[asked.of] if asked is not None and asked.of is not None else place
    return of.decimals if of.storage is Storage.DECIMAL else 0


def _total(sums: Subquery, number: int, decimals: int, *, on_postgres: bool) -> Expression:
    """How many of the last decimals the sum has."""
    if on_postgres:
        return cast(sums.c[f"total{number}"], Numeric) * _number(10**decimals)
    upper, lower = (type_coerce(sums.c[f"{half}{number}"], BigInteger) for half in ("upper", "lower"))
    return upper * _number(1 << HALF) + lower


def _average(total: Expression, count: Expression, more: int, *, on_postgres: bool) -> Expression:
    """Rounded to ``more`` decimals than the total has (or fewer), halves away from zero, in whole numbers alone."""

    def over(left: Expression, right: Expression) -> Expression:
        if on_postgres:
            return func.div(left, cast(right, Numeric), type_=Numeric)
        # Of whole numbers SQLite's is whole, too; binding as firmly as it does there.
        return left.op("/", precedence=8)(right)

    size, two = func.abs(total, type_=total.type), _number(2)
    if more >= 0:
        scale = _number(10**more)
        whole = over(size, count)
        rest = size - whole * count
        rounded = whole * scale + over(two * rest * scale + count, two * count)
    else:
        unit = count * _number(10**-more)
        rounded = over(two * size + unit, two * unit)
    # Nothing has no average.
    return case((count == 0, null()), (total < 0, -rounded), else_=rounded)


def _fixed(value: Expression, place: FieldPlace, *, on_postgres: bool) -> Expression:
    """A count of the last decimals as its column holds it; NULL where it has no room."""
    kind = column_type(place.storage, place.decimals)
    value = case((func.abs(value) < _number(10**MOST_DIGITS), value))
    if not on_postgres:
        return type_coerce(value, kind)
    if place.storage is Storage.INTEGER:
        return cast(value, BigInteger)
    return type_coerce(
        cast(value * literal_column(f"1e-{place.decimals}", Numeric), Numeric(MOST_DIGITS, place.decimals)), kind
    )


def _number(value: int) -> Expression:
    return literal_column(str(value), Numeric if value >= 1 << 63 else BigInteger)
