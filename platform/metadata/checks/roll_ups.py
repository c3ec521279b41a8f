"""Roll-ups: whether there is what they count, and whether it can be counted at every save and come out the same."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from amparo.metadata.checks.asking import COMPUTED_OF, check_filters
from amparo.metadata.checks.scope import NO_FIELD, NO_OBJECT, Scope, unknown_name
from amparo.metadata.fields.registry import field_type
from amparo.metadata.filters import ME
from amparo.metadata.limits import MOST_ROLL_UPS, MOST_ROLLED_UP
from amparo.metadata.model import FieldDefinition, ObjectDefinition
from amparo.metadata.problems import Path, Problem
from amparo.metadata.wording import N_

#: Operators whose answer changes while no record does: with the day, with the tree of places, or with the alphabet.
_UNSTEADY = frozenset(
    {"in_period", "older_than_days", "in_place", "not_in_place", "contains", "not_contains", "starts_with"}
)
_TOO_MANY = N_("{object} has {value} roll-ups; {limit} is the most.")
_TOO_MANY_LOOKUPS = N_(
    "Roll-ups are made over {value} lookups of {object}, and every save of one of its records brings all of them up "
    "to date; {limit} is the most."
)
_NOT_POINTING = N_("Name a lookup of “{object}” that points here: “{name}” does not.")
_NEEDS_FIELD = N_("Add “of”: the field of “{object}” that is computed with.")
_NEEDS_NO_FIELD = N_("Remove “of”: a count needs no field.")
_SENSITIVE = N_("Leave “{name}” out: it is sensitive, and everybody could read it through this field.")
_COMPUTED = N_("Leave “{name}” out: it is computed, and a roll-up is made of answers that are kept.")
_RETIRED = N_("Leave “{name}” out: it is retired.")
_NOT_COMPUTABLE = N_("Name a number in “of”; minimum and maximum also take dates.")
_CURRENCIES = N_("Leave “{name}” out: its amounts are in several currencies.")
_UNFITTING = N_("Give this field the type {choices}, with the same decimals and currency as “{name}”.")
_COUNTS = N_("Give this field the type integer: it counts.")
_UNSTEADY_ADVICE = N_(
    "Leave “{operator}” out: what it chooses changes while no record does, and a roll-up is brought up to date only "
    "when a record is saved."
)
_PERSONAL = N_("Leave $me out: a roll-up says the same to everybody.")


def check_roll_ups(scope: Scope) -> Iterator[Problem]:
    """Of sound objects; what is wrong with the others is told elsewhere."""
    rolled_up: defaultdict[str, set[tuple[str, str]]] = defaultdict(set)
    for definition in scope.readable("object"):
        owner = scope.application.objects[definition.content["name"]]
        fields = [each for each in owner.active_fields if each.roll_up is not None]
        if len(fields) > MOST_ROLL_UPS:
            params = {"object": owner.label, "value": len(fields), "limit": MOST_ROLL_UPS}
            yield Problem("too_many", str(definition.path / "fields"), len(fields), _TOO_MANY, params)
        for index, written in enumerate(definition.content["fields"]):
            if "roll_up" in written and not written.get("retired"):
                yield from _roll_up(scope, owner, owner.by_name[written["name"]], definition.path / "fields" / index)
                rolled_up[written["roll_up"]["object"]].add((owner.name, written["roll_up"]["field"]))
    for definition in scope.readable("object"):
        name, lookups = definition.content["name"], rolled_up[definition.content["name"]]
        if len(lookups) > MOST_ROLLED_UP:
            label = scope.application.objects[name].label
            params = {"object": label, "value": len(lookups), "limit": MOST_ROLLED_UP}
            yield Problem("too_many", str(definition.path), len(lookups), _TOO_MANY_LOOKUPS, params)


def _roll_up(scope: Scope, owner: ObjectDefinition, field: FieldDefinition, path: Path) -> Iterator[Problem]:
    asked, place = field.roll_up, path / "roll_up"
    if asked is None:
        return
    child = scope.object_named(asked.object)
    if child is None:
        if asked.object not in scope.names["object"]:
            yield unknown_name(place / "object", NO_OBJECT, asked.object, scope.names["object"])
        return
    yield from _lookup(owner, child, asked.field, place / "field")
    if asked.function == "count":
        if asked.of is not None:
            yield Problem("not_allowed", str(place / "of"), asked.of, _NEEDS_NO_FIELD)
        if field.type != "integer":
            yield Problem("wrong_type", str(path / "type"), field.type, _COUNTS)
    elif asked.of is None:
        yield Problem("missing_entry", str(place / "of"), None, _NEEDS_FIELD, {"object": child.name})
    else:
        yield from _computed_with(child, asked.of, field, path)
    rows: list[Mapping[str, Any]] = [
        {"field": row.field, "operator": row.operator, "value": row.value} for row in asked.filters
    ]
    yield from check_filters(scope, child, rows, place / "filters")
    for index, row in enumerate(asked.filters):
        yield from _steady(child, row.field, row.operator, row.value, place / "filters" / index)


def _lookup(owner: ObjectDefinition, child: ObjectDefinition, name: str, place: Path) -> Iterator[Problem]:
    pointing = [each.name for each in child.active_fields if owner.name in each.targets]
    found = child.by_name.get(name)
    if found is None:
        yield unknown_name(place, NO_FIELD, name, pointing)
    elif name not in pointing:
        params = {"object": child.name, "name": name}
        yield Problem("wrong_field_type", str(place), name, _NOT_POINTING, params)
    elif found.sensitive:
        yield Problem("sensitive", str(place), name, _SENSITIVE, {"name": name})


def _computed_with(child: ObjectDefinition, name: str, field: FieldDefinition, path: Path) -> Iterator[Problem]:
    """The field ``of``, and whether the roll-up's own type holds what is made of it."""
    place, function = path / "roll_up" / "of", field.roll_up.function if field.roll_up else ""
    found = child.by_name.get(name)
    if found is None:
        able = [each.name for each in child.active_fields if field_type(each.type).family in COMPUTED_OF[function]]
        yield unknown_name(place, NO_FIELD, name, able)
        return
    if (problem := _unusable(found, place)) is not None:
        yield problem
    elif field_type(found.type).family not in COMPUTED_OF[function]:
        yield Problem("wrong_field_type", str(place), name, _NOT_COMPUTABLE)
    elif found.options.get("currency_field") is not None:
        yield Problem("several_currencies", str(place), name, _CURRENCIES, {"name": name})
    elif not _holds(field, found, function):
        choices = ", ".join(_types_for(found, function))
        params = {"name": name, "choices": choices}
        yield Problem("wrong_type", str(path / "type"), field.type, _UNFITTING, params)


