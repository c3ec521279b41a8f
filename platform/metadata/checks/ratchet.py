"""What a new document may not do to the records kept under the one before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from amparo.metadata.building import object_from, picklist_from
from amparo.metadata.checks.scope import Definition, Scope
from amparo.metadata.fields.registry import FIELD_TYPES, field_type
from amparo.metadata.model import FieldDefinition, ObjectDefinition
from amparo.metadata.problems import Path, Problem
from amparo.metadata.wording import N_

_COMPUTED = N_("Retire this field and add a computed one under its own id: records hold answers in this one.")
_ANSWERED = N_("Retire this field and add a new one for answers, with its own id: nothing was ever kept in this one.")


@dataclass(frozen=True, slots=True)
class _Targets:
    """What fields point to, by name: ids of objects and of picklists, and codes. Names may change, these not."""

    objects: Mapping[str, str]
    picklists: Mapping[str, str]
    codes: Mapping[str, frozenset[str]]


def _targets(document: Mapping[str, Any]) -> _Targets:
    return _Targets(
        {each["name"]: each["id"] for each in document.get("objects", ())},
        {each["name"]: each["id"] for each in document.get("picklists", ())},
        {
            each["name"]: frozenset(option["code"] for option in each["options"])
            for each in document.get("picklists", ())
        },
    )


def check_against(scope: Scope, previous: Mapping[str, Any]) -> Iterator[Problem]:
    """``previous`` is the document of a release, which was checked when it was published."""
    if not all(each.sound for each in scope.definitions if each.kind.name in ("object", "picklist")):
        # What cannot be read cannot be compared; the shape is told first.
        return
    yield from _objects(scope, previous)
    yield from _picklists(scope, previous.get("picklists", ()))


def _objects(scope: Scope, previous: Mapping[str, Any]) -> Iterator[Problem]:
    now = {each.content["id"]: each for each in scope.readable("object")}
    homes = {field["id"]: each for each in now.values() for field in each.content["fields"]}
    before, after = _targets(previous), _targets(scope.application.document)
    for old in map(object_from, previous.get("objects", ())):
        definition = now.get(old.id)
        if definition is None:
            advice = N_("Put the object “{name}” back, with the id {id}: its records still need it.")
            params = {"name": old.name, "id": old.id}
            yield Problem("vanished", f"objects/{old.name}.json", old.id, advice, params)
            continue
        yield from _missing_fields(definition, old, homes)
        yield from _record_types(definition, old)
        yield from _changed_fields(definition, old, before, after)


def _missing_fields(
    definition: Definition, old: ObjectDefinition, homes: Mapping[str, Definition]
) -> Iterator[Problem]:
    for field in old.fields:
        home = homes.get(field.id)
        if home is None:
            advice = N_("Put the field “{name}” back, with the id {id}, and retire it: its answers stay.")
            params = {"name": field.name, "id": field.id}
            yield Problem("vanished", str(definition.path / "fields"), field.id, advice, params)
        elif home is not definition:
            advice = N_("Give the new field its own id: “{id}” belongs to a field of “{object}”.")
            params = {"id": field.id, "object": old.name}
            yield Problem("moved", home.path.file, field.id, advice, params)


def _changed_fields(
    definition: Definition, old: ObjectDefinition, before: _Targets, after: _Targets
) -> Iterator[Problem]:
    was = {field.id: field for field in old.fields}
    for index, field in enumerate(object_from(definition.content).fields):
        earlier = was.get(field.id)
        # Of a type whose plugin is gone, only the store knows how it was stored.
        if earlier is None or earlier.type not in FIELD_TYPES:
            continue
        path = definition.path / "fields" / index
        if earlier.is_computed is not field.is_computed:
            yield Problem("storage_changed", str(path), field.name, _COMPUTED if field.is_computed else _ANSWERED)
        elif field_type(earlier.type).storage is field_type(field.type).storage:
            yield from _same_meaning(earlier, field, path)
            yield from _same_target(earlier, field, path, before, after)
        else:
            yield _keep(path / "type", field.type, earlier.type)


def _same_meaning(old: FieldDefinition, new: FieldDefinition, path: Path) -> Iterator[Problem]:
    kind = field_type(new.type)
    for name in dict.fromkeys((*field_type(old.type).fixed_options, *kind.fixed_options)):
        earlier, now = _option(old, name), _option(new, name)
        if earlier is not None and earlier != now:
            yield _keep(path / name, now, earlier)
    if old.sensitive != new.sensitive:
        yield _keep(path / "sensitive", new.sensitive, "true" if old.sensitive else "false")
    if old.missing_reasons and not new.missing_reasons:
        # Without any reason nobody would look for those that records have, and the next change would lose them.
        advice = N_("Keep at least one reason here, like {earlier}: records may have been given one.")
        params = {"earlier": old.missing_reasons[0]}
        yield Problem("storage_changed", str(path / "missing_reasons"), None, advice, params)
    if old.type == "lookup" and new.type == "master_detail":
        yield _keep(path / "type", new.type, old.type)


def _option(field: FieldDefinition, name: str) -> Any:
    kind = field_type(field.type)
    return kind.option(field, name) if name in kind.options else None


def _same_target(
    old: FieldDefinition, new: FieldDefinition, path: Path, before: _Targets, after: _Targets
) -> Iterator[Problem]:
    """More objects may be pointed to; records point to those there were."""
    there = {after.objects.get(name) for name in new.targets}
    lost = [name for name in old.targets if before.objects.get(name) not in there]
    if lost:
        option = "objects" if "objects" in new.options else "object"
        yield _keep(path / option, new.options.get(option), ", ".join(lost))
    picklist = str(new.options.get("picklist"))
    if "picklist" not in old.options or picklist not in after.codes:
        # A picklist that there is none of is told by another check.
        return
    earlier = old.options["picklist"]
    gone = before.codes.get(earlier, frozenset()) - after.codes.get(picklist, frozenset())
    # Codes that the same picklist lost are told there. Another one may have its name by now.
    if gone and before.picklists.get(earlier) != after.picklists.get(picklist):
        advice = N_("Choose a picklist that has all the codes that records may hold, also {codes}.")
        yield Problem("vanished", str(path / "picklist"), picklist, advice, {"codes": ", ".join(sorted(gone)[:5])})


def _keep(path: Path, value: Any, earlier: Any) -> Problem:
    advice = N_("Keep {earlier} here, or retire this field and add a new one: what is stored stays as it is.")
    return Problem("storage_changed", str(path), value, advice, {"earlier": str(earlier)})


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
    now = {each.content["id"]: each for each in scope.readable("picklist")}
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
