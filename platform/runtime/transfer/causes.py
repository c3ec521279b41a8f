"""Why rows are refused, counted by cause: one mistake in a column stands in many rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from amparo.metadata.problems import Problem
from amparo.metadata.wording import shortened
from amparo.runtime.transfer.outcomes import Cause, RefusedValue, RowProblems

#: Rows and values that an outcome names for each cause.
_SHOWN = 5
#: Characters of a value that are shown: a cell may hold a whole story.
_LONGEST_SHOWN = 100
#: Values that are told apart while counting.
_COUNTED_VALUES = 1000
#: Causes that an outcome tells; there are more only where hundreds of columns are wrong in several ways.
_MOST_CAUSES = 200

#: Column, kind and advice: only the value differs from row to row.
_Key = tuple[str, str, str]


@dataclass
class _Value:
    problem: Problem
    rows: int = 0


@dataclass
class _Count:
    rows: int = 0
    first_rows: list[int] = field(default_factory=list)
    values: dict[str, _Value] = field(default_factory=dict)

    def take(self, problem: Problem, row: int) -> None:
        self.rows += 1
        if len(self.first_rows) < _SHOWN:
            self.first_rows.append(row)
        text = _text(problem.value)
        if text in self.values or len(self.values) < _COUNTED_VALUES:
            self.values.setdefault(text, _Value(problem)).rows += 1


class CauseCounter:
    """Takes refused rows one by one; memory does not grow with their number."""

    def __init__(self) -> None:
        self._counts: dict[_Key, _Count] = {}

    def take(self, refused: RowProblems) -> None:
        """A row counts once for each cause, however often it has it."""
        causes: dict[_Key, Problem] = {}
        for problem in refused.problems:
            causes.setdefault((problem.path, problem.kind, problem.advice), problem)
        for key, problem in causes.items():
            self._counts.setdefault(key, _Count()).take(problem, refused.row)

    def causes(self) -> Sequence[Cause]:
        """Those of most rows first; of equal ones, what stands further up in the file."""
        found = [_cause(key, count) for key, count in self._counts.items()]
        return sorted(found, key=lambda cause: -cause.rows)[:_MOST_CAUSES]


def _text(value: object) -> str:
    if isinstance(value, (list, tuple)):
        return ";".join(str(each) for each in value)
    return "" if value is None else str(value)


def _cause(key: _Key, count: _Count) -> Cause:
    column, kind, advice = key
    ranked = sorted(count.values.items(), key=lambda item: -item[1].rows)
    named = [RefusedValue(shortened(text, _LONGEST_SHOWN), each.rows) for text, each in ranked if text]
    most = ranked[0][1].problem
    shown, more = named[:_SHOWN], len(named[_SHOWN:])
    return Cause(column, kind, advice, most.params, count.rows, count.first_rows, shown, more, most.definition)
