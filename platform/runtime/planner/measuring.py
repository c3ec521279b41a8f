"""Figures of groups: what the database adds up per group, and how groups are added up to totals.

Averages are kept as sum and count until the end, so that a total's average is
the average of its records. Sums are exact: on SQLite, where a sum of large
integers would overflow, the upper and the lower half are added up apart.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import Any

from sqlalchemy import BigInteger, func, literal_column, type_coerce

from amparo.metadata.fields.base import Storage
from amparo.metadata.fields.currency import SEVERAL_CURRENCIES, adds_up, adds_up_within
from amparo.metadata.filters import family_of
from amparo.metadata.model import FieldDefinition, Measure, Report
from amparo.metadata.wording import N_
from amparo.runtime.planner.queries import refuse, subject_of
from amparo.runtime.planner.views import Expression, View

#: A count is an int, a sum or average a Decimal; least and greatest values are the field's own.
Figure = int | Decimal | dt.date | dt.datetime | None

#: Where a sum is cut in two on SQLite, so that neither half overflows.
HALF = 32
#: More digits than any sum of 18-digit numbers has.
_DIGITS = 60
#: An average has this many decimals more than its field.
_AVERAGE_DECIMALS = 2


@dataclass(slots=True)
class Tally:
    """What is known of one field in one group; ``values`` are counted for averages only."""

    values: int = 0
    total: Decimal = Decimal(0)
    least: Any = None
    greatest: Any = None

    def copy(self) -> Tally:
        return Tally(self.values, self.total, self.least, self.greatest)

    def add(self, other: Tally) -> None:
        self.values += other.values
        self.total += other.total
        if other.least is not None:
            self.least = other.least if self.least is None else min(self.least, other.least)
        if other.greatest is not None:
            self.greatest = other.greatest if self.greatest is None else max(self.greatest, other.greatest)


class Tallies:
    """Records of one group, and a tally of each measured field."""

    __slots__ = ("fields", "records")

    def __init__(self, records: int, fields: Mapping[str, Tally]) -> None:
        self.records = records
        self.fields = fields

    def copy(self) -> Tallies:
        return Tallies(self.records, {name: tally.copy() for name, tally in self.fields.items()})

    def add(self, other: Tallies) -> None:
        self.records += other.records
        for name, tally in self.fields.items():
            tally.add(other.fields[name])


class Measuring:
    """The measures of one report over one view."""

    def __init__(self, view: View, report: Report) -> None:
        """Raises :class:`InvalidAnswers` for a measure that the field cannot give."""
        self._view = view
        self.measures = report.measures or (Measure("count"),)
        for position, measure in enumerate(self.measures):
            _require_measurable(view, position, measure)
        self._apart = frozenset(_kept_apart(view, self.measures, report))
        self._fields = tuple(dict.fromkeys(each.field for each in self.measures if each.field is not None))

    def columns(self) -> list[Expression]:
        columns: list[Expression] = [func.count().label("records")]
        for number, name in enumerate(self._fields):
            value = self._view.value(name)
            columns += [each.label(f"{kind}_{number}") for kind, each in self._figures(name, value)]
        return columns

    def _figures(self, name: str, value: Expression) -> list[tuple[str, Expression]]:
        asked = {each.function for each in self.measures if each.field == name}
        figures: list[tuple[str, Expression]] = []
        if "average" in asked:
            figures.append(("values", func.count(value)))
        if asked & {"sum", "average"}:
            figures += exact_sums(value, on_postgres=self._view.on_postgres)
        if "minimum" in asked:
            figures.append(("least", func.min(value, type_=value.type)))
        if "maximum" in asked:
            figures.append(("greatest", func.max(value, type_=value.type)))
        return figures

    def tallies(self, row: Mapping[str, Any]) -> Tallies:
        """What a row of the statement says of its group."""
        return Tallies(row["records"], {name: self._tally(row, n, name) for n, name in enumerate(self._fields)})

    def nothing(self) -> Tallies:
        return Tallies(0, {name: Tally() for name in self._fields})

    def _tally(self, row: Mapping[str, Any], number: int, name: str) -> Tally:
        total = row.get(f"total_{number}") or 0
        if (upper := row.get(f"upper_{number}")) is not None:
            total = Decimal((upper << HALF) + row[f"lower_{number}"]).scaleb(-self._decimals(name))
        values = row.get(f"values_{number}", 0)
        return Tally(values, Decimal(total), row.get(f"least_{number}"), row.get(f"greatest_{number}"))

    def _definition(self, name: str) -> FieldDefinition:
        return self._view.live.definition.by_name[name]

    def _decimals(self, name: str) -> int:
        place = self._view.live.fields[name]
        return place.decimals if place.storage is Storage.DECIMAL else 0

    def figures(self, tallies: Tallies, within: Collection[str]) -> tuple[Figure, ...]:
        """The figures of a group, one per measure. A sum of nothing is 0; nothing has no average and no extremes.

        ``within`` are the fields whose groups the group lies in: amounts of several currencies have no figure.
        """
        return tuple(self._figure(measure, tallies, within) for measure in self.measures)

    def _figure(self, measure: Measure, tallies: Tallies, within: Collection[str]) -> Figure:
        if measure.field is None:
            return tallies.records
        if measure.field in self._apart and not adds_up_within(self._definition(measure.field), within):
            return None
        tally = tallies.fields[measure.field]
        if measure.function == "sum":
            return tally.total
        if measure.function == "average":
            return self._average(measure.field, tally)
        found: Figure = tally.least if measure.function == "minimum" else tally.greatest
        return found

    def _average(self, name: str, tally: Tally) -> Decimal | None:
        if not tally.values:
            return None
        unit = Decimal(1).scaleb(-self._decimals(name) - _AVERAGE_DECIMALS)
        with localcontext() as context:
            context.prec = _DIGITS
            return (tally.total / tally.values).quantize(unit, ROUND_HALF_UP)


def exact_sums(value: Expression, *, on_postgres: bool) -> list[tuple[str, Expression]]:
    """The ``total`` of numbers; on SQLite the ``upper`` and the ``lower`` half of that of their counts."""
    if on_postgres:
        return [("total", func.sum(value))]
    scaled = type_coerce(value, BigInteger)
    upper = scaled.op(">>")(literal_column(str(HALF)))
    lower = scaled.op("&")(literal_column(str((1 << HALF) - 1)))
    return [("upper", func.sum(upper)), ("lower", func.sum(lower))]


def _require_measurable(view: View, position: int, measure: Measure) -> None:
    path = f"measures[{position}]"
    if measure.function not in ("count", "sum", "average", "minimum", "maximum"):
        advice = N_("Measure by count, sum, average, minimum or maximum.")
        raise refuse("unknown_function", path, measure.function, advice)
    if measure.field is None:
        if measure.function != "count":
            raise refuse("value_missing", path, measure.function, N_("Name the field to compute with."))
        return
    subject = subject_of(view.live, measure.field)
    wanted = {"integer", "decimal"}
    if measure.function in ("minimum", "maximum"):
        wanted |= {"date", "instant"}
    sensitive = isinstance(subject, FieldDefinition) and subject.sensitive
    if measure.function == "count" or sensitive or family_of(subject) not in wanted:
        advice = N_("Compute with a number field that is not sensitive.")
        raise refuse("not_measurable", path, measure.field, advice)


def _kept_apart(view: View, measures: Sequence[Measure], report: Report) -> Iterator[str]:
    """Measured fields whose amounts are in several currencies, each in a group of its own."""
    asked = [(row.field, row.operator) for row in report.filters]
    grouped = [grouping.field for grouping in report.groupings]
    for position, measure in enumerate(measures):
        subject = subject_of(view.live, measure.field) if measure.field is not None else ""
        if not isinstance(subject, FieldDefinition) or adds_up(subject, asked, report.match):
            continue
        if not adds_up_within(subject, grouped):
            field = subject.options["currency_field"]
            raise refuse("several_currencies", f"measures[{position}]", measure.field, SEVERAL_CURRENCIES, field=field)
        yield subject.name
