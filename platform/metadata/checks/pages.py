"""Page layouts: what they show must be there, and no field twice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from amparo.metadata.checks.asking import check_columns, check_sort
from amparo.metadata.checks.scope import (
    NO_FIELD,
    NO_OBJECT,
    NO_RECORD_TYPE,
    Definition,
    Scope,
    unknown_name,
)
from amparo.metadata.fields.base import Storage
from amparo.metadata.fields.registry import field_type, is_answerable
from amparo.metadata.model import ObjectDefinition
from amparo.metadata.problems import Path, Problem
from amparo.metadata.wording import N_


def check_layouts(scope: Scope) -> Iterator[Problem]:
    for definition in scope.readable("layout"):
        name = definition.content["object"]
        if name not in scope.names["object"]:
            yield unknown_name(definition.path / "object", NO_OBJECT, name, scope.names["object"])
        owner = scope.object_named(name)
        if owner is None:
            continue
        yield from _record_types(definition, owner)
        yield from check_columns(owner, definition.content.get("highlights", ()), definition.path / "highlights")
        yield from _path(definition, owner)
        yield from _fields(definition, owner)
        for index, tab in enumerate(definition.content["tabs"]):
            for position, related in enumerate(tab.get("related_lists", ())):
                place = definition.path / "tabs" / index / "related_lists" / position
                yield from _related_list(scope, related, owner, place)


def _record_types(definition: Definition, owner: ObjectDefinition) -> Iterator[Problem]:
    known = [each.name for each in owner.record_types]
    for index, name in enumerate(definition.content.get("record_types", ())):
        if name not in known:
            yield unknown_name(definition.path / "record_types" / index, NO_RECORD_TYPE, name, known)


def _path(definition: Definition, owner: ObjectDefinition) -> Iterator[Problem]:
    """Steps are the options of one picklist, in their order."""
    name = definition.content.get("path")
    if name is None:
        return
    place = definition.path / "path"
    field = owner.by_name.get(name)
    steps = [each.name for each in owner.active_fields if each.type == "picklist"]
    if field is None:
        yield unknown_name(place, NO_FIELD, name, steps)
    elif field.retired:
        advice = N_("Take “{name}” off the layout: it is retired.")
        yield Problem("retired", str(place), name, advice, {"name": name})
    elif name not in steps:
        advice = N_("Name a picklist field: its options are the steps. There are: {fields}.")
        yield Problem("wrong_field_type", str(place), name, advice, {"fields": ", ".join(steps) or "–"})


def _fields(definition: Definition, owner: ObjectDefinition) -> Iterator[Problem]:
    shown: dict[str, Path] = {}
    for path, name in _shown_fields(definition):
        field = owner.by_name.get(name)
        if field is None:
            yield unknown_name(path, NO_FIELD, name, owner.by_name)
        elif field.retired:
            advice = N_("Take “{name}” off the layout: it is retired.")
            yield Problem("retired", str(path), name, advice, {"name": name})
        elif name in shown:
            advice = N_("Show “{name}” once only: a form cannot ask it twice.")
            yield Problem("duplicate", str(path), name, advice, {"name": name})
        shown.setdefault(name, path)


def _shown_fields(definition: Definition) -> Iterator[tuple[Path, str]]:
    for tab_index, tab in enumerate(definition.content["tabs"]):
        for section_index, section in enumerate(tab.get("sections", ())):
            place = definition.path / "tabs" / tab_index / "sections" / section_index / "fields"
            for index, name in enumerate(section["fields"]):
                yield place / index, name


def _related_list(scope: Scope, related: Mapping[str, Any], owner: ObjectDefinition, place: Path) -> Iterator[Problem]:
    name = related["object"]
    if name not in scope.names["object"]:
        yield unknown_name(place / "object", NO_OBJECT, name, scope.names["object"])
    child = scope.object_named(name)
    if child is None:
        return
    yield from _pointing_field(child, related["field"], owner, place / "field")
    yield from check_columns(child, related["columns"], place / "columns")
    yield from check_sort(child, related.get("sort", ()), place / "sort")
    if related.get("in_form"):
        yield from _rows(child, related, place / "columns")


def _rows(child: ObjectDefinition, related: Mapping[str, Any], path: Path) -> Iterator[Problem]:
    """What a row has to ask: everything without which it could not be saved."""
    asked = {*related["columns"], related["field"]}
    for field in child.active_fields:
        is_needed = field.required and field.default is None and is_answerable(field)
        if is_needed and field.name not in asked:
            advice = N_("Add “{field}” to the columns: a row could not be saved without it.")
            yield Problem("missing_entry", str(path), list(related["columns"]), advice, {"field": field.name})


def _pointing_field(child: ObjectDefinition, name: str, owner: ObjectDefinition, path: Path) -> Iterator[Problem]:
    field = child.by_name.get(name)
    pointing = [
        each.name
        for each in child.active_fields
        if field_type(each.type).storage is Storage.REFERENCE and owner.name in each.targets
    ]
    if field is None:
        yield unknown_name(path, NO_FIELD, name, pointing)
    elif name not in pointing:
        advice = N_("Name a lookup of “{child}” to “{owner}”. There are: {fields}.")
        params = {"child": child.name, "owner": owner.name, "fields": ", ".join(pointing) or "–"}
        yield Problem("wrong_field_type", str(path), name, advice, params)
