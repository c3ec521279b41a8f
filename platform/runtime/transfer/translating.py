"""Cells of a row made into the inputs of a record, as a mapping says."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from amparo.metadata.fields.base import Rejected
from amparo.metadata.fields.registry import field_type, is_answerable
from amparo.metadata.missing import Missing
from amparo.metadata.model import Application, FieldDefinition
from amparo.metadata.problems import Problem
from amparo.metadata.wording import N_
from amparo.runtime.members import Member
from amparo.runtime.releases.live import LiveObject, LiveRelease
from amparo.runtime.transfer.cells import Cell, CellError, plain_text
from amparo.runtime.transfer.comparable_texts import comparable
from amparo.runtime.transfer.dates import day_reader, moment_reader, partial_day_reader
from amparo.runtime.transfer.mapping import ColumnMapping, ImportMapping
from amparo.runtime.transfer.numbers import sure_percent, with_point
from amparo.runtime.transfer.opened_table import TableRow
from amparo.runtime.transfer.option_texts import codes_of, has_codes, option_texts
from amparo.runtime.transfer.record_finding import IDENTIFIER
from amparo.runtime.transfer.selections import has_several, selections
from amparo.runtime.transfer.truths import read_truth

#: Families of field types whose values are days, or moments on them.
DAY_FAMILIES = ("date", "days", "instant")
#: Families whose fields take the numbers and truths of a workbook as they are; others take them as text.
_TYPED_FAMILIES = frozenset(("integer", "decimal", "boolean", *DAY_FAMILIES))

#: A cell made into an input of the save pipeline; raises :class:`Rejected`. Only fields of days, numbers and truths
#: get other cells than texts and reasons.
Translate = Callable[[Any], Any]


@dataclass(slots=True)
class TranslatedRow:
    """Inputs by field name. A lookup that is named, not identified, holds its text until it is looked up.

    ``key`` is the text by which its record is found again; ``record`` and
    ``version`` are those of the record that was found, which may be there and
    passed over (``is_skipped``). ``is_unmatched``: what was found, or was not,
    refuses the row whatever its values are. ``seen`` is the version at which an
    export wrote the record, None where nobody knows. ``brought`` is the identifier that
    a new record had elsewhere, with its automatic ``numbers``.
    """

    number: int
    cells: tuple[Cell, ...]
    values: dict[str, Any]
    problems: list[Problem] = field(default_factory=list)
    key: str = ""
    record: uuid.UUID | None = None
    version: int | None = None
    seen: int | None = None
    is_skipped: bool = False
    is_unmatched: bool = False
    brought: uuid.UUID | None = None
    numbers: dict[str, str] = field(default_factory=dict)


class RowTranslator:
    """Made once for a file; each distinct text of a picklist is understood once."""

    def __init__(
        self,
        release: LiveRelease,
        live: LiveObject,
        mapping: ImportMapping,
        header: Sequence[str],
        members: Sequence[Member],
    ) -> None:
        at = {name: position for position, name in enumerate(header)}
        self._columns: list[tuple[int, str, bool, Translate | None]] = [
            (at[name], column.field, _takes_typed(live, column.field), _translation(release, live, column, members))
            for name, column in mapping.columns.items()
            if name in at and column.field != IDENTIFIER and not is_generated(live, column.field)
        ]
        self._numbers = [
            (at[name], column.field)
            for name, column in mapping.columns.items()
            if name in at and is_generated(live, column.field)
        ]
        self._joined = [
            (name, [at[header] for header in headers if header in at]) for name, headers in mapping.joined.items()
        ]
        self._also = [
            (at[name], {comparable(text): said for text, said in column.also.items()})
            for name, column in mapping.columns.items()
            if name in at and column.also
        ]
        key_header = mapping.header_of(mapping.match.field) if mapping.match else None
        self._key_at = at.get(key_header) if key_header else None

    def translate(self, row: TableRow) -> TranslatedRow:
        values: dict[str, Any] = {}
        problems: list[Problem] = [row.problem] if row.problem else []
        cells = row.cells
        for position, name, takes_typed, translate in self._columns:
            cell = cells[position]
            try:
                if not isinstance(cell, str):
                    cell = _fitting(cell, takes_typed)
                # A reason is text to Python and no text to translate.
                if translate is None or isinstance(cell, Missing):
                    values[name] = cell if cell != "" else None
                else:
                    values[name] = translate(cell)
            except Rejected as refusal:
                problems.append(refusal.at(name, plain_text(cell)))
        for name, positions in self._joined:
            values[name] = _joined([cells[position] for position in positions])
        for position, said in self._also:
            for name, value in said.get(comparable(plain_text(cells[position])), {}).items():
                values[name] = value if values.get(name) is None else values[name]
        numbers = {name: plain_text(cells[position]).strip() for position, name in self._numbers}
        return TranslatedRow(row.number, cells, values, problems, self.key(cells), numbers=numbers)

    def key(self, cells: Sequence[Cell]) -> str:
        """The text by which the row's record is found again; empty where nothing is said of that."""
        return "" if self._key_at is None else plain_text(cells[self._key_at]).strip()


