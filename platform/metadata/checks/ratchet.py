"""What a new document may not do to the records kept under the one before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from amparo.metadata.building import object_from, picklist_from
from amparo.metadata.checks.scope import Definition, Scope
from amparo.metadata.fields.base import Storage
from amparo.metadata.fields.registry import FIELD_TYPES, field_type
from amparo.metadata.model import FieldDefinition, ObjectDefinition
from amparo.metadata.problems import Path, Problem
from amparo.metadata.wording import N_


def check_against(scope: Scope, previous: Mapping[str, Any]) -> Iterator[Problem]:
    """``previous`` is the document of a release, which was checked when it was published."""
    if not all(each.sound for each in scope.definitions if each.kind.name in ("object", "picklist")):
        # What cannot be read cannot be compared; the shape is told first.
        return
    yield from _objects(scope, [object_from(each) for each in previous.get("objects", ())])
    yield from _picklists(scope, previous.get("picklists", ()))


def _objects(scope: Scope, before: list[ObjectDefinition]) -> Iterator[Problem]:
    now = {each.content["id"]: each for each in scope.sound("object")}
    homes = {field["id"]: each for each in now.values() for field in each.content["fields"]}
    for old in before:
        definition = now.get(old.id)
        if definition is None:
            advice = N_("Put the object “{name}” back, with the id {id}: its records still need it.")
            params = {"name": old.name, "id": old.id}
            yield Problem("vanished", f"objects/{old.name}.json", old.id, advice, params)
            continue
        yield from _fields(definition, old, homes)
        yield from _record_types(definition, old)


def _fields(definition: Definition, old: ObjectDefinition, homes: Mapping[str, Definition]) -> Iterator[Problem]:
    now = object_from(definition.content)
    places = {field.id: (index, field) for index, field in enumerate(now.fields)}
    for field in old.fields:
        if field.id in places:
            index, changed = places[field.id]
            yield from _same_storage(field, changed, definition.path / "fields" / index)
        elif field.id in homes:
            advice = N_("Give the new field its own id: “{id}” belongs to a field of “{object}”.")
            params = {"id": field.id, "object": old.name}
            yield Problem("moved", homes[field.id].path.file, field.id, advice, params)
        else:
            advice = N_("Put the field “{name}” back, with the id {id}, and retire it: its answers stay.")
            params = {"name": field.name, "id": field.id}
            yield Problem("vanished", str(definition.path / "fields"), field.id, advice, params)


def _same_storage(old: FieldDefinition, new: FieldDefinition, path: Path) -> Iterator[Problem]:
    if old.type not in FIELD_TYPES:
        # A type whose plugin is gone; what its storage was, the store knows.
        return
    was, becomes = field_type(old.type), field_type(new.type)
    if was.storage is not becomes.storage:
        advice = N_("Keep the type {type}, or retire this field and add a new one: what is stored stays as it is.")
        yield Problem("storage_changed", str(path / "type"), new.type, advice, {"type": old.type})
    elif was.storage is Storage.DECIMAL and was.option(old, "decimals") != becomes.option(new, "decimals"):
        advice = N_("Keep {decimals} decimals, or retire this field and add a new one.")
        params = {"decimals": was.option(old, "decimals")}
        yield Problem("storage_changed", str(path / "decimals"), becomes.option(new, "decimals"), advice, params)
    elif was.storage is Storage.REFERENCE and old.options.get("object") != new.options.get("object"):
        advice = N_("Keep the object {object}, or retire this field and add a new one.")
        params = {"object": old.options.get("object")}
        yield Problem("storage_changed", str(path / "object"), new.options.get("object"), advice, params)
    if old.sensitive != new.sensitive:
        advice = N_(
            "Leave “sensitive” as it was, or retire this field and add a new one: values are stored sealed or open."
        )
        yield Problem("storage_changed", str(path / "sensitive"), new.sensitive, advice)


def _record_types(definition: Definition, old: ObjectDefinition) -> Iterator[Problem]:
    now = {each["id"]: each["name"] for each in definition.content.get("record_types", ())}
    for record_type in old.record_types:
        if record_type.id not in now:
            advice = N_("Put the record type “{name}” back and switch it off with “active”: records have it.")
            place = str(definition.path / "record_types")
            yield Problem("vanished", place, record_type.id, advice, {"name": record_type.name})
        elif now[record_type.id] != record_type.name:
            advice = N_("Keep the name “{name}”, which records hold; change the label instead.")
            place = str(definition.path / "record_types")
            yield Problem("storage_changed", place, now[record_type.id], advice, {"name": record_type.name})


def _picklists(scope: Scope, before: list[Mapping[str, Any]]) -> Iterator[Problem]:
    now = {each.content["id"]: each for each in scope.sound("picklist")}
    for old in map(picklist_from, before):
        definition = now.get(old.id)
        if definition is None:
            advice = N_("Put the picklist “{name}” back, with the id {id}: records hold its codes.")
            params = {"name": old.name, "id": old.id}
            yield Problem("vanished", f"picklists/{old.name}.json", old.id, advice, params)
            continue
        codes = {option["code"] for option in definition.content["options"]}
        for option in old.options:
            if option.code not in codes:
                advice = N_("Put the option “{code}” back and switch it off with “active”: records hold it.")
                place = str(definition.path / "options")
                yield Problem("vanished", place, option.code, advice, {"code": option.code})
