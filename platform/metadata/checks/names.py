"""Identifiers and names that stand twice, and names that are taken."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from amparo.metadata.checks.scope import Definition, Scope
from amparo.metadata.naming import RESERVED_FIELD_NAMES, RESERVED_OBJECT_NAMES
from amparo.metadata.problems import Path, Problem
from amparo.metadata.wording import N_

#: Lists inside a definition whose entries carry a name of their own: kind -> list -> key that names.
_INNER_LISTS = {
    "object": {"fields": "name", "record_types": "name", "validation_rules": "name"},
    "picklist": {"options": "code"},
    "layout": {"tabs": "name"},
}


def check_names(scope: Scope) -> Iterator[Problem]:
    readable = [each for each in scope.definitions if each.readable]
    yield from _duplicate_ids(readable)
    yield from _duplicate_definitions(readable)
    for definition in readable:
        for inner, key in _INNER_LISTS.get(definition.kind.name, {}).items():
            entries = definition.content.get(inner, ())
            yield from _duplicates(entries, definition.path / inner, key)
    for definition in scope.readable("object"):
        yield from _reserved(definition)
    for definition in scope.readable("layout"):
        yield from _duplicate_sections(definition)


def _duplicate_ids(definitions: list[Definition]) -> Iterator[Problem]:
    """Facts, translations and links go by identifier, so it is one for the whole application."""
    first: dict[str, str] = {}
    for definition in definitions:
        for path, identifier in _ids(definition):
            place = str(path / "id")
            if identifier in first:
                advice = N_("Give it another identifier: “{id}” is that of {other}.")
                params = {"id": identifier, "other": first[identifier]}
                yield Problem("duplicate_id", place, identifier, advice, params)
            else:
                first[identifier] = place


def _ids(definition: Definition) -> Iterator[tuple[Path, str]]:
    yield definition.path, definition.content["id"]
    for inner in _INNER_LISTS["object"] if definition.kind.name == "object" else ():
        for index, entry in enumerate(definition.content.get(inner, ())):
            yield definition.path / inner / index, entry["id"]


def _duplicate_definitions(definitions: list[Definition]) -> Iterator[Problem]:
    first: dict[tuple[str, str], Path] = {}
    for definition in definitions:
        name = definition.content.get("name")
        if name is None:
            continue
        other = first.setdefault((definition.kind.name, name), definition.path)
        if other is not definition.path:
            advice = N_("Give it another name: “{name}” is also in {other}.")
            params = {"name": name, "other": other.file}
            yield Problem("duplicate_name", str(definition.path / "name"), name, advice, params)


def _duplicates(entries: Any, path: Path, key: str) -> Iterator[Problem]:
    seen: set[str] = set()
    for index, entry in enumerate(entries):
        name = entry[key]
        if name in seen:
            advice = N_("Give it another name: “{name}” stands here twice.")
            yield Problem("duplicate_name", str(path / index / key), name, advice, {"name": name})
        seen.add(name)


def _duplicate_sections(definition: Definition) -> Iterator[Problem]:
    """Sections are translated by layout and name, so their names are one for the whole layout."""
    seen: set[str] = set()
    for tab_index, tab in enumerate(definition.content["tabs"]):
        for index, section in enumerate(tab.get("sections", ())):
            name = section["name"]
            if name in seen:
                advice = N_("Give it another name: “{name}” stands here twice.")
                place = definition.path / "tabs" / tab_index / "sections" / index / "name"
                yield Problem("duplicate_name", str(place), name, advice, {"name": name})
            seen.add(name)


def _reserved(definition: Definition) -> Iterator[Problem]:
    advice = N_("Give it another name, like {near}: “{name}” is used by the system.")
    own_name = definition.content["name"]
    if own_name in RESERVED_OBJECT_NAMES:
        params = {"name": own_name, "near": f"our_{own_name}"}
        yield Problem("reserved_name", str(definition.path / "name"), own_name, advice, params)
    for index, entry in enumerate(definition.content["fields"]):
        name = entry["name"]
        if name in RESERVED_FIELD_NAMES:
            params = {"name": name, "near": f"{own_name}_{name}"[:40]}
            place = definition.path / "fields" / index / "name"
            yield Problem("reserved_name", str(place), name, advice, params)
