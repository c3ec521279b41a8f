"""Conditions as they stand in boxes and addresses, letter by letter, also those that are no question yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from werkzeug.datastructures import MultiDict

from amparo.metadata.filters import OPERATORS, Shape
from amparo.metadata.model import ListView
from amparo.runtime.web.whole_numbers import whole_number

#: More conditions than this are nobody's question.
MOST_ROWS = 20
#: Longer than any name; what is behind is not looked at.
_LONGEST_QUERY = 200
#: Of the number of a row.
_MOST_DIGITS = 5
#: The buttons that send conditions to go on with making them, and not yet for the list.
_MAKING = frozenset({"add", "remove", "refresh", "find"})


@dataclass(frozen=True)
class TypedRow:
    """One condition of a list as it was typed.

    ``value`` holds several things separated by semicolons; ``query`` what a lookup was asked and is not chosen yet.
    """

    field: str
    operator: str
    value: str
    query: str = ""

    @property
    def takes_several(self) -> bool:
        return self.operator in OPERATORS and OPERATORS[self.operator].shape is Shape.MANY


def value_box(number: int) -> str:
    return f"f.{number}.value"


def query_box(number: int) -> str:
    """Where a lookup is asked; holds a name, which must not stand in an address."""
    return f"{value_box(number)}.query"


def shown_box(number: int) -> str:
    """Says which field the boxes of a row were shown for."""
    return f"f.{number}.shown"


def row_arguments(number: int, row: TypedRow) -> dict[str, str]:
    return {f"f.{number}.field": row.field, f"f.{number}.operator": row.operator, value_box(number): row.value}


def are_being_made(args: Mapping[str, str]) -> bool:
    return any(name in args for name in _MAKING)


def box_in_hand(args: Mapping[str, str], rows: Sequence[TypedRow]) -> str:
    """The id of the box where making conditions goes on: of the new row, or behind a field that was chosen anew."""
    if "add" in args:
        return f"f-{len(rows) - 1}-field"
    chosen = [number for number, row in enumerate(rows) if args.get(shown_box(number), row.field) != row.field]
    # Where a row went, those behind it have other numbers now.
    return f"f-{chosen[0]}-operator" if chosen and "remove" not in args else "filters"


def read_rows(args: MultiDict[str, str]) -> tuple[TypedRow, ...]:
    named = {whole_number(name.split(".")[1], _MOST_DIGITS) for name in args if name.startswith("f.")}
    numbers = sorted(number for number in named if number is not None)
    rows = [_read_row(args, number) for number in numbers[:MOST_ROWS]]
    removed = whole_number(args.get("remove", ""), _MOST_DIGITS)
    if removed is not None and removed < len(rows):
        del rows[removed]
    if "add" in args:
        rows.append(TypedRow("", "", ""))
    return tuple(rows)


def _read_row(args: MultiDict[str, str], number: int) -> TypedRow:
    """Records that were ticked come one by one. What was answered for another field is no answer for this one."""
    field, operator = args.get(f"f.{number}.field", ""), args.get(f"f.{number}.operator", "")
    if args.get(shown_box(number), "") not in ("", field):
        return TypedRow(field, operator, "")
    row = TypedRow(field, operator, ";".join(each for each in args.getlist(value_box(number)) if each))
    # Beside a choice of one the query is only its name.
    is_settled = row.value and not row.takes_several and args.get("find") != value_box(number)
    return row if is_settled else replace(row, query=args.get(query_box(number), "").strip()[:_LONGEST_QUERY])


def rows_of(view: ListView | None) -> tuple[TypedRow, ...]:
    return tuple(TypedRow(row.field, row.operator, value_text(row.value)) for row in (view.filters if view else ()))


def value_text(value: object) -> str:
    if isinstance(value, (list, tuple)):
        return ";".join(str(each) for each in value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)
