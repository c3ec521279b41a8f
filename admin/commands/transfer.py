"""``amparo import`` and ``amparo export``."""

from __future__ import annotations

import sys
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from amparo.admin.installation import organisation_store
from amparo.admin.printing import format_option, print_json
from amparo.admin.refusals import GroupWithDefault, ProblemsFound
from amparo.metadata.model import Sort
from amparo.runtime.access import operator_actor
from amparo.runtime.planner.queries import ListQuery
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.transfer.export_columns import ExportForm
from amparo.runtime.transfer.export_packages import (
    ExportFormat,
    every_column,
    export_tables,
    organisation_tables,
    record_tables,
)
from amparo.runtime.transfer.importing import import_file
from amparo.runtime.transfer.mapping import ImportMapping
from amparo.runtime.transfer.mapping_files import mapping_document, read_mapping
from amparo.runtime.transfer.opening import guess_from, open_file
from amparo.runtime.transfer.outcomes import Cause, ImportOutcome
from amparo.runtime.transfer.problem_file import ProblemFile, ProblemWorkbook, problem_ending, problem_file
from amparo.runtime.transfer.standard_export import standard_query
from amparo.runtime.transfer.standard_sheet import STANDARD_SHEET
from amparo.runtime.transfer.table_reading import TableChoice, TableFile
from amparo.runtime.transfer.undoing import KeptRecord, WhyKept, undo_import

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_NEW_FILE = click.Path(dir_okay=False, path_type=Path)


@click.group("import", cls=GroupWithDefault, default="records")
def import_commands() -> None:
    """Import the rows of a table as records, or undo an import.

    \b
    Example:
      amparo import riverside person people.xlsx --dry-run
      amparo import undo riverside 0190e2a8-1111-7000-8000-000000000001
    """


@import_commands.command("records")
@click.argument("org")
@click.argument("object_name", metavar="OBJECT")
@click.argument("file", type=_FILE)
@click.option("--mapping", type=_FILE, help="Which column is which field. Default: guessed from the header.")
@click.option("--guess-mapping", is_flag=True, help="Only print the guessed mapping, to be corrected.")
@click.option("--dry-run", is_flag=True, help="Judge every row and save no record.")
@click.option("--sheet", help="The sheet of a workbook. Default: the one that fits OBJECT best.")
@click.option("--header-row", type=int, help="The row that names the columns. Default: found.")
@click.option("--encoding", help="The encoding of a CSV file. Default: recognised.")
@click.option("--problems", type=_NEW_FILE, help="Where refused rows go. Default: beside FILE, named …-problems.")
@format_option("table", "json")
def import_records(
    org: str,
    object_name: str,
    file: Path,
    mapping: Path | None,
    guess_mapping: bool,
    dry_run: bool,
    sheet: str | None,
    header_row: int | None,
    encoding: str | None,
    problems: Path | None,
    form: str,
) -> None:
    """Import the rows of FILE (CSV, XLSX, XLS or ODS) as records of OBJECT into organisation ORG.

    A row may hold records of other objects, too, as the mapping says. OBJECT htcds
    is the case sheet of the Human Trafficking Case Data Standard.

    Good rows are saved, refused ones are written with row and reason into a file
    to be corrected and imported again; the exit status is then 1.

    \b
    Example:
      amparo import records riverside person people.csv --guess-mapping > mapping.json
      amparo import riverside person people.csv --mapping mapping.json --dry-run
      amparo import riverside htcds case-sheet.xlsx
    """
    given = read_mapping(mapping.read_bytes()) if mapping else None
    with organisation_store(org) as store:
        object_name = _imported_object(store, object_name)
        choice = replace(given.table if given else TableChoice(), **_stated(sheet=sheet, header_row=header_row))
        source = open_file(store, object_name, file, choice, encoding=encoding)
        if guess_mapping:
            print_json(mapping_document(guess_from(store, object_name, source)))
            return
        into = problems or file.with_name(f"{file.stem}-problems.{problem_ending(source.format)}")
        outcome = _import(store, object_name, source, given, dry_run, into)
    if form == "json":
        print_json(outcome.document())
    else:
        _print_outcome(org, outcome, into)
    if outcome.refused:
        raise ProblemsFound


