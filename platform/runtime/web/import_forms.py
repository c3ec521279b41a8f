"""The form of an import's mapping: what was chosen on it, as a mapping."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from flask import request

from amparo.metadata.calendars import Calendar
from amparo.metadata.missing import Missing
from amparo.metadata.model import FieldDefinition, ObjectDefinition
from amparo.metadata.wording import N_
from amparo.runtime.jobs.queueing import JobView
from amparo.runtime.records.preparing import SYSTEM_INPUTS
from amparo.runtime.transfer.cells import Cell
from amparo.runtime.transfer.content_kinds import refusal
from amparo.runtime.transfer.dates import DateOrder
from amparo.runtime.transfer.guessing import guess_column
from amparo.runtime.transfer.line_guessing import objects_beside
from amparo.runtime.transfer.line_parts import field_at, object_and_field
from amparo.runtime.transfer.mapping import (
    ColumnMapping,
    ImportMapping,
    Match,
    OtherObject,
    WhenFound,
    WhenMissing,
)
from amparo.runtime.transfer.opened_table import TableChoice, TableFile
from amparo.runtime.transfer.opening import SAMPLE_ROWS
from amparo.runtime.transfer.record_finding import IDENTIFIER
from amparo.runtime.transfer.unmatched import is_asked, texts_to_ask
from amparo.runtime.web.presenting.import_centuries import century_box
from amparo.runtime.web.presenting.import_choices import kind_box
from amparo.runtime.web.presenting.imports import BLANK, REASON, meanings_of
from amparo.runtime.web.visits import Visit
from amparo.runtime.web.whole_numbers import whole_number


def sent_file() -> bytes:
    """The content of the file that was chosen. Raises :class:`InvalidAnswers` where none was."""
    sent = request.files.get("file")
    if not sent:
        raise refusal("no_file", N_("Choose a file."))
    content: bytes = sent.read()
    return content


@dataclass(frozen=True)
class Trial:
    """A job of an import with its files opened."""

    job: JobView
    content: bytes
    file: TableFile
    mapping: ImportMapping


def corrected_mapping(visit: Visit, definition: ObjectDefinition, trial: Trial) -> ImportMapping:
    """What was chosen. For a column that was given to another field, what its cells mean is guessed anew."""
    others = _objects_chosen(visit, definition)
    chosen = {name: request.form.get(f"c.{number}.field", "") for number, name in enumerate(trial.file.header)}
    samples = samples_of(trial)
    columns = {
        name: _column(visit, trial, number, name, chosen[name], samples[name])
        for number, name in enumerate(trial.file.header)
        if _is_target(visit, definition, chosen[name], others)
    }
    ignored = tuple(name for name in trial.file.header if name not in columns)
    before, held = trial.mapping, {column.field for column in columns.values()}
    return replace(
        before,
        columns=columns,
        ignore=ignored,
        match=_match_chosen("match", before.match, held),
        record_type=_kind_chosen("", before.record_type),
        others={name: _other_chosen(name, before.others.get(name, OtherObject()), held) for name in others},
        joined={path: headers for path, headers in _joined_chosen(trial) if path not in held and _stands(path, others)},
    )


def says_columns() -> bool:
    """Whether the form asks what the columns mean: one that came without their boxes says nothing of them."""
    return "c.0.field" in request.form


def was_tried(chosen: ImportMapping, trial: Trial) -> bool:
    """Whether a mapping says what was tried. What is left out is what no column says; a mapping may name it or not."""
    return replace(chosen, ignore=()) == replace(trial.mapping, ignore=())


def _objects_chosen(visit: Visit, definition: ObjectDefinition) -> list[str]:
    beside = [each.name for each in objects_beside(visit.release.application, definition)]
    return [name for name in beside if name in request.form.getlist("objects")]


def _is_target(visit: Visit, definition: ObjectDefinition, path: str, others: Container[str]) -> bool:
    if not _stands(path, others):
        return False
    if path == IDENTIFIER:
        # Identifiers say nothing of records that are not found by them.
        return request.form.get("match.field") == IDENTIFIER
    is_field = field_at(visit.release.application, definition, path) is not None
    return is_field or object_and_field(path)[1] in SYSTEM_INPUTS


def _stands(path: str, others: Container[str]) -> bool:
    """Whether a path is of the mapping's own object, or of one that was chosen."""
    before, _ = object_and_field(path)
    return not before or before in others