def _unusable(field: FieldDefinition, place: Path) -> Problem | None:
    for is_so, kind, advice in (
        (field.retired, "retired", _RETIRED),
        (field.sensitive, "sensitive", _SENSITIVE),
        (field.is_computed, "computed", _COMPUTED),
    ):
        if is_so:
            return Problem(kind, str(place), field.name, advice, {"name": field.name})
    return None


def _types_for(of: FieldDefinition, function: str) -> tuple[str, ...]:
    own = "integer" if field_type(of.type).family == "integer" else of.type
    if function != "average":
        return (own,)
    return ("decimal",) if own == "integer" else tuple(dict.fromkeys(("decimal", own)))


def _holds(field: FieldDefinition, of: FieldDefinition, function: str) -> bool:
    """An average has the decimals that its own field keeps."""
    if field.type not in _types_for(of, function):
        return False
    if field.type == "currency" and field.options.get("currency") != of.options.get("currency"):
        return False
    return function == "average" or _decimals(field) == _decimals(of)


def _decimals(field: FieldDefinition) -> Any:
    kind = field_type(field.type)
    return kind.option(field, "decimals") if "decimals" in kind.options else 0


def _steady(child: ObjectDefinition, name: str, operator: str, value: Any, place: Path) -> Iterator[Problem]:
    """A filter of a roll-up chooses the same records at any time and for anybody."""
    field = child.by_name.get(name)
    if field is not None and not field.retired and (problem := _unusable(field, place / "field")) is not None:
        yield problem
    if operator in _UNSTEADY:
        yield Problem("not_allowed", str(place / "operator"), operator, _UNSTEADY_ADVICE, {"operator": operator})
    if value == ME or (isinstance(value, (list, tuple)) and ME in value):
        yield Problem("not_allowed", str(place / "value"), ME, _PERSONAL)