def _imported_object(store: OrganisationStore, name: str) -> str:
    """``htcds`` stands for the object that a line of the standard's case sheet speaks of."""
    release = store.newest_release()
    return (
        standard_query(release).object if name == STANDARD_SHEET and name not in release.application.objects else name
    )


def _stated(**options: str | int | None) -> dict[str, Any]:
    """The options that were given."""
    return {name: value for name, value in options.items() if value is not None}


def _import(
    store: OrganisationStore,
    object_name: str,
    source: TableFile,
    mapping: ImportMapping | None,
    dry_run: bool,
    into: Path,
) -> ImportOutcome:
    with _file_of_refused_rows(source, into) as refused, _shown_progress() as progress:
        return import_file(
            store,
            operator_actor("import"),
            object_name,
            source,
            mapping,
            dry_run=dry_run,
            progress=progress,
            refused=refused.take,
        )


@contextmanager
def _file_of_refused_rows(source: TableFile, path: Path) -> Iterator[ProblemFile | ProblemWorkbook]:
    """Made with the first refused row; an older one of that name goes, so that it is not taken for this one's."""
    path.unlink(missing_ok=True)

    def write(content: bytes) -> None:
        with path.open("ab") as file:
            file.write(content)

    with problem_file(source.format, source.header, write) as made:
        yield made


@contextmanager
def _shown_progress() -> Iterator[Callable[[int, int], None]]:
    """For a person at a terminal; nothing where the output is read by a program."""
    is_terminal = sys.stderr.isatty()

    def show(done: int, total: int) -> None:
        if is_terminal:
            click.echo(f"\r{done:,} of {total:,} rows", nl=False, err=True)

    yield show
    if is_terminal:
        click.echo(err=True)


def _print_outcome(org: str, outcome: ImportOutcome, into: Path) -> None:
    good = f"Could be imported: {outcome.acceptable}" if outcome.is_dry_run else f"Imported: {outcome.acceptable}"
    click.echo(f"Rows: {outcome.rows}. {good}. Refused: {outcome.refused}.")
    if outcome.updated or outcome.unchanged or outcome.skipped:
        counts = f"New: {outcome.created}. Changed: {outcome.updated}. As it was: {outcome.unchanged}."
        click.echo(f"{counts} Passed over: {outcome.skipped}.")
    if outcome.acceptable and not outcome.is_dry_run:
        click.echo(f"To undo it: amparo import undo {org} {outcome.identity}")
    for notice in outcome.notices:
        click.echo(notice.message)
    if outcome.encoding_is_guess:
        click.echo(f"The encoding was taken to be {outcome.encoding}. Name another with --encoding.")
    for cause in outcome.causes:
        click.echo(_cause_line(cause))
    if outcome.refused:
        click.echo(f"Every refused row is in {into}.")


def _cause_line(cause: Cause) -> str:
    """One cause, the number of its rows first; the most frequent values stand below it."""
    where = f"{cause.column}: " if cause.column else ""
    rows = f"{cause.rows:,} {'rows' if cause.rows > 1 else 'row'}"
    first = ", ".join([*map(str, cause.first_rows), *(["…"] if cause.rows > len(cause.first_rows) else [])])
    values = ", ".join(f"“{each.text}” {each.rows:,}" for each in cause.values)
    more = f", {cause.more_values:,} more" if cause.more_values else ""
    below = f"\n    {values}{more}" if values else ""
    return f"{rows} ({first}): {where}{cause.message} [{cause.kind}]{below}"


