"""Exporting a list as CSV: streamed, safe in a spreadsheet, and understood by the import."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from amparo.runtime.access import Actor, Permission
from amparo.runtime.planner.lists import stream
from amparo.runtime.planner.queries import ListQuery
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.transfer.cells import protected
from amparo.runtime.transfer.export_columns import ExportColumns, ExportForm
from amparo.runtime.transfer.problem_file import CsvLines

#: Called with the rows written so far; may raise to stop.
Progress = Callable[[int], None]

_ROWS_A_BLOCK = 200


def export_csv(
    store: OrganisationStore,
    actor: Actor,
    query: ListQuery,
    *,
    form: ExportForm = ExportForm.LABELS,
    language: str | None = None,
    progress: Progress | None = None,
) -> Iterator[bytes]:
    """The file block by block, in constant memory: UTF-8 with its mark, one header line, CR LF.

    ``query.columns`` are the columns, in ``language``; ``query.limit`` and
    ``query.language`` do not count. Raises
    :class:`NotPermitted`, :class:`InvalidAnswers`, :class:`NotFound`, before
    the first block.
    """
    actor.require(Permission.RECORDS_EXPORT)
    release = store.newest_release()
    columns = ExportColumns(release, release.object(query.object), query.columns, form, language)
    return _blocks(store, actor, replace(query, language=language), columns, progress)


def _blocks(
    store: OrganisationStore, actor: Actor, query: ListQuery, columns: ExportColumns, progress: Progress | None
) -> Iterator[bytes]:
    lines = CsvLines()
    block = bytearray("\ufeff".encode()) + lines.line([*map(protected, columns.header()), *columns.own_header()])
    count = 0
    for count, record in enumerate(stream(store, actor, query), start=1):
        own = ("" if cell is None else str(cell) for cell in columns.own_cells(record))
        block += lines.line([*columns.cells(record), *own])
        if count % _ROWS_A_BLOCK == 0:
            yield bytes(block)
            block.clear()
            if progress is not None:
                progress(count)
    if progress is not None:
        progress(count)
    yield bytes(block)
