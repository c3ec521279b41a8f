"""List views and reports: columns, filters, sorting, groupings and measures that the planner can answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from amparo.metadata.checks.scope import (
    NO_FIELD,
    NO_OBJECT,
    NO_PERIOD,
    NO_RECORD_TYPE,
    Definition,
    Scope,
    field_named,
    unknown_name,
)
from amparo.metadata.fields.base import CoercionContext
from amparo.metadata.fields.currency import SEVERAL_CURRENCIES, adds_up, adds_up_within
from amparo.metadata.fields.registry import field_type
from amparo.metadata.filters import Operand, Subject, family_of
from amparo.metadata.model import SYSTEM_FIELDS, FilterRow, ObjectDefinition
from amparo.metadata.operands import coerce_filter
from amparo.metadata.problems import Path, Problem
from amparo.metadata.wording import N_

_INSTANTS = ("date", "instant")
_TIMES = (*_INSTANTS, "days")
_PERIODS = ("month", "quarter", "year")
_NUMBERS = ("integer", "decimal")
#: function -> families of field it can be computed of.
COMPUTED_OF = {
    "sum": _NUMBERS,
    "average": _NUMBERS,
    "minimum": (*_NUMBERS, *_INSTANTS),
    "maximum": (*_NUMBERS, *_INSTANTS),
}


def check_list_views(scope: Scope) -> Iterator[Problem]:
    for definition, owner in _asked_objects(scope, "list_view"):
        yield from check_columns(owner, definition.content["columns"], definition.path / "columns")
        yield from _filters(scope, owner, definition)
        yield from check_sort(owner, definition.content.get("sort", ()), definition.path / "sort")


def check_reports(scope: Scope) -> Iterator[Problem]:
    for definition, owner in _asked_objects(scope, "report"):
        content, path = definition.content, definition.path
        yield from check_columns(owner, content.get("columns", ()), path / "columns")
        yield from _groupings(owner, content.get("groupings", ()), path / "groupings")
        yield from _measures(owner, content, path / "measures")
        yield from _filters(scope, owner, definition)
        if "groupings" in content:
            yield from _summary_sort(content, path)
        else:
            yield from check_sort(owner, content.get("sort", ()), path / "sort")


def _asked_objects(scope: Scope, kind: str) -> Iterator[tuple[Definition, ObjectDefinition]]:
    """Definitions of a kind whose object is sound; what is wrong with the others is told elsewhere."""
    for definition in scope.readable(kind):
        owner = scope.object_named(definition.content["object"])
        if owner is not None:
            yield definition, owner


def check_asked_objects(scope: Scope) -> Iterator[Problem]:
    """List views and reports of objects that are not there."""
    for kind in ("list_view", "report"):
        for definition in scope.readable(kind):
            name = definition.content["object"]
            if name not in scope.names["object"]:
                yield unknown_name(definition.path / "object", NO_OBJECT, name, scope.names["object"])


def _known(owner: ObjectDefinition, name: str, path: Path) -> Subject | Problem:
    """The field to ask about, or why it cannot be asked about."""
    subject = field_named(owner, name)
    if subject is None:
        return unknown_name(path, NO_FIELD, name, (*owner.by_name, *SYSTEM_FIELDS))
    if not isinstance(subject, str) and subject.retired:
        advice = N_("Leave “{name}” out: it is retired.")
        return Problem("retired", str(path), name, advice, {"name": name})
    return subject


def check_columns(owner: ObjectDefinition, names: Sequence[str], path: Path) -> Iterator[Problem]:
    for index, name in enumerate(names):
        subject = _known(owner, name, path / index)
        if isinstance(subject, Problem):
            yield subject


def check_sort(owner: ObjectDefinition, rows: Sequence[Mapping[str, Any]], path: Path) -> Iterator[Problem]:
    for index, row in enumerate(rows):
        place = path / index / "field"
        subject = _known(owner, row["field"], place)
        if isinstance(subject, Problem):
            yield subject
        elif not isinstance(subject, str) and subject.sensitive:
            advice = N_("Sort by another field: “{name}” is sensitive, and encrypted values have no order.")
            yield Problem("sensitive", str(place), subject.name, advice, {"name": subject.name})
        elif not isinstance(subject, str) and not field_type(subject.type).sortable:
            advice = N_("Sort by another field: the type of “{name}” has no order.")
            yield Problem("wrong_field_type", str(place), subject.name, advice, {"name": subject.name})


def _filters(scope: Scope, owner: ObjectDefinition, definition: Definition) -> Iterator[Problem]:
    return check_filters(scope, owner, definition.content.get("filters", ()), definition.path / "filters")


def check_filters(
    scope: Scope, owner: ObjectDefinition, rows: Sequence[Mapping[str, Any]], path: Path
) -> Iterator[Problem]:
    context = CoercionContext(scope.application)
    for index, row in enumerate(rows):
        place = path / index
        subject = _known(owner, row["field"], place / "field")
        if isinstance(subject, Problem):
            yield subject
            continue
        try:
            operand = coerce_filter(FilterRow(row["field"], row["operator"], row.get("value")), subject, context)
        except LookupError:
            # The field's picklist is not there, which is said at the field.
            continue
        if isinstance(operand, Problem):
            step = "operator" if operand.kind in ("unknown_operator", "sensitive") else "value"
            yield Problem(operand.kind, str(place / step), row.get(step), operand.advice, operand.params)
        elif subject == "record_type":
            yield from _record_types(owner, operand, place / "value")


def _record_types(owner: ObjectDefinition, operand: Operand, path: Path) -> Iterator[Problem]:
    known = [each.name for each in owner.record_types]
    for name in operand if isinstance(operand, tuple) else (operand,):
        if name is not None and name not in known:
            yield unknown_name(path, NO_RECORD_TYPE, str(name), known)


def _groupings(owner: ObjectDefinition, rows: Sequence[Mapping[str, Any]], path: Path) -> Iterator[Problem]:
    seen: set[tuple[str, str | None]] = set()
    for index, row in enumerate(rows):
        place = path / index
        subject = _known(owner, row["field"], place / "field")
        if isinstance(subject, Problem):
            yield subject
            continue
        yield from _grouping(subject, row.get("by"), place)
        key = row["field"], row.get("by")
        if key in seen:
            yield Problem("duplicate", str(place), row["field"], N_("Group by another field: this one stands twice."))
        seen.add(key)


def _grouping(subject: Subject, by: str | None, place: Path) -> Iterator[Problem]:
    name = subject if isinstance(subject, str) else subject.name
    family = family_of(subject)
    if not isinstance(subject, str) and subject.sensitive:
        advice = N_("Group by another field: “{name}” is sensitive.")
        yield Problem("sensitive", str(place / "field"), name, advice, {"name": name})
    elif family == "identifier" or not (isinstance(subject, str) or field_type(subject.type).groupable):
        advice = N_("Group by another field: nearly every record has its own “{name}”.")
        yield Problem("wrong_field_type", str(place / "field"), name, advice, {"name": name})
    elif by is not None and family not in (*_TIMES, "place"):
        advice = N_("Remove “by”: only dates are grouped by month, quarter or year.")
        yield Problem("not_allowed", str(place / "by"), by, advice)
    elif by is not None and family in _TIMES and by not in _PERIODS:
        yield unknown_name(place / "by", NO_PERIOD, by, _PERIODS)
    elif by is None and family == "instant":
        yield Problem("missing_entry", str(place / "by"), None, N_("Add “by”: month, quarter or year."))


def _measures(owner: ObjectDefinition, report: Mapping[str, Any], path: Path) -> Iterator[Problem]:
    asked = [(row["field"], row["operator"]) for row in report.get("filters", ())]
    grouped = [row["field"] for row in report.get("groupings", ())]
    for index, row in enumerate(report.get("measures", ())):
        if row["function"] == "count":
            continue
        place = path / index / "field"
        subject = _known(owner, row["field"], place)
        if isinstance(subject, Problem):
            yield subject
        elif not isinstance(subject, str) and subject.sensitive:
            advice = N_("Compute with another field: “{name}” is sensitive.")
            yield Problem("sensitive", str(place), subject.name, advice, {"name": subject.name})
        elif family_of(subject) not in COMPUTED_OF[row["function"]]:
            advice = N_("Compute with a number; minimum and maximum also take dates.")
            yield Problem("wrong_field_type", str(place), row["field"], advice)
        elif not isinstance(subject, str) and not (
            adds_up(subject, asked, report.get("match", "all")) or adds_up_within(subject, grouped)
        ):
            params = {"field": subject.options["currency_field"]}
            yield Problem("several_currencies", str(place), row["field"], SEVERAL_CURRENCIES, params)


def _summary_sort(content: Mapping[str, Any], path: Path) -> Iterator[Problem]:
    """Groups are sorted by what they are grouped by."""
    grouped = [row["field"] for row in content["groupings"]]
    for index, row in enumerate(content.get("sort", ())):
        if row["field"] not in grouped:
            advice = N_("Sort by one of the groupings: {fields}.")
            place = path / "sort" / index / "field"
            yield Problem("not_allowed", str(place), row["field"], advice, {"fields": ", ".join(grouped)})