@import_commands.command("undo")
@click.argument("org")
@click.argument("job", type=click.UUID)
@format_option("table", "json")
def undo_records(org: str, job: uuid.UUID, form: str) -> None:
    """Undo the import JOB of organisation ORG.

    What it made is deleted, what it changed is put back. Records that somebody
    changed since are left alone and listed; the exit status is then 1. JOB is
    the identifier that the import printed, or that stands in its page's address.

    \b
    Example:
      amparo import undo riverside 0190e2a8-1111-7000-8000-000000000001
    """
    kept: list[KeptRecord] = []
    with organisation_store(org) as store, _shown_progress() as progress:
        outcome = undo_import(store, operator_actor("import"), job, progress=progress, take_kept=kept.append)
    if form == "json":
        listed = [{"object": each.object, "record": str(each.record), "why": each.why.value} for each in kept]
        print_json(outcome.document() | {"records_kept": listed})
    else:
        click.echo(f"Deleted: {outcome.deleted}. Put back: {outcome.put_back}. Left alone: {outcome.kept}.")
        for each in kept:
            click.echo(f"{each.object} {each.record}: {_WHY_KEPT[each.why]}")
    if kept:
        raise ProblemsFound


_WHY_KEPT = {
    WhyKept.CHANGED: "changed since the import",
    WhyKept.HAS_DETAILS: "other records belong to it",
    WhyKept.REFUSED: "what it held is not allowed any more",
}


@click.command("export")
@click.argument("org")
@click.argument("object_name", metavar="[OBJECT]", required=False)
@click.argument("file", type=_NEW_FILE, required=False)
@click.option("--labels", is_flag=True, help="Write labels for people instead of the codes an import takes.")
@click.option("--columns", help="Names of the fields, with commas. Default: every field in use.")
@click.option("--record", type=click.UUID, help="Only this record of OBJECT, with the records that refer to it.")
@click.option("--all", "everything", type=_NEW_FILE, help="Every object, into this file: .xlsx, or .zip for CSV files.")
@click.option("--language", help="The language of labels. Default: the organisation's.")
def export_records(
    org: str,
    object_name: str | None,
    file: Path | None,
    labels: bool,
    columns: str | None,
    record: uuid.UUID | None,
    everything: Path | None,
    language: str | None,
) -> None:
    """Write the records of OBJECT of organisation ORG into FILE, or as CSV to standard output, oldest first.

    FILE is CSV, or a workbook when its name ends in .xlsx, or packed CSV files when it ends in .zip.
    OBJECT htcds is the case sheet of the Human Trafficking Case Data Standard, a workbook.

    \b
    Example:
      amparo export riverside person people.xlsx --columns id,name,gender --labels
      amparo export riverside --all riverside.zip
      amparo export riverside htcds case-sheet.xlsx
    """
    target = everything or file
    form = ExportForm.LABELS if labels else ExportForm.CODES
    with organisation_store(org) as store:
        release = store.newest_release()
        if everything is not None:
            tables = organisation_tables(release)
        elif object_name is None:
            raise click.UsageError("Name an object, or --all with a file for every object.")
        elif object_name == STANDARD_SHEET and object_name not in release.application.objects:
            tables, form = [standard_query(release)], ExportForm.HTCDS
        elif record is not None:
            tables = record_tables(release, object_name, record)
        else:
            names = columns.split(",") if columns else every_column(release.object(object_name).definition)
            names = tuple(name.strip() for name in names)
            tables = [ListQuery(object_name, names, sort=(Sort("created_at"),))]
        kind = _kind_of(target, len(tables))
        with target.open("wb") if target else nullcontext(sys.stdout.buffer) as into:
            export_tables(store, operator_actor(), tables, kind, into.write, form=form, language=language)
    if target:
        click.echo(f"Wrote {target}.")


def _kind_of(target: Path | None, tables: int) -> ExportFormat:
    ending = target.suffix.lower().removeprefix(".") if target else ""
    kind = ExportFormat(ending) if ending in list(ExportFormat) else ExportFormat.CSV
    if kind is ExportFormat.CSV and tables > 1:
        raise click.UsageError("Several tables need a file whose name ends in .xlsx or .zip.")
    return kind
