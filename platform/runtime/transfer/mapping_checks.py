"""Whether a mapping fits a file and an object: before the first row is read, and all problems at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from amparo.metadata.calendars import YEARS_AHEAD, Calendar
from amparo.metadata.fields.base import Storage
from amparo.metadata.fields.registry import field_type
from amparo.metadata.model import FieldDefinition
from amparo.metadata.problems import Problem, near_name, sort_problems
from amparo.metadata.wording import N_
from amparo.runtime.errors import InvalidAnswers
from amparo.runtime.records.preparing import SYSTEM_INPUTS
from amparo.runtime.releases.live import LiveRelease
from amparo.runtime.transfer.line_parts import LinePart, line_parts
from amparo.runtime.transfer.mapping import ColumnMapping, ImportMapping
from amparo.runtime.transfer.naming import naming_ways
from amparo.runtime.transfer.record_finding import IDENTIFIER, identifying_fields
from amparo.runtime.transfer.translating import DAY_FAMILIES, is_generated

#: Families of fields that several columns may fill together.
JOINED_FAMILIES = ("text", "long_text", "geolocation")
#: The Gregorian years with which the hundred years may end that two digits mean.
_ENDS = range(1899, 2200)


def check_mapping(
    release: LiveRelease, object_name: str, mapping: ImportMapping, header: Sequence[str]
) -> list[Problem]:
    """Problems with paths like ``columns.Status.field``. Raises :class:`NotFound` for an unknown object."""
    problems = [*_column_names(mapping, header)]
    try:
        parts = line_parts(release, object_name, mapping)
    except InvalidAnswers as refusal:
        return sort_problems([*problems, *refusal.problems])
    for part in parts:
        problems += [*_fields(part), *_joined(part, header), *_required(part), *_match(part), *_kind(part)]
        for name, column in part.mapping.columns.items():
            definition = part.live.definition.by_name.get(column.field)
            if definition is not None:
                problems += _details(release, definition, f"columns.{name}", column)
            problems += _also(release, part, f"columns.{name}", column)
    return sort_problems(problems) or [*_nothing(mapping)]


def _nothing(mapping: ImportMapping) -> Iterator[Problem]:
    """Where no field is required, each row of some other file would make a record without an answer."""
    if not mapping.columns and not mapping.joined:
        advice = N_("No column of this file fits a field. Say what its columns mean, or choose another file.")
        yield Problem("nothing_mapped", "columns", None, advice)


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


def _fields(part: LinePart) -> Iterator[Problem]:
    mapping = part.mapping
    known = {each.name for each in part.live.definition.active_fields} | set(SYSTEM_INPUTS)
    computed = {each.name for each in part.live.definition.active_fields if each.is_computed}
    if mapping.match is not None and mapping.match.field == IDENTIFIER:
        known.add(IDENTIFIER)
    uses = Counter((*(column.field for column in mapping.columns.values()), *mapping.joined))
    for name, column in mapping.columns.items():
        path = f"columns.{name}.field"
        if column.field not in known:
            yield _unknown(path, column.field, sorted(known), _NO_FIELD)
        elif column.field in computed:
            advice = N_("Ignore this column: “{field}” is worked out from other answers.")
            yield Problem("computed", path, column.field, advice, {"field": column.field})
        elif uses[column.field] > 1:
            advice = N_("Two columns fill “{field}”. Ignore one of them.")
            yield Problem("field_twice", path, column.field, advice, {"field": column.field})


def _joined(part: LinePart, header: Sequence[str]) -> Iterator[Problem]:
    for name, headers in part.mapping.joined.items():
        field = part.live.definition.by_name.get(name)
        if field is None or field.retired:
            yield _unknown(
                f"joined.{name}", name, [each.name for each in part.live.definition.active_fields], _NO_FIELD
            )
        elif field_type(field.type).family not in JOINED_FAMILIES:
            advice = N_(
                "Only a text or a point can be put together from several columns. Choose one column for “{field}”."
            )
            params = {"field": field.label, "field_id": field.id}
            yield Problem("not_a_text", f"joined.{name}", name, advice, params)
        for each in headers:
            if each not in header:
                yield _unknown(f"joined.{name}", each, header, _NO_COLUMN)


def _required(part: LinePart) -> Iterator[Problem]:
    live, mapping = part.live, part.mapping
    if mapping.match is not None:
        # Only rows that make a record need them, and each of those is refused by itself.
        return
    filled = {*(column.field for column in mapping.columns.values()), *mapping.joined, *part.links}
    for each in live.definition.active_fields:
        if each.required and each.default is None and each.name not in filled and not is_generated(live, each.name):
            advice = N_("“{field}” is required. Say which column holds it.")
            yield Problem("required", "columns", each.name, advice, {"field": each.label, "field_id": each.id})


def _match(part: LinePart) -> Iterator[Problem]:
    """Records are found again by a field of which no two hold the same value, and by a column of the file."""
    match, path = part.mapping.match, f"{part.path}match.field"
    if match is None:
        return
    names = [each.name for each in identifying_fields(part.live.definition)]
    if match.field not in (*names, IDENTIFIER):
        advice = N_("Find records again by one of these fields: {names}.")
        yield Problem("cannot_match", path, match.field, advice, {"names": ", ".join((*names, IDENTIFIER))})
    elif part.mapping.header_of(match.field) is None:
        advice = N_("Say which column holds “{field}”, by which records are found again.")
        yield Problem("match_unmapped", path, match.field, advice, {"field": match.field})


def _kind(part: LinePart) -> Iterator[Problem]:
    names = [kind.name for kind in part.live.definition.record_types if kind.active]
    if part.mapping.record_type is not None and part.mapping.record_type not in names:
        advice = N_("Choose one of these record types: {names}.")
        params = {"names": ", ".join(names) or "-"}
        yield Problem("unknown_record_type", f"{part.path}record_type", part.mapping.record_type, advice, params)


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
            params = {"field": field.label, "field_id": field.id, "reasons": allowed}
            yield Problem("reason_not_allowed", f"{path}.missing.{text}", reason.value, advice, params)
    if column.decimal_comma and field_type(field.type).storage is not Storage.DECIMAL:
        advice = N_("Leave this out: it is for numbers with decimals only.")
        yield Problem("not_a_decimal_field", f"{path}.decimal_comma", True, advice)
    yield from _days(field, path, column)


def _days(field: FieldDefinition, path: str, column: ColumnMapping) -> Iterator[Problem]:
    until = column.two_digit_years_until
    if field_type(field.type).family not in DAY_FAMILIES:
        advice = N_("Leave this out: it is for dates only.")
        if column.dates is not None:
            yield Problem("not_a_date_field", f"{path}.dates", column.dates.value, advice)
        if column.calendar is not Calendar.GREGORIAN:
            yield Problem("not_a_date_field", f"{path}.calendar", column.calendar.value, advice)
        if until is not None:
            yield Problem("not_a_date_field", f"{path}.two_digit_years_until", until, advice)
    elif until is not None and until - YEARS_AHEAD[column.calendar] not in _ENDS:
        advice = N_("Write a year of the calendar of this column: the last one that two digits may mean.")
        yield Problem("other_calendar", f"{path}.two_digit_years_until", until, advice)


def _codes(release: LiveRelease, field: FieldDefinition, path: str, column: ColumnMapping) -> Iterator[Problem]:
    choices = field_type(field.type).choices(field, release.application)
    for text, code in column.values.items() if choices else ():
        if choices and code is not None and code not in choices.by_code:
            yield _unknown(f"{path}.values.{text}", code, list(choices.by_code), _NO_CODE)


def _also(release: LiveRelease, part: LinePart, path: str, column: ColumnMapping) -> Iterator[Problem]:
    names = [each.name for each in part.live.definition.active_fields]
    for text, said in column.also.items():
        for name, code in said.items():
            if name not in names:
                yield _unknown(f"{path}.also.{text}", name, names, _NO_FIELD)
                continue
            field = part.live.definition.by_name[name]
            choices = field_type(field.type).choices(field, release.application)
            if choices and code not in choices.by_code:
                yield _unknown(f"{path}.also.{text}.{name}", code, list(choices.by_code), _NO_CODE)


def _naming(release: LiveRelease, field: FieldDefinition, path: str, column: ColumnMapping) -> Iterator[Problem]:
    if column.by is None:
        return
    if field_type(field.type).family != "reference":
        yield Problem("not_a_lookup", f"{path}.by", column.by, N_("Leave this out: it is for lookups only."))
        return
    names = list(naming_ways(release.application, field))
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
