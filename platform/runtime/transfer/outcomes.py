"""What came of an import, or would come of it."""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from amparo.metadata.problems import Problem


@dataclass(frozen=True, slots=True)
class RowProblems:
    """A row that was refused. ``row`` is its number in a spreadsheet; problems' paths are column headers.

    ``records`` are those by object that other rows made and this one speaks
    of, too; None where rows hold one record each. ``version`` is what an export
    says of the row's own; None where the file has no such column.
    """

    row: int
    problems: tuple[Problem, ...]
    records: Mapping[str, uuid.UUID] | None = None
    version: str | None = None


class Fate(StrEnum):
    """What came of a row that was not refused, or would come of it; of several records the first of these counts."""

    CREATED = "created"
    UPDATED = "updated"
    SKIPPED = "skipped"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Preview:
    """What a row would become: texts by field name, as the mapping understood it."""

    row: int
    fate: Fate
    values: dict[str, str]


@dataclass(frozen=True, slots=True)
class RefusedValue:
    """A value that was refused, and in how many rows."""

    text: str
    rows: int


@dataclass(frozen=True, slots=True)
class Cause:
    """One thing wrong with one column, and the rows that have it.

    ``params`` fill the advice with the value that most of them hold; ``values``
    are the most frequent ones, ``more_values`` counts the others; ``first_rows``
    are numbers in a spreadsheet.
    """

    column: str
    kind: str
    advice: str
    params: Mapping[str, Any]
    rows: int
    first_rows: Sequence[int]
    values: Sequence[RefusedValue]
    more_values: int
    definition: str = ""

    @property
    def message(self) -> str:
        return self.advice.format(**self.params) if self.params else self.advice

    def document(self) -> dict[str, Any]:
        return {
            "column": self.column,
            "kind": self.kind,
            "advice": self.advice,
            "params": {name: str(value) for name, value in self.params.items()},
            "message": self.message,
            "rows": self.rows,
            "first_rows": list(self.first_rows),
            "values": [{"value": each.text, "rows": each.rows} for each in self.values],
            "more_values": self.more_values,
            "definition": self.definition,
        }


@dataclass(frozen=True, slots=True)
class ImportOutcome:
    """``rows`` counts rows that hold anything. ``problems`` are the first refused rows, all stand in the error file.

    ``causes`` counts every refused row, by what is wrong with it, the most frequent first.

    ``notices`` say what of the file was understood or left out. ``encoding`` and ``delimiter`` are empty of a workbook.

    Of a dry run ``created`` and ``updated`` count what would be; ``acceptable`` counts both. ``identity`` is the
    import's own, by which it can be undone. ``longest_lock`` is in seconds. ``records`` counts what came of the
    records of each object, where rows hold several.
    """

    object: str
    identity: uuid.UUID
    rows: int
    created: int
    updated: int
    unchanged: int
    skipped: int
    refused: int
    is_dry_run: bool
    format: str
    sheet: str | None
    encoding: str
    encoding_is_guess: bool
    delimiter: str
    notices: Sequence[Problem] = ()
    causes: Sequence[Cause] = ()
    problems: Sequence[RowProblems] = ()
    previews: Sequence[Preview] = ()
    longest_lock: float = 0.0
    chunks: int = 0
    records: Mapping[str, Mapping[Fate, int]] = field(default_factory=dict)

    @property
    def acceptable(self) -> int:
        """Rows that make or change a record."""
        return self.created + self.updated

    def document(self) -> dict[str, Any]:
        """As JSON: what a job keeps and ``--format json`` prints."""
        return {
            "object": self.object,
            "rows": self.rows,
            "id": str(self.identity),
            "created": self.created,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "skipped": self.skipped,
            "acceptable": self.acceptable,
            "refused": self.refused,
            "dry_run": self.is_dry_run,
            "format": self.format,
            "sheet": self.sheet,
            "encoding": self.encoding,
            "encoding_is_guess": self.encoding_is_guess,
            "delimiter": self.delimiter,
            "longest_lock_seconds": round(self.longest_lock, 4),
            "chunks": self.chunks,
            "records": {
                name: {fate.value: counts.get(fate, 0) for fate in Fate} for name, counts in self.records.items()
            },
            "notices": [problem_document(each) for each in self.notices],
            "causes": [each.document() for each in self.causes],
            "problems": [
                {"row": each.row, "problems": [problem_document(problem) for problem in each.problems]}
                for each in self.problems
            ],
            "previews": [{"row": each.row, "fate": each.fate, "values": each.values} for each in self.previews],
        }


def problem_document(problem: Problem) -> dict[str, Any]:
    """Enough to translate it: the advice is the message id, with the slots' values beside it."""
    return {
        "kind": problem.kind,
        "column": problem.path,
        "value": None if problem.value is None else str(problem.value),
        "message": problem.message,
        **problem.sentence(),
    }


@dataclass
class Tally:
    """Counts of an import under way."""

    rows: int = 0
    fates: Counter[Fate] = field(default_factory=Counter)
    records: defaultdict[str, Counter[Fate]] = field(default_factory=lambda: defaultdict(Counter))
    refused: int = 0
    longest_lock: float = 0.0
    chunks: int = 0
    problems: list[RowProblems] = field(default_factory=list)
    previews: list[Preview] = field(default_factory=list)
