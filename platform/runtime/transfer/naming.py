"""What a file may call fields and objects, and by what it may name the records that a lookup points to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from amparo.metadata.fields.registry import field_type
from amparo.metadata.model import Application, FieldDefinition, ObjectDefinition
from amparo.runtime.transfer.record_finding import TELLING_FAMILIES, identifying_fields

#: Of a lookup to several objects: the name of a record, whichever of them it is of.
ANY_NAME = "name"
#: The objects whose records a cell may name, each with the field of theirs that the cell then holds.
Ways = Sequence[tuple[ObjectDefinition, FieldDefinition]]


def labels_of(application: Application, defined: FieldDefinition | ObjectDefinition) -> list[str]:
    """In every language of the application."""
    translated = (texts.get(defined.id, {}).get("label") for texts in application.translations.values())
    return [defined.label, *(text for text in translated if text)]


def naming_fields(definition: ObjectDefinition) -> list[FieldDefinition]:
    """The fields by which a file may name records: those that identify them, and their name."""
    identifying = identifying_fields(definition)
    name = definition.by_name.get(definition.name_field)
    is_named = name is not None and not name.retired and field_type(name.type).family in TELLING_FAMILIES
    return [name, *(each for each in identifying if each is not name)] if name and is_named else identifying


def naming_ways(application: Application, field: FieldDefinition) -> Mapping[str, Ways]:
    """What ``by`` may say of a column: a field of the one object; of several ``name``, or ``object.field``."""
    targets = [application.objects[name] for name in field.targets]
    if len(targets) == 1:
        return {each.name: [(targets[0], each)] for each in naming_fields(targets[0])}
    named = [(each, each.by_name[each.name_field]) for each in targets]
    ways: dict[str, Ways] = {ANY_NAME: [(each, name) for each, name in named if name in naming_fields(each)]}
    for target in targets:
        ways |= {f"{target.name}.{each.name}": [(target, each)] for each in naming_fields(target)}
    return ways