def _joined_chosen(trial: Trial) -> Iterator[tuple[str, tuple[str, ...]]]:
    for number, joined in enumerate(trial.mapping.joined.items()):
        if request.form.get(f"joined.{number}") == "joined":
            yield joined


def _other_chosen(name: str, before: OtherObject, held: Container[str]) -> OtherObject:
    match = _match_chosen(f"match.{name}", before.match, held, f"{name}.")
    return replace(before, match=match, record_type=_kind_chosen(name, before.record_type))


def _kind_chosen(other: str, before: str | None) -> str | None:
    """As it was where the page did not ask."""
    return request.form.get(kind_box(other), before or "") or None


def _match_chosen(prefix: str, before: Match | None, held: Container[str], path: str = "") -> Match | None:
    field = request.form.get(f"{prefix}.field", "")
    if not field or f"{path}{field}" not in held:
        return None
    if before is None:
        return Match(field)
    found, missing = request.form.get(f"{prefix}.when_found"), request.form.get(f"{prefix}.when_missing")
    return Match(
        field,
        WhenFound(found) if found in list(WhenFound) else before.when_found,
        WhenMissing(missing) if missing in list(WhenMissing) else before.when_missing,
        blank_clears=request.form.get(f"{prefix}.blank") == "clears",
    )


def table_chosen(trial: Trial) -> TableChoice:
    """Another sheet brings its own header."""
    before = trial.file.choice
    sheet = request.form.get("table.sheet", before.sheet or "") or None
    if sheet != before.sheet:
        return TableChoice(sheet)
    row = request.form.get("table.header_row", "").strip()
    header_row = whole_number(row, 4)
    if header_row is None or header_row == trial.file.header_row:
        header_row = before.header_row
    return TableChoice(sheet, header_row, keep_total="table.keep_total" in request.form)


def samples_of(trial: Trial) -> dict[str, list[Cell]]:
    """The cells of each column that are looked at."""
    rows = list(islice(trial.file.rows(), SAMPLE_ROWS))
    return {name: [row.cells[place] for row in rows] for place, name in enumerate(trial.file.header)}


def _column(visit: Visit, trial: Trial, number: int, name: str, chosen: str, cells: Sequence[Cell]) -> ColumnMapping:
    before = trial.mapping.columns.get(name)
    if before is None or before.field != chosen:
        return guess_column(visit.release, trial.job.payload["object"], chosen, cells)
    written = request.form.get(f"c.{number}.dates", "")
    dates = DateOrder(written) if written in [order.value for order in DateOrder] else None
    named = request.form.get(f"c.{number}.calendar", "")
    calendar = Calendar(named) if named in [each.value for each in Calendar] else Calendar.GREGORIAN
    by = request.form.get(f"c.{number}.by") or None
    is_comma = request.form.get(f"c.{number}.decimal_comma") == "comma"
    # The years were said in the calendar that was chosen before.
    end = request.form.get(century_box(number), "") if calendar is before.calendar else ""
    until = whole_number(end, 4) if len(end) == 4 else None
    column = replace(before, by=by, dates=dates, calendar=calendar, two_digit_years_until=until, decimal_comma=is_comma)
    definition = visit.release.object(trial.job.payload["object"]).definition
    field = field_at(visit.release.application, definition, chosen)
    if field is None or not is_asked(visit.release.application, field):
        return column
    return _with_meanings(visit, number, field, column, cells)


def _with_meanings(
    visit: Visit, number: int, field: FieldDefinition, column: ColumnMapping, cells: Sequence[Cell]
) -> ColumnMapping:
    """What was said of texts that are no options. A text that was asked and is not said any more is forgotten."""
    values, missing = dict(column.values), dict(column.missing)
    for place, asked in enumerate(texts_to_ask(visit.release.application, field, column, cells)):
        said = request.form.get(f"c.{number}.v.{place}")
        if said is None:
            continue
        values.pop(asked.text, None)
        missing.pop(asked.text, None)
        if said == BLANK:
            values[asked.text] = None
        elif said.removeprefix(REASON) in field.missing_reasons and said.startswith(REASON):
            missing[asked.text] = Missing(said.removeprefix(REASON))
        elif said in meanings_of(visit, field):
            values[asked.text] = said
    return replace(column, values=values, missing=missing)
