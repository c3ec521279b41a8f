"""Several tables in one file: a workbook with a sheet for each, or a packed folder of CSV files.

Written in constant memory. Each table is one consistent view; the tables of
one file are read one after another.
"""

from __future__ import annotations

import uuid
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from enum import StrEnum

from amparo.metadata.model import Application, FieldDefinition, FilterRow, ObjectDefinition, Sort
from amparo.runtime.access import Actor, Permission
from amparo.runtime.planner.lists import stream
from amparo.runtime.planner.queries import ListQuery
from amparo.runtime.releases.live import LiveRelease
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.transfer.export_columns import ExportColumns, ExportForm
from amparo.runtime.transfer.exporting import export_csv
from amparo.runtime.transfer.standard_export import StandardRows
from amparo.runtime.transfer.standard_sheet import SHEET_TITLE
from amparo.runtime.transfer.workbook_writing import ForwardOnly, WorkbookWriter, writing_workbook

#: Called with the rows written so far; may raise to stop.
Progress = Callable[[int], None]
Write = Callable[[bytes], object]

_ROWS_A_STEP = 200


class ExportFormat(StrEnum):
    """A kind of file; ``CSV`` holds one table, ``ZIP`` a CSV file for each."""

    CSV = "csv"
    XLSX = "xlsx"
    ZIP = "zip"


def every_column(definition: ObjectDefinition) -> tuple[str, ...]:
    """Every field in use, with the identifier, the owner and the record type."""
    kinds = ("record_type",) if definition.record_types else ()
    return ("id", *(field.name for field in definition.active_fields), "owner", *kinds)


def organisation_tables(release: LiveRelease) -> list[ListQuery]:
    """Every object with all its columns, oldest records first."""
    return [_table(definition) for definition in release.application.objects.values()]


def record_tables(release: LiveRelease, object_name: str, record: uuid.UUID) -> list[ListQuery]:
    """The record, and of each object that may refer to it the records that do. Raises :class:`NotFound`."""
    definition = release.object(object_name).definition
    own = _table(definition, FilterRow("id", "equals", str(record)))
    return [
        own,
        *(
            _table(child, FilterRow(field.name, "equals", str(record)))
            for child, field in _referring(release.application, object_name)
        ),
    ]


def _referring(application: Application, object_name: str) -> Sequence[tuple[ObjectDefinition, FieldDefinition]]:
    return [
        (child, field)
        for child in application.objects.values()
        for field in child.active_fields
        if object_name in field.targets
    ]


def _table(definition: ObjectDefinition, *filters: FilterRow) -> ListQuery:
    return ListQuery(definition.name, every_column(definition), filters, sort=(Sort("created_at"),))


def export_tables(
    store: OrganisationStore,
    actor: Actor,
    tables: Sequence[ListQuery],
    kind: ExportFormat,
    write: Write,
    *,
    form: ExportForm = ExportForm.LABELS,
    language: str | None = None,
    progress: Progress | None = None,
) -> int:
    """Gives the number of rows; the case sheet of the data standard is a workbook of the first table's records.

    Raises :class:`NotPermitted`, :class:`InvalidAnswers`, :class:`NotFound`.
    """
    actor.require(Permission.RECORDS_EXPORT)
    export = _Export(store, actor, form, language, progress or (lambda _: None))
    if form is ExportForm.HTCDS:
        with writing_workbook(write, is_marked=False) as book:
            export.standard_sheet(book, tables[0])
    elif kind is ExportFormat.XLSX:
        with writing_workbook(write, right_to_left=export.right_to_left) as book:
            for query in tables:
                export.sheet(book, query)
    elif kind is ExportFormat.ZIP:
        export.packed(tables, write)
    else:
        for query in tables:
            export.csv(query, write)
    return export.rows


class _Export:
    def __init__(
        self,
        store: OrganisationStore,
        actor: Actor,
        form: ExportForm,
        language: str | None,
        progress: Progress,
    ) -> None:
        self._store = store
        self._actor = actor
        self._form = form
        self._release = store.newest_release()
        self._language = language or self._release.application.default_language
        self._progress = progress
        self.rows = 0

    @property
    def right_to_left(self) -> bool:
        return self._form is ExportForm.LABELS and self._language.split("-")[0] in _RIGHT_TO_LEFT

    def sheet(self, book: WorkbookWriter, query: ListQuery) -> None:
        live = self._release.object(query.object)
        columns = ExportColumns(self._release, live, query.columns, self._form, self._language)
        sheet = book.sheet(self._title(live.definition), [*columns.header(), *columns.own_header()])
        for record in stream(self._store, self._actor, replace(query, language=self._language)):
            sheet.row([*columns.typed_cells(record), *columns.own_cells(record)])
            self._count(1)
        self._progress(self.rows)

    def standard_sheet(self, book: WorkbookWriter, query: ListQuery) -> None:
        rows = StandardRows(self._store, self._actor, self._release, query)
        codes, names = rows.header()
        sheet = book.sheet(SHEET_TITLE, codes)
        sheet.row(names)
        for row in rows.rows():
            sheet.row(row)
            self._count(1)
        self._progress(self.rows)

    def csv(self, query: ListQuery, write: Write) -> None:
        before = self.rows

        def told(done: int) -> None:
            self.rows = before + done
            self._progress(self.rows)

        for block in export_csv(
            self._store, self._actor, query, form=self._form, language=self._language, progress=told
        ):
            write(block)

    def packed(self, tables: Sequence[ListQuery], write: Write) -> None:
        names: set[str] = set()
        with zipfile.ZipFile(ForwardOnly(write), "w", zipfile.ZIP_DEFLATED) as archive:
            for query in tables:
                name, number = query.object, 1
                while name in names:
                    number += 1
                    name = f"{query.object}-{number}"
                names.add(name)
                with archive.open(f"{name}.csv", "w", force_zip64=True) as file:
                    self.csv(query, file.write)

    def _title(self, definition: ObjectDefinition) -> str:
        if self._form is ExportForm.CODES:
            return definition.name
        text = self._release.application.text
        return text(definition.id, "plural", definition.plural or definition.label, self._language)

    def _count(self, rows: int) -> None:
        self.rows += rows
        if self.rows % _ROWS_A_STEP == 0:
            self._progress(self.rows)


_RIGHT_TO_LEFT = frozenset(("ar", "fa", "he", "ur", "ps"))
