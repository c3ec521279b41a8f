"""Reports: figures of grouped records with their totals, or a list of records, now or as of an instant."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import TypeVar

from sqlalchemy import Connection, Select, select

from amparo.metadata.filters import family_of
from amparo.metadata.model import Measure, Report
from amparo.metadata.wording import N_
from amparo.runtime.access import Actor, Permission
from amparo.runtime.planner.grouping import Axis, Grouped, Key, subject_label
from amparo.runtime.planner.listing import Listing
from amparo.runtime.planner.measuring import Measuring, Tallies
from amparo.runtime.planner.queries import ListQuery, refuse, subject_of
from amparo.runtime.planner.readings import Reading, answered, snapshot
from amparo.runtime.planner.report_results import ColumnHeader, Figures, MeasureHeader, ReportResult
from amparo.runtime.planner.views import Row, View
from amparo.runtime.releases.live import LiveRelease
from amparo.runtime.serializer.wording import MEASURE_LABELS, translated
from amparo.runtime.stores.organisation import OrganisationStore

_Key = TypeVar("_Key")

#: The most rows the database may give back, and the most groups one grouping may have.
MOST_CELLS = 100_000
MOST_GROUPS = 2000
#: The most records a report lists; a list view shows more, page by page.
MOST_RECORDS = 5000


def run_report(
    store: OrganisationStore,
    actor: Actor,
    report: Report,
    as_of: dt.datetime | None = None,
    *,
    language: str | None = None,
    now: dt.datetime | None = None,
) -> ReportResult:
    """Labels in ``language``, by default the organisation's first.

    Raises :class:`InvalidAnswers` for what cannot be grouped, measured or
    filtered, and for more groups than anybody reads.
    """
    actor.require(Permission.REPORTS_RUN)

    def read(reading: Reading) -> ReportResult:
        query = ListQuery(
            report.object,
            report.columns,
            report.filters,
            report.match,
            report.sort,
            as_of=as_of,
            language=language,
            only_when=report.only_when,
        )
        measured = {each.field for each in report.measures if each.field is not None}
        grouped = {each.field for each in report.groupings}
        listing = Listing(reading, actor, query, now, measured | grouped)
        reader = language or listing.view.release.application.default_language
        if not report.groupings:
            return _listed(listing, report, reader)
        return _Grouping(listing, report, reader).result()

    if as_of is None and _is_one_statement(store.known_release(), report):
        return answered(store, read)
    with snapshot(store) as reading:
        return read(reading)


def _is_one_statement(release: LiveRelease, report: Report) -> bool:
    """Whether the figures need no names or places that are looked up beside them and have to fit them."""
    live = release.objects.get(report.object)
    if live is None or not report.groupings:
        return False
    fields = [live.definition.by_name.get(each.field) for each in report.groupings]
    return all(each is not None and family_of(each) not in ("reference", "place") for each in fields)


def _listed(listing: Listing, report: Report, language: str) -> ReportResult:
    view = listing.view
    rows = listing.first(MOST_RECORDS + 1)
    headers = [
        ColumnHeader(name, subject := subject_of(view.live, name), subject_label(view, subject, language))
        for name in report.columns
    ]
    return ReportResult(
        report.name,
        report.object,
        view.release.application.text(report.id, "label", report.label, language),
        language,
        listing.query.as_of,
        listing.count() if len(rows) > MOST_RECORDS else len(rows),
        listing.erased(),
        columns=tuple(headers),
        records=listing.records(rows[:MOST_RECORDS]),
        truncated=len(rows) > MOST_RECORDS,
    )


@dataclass(frozen=True, slots=True)
class _Sums:
    """Tallies by the keys of all groupings, of each one alone, and of everything."""

    cells: dict[tuple[Key, ...], Tallies]
    sides: tuple[dict[Key, Tallies], ...]
    everything: Tallies


class _Grouping:
    """A grouped report being run."""

    def __init__(self, listing: Listing, report: Report, language: str) -> None:
        self._listing = listing
        self._report = report
        self._language = language
        self._view: View = listing.view
        self._connection: Connection = listing.connection
        self._grouped = [Grouped(self._view, number, each) for number, each in enumerate(report.groupings)]
        self._measuring = Measuring(self._view, report)

    def result(self) -> ReportResult:
        sums = self._add_up(self._cells())
        keys = [self._keys(grouped, side) for grouped, side in zip(self._grouped, sums.sides, strict=True)]
        axes = tuple(axis for _, axis in keys)
        report, figures = self._report, self._measuring.figures
        fields = tuple(grouped.field for grouped in self._grouped)
        places = [{key: place for place, key in enumerate(ordered)} for ordered, _ in keys]
        return ReportResult(
            report.name,
            report.object,
            self._view.release.application.text(report.id, "label", report.label, self._language),
            self._language,
            self._listing.query.as_of,
            sums.everything.records,
            self._listing.erased(),
            axes,
            tuple(self._measure_header(each) for each in self._measuring.measures),
            {
                tuple(place[key] for place, key in zip(places, cell, strict=True)): figures(tallies, fields)
                for cell, tallies in sums.cells.items()
            },
            self._side_totals(sums, keys, 0),
            self._side_totals(sums, keys, 1) if len(keys) == 2 else (),
            figures(sums.everything, ()),
            figures(self._measuring.nothing(), fields),
        )

    def _cells(self) -> list[Row]:
        asked = ("groups", self._report.groupings, self._report.measures)
        (statement,) = self._listing.kept(asked, lambda: [self._statement().limit(MOST_CELLS + 1)])
        rows = self._listing.reading.run(statement)
        if len(rows) > MOST_CELLS:
            raise _too_many_groups(self._report.groupings[0].field)
        return rows

    def _statement(self) -> Select[tuple[object, ...]]:
        keys = [column for grouped in self._grouped for column in grouped.columns()]
        condition = self._listing.condition()
        measures = self._measuring.columns()
        # By name: the database would take an expression with parameters for another one each time it stands there.
        names = [column.name for column in keys]
        return select(*keys, *measures).select_from(self._view.source).where(condition).group_by(*names)

    def _add_up(self, rows: Sequence[Row]) -> _Sums:
        sums = _Sums({}, tuple({} for _ in self._grouped), self._measuring.nothing())
        for row in rows:
            tallies = self._measuring.tallies(row)
            sums.everything.add(tallies)
            keys = [grouped.keys(row) for grouped in self._grouped]
            for side, found in zip(sums.sides, keys, strict=True):
                for key in found:
                    _add(side, key, tallies)
            for cell in product(*keys):
                _add(sums.cells, cell, tallies)
        return sums

    def _keys(self, grouped: Grouped, side: dict[Key, Tallies]) -> tuple[list[Key], Axis]:
        if len(side) > MOST_GROUPS:
            raise _too_many_groups(grouped.field)
        labels = grouped.labels(self._connection, self._listing.actor, side, self._language)
        ordered = grouped.ordered(side, labels, self._language)
        return ordered, grouped.axis(ordered, labels, self._language)

    def _side_totals(self, sums: _Sums, keys: Sequence[tuple[list[Key], Axis]], number: int) -> tuple[Figures, ...]:
        side, within = sums.sides[number], (self._grouped[number].field,)
        nothing = self._measuring.nothing()
        return tuple(self._measuring.figures(side.get(key, nothing), within) for key in keys[number][0])

    def _measure_header(self, measure: Measure) -> MeasureHeader:
        definition = self._view.live.definition
        if measure.function == "count":
            label = self._view.release.application.text(definition.id, "plural", definition.plural, self._language)
            return MeasureHeader(measure.function, measure.field, label)
        label = translated(MEASURE_LABELS[measure.function], self._language)
        if measure.field is not None:
            subject = subject_of(self._view.live, measure.field)
            label = label.format(field=subject_label(self._view, subject, self._language))
            currency = None if isinstance(subject, str) else subject.options.get("currency")
            label = f"{label} ({currency})" if currency else label
        return MeasureHeader(measure.function, measure.field, label)


def _add(sums: dict[_Key, Tallies], key: _Key, tallies: Tallies) -> None:
    held = sums.get(key)
    if held is None:
        sums[key] = tallies.copy()
    else:
        held.add(tallies)


def _too_many_groups(field: str) -> Exception:
    advice = N_("This makes more groups than anybody reads. Group by another field, or filter.")
    return refuse("too_many_groups", field, field, advice)
