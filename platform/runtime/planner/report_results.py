"""What a report found: figures by group with their totals, or records; ready for a page, CSV and JSON."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from amparo.metadata.fields.base import Answer
from amparo.metadata.filters import Subject
from amparo.metadata.model import SYSTEM_FIELDS
from amparo.runtime.planner.grouping import Axis
from amparo.runtime.planner.measuring import Figure
from amparo.runtime.serializer.records import Record
from amparo.runtime.serializer.texts import json_form
from amparo.runtime.serializer.wording import TOTAL, translated

Figures = tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class MeasureHeader:
    """One figure of each group. ``label`` is in the reader's language."""

    function: str
    field: str | None
    label: str


@dataclass(frozen=True, slots=True)
class ColumnHeader:
    """One column of a report that lists records."""

    field: str
    subject: Subject
    label: str


@dataclass(frozen=True)
class ReportResult:
    """Either figures (``axes`` and ``measures``) or a list (``columns`` and ``records``).

    ``count`` is the number of records the report is about; each is counted
    once in every total, also where it counts in several groups. ``cells`` are
    by position of the row's group and the column's, where there are two
    axes; a group without records has no cell. ``truncated`` says that there
    are more records than are listed. ``erased`` counts, for a past instant,
    the records that were there then and were erased since.
    """

    name: str
    object: str
    label: str
    language: str
    as_of: dt.datetime | None
    count: int
    erased: int
    axes: tuple[Axis, ...] = ()
    measures: tuple[MeasureHeader, ...] = ()
    cells: Mapping[tuple[int, ...], Figures] = field(default_factory=dict)
    row_totals: tuple[Figures, ...] = ()
    column_totals: tuple[Figures, ...] = ()
    totals: Figures = ()
    nothing: Figures = ()
    columns: tuple[ColumnHeader, ...] = ()
    records: tuple[Record, ...] = ()
    truncated: bool = False

    @property
    def is_grouped(self) -> bool:
        return bool(self.axes)

    def cell(self, row: int, column: int | None = None) -> Figures:
        """The figures of a group, or of a group in a column; those of nothing where no record is."""
        return self.cells.get((row,) if column is None else (row, column), self.nothing)

    def as_table(self) -> list[list[Any]]:
        """Rows of labels and figures (or answers), the first the headers, the last of a grouped report its totals."""
        if not self.is_grouped:
            headers: list[Any] = [column.label for column in self.columns]
            return [headers, *([answer_of(record, each.field) for each in self.columns] for record in self.records)]
        return self._crossed() if len(self.axes) == 2 else self._one_way()

    def _one_way(self) -> list[list[Any]]:
        (axis,) = self.axes
        headers = [axis.label, *(measure.label for measure in self.measures)]
        rows = [[group.label, *self.cell(position)] for position, group in enumerate(axis.groups)]
        return [headers, *rows, [translated(TOTAL, self.language), *self.totals]]

    def _crossed(self) -> list[list[Any]]:
        down, across = self.axes
        total = translated(TOTAL, self.language)
        headers: list[Any] = [down.label]
        for label in (*(group.label for group in across.groups), total):
            headers += [label if len(self.measures) == 1 else f"{label}: {each.label}" for each in self.measures]
        rows: list[list[Any]] = [headers]
        for row, group in enumerate(down.groups):
            line: list[Any] = [group.label]
            for column in range(len(across.groups)):
                line += self.cell(row, column)
            rows.append([*line, *self.row_totals[row]])
        last: list[Any] = [total]
        for figures in self.column_totals:
            last += figures
        return [*rows, [*last, *self.totals]]

    def to_json(self) -> dict[str, Any]:
        """Everything as JSON; decimals, dates and identifiers as text."""
        found: dict[str, Any] = {
            "report": self.name,
            "object": self.object,
            "label": self.label,
            "as_of": self.as_of.isoformat() if self.as_of else None,
            "count": self.count,
            "erased": self.erased,
        }
        return found | (self._figures_json() if self.is_grouped else self._list_json())

    def _figures_json(self) -> dict[str, Any]:
        return {
            "groupings": [
                {
                    "field": axis.field,
                    "by": axis.by,
                    "label": axis.label,
                    "groups": [{"key": each.key, "label": each.label, "kind": each.kind} for each in axis.groups],
                }
                for axis in self.axes
            ],
            "measures": [
                {"function": each.function, "field": each.field, "label": each.label} for each in self.measures
            ],
            "cells": [
                {"groups": list(position), "figures": _json(figures)}
                for position, figures in sorted(self.cells.items())
            ],
            "row_totals": [_json(figures) for figures in self.row_totals],
            "column_totals": [_json(figures) for figures in self.column_totals],
            "totals": _json(self.totals),
        }

    def _list_json(self) -> dict[str, Any]:
        return {
            "columns": [{"field": each.field, "label": each.label} for each in self.columns],
            "records": [
                {
                    "id": str(record.id),
                    "answers": {each.field: json_form(answer_of(record, each.field)) for each in self.columns},
                }
                for record in self.records
            ],
            "truncated": self.truncated,
        }


def answer_of(record: Record, name: str) -> Answer:
    """The answer of a defined or system field; None for one the reader may not see."""
    if name in record.answers:
        return record.answers[name]
    found: Answer = getattr(record, name, None) if name in SYSTEM_FIELDS else None
    return found


def _json(figures: Figures) -> list[Any]:
    return [json_form(figure) for figure in figures]
