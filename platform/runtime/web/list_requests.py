"""The address of a list read into a question for the planner; what cannot be read is said and left out.

Typed words never stand in the address in the clear: ``amparo.runtime.web.asked_words``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from flask_babel import gettext
from werkzeug.datastructures import MultiDict

from amparo.metadata.fields.registry import field_type
from amparo.metadata.filters import OPERATORS, Shape, family_of
from amparo.metadata.model import SYSTEM_FIELDS, FilterRow, ListView, ObjectDefinition, Sort
from amparo.metadata.operands import coerce_filter
from amparo.metadata.problems import Problem
from amparo.runtime.planner.days import end_of_day
from amparo.runtime.planner.queries import ListQuery
from amparo.runtime.web.asked_words import QUESTION, asked_arguments, sealed
from amparo.runtime.web.days_asked import read_past_day
from amparo.runtime.web.presenting.filter_places import settled_row
from amparo.runtime.web.presenting.layouts import may_see
from amparo.runtime.web.presenting.lists import ALL, heading_field, ordered_views, plain_columns
from amparo.runtime.web.problems import said
from amparo.runtime.web.typed_rows import (
    TypedRow,
    are_being_made,
    query_box,
    read_rows,
    row_arguments,
    rows_of,
    value_box,
)
from amparo.runtime.web.visits import Visit

#: More columns than this are nobody's question.
MOST_COLUMNS = 20
#: Families whose values a condition may show in an address: none of them is a name or holds one.
_TELLS_NO_NAME = frozenset(
    {
        "integer",
        "decimal",
        "date",
        "days",
        "instant",
        "boolean",
        "code",
        "codes",
        "reference",
        "place",
        "member",
        "identifier",
    }
)
PAGE_SIZE = 25


@dataclass(frozen=True)
class ListRequest:
    """``rows`` are all conditions as typed, ``filters`` those that hold; ``is_changed``: not the view's own.

    ``day`` is a day of the past whose end the list shows.
    """

    visit: Visit
    definition: ObjectDefinition
    view: ListView | None
    rows: tuple[TypedRow, ...]
    filters: tuple[FilterRow, ...]
    match: str
    is_changed: bool
    sort: tuple[Sort, ...]
    columns: tuple[str, ...]
    search: str
    after: str | None
    is_editing: bool
    refusals: list[str] = field(default_factory=list)
    day: dt.date | None = None

    @property
    def query(self) -> ListQuery:
        return ListQuery(
            self.definition.name,
            self.columns,
            self.filters,
            self.match,
            self.sort,
            self.search or None,
            self.search_names,
            PAGE_SIZE,
            self.after,
            end_of_day(self.visit.release, self.day) if self.day else None,
            language=self.visit.language,
            only_when=self.view.only_when if self.view else None,
        )

    @property
    def search_names(self) -> tuple[str, ...]:
        """The lookups whose names the search looks in: what the records are known by, and what the columns show."""
        heading = heading_field(self.visit.release, self.definition.name)
        lookups = (self.definition.by_name.get(name) for name in dict.fromkeys((heading, *self.columns)))
        return tuple(each.name for each in lookups if each is not None and each.targets and not each.sensitive)

    def arguments(
        self, rows: Sequence[TypedRow] | None = None, search: str | None = None, **changed: str | Sequence[str] | None
    ) -> dict[str, str | Sequence[str]]:
        """The address of this list, with something changed; never a page further on, and no typed word in it."""
        arguments: dict[str, str | Sequence[str]] = {"view": self.view.name if self.view else ALL}
        words = {QUESTION: self.search if search is None else search}
        if self.is_changed or rows is not None:
            arguments["match"] = self.match
            for number, row in enumerate(self.rows if rows is None else rows):
                boxes = row_arguments(number, row)
                words[query_box(number)] = row.query
                if not tells_no_name(self.visit, self.definition, row):
                    words[value_box(number)] = boxes.pop(value_box(number))
                arguments |= boxes
        if self.sort and self.sort != (self.view.sort if self.view else ()):
            arguments["sort"] = sort_text(self.sort[0])
        if self.columns != own_columns(self.definition, self.view):
            arguments["columns"] = list(self.columns)
        if self.day:
            arguments["as_of"] = self.day.isoformat()
        merged = {**arguments, **sealed(self.visit, words), **changed}
        return {name: value for name, value in merged.items() if value is not None}


def tells_no_name(visit: Visit, definition: ObjectDefinition, row: TypedRow) -> bool:
    """Whether what a condition compares with may be read by anybody: a code, a day, a figure, an identifier."""
    if not row.value:
        return True
    checked = checked_row(visit, definition, row)
    if isinstance(checked, Problem):
        return False
    known = definition.by_name.get(row.field)
    if known is not None and known.sensitive:
        return False
    has_words = OPERATORS[row.operator].shape in (Shape.ONE, Shape.MANY, Shape.PAIR, Shape.DISTANCE)
    return not has_words or family_of(known or row.field) in _TELLS_NO_NAME


def sort_text(sort: Sort) -> str:
    return f"-{sort.field}" if sort.descending else sort.field


def own_columns(definition: ObjectDefinition, view: ListView | None) -> tuple[str, ...]:
    return view.columns if view else plain_columns(definition)


def read_list_request(visit: Visit, definition: ObjectDefinition) -> ListRequest:
    """What this request asks of the list, by its address or by a form that was posted."""
    args, forgotten = asked_arguments(visit)
    refusals: list[str] = [forgotten] if forgotten else []
    view = _view(visit, definition, args, refusals)
    is_changed = "match" in args or any(name.startswith("f.") for name in args)
    rows = read_rows(args) if is_changed else rows_of(view)
    # A condition that is still being made is no question yet: what it lacks is said once the list is asked for.
    is_made = not are_being_made(args)
    if is_made:
        rows = tuple(settled_row(visit, definition, row) for row in rows)
    filters = _filters(visit, definition, rows, refusals if is_made else [])
    own_match = view.match if view else "all"
    day, day_refusal = read_past_day(args.get("as_of", ""), visit.today)
    if day_refusal:
        refusals.append(day_refusal)
    return ListRequest(
        visit,
        definition,
        view,
        rows,
        filters,
        "any" if (args.get("match") if is_changed else own_match) == "any" else "all",
        is_changed,
        _sort(visit, definition, args, view, refusals),
        _columns(visit, definition, args, view, refusals),
        args.get(QUESTION, "").strip()[:500],
        args.get("after") or None,
        "edit" in args or not is_made,
        refusals,
        day,
    )


def _view(visit: Visit, definition: ObjectDefinition, args: Mapping[str, str], refusals: list[str]) -> ListView | None:
    """The view that was asked for; the first one where none was; all records where they were asked for or searched."""
    views = ordered_views(visit.release, definition.name)
    wanted = args.get("view")
    if wanted is None:
        is_question = any(name == QUESTION or name.startswith("f.") for name in args)
        return views[0] if views and not is_question else None
    if wanted == ALL:
        return None
    for view in views:
        if view.name == wanted:
            return view
    refusals.append(gettext("There is no list “%(name)s”. This one holds everything.", name=wanted))
    return None


def _filters(
    visit: Visit, definition: ObjectDefinition, rows: Sequence[TypedRow], refusals: list[str]
) -> tuple[FilterRow, ...]:
    """Rows that are finished and can be asked; each of the others says why it is left out."""
    filters = []
    for row in rows:
        if not row.field:
            continue
        checked = checked_row(visit, definition, row)
        if isinstance(checked, Problem):
            refusals.append(_refusal(visit, definition, row, checked))
        else:
            filters.append(checked)
    return tuple(filters)


def checked_row(visit: Visit, definition: ObjectDefinition, row: TypedRow) -> FilterRow | Problem:
    known = definition.by_name.get(row.field)
    if (known is None and row.field not in SYSTEM_FIELDS) or (known is not None and not may_see(visit, known)):
        return Problem("unknown_name", row.field, row.field, "")
    operator = OPERATORS.get(row.operator)
    value: object = row.value
    if operator is not None and operator.shape.is_list:
        value = [part.strip() for part in row.value.split(";") if part.strip()]
    filter_row = FilterRow(row.field, row.operator, value)
    operand = coerce_filter(filter_row, known or row.field, visit.release.context)
    return operand if isinstance(operand, Problem) else filter_row


def _refusal(visit: Visit, definition: ObjectDefinition, row: TypedRow, problem: Problem) -> str:
    if not problem.advice:
        return gettext("There is no field “%(name)s” here, so that condition is left out.", name=row.field)
    label = visit.words.field_label(definition, row.field)
    return gettext("%(field)s: %(problem)s This condition is left out.", field=label, problem=said(problem))


def _sort(
    visit: Visit, definition: ObjectDefinition, args: Mapping[str, str], view: ListView | None, refusals: list[str]
) -> tuple[Sort, ...]:
    text = args.get("sort", "")
    if not text:
        return view.sort if view else ()
    sort = Sort(text.removeprefix("-"), text.startswith("-"))
    if not is_sortable(visit, definition, sort.field):
        refusals.append(gettext("This list cannot be put in order of “%(name)s”.", name=sort.field))
        return view.sort if view else ()
    return (sort,)


def is_sortable(visit: Visit, definition: ObjectDefinition, name: str) -> bool:
    known = definition.by_name.get(name)
    if known is None:
        return name in SYSTEM_FIELDS
    return may_see(visit, known) and not known.sensitive and field_type(known.type).sortable


def _columns(
    visit: Visit, definition: ObjectDefinition, args: MultiDict[str, str], view: ListView | None, refusals: list[str]
) -> tuple[str, ...]:
    own = own_columns(definition, view)
    wanted = args.getlist("columns")
    if not wanted:
        return tuple(name for name in own if _is_column(visit, definition, name))
    known = [name for name in dict.fromkeys(wanted) if _is_column(visit, definition, name)]
    if len(known) < len(set(wanted)):
        refusals.append(gettext("Some of the columns that were asked for do not exist and are left out."))
    return tuple(known[:MOST_COLUMNS]) or own


def _is_column(visit: Visit, definition: ObjectDefinition, name: str) -> bool:
    known = definition.by_name.get(name)
    return name in SYSTEM_FIELDS if known is None else may_see(visit, known)


def without_the_rest(request: ListRequest) -> ListQuery:
    """The same columns without order, search, conditions and place: what is shown when the question is refused."""
    return replace(request.query, filters=(), sort=(), search=None, after=None)
