"""Records as the case sheet of the Human Trafficking Case Data Standard: its columns, names of columns and values."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count

from amparo.metadata.fields.base import Answer
from amparo.metadata.fields.registry import field_type
from amparo.metadata.missing import Missing
from amparo.metadata.model import FieldDefinition, FilterRow, ObjectDefinition, Option, Sort
from amparo.metadata.partial_dates import PartialDate
from amparo.metadata.wording import N_
from amparo.runtime.access import Actor
from amparo.runtime.errors import NotPossible
from amparo.runtime.fields.standard_names import COUNTRY_TYPES
from amparo.runtime.planner.lists import list_page, stream
from amparo.runtime.planner.queries import LARGEST_PAGE, ListQuery
from amparo.runtime.releases.live import LiveRelease
from amparo.runtime.serializer import Record, export_text
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.transfer.cells import Cell
from amparo.runtime.transfer.line_guessing import objects_above, option_of_value, rest_of_value
from amparo.runtime.transfer.line_parts import LinePart, line_parts
from amparo.runtime.transfer.mapping import ColumnMapping, ImportMapping
from amparo.runtime.transfer.pacing import chunks
from amparo.runtime.transfer.standard_sheet import (
    FULLER_VALUES,
    OWNER_CODE,
    REASON_VALUES,
    SHEET_COLUMNS,
    fields_by_code,
    sheet_name,
    standard_object,
)

#: Values of the standard that are a box to tick.
_TRUTHS: Mapping[str, bool] = {"TRUE": True, "FALSE": False}


def standard_query(release: LiveRelease) -> ListQuery:
    """Every record of which the sheet has a line, oldest first. Raises :class:`NotPossible` where there are none."""
    name = standard_object(release.application)
    if name is None:
        advice = N_(
            "No object of this organisation holds the fields of the case sheet: give them their standard codes."
        )
        raise NotPossible(advice)
    return ListQuery(name, (), sort=(Sort("created_at"),))


@dataclass(frozen=True, slots=True)
class _Column:
    """``object`` is the one whose field it is; ``fuller`` gives for a value what it becomes with another answer."""

    code: str
    object: str
    field: FieldDefinition | None
    options: Mapping[str, Option]
    fuller: Mapping[str, tuple[str, str, str]]


class StandardRows:
    """Reads the lines of the sheet: a record of the query's object, with the records it points to."""

    def __init__(self, store: OrganisationStore, actor: Actor, release: LiveRelease, query: ListQuery) -> None:
        self._store = store
        self._actor = actor
        self._release = release
        definition = release.object(query.object).definition
        self._columns = list(self._found(definition))
        fields: dict[str, ColumnMapping] = {
            column.code: ColumnMapping(f"{column.object}.{column.field.name}")
            for column in self._columns
            if column.field
        }
        #: The query's object first, then those it points to.
        self._parts: Sequence[LinePart] = line_parts(release, definition.name, ImportMapping(fields))[::-1]
        self._query = replace(query, columns=self._asked(self._parts[0]))

    def header(self) -> tuple[list[str], list[str]]:
        """Both rows of names; the first column numbers the lines."""
        return ["", *SHEET_COLUMNS], ["", *SHEET_COLUMNS.values()]

    def rows(self) -> Iterator[list[Cell | None]]:
        numbers = count(1)
        for some in chunks(stream(self._store, self._actor, self._query), lambda: LARGEST_PAGE):
            for lines in zip(*self._with_masters(some), strict=True):
                by_object = {part.name: record for part, record in zip(self._parts, lines, strict=True)}
                yield [next(numbers), *(self._cell(column, by_object) for column in self._columns)]

    def _found(self, definition: ObjectDefinition) -> Iterator[_Column]:
        application = self._release.application
        held = {
            code: (each, field)
            for each in (*objects_above(application, definition), definition)
            for code, field in fields_by_code(each).items()
        }
        for code in SHEET_COLUMNS:
            owner, field = held.get(code, (definition, None))
            choices = field_type(field.type).choices(field, application) if field else None
            yield _Column(code, owner.name, field, choices.by_code if choices else {}, self._fuller(code, owner, field))

    def _fuller(
        self, code: str, definition: ObjectDefinition, field: FieldDefinition | None
    ) -> dict[str, tuple[str, str, str]]:
        found: dict[str, tuple[str, str, str]] = {}
        for fuller, plain in FULLER_VALUES.get(code, {}).items() if field else ():
            rest = rest_of_value(self._release.application, definition, field, fuller) if field else None
            if field and rest and not option_of_value(self._release.application, field, fuller):
                found[plain] = (*rest, fuller)
        return found

    def _asked(self, part: LinePart) -> tuple[str, ...]:
        own = [column for column in self._columns if column.object == part.name and column.field]
        names = [column.field.name for column in own if column.field]
        beside = [name for column in own for name, _, _ in column.fuller.values()]
        return tuple(dict.fromkeys((*names, *beside, *part.links, "owner")))

    def _with_masters(self, records: Sequence[Record]) -> list[Sequence[Record | None]]:
        """Of each part the record of each line, None where there is none."""
        found: dict[str, Sequence[Record | None]] = {self._parts[0].name: records}
        for part in self._parts:
            for field, target in part.links.items():
                wanted = [record.answers.get(field) if record else None for record in found[part.name]]
                known = self._records(target, {value for value in wanted if isinstance(value, uuid.UUID)})
                found[target] = [known.get(value) if isinstance(value, uuid.UUID) else None for value in wanted]
        return [found[part.name] for part in self._parts]

    def _records(self, name: str, wanted: set[uuid.UUID]) -> dict[uuid.UUID, Record]:
        part = next(part for part in self._parts if part.name == name)
        filters = (FilterRow("id", "one_of", [str(each) for each in wanted]),)
        query = ListQuery(name, self._asked(part), filters, limit=LARGEST_PAGE, as_of=self._query.as_of)
        page = list_page(self._store, self._actor, query) if wanted else None
        return {record.id: record for record in page.records} if page else {}

    def _cell(self, column: _Column, records: Mapping[str, Record | None]) -> Cell | None:
        record = records.get(column.object)
        if record is None:
            return None
        if column.code == OWNER_CODE:
            return record.labels.get(record.owner) if record.owner else None
        answer = record.answers.get(column.field.name) if column.field else None
        if isinstance(answer, Missing):
            named = REASON_VALUES.get(column.code, {}).items()
            return next((value for value, reason in named if reason is answer), None)
        if isinstance(answer, tuple):
            return ";".join(str(self._value(column, code, record)) for code in answer) or None
        if isinstance(answer, str) and column.options:
            return self._value(column, answer, record)
        return _plain(answer)

    def _value(self, column: _Column, code: str, record: Record) -> Cell:
        """The standard's name of an option; an option the standard does not know keeps its own."""
        option = column.options.get(code)
        value = option.standard_code if option else None
        if column.field is not None and column.field.type in COUNTRY_TYPES:
            value = code
        if option is None or value is None:
            return option.label if option else code
        name, rest, fuller = column.fuller.get(value, ("", "", ""))
        if name and record.answers.get(name) == rest:
            value = fuller
        return _TRUTHS[value] if value in _TRUTHS else sheet_name(column.code, value)


def _plain(answer: Answer) -> Cell | None:
    if answer is None or isinstance(answer, (bool, int, dt.date)):
        return answer
    if isinstance(answer, PartialDate) and answer.precision == "day" and not answer.is_estimated:
        return answer.first
    return export_text(answer)
