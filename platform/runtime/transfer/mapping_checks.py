"""Whether a mapping fits a file and an object: before the first row is read, and all problems at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from amparo.metadata.calendars import Calendar
from amparo.metadata.fields.base import Storage
from amparo.metadata.fields.registry import field_type
from amparo.metadata.model import FieldDefinition
from amparo.metadata.problems import Problem, near_name, sort_problems
from amparo.metadata.wording import N_
from amparo.runtime.releases.live import LiveObject, LiveRelease
from amparo.runtime.transfer.mapping import ColumnMapping, ImportMapping
from amparo.runtime.transfer.record_finding import IDENTIFIER, identifying_fields, naming_fields
from amparo.runtime.transfer.translating import DAY_FAMILIES, is_generated

SYSTEM_TARGETS = ("owner", "record_type")


def check_mapping(
    release: LiveRelease, object_name: str, mapping: ImportMapping, header: Sequence[str]
) -> list[Problem]:
    """Problems with paths like ``columns.Status.field``. Raises :class:`NotFound` for an unknown object."""
    live = release.object(object_name)
    return sort_problems(
        [
            *_column_names(mapping, header),
            *_fields(live, mapping),
            *_required(live, mapping),
            *_match(live, mapping),
            *(
                problem
                for name, column in mapping.columns.items()
                if (definition := live.definition.by_name.get(column.field)) is not None
                for problem in _details(release, definition, f"columns.{name}", column)
            ),
        ]
    )


def _column_names(mapping: ImportMapping, header: Sequence[str]) -> Iterator[Problem]:
    for name in (*mapping.columns, *mapping.ignore):
        if name not in header:
            yield _unknown(f"columns.{name}", name, header, _NO_COLUMN)
    for name in header:
        if name not in mapping.columns and name not in mapping.ignore:
            advice = N_("Say what the column “{name}” means, or put it among the ignored ones.")
            yield Problem("unmapped", f"columns.{name}", None, advice, {"name": name})
        if name in mapping.columns and name in mapping.ignore:
            advice = N_("The column “{name}” is mapped and ignored. Do one of the two.")
            yield Problem("mapped_twice", f"columns.{name}", None, advice, {"name": name})


def _fields(live: LiveObject, mapping: ImportMapping) -> Iterator[Problem]:
    known = {each.name for each in live.definition.active_fields} | set(SYSTEM_TARGETS)
    if mapping.match is not None and mapping.match.field == IDENTIFIER:
        known.add(IDENTIFIER)
    uses = Counter(column.field for column in mapping.columns.values())
    for name, column in mapping.columns.items():
        path = f"columns.{name}.field"
        if column.field not in known:
            yield _unknown(path, column.field, sorted(known), _NO_FIELD)
        elif uses[column.field] > 1:
            advice = N_("Two columns fill “{field}”. Ignore one of them.")
            yield Problem("field_twice", path, column.field, advice, {"field": column.field})


def _required(live: LiveObject, mapping: ImportMapping) -> Iterator[Problem]:
    if mapping.match is not None:
        # Only rows that make a record need them, and each of those is refused by itself.
        return
    filled = {column.field for column in mapping.columns.values()}
    for each in live.definition.active_fields:
        if each.required and each.default is None and each.name not in filled and not is_generated(live, each.name):
            advice = N_("“{field}” is required. Say which column holds it.")
            yield Problem("required", "columns", each.name, advice, {"field": each.label})


def _match(live: LiveObject, mapping: ImportMapping) -> Iterator[Problem]:
    """Records are found again by a field of which no two hold the same value, and by a column of the file."""
    if mapping.match is None:
        return
    name = mapping.match.field
    names = [each.name for each in identifying_fields(live.definition)]
    if name not in (*names, IDENTIFIER):
        advice = N_("Find records again by one of these fields: {names}.")
        yield Problem("cannot_match", "match.field", name, advice, {"names": ", ".join((*names, IDENTIFIER))})
    elif mapping.of_field(name) is None:
        advice = N_("Say which column holds “{field}”, by which records are found again.")
        yield Problem("match_unmapped", "match.field", name, advice, {"field": name})


def _details(release: LiveRelease, field: FieldDefinition, path: str, column: ColumnMapping) -> Iterator[Problem]:
    yield from _naming(release, field, path, column)
    if field_type(field.type).family == "file":
        advice = N_("Ignore this column: a table cannot carry files. Add each file on its record's page.")
        yield Problem("not_importable", f"{path}.field", column.field, advice)
    yield from _codes(release, field, path, column)
    allowed = ", ".join(field.missing_reasons) or "-"
    for text, reason in column.missing.items():
        if reason not in field.missing_reasons:
            advice = N_("“{field}” takes these reasons for a missing answer: {reasons}.")
            params = {"field": field.label, "reasons": allowed}
            yield Problem("reason_not_allowed", f"{path}.missing.{text}", reason.value, advice, params)
    if column.decimal_comma and field_type(field.type).storage is not Storage.DECIMAL:
        advice = N_("Leave this out: it is for numbers with decimals only.")
        yield Problem("not_a_decimal_field", f"{path}.decimal_comma", True, advice)
    if field_type(field.type).family not in DAY_FAMILIES:
        advice = N_("Leave this out: it is for dates only.")
        if column.dates is not None:
            yield Problem("not_a_date_field", f"{path}.dates", column.dates.value, advice)
        if column.calendar is not Calendar.GREGORIAN:
            yield Problem("not_a_date_field", f"{path}.calendar", column.calendar.value, advice)


def _codes(release: LiveRelease, field: FieldDefinition, path: str, column: ColumnMapping) -> Iterator[Problem]:
    choices = field_type(field.type).choices(field, release.application)
    for text, code in column.values.items() if choices else ():
        if choices and code is not None and code not in choices.by_code:
            yield _unknown(f"{path}.values.{text}", code, list(choices.by_code), _NO_CODE)


def _naming(release: LiveRelease, field: FieldDefinition, path: str, column: ColumnMapping) -> Iterator[Problem]:
    if column.by is None:
        return
    if field_type(field.type).family != "reference":
        yield Problem("not_a_lookup", f"{path}.by", column.by, N_("Leave this out: it is for lookups only."))
        return
    target = release.object(field.options["object"]).definition
    names = [each.name for each in naming_fields(target)]
    if column.by not in names:
        advice = N_("Name records by one of these fields: {names}.")
        yield Problem("cannot_name", f"{path}.by", column.by, advice, {"names": ", ".join(names) or "-"})


def _unknown(path: str, name: str, known: Sequence[str], advice: tuple[str, str]) -> Problem:
    """``advice`` without and with a near name."""
    near = near_name(name, known)
    if near is None:
        return Problem("unknown_name", path, name, advice[0], {"name": name})
    return Problem("unknown_name", path, name, advice[1], {"name": name, "near": near})


_NO_COLUMN = (
    N_("The file has no column “{name}”."),
    N_("The file has no column “{name}”. Did you mean “{near}”?"),
)
_NO_FIELD = (N_("There is no field “{name}”."), N_("There is no field “{name}”. Did you mean “{near}”?"))
_NO_CODE = (
    N_("There is no option with the code “{name}”."),
    N_("There is no option with the code “{name}”. Did you mean “{near}”?"),
)