def _joined(cells: Sequence[Cell]) -> str | None:
    """The texts of several cells as one; a reason and a broken formula, refused in their own fields, are none."""
    texts = (plain_text(cell).strip() for cell in cells if not isinstance(cell, (Missing, CellError)))
    return " ".join(text for text in texts if text) or None


def _takes_typed(live: LiveObject, name: str) -> bool:
    definition = live.definition.by_name.get(name)
    return definition is not None and field_type(definition.type).family in _TYPED_FAMILIES


def _fitting(cell: Cell, takes_typed: bool) -> Cell:
    """A value of a workbook as its field takes it. Raises :class:`Rejected` for the error of a formula."""
    if isinstance(cell, CellError):
        advice = N_("The cell shows the error {error}. Correct its formula, or write the value.")
        raise Rejected("cell_error", advice, error=cell.text)
    return cell if takes_typed else plain_text(cell)


def is_generated(live: LiveObject, name: str) -> bool:
    """Whether a column is no input: an automatic number, which only a record with its identifier brings along."""
    definition = live.definition.by_name.get(name)
    return definition is not None and not is_answerable(definition)


def _translation(
    release: LiveRelease, live: LiveObject, column: ColumnMapping, members: Sequence[Member]
) -> Translate | None:
    """None where a cell's text is the input."""
    definition = live.definition.by_name.get(column.field)
    if column.field == "owner":
        plain: Translate | None = _member_reader(members)
    elif column.field == "record_type":
        plain = _record_type_reader(release, live)
    elif definition is not None and has_codes(release.application, definition):
        plain = _code_reader(release.application, definition, column)
    elif definition is not None and definition.type == "percent":
        plain = (lambda cell: sure_percent(with_point(cell))) if column.decimal_comma else sure_percent
    elif column.decimal_comma:
        plain = with_point
    elif definition is not None:
        plain = _family_reader(field_type(definition.type).family, column)
    else:
        plain = None
    if not column.values and not column.missing:
        return plain
    return _replacing(column, plain)


def _family_reader(family: str, column: ColumnMapping) -> Translate | None:
    match family:
        case "boolean":
            return read_truth
        case "date":
            return day_reader(column.dates, column.calendar, column.two_digit_years_until)
        case "days":
            return partial_day_reader(column.dates, column.calendar, column.two_digit_years_until)
        case "instant":
            return moment_reader(column.dates, column.calendar, column.two_digit_years_until)
    return None


def _replacing(column: ColumnMapping, plain: Translate | None) -> Translate:
    """The mapping's own texts come first, as written or in another spelling of the same."""
    replacements: dict[str, Any] = {}
    for texts in (column.values, column.missing):
        replacements |= {comparable(text): value for text, value in texts.items()}
    for texts in (column.values, column.missing):
        replacements |= dict(texts)

    def translate(cell: Cell) -> Any:
        written = cell if isinstance(cell, str) else plain_text(cell)
        if written in replacements:
            return replacements[written]
        if (text := comparable(written)) in replacements:
            return replacements[text]
        return plain(cell) if plain is not None else cell if cell != "" else None

    return translate


def _code_reader(application: Application, definition: FieldDefinition, column: ColumnMapping) -> Translate:
    texts = option_texts(application, definition)
    codes = codes_of(application, definition)
    said = {comparable(text): code or "" for text, code in column.values.items()}
    known = texts.known | said.keys()
    read_before: dict[str, Any] = {}
    is_many = has_several(definition)

    def one(text: str) -> str:
        written = text.strip()
        if written in codes:
            return written
        key = comparable(written)
        return said[key] if key in said else texts.code(written) or written

    def read(cell: str) -> Any:
        if cell not in read_before:
            read_before[cell] = [one(part) for part in selections(cell, known)] if is_many else one(cell)
        return read_before[cell] or None

    return read


def _record_type_reader(release: LiveRelease, live: LiveObject) -> Translate:
    names: dict[str, str] = {}
    for kind in live.definition.record_types:
        labels = (texts.get(kind.id, {}).get("label") for texts in release.application.translations.values())
        names |= {comparable(text): kind.name for text in (kind.name, kind.label, *labels) if text}
    return lambda cell: names.get(comparable(cell), cell) or None


def _member_reader(members: Sequence[Member]) -> Translate:
    by_text: dict[str, list[uuid.UUID]] = {}
    for member in members:
        for text in {comparable(member.login), comparable(member.name), str(member.id)}:
            by_text.setdefault(text, []).append(member.id)

    def read(cell: str) -> Any:
        if cell == "":
            return None
        found = by_text.get(comparable(cell), [])
        if len(found) == 1:
            return found[0]
        if found:
            raise Rejected("ambiguous_member", N_("Several members have this name. Write the login instead."))
        raise Rejected("unknown_member", N_("Choose a member of this organisation: write a login or a name."))

    return read
