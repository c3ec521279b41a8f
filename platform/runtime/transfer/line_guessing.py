"""What of a first mapping concerns other objects than the mapping's own, and the case sheet of the data standard."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from amparo.metadata.fields.registry import field_type, is_importable
from amparo.metadata.model import Application, FieldDefinition, ObjectDefinition
from amparo.runtime.transfer.comparable_texts import comparable_name
from amparo.runtime.transfer.line_parts import object_and_field
from amparo.runtime.transfer.mapping import ColumnMapping, ImportMapping, Match, OtherObject
from amparo.runtime.transfer.mapping_checks import JOINED_FAMILIES
from amparo.runtime.transfer.naming import labels_of
from amparo.runtime.transfer.record_finding import identifying_fields
from amparo.runtime.transfer.standard_sheet import (
    FULLER_VALUES,
    NAME_CODES,
    OWNER_CODE,
    REASON_VALUES,
    fields_by_code,
    sheet_name,
    single_targets,
    standard_columns,
)

#: What a column may stand for: a field, and for lookups the field by which it names records.
Meaning = tuple[str, str | None]


def objects_beside(application: Application, definition: ObjectDefinition) -> list[ObjectDefinition]:
    """Objects of which lines of this one may hold records, too: those it points to, and those that point to it."""
    above = objects_above(application, definition)
    below = [
        each for each in application.objects.values() if definition.name in single_targets(each) and each not in above
    ]
    return [*above, *(each for each in below if each.name != definition.name)]


def objects_above(application: Application, definition: ObjectDefinition) -> list[ObjectDefinition]:
    """Those that a record points to, and those that these point to."""
    found: dict[str, None] = {}
    for name in single_targets(definition):
        found |= dict.fromkeys([name, *single_targets(application.objects[name])])
    return [application.objects[name] for name in found if name != definition.name]


def meanings_beside(
    application: Application, definition: ObjectDefinition, *, is_reviewed: bool
) -> Iterator[tuple[str, Meaning]]:
    """(comparable header, meaning) of other objects' fields: ``person.name``, and where somebody looks at it
    ``Person name`` in every language and the code of the data standard."""
    for other in objects_beside(application, definition):
        for field in other.active_fields:
            if not is_importable(field):
                continue
            meaning = f"{other.name}.{field.name}", None
            if is_reviewed:
                for name in labels_of(application, other):
                    for label in labels_of(application, field):
                        yield comparable_name(f"{name} {label}"), meaning
                if len(field.standard_codes) == 1:
                    yield comparable_name(field.standard_codes[0]), meaning
            yield comparable_name(f"{other.name}.{field.name}"), meaning


def as_own_fields(fields: Mapping[str, Meaning], definition: ObjectDefinition) -> dict[str, Meaning]:
    """Where columns hold answers of another object, one that names its record is an answer of it, too."""
    objects = {object_and_field(path)[0] for path, _ in fields.values()}
    found = dict(fields)
    for header, (path, by) in fields.items():
        field = definition.by_name.get(path)
        target = field.targets[0] if field and by and len(field.targets) == 1 else None
        if target in objects and (f"{target}.{by}", None) not in fields.values():
            found[header] = f"{target}.{by}", None
    return found


def standard_meanings(
    application: Application, definition: ObjectDefinition, header: Sequence[str], second_names: Sequence[str]
) -> dict[str, Meaning]:
    """Header -> meaning of the columns of the case sheet, where the object holds fields of it."""
    own = fields_by_code(definition)
    codes = standard_columns(header, second_names)
    if not own.keys() & set(codes.values()):
        return {}
    beside = {
        code: f"{other.name}.{field.name}"
        for other in objects_beside(application, definition)
        for code, field in fields_by_code(other).items()
    }
    paths = beside | {code: field.name for code, field in own.items()} | {OWNER_CODE: "owner"}
    return {name: (paths[code], None) for name, code in codes.items() if code in paths}


def with_standard_values(
    application: Application, definition: ObjectDefinition, field: FieldDefinition, column: ColumnMapping
) -> ColumnMapping:
    """What the sheet may say in a column, whether the first rows say it or not."""
    code = field.standard_code or ""
    missing = {text: reason for text, reason in REASON_VALUES.get(code, {}).items() if reason in field.missing_reasons}
    column = replace(column, missing={**missing, **column.missing})
    for fuller, plain in FULLER_VALUES.get(code, {}).items():
        column = _with_fuller_value(application, definition, field, column, (fuller, plain))
    return column


def _with_fuller_value(
    application: Application,
    definition: ObjectDefinition,
    field: FieldDefinition,
    column: ColumnMapping,
    value: tuple[str, str],
) -> ColumnMapping:
    fuller, plain = value
    option = option_of_value(application, field, plain)
    rest = rest_of_value(application, definition, field, fuller)
    if option is None or rest is None or option_of_value(application, field, fuller):
        return column
    texts = (fuller, sheet_name(field.standard_code or "", fuller))
    values = dict.fromkeys(texts, option)
    return replace(
        column, values={**values, **column.values}, also={**{text: dict([rest]) for text in texts}, **column.also}
    )


def option_of_value(application: Application, field: FieldDefinition, value: str) -> str | None:
    """The code of the first option of a field that has a value of the standard."""
    choices = field_type(field.type).choices(field, application)
    options = choices.options if choices else ()
    return next((each.code for each in options if each.standard_code == value and each.active), None)


def rest_of_value(
    application: Application, definition: ObjectDefinition, field: FieldDefinition, value: str
) -> tuple[str, str] | None:
    """Another field of the object with its option that has the value, which two answers say together here."""
    for other in definition.active_fields:
        code = option_of_value(application, other, value) if other.name != field.name else None
        if code is not None:
            return other.name, code
    return None


def with_other_objects(mapping: ImportMapping, application: Application, definition: ObjectDefinition) -> ImportMapping:
    """How records of other objects are found again, and names that are put together from their parts."""
    by_object: dict[str, dict[str, str]] = {}
    for header, column in mapping.columns.items():
        before, name = object_and_field(column.field)
        by_object.setdefault(before, {})[name] = header
    others = {
        name: OtherObject(_match(application.objects[name], fields)) for name, fields in by_object.items() if name
    }
    joined: dict[str, tuple[str, ...]] = {}
    ignored = {comparable_name(header): header for header in mapping.ignore}
    for before, fields in by_object.items():
        held = application.objects[before] if before else definition
        parted = dict(_parted_by_the_standard(held, fields, ignored))
        if headers := _parts_of_name(held, fields):
            parted[held.name_field] = headers
        joined |= {f"{before}.{name}" if before else name: headers for name, headers in parted.items()}
    return replace(mapping, others=others, joined=joined)


def _match(definition: ObjectDefinition, headers: Mapping[str, str]) -> Match | None:
    return next((Match(each.name) for each in identifying_fields(definition) if each.name in headers), None)


def _parted_by_the_standard(
    definition: ObjectDefinition, filled: Mapping[str, str], ignored: Mapping[str, str]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Fields that hold what several columns of the standard say, where each of them is there: a point on the map."""
    for field in definition.active_fields:
        codes = field.standard_codes
        headers = [ignored[name] for name in map(comparable_name, codes) if name in ignored]
        can_be_joined = field_type(field.type).family in JOINED_FAMILIES and field.name not in filled
        if can_be_joined and 1 < len(codes) == len(headers):
            yield field.name, tuple(headers)


def _parts_of_name(definition: ObjectDefinition, headers: Mapping[str, str]) -> tuple[str, ...]:
    """The columns of a required name that no column holds whole."""
    name = definition.by_name.get(definition.name_field)
    if name is None or not name.required or name.name in headers or field_type(name.type).family != "text":
        return ()
    fields = fields_by_code(definition)
    parts = (fields[code].name for code in NAME_CODES if code in fields)
    return tuple(headers[part] for part in parts if part in headers)
