"""``amparo import``: rows of a table become records, and an import is undone."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from amparo.admin.begun_imports import BegunImport, begun_import
from amparo.admin.installation import organisation_store
from amparo.admin.printing import format_option, print_json, shown_progress
from amparo.admin.refusals import GroupWithDefault, ProblemsFound
from amparo.runtime.access import operator_actor
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.transfer.importing import import_file
from amparo.runtime.transfer.mapping import ImportMapping
from amparo.runtime.transfer.mapping_files import mapping_document, read_mapping
from amparo.runtime.transfer.opened_table import TableChoice, TableFile
from amparo.runtime.transfer.opening import guess_from, open_file, require_standard_sheet
from amparo.runtime.transfer.outcomes import Cause, ImportOutcome
from amparo.runtime.transfer.problem_file import ProblemFile, ProblemWorkbook, problem_ending, problem_file
from amparo.runtime.transfer.saved_mappings import saved_mapping
from amparo.runtime.transfer.standard_export import standard_query
from amparo.runtime.transfer.standard_sheet import STANDARD_SHEET
from amparo.runtime.transfer.undoing import WHY_KEPT, KeptRecord, undo_import
from amparo.runtime.transfer.whole_workbooks import checked_mappings, open_whole_workbook

#: As :func:`mapping_of_sheet` has it: an operator is no member.
_WITHOUT_OWNERS = "Leave the owners in FILE out: new records get none, changed ones keep theirs."
_RESUME = "Go on with an import that was interrupted, given as the first time: rows it saved are not saved again."
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
@click.option(
    "--mapping", type=_FILE, help="Which column is which field. Default: as last used on the page, else guessed."
)
@click.option("--guess-mapping", is_flag=True, help="Only print the guessed mapping, to be corrected.")
@click.option("--dry-run", is_flag=True, help="Judge every row and save no record.")
@click.option(
    "--accept-warnings", is_flag=True, help="Save also rows that a validation rule only warns of. Always so of htcds."
)
@click.option("--sheet", help="The sheet of a workbook. Default: the one that fits OBJECT best.")
@click.option("--header-row", type=int, help="The row that names the columns. Default: found.")
@click.option("--encoding", help="The encoding of a CSV file. Default: recognised.")
@click.option("--problems", type=_NEW_FILE, help="Where refused rows go. Default: beside FILE, named …-problems.")
@click.option("--resume", metavar="IMPORT", type=click.UUID, help=_RESUME)
@format_option("table", "json")
def import_records(
    org: str,
    object_name: str,
    file: Path,
    mapping: Path | None,
    guess_mapping: bool,
    dry_run: bool,
    accept_warnings: bool,
    sheet: str | None,
    header_row: int | None,
    encoding: str | None,
    problems: Path | None,
    resume: uuid.UUID | None,
    form: str,
) -> None:
    """Import the rows of FILE (CSV, XLSX, XLS or ODS) as records of OBJECT into organisation ORG.

    A row may hold records of other objects, too, as the mapping says. OBJECT htcds
    is the case sheet of the Human Trafficking Case Data Standard.

    Good rows are saved, refused ones are written with row and reason into a file
    to be corrected and imported again; the exit status is then 1.

    What an interrupted import saved stays. It is printed at the beginning how to go
    on with it, so that no row is saved twice.

    \b
    Example:
      amparo import records riverside person people.csv --guess-mapping > mapping.json
      amparo import riverside person people.csv --mapping mapping.json --dry-run
      amparo import riverside htcds case-sheet.xlsx
    """
    given = read_mapping(mapping.read_bytes()) if mapping else None
    with organisation_store(org) as store:
        is_sheet = object_name == STANDARD_SHEET and object_name not in store.newest_release().application.objects
        object_name = standard_query(store.newest_release()).object if is_sheet else object_name
        choice = replace(given.table if given else TableChoice(), **_stated(sheet=sheet, header_row=header_row))
        source = open_file(store, object_name, file, choice, encoding=encoding)
        if is_sheet:
            require_standard_sheet(source)
        if guess_mapping:
            print_json(mapping_document(guess_from(store, object_name, source)))
            return
        into = problems or file.with_name(f"{file.stem}-problems.{problem_ending(source.format)}")
        chosen = given or _remembered(store, object_name, source)
        begun = None if dry_run else begun_import(store, resume)
        outcome = _import(store, object_name, source, chosen, into, begun, accept_warnings=accept_warnings or None)
    if form == "json":
        print_json(outcome.document())
    else:
        _print_outcome(org, outcome, into)
    if outcome.refused:
        raise ProblemsFound


@import_commands.command("workbook")
@click.argument("org")
@click.argument("file", type=_FILE)
@click.option("--without-owners", is_flag=True, help=_WITHOUT_OWNERS)
@click.option("--overwrite", is_flag=True, help="Change records also where they were changed since FILE was exported.")
@click.option("--resume", metavar="IMPORT", type=click.UUID, help=_RESUME)
def import_workbook(org: str, file: Path, without_owners: bool, overwrite: bool, resume: uuid.UUID | None) -> None:
    """Import every sheet of FILE that is named as an object into organisation ORG, parents before children.

    An export of everything as codes comes back under the same identifiers and
    numbers, so that records still point to each other; rows of records that
    were changed since it was made are refused. Rows that a validation rule only
    warns of are saved: they were accepted where they came from. Of other workbooks each
    sheet is read as without a mapping. Sheets that are passed over are named.

    What the columns of every sheet mean is checked before the first row is
    saved. There is no dry run: rows name records that only the sheets before
    them make, so nobody can say beforehand which would be refused. An import of
    a sheet can be undone by itself.

    Refused rows go beside FILE, into one
    file for each sheet; the exit status is then 1.

    \b
    Example:
      amparo import workbook riverside everything.xlsx --without-owners
    """
    refused = 0
    with organisation_store(org) as store:
        workbook = open_whole_workbook(store, file)
        mappings = checked_mappings(store, workbook.sheets, with_owners=not without_owners, overwrites=overwrite)
        for notice in workbook.notices:
            click.echo(notice.message)
        begun = begun_import(store, resume, len(workbook.sheets))
        for (name, sheet), mapping, each in zip(workbook.sheets, mappings, begun.of_sheets, strict=True):
            into = file.with_name(f"{file.stem}-{name}-problems.{problem_ending(sheet.format)}")
            click.echo(f"{sheet.sheet}:")
            outcome = _import(store, name, sheet, mapping, into, each, accept_warnings=True)
            _print_outcome(org, outcome, into)
            refused += outcome.refused
    if refused:
        raise ProblemsFound


def _remembered(store: OrganisationStore, object_name: str, source: TableFile) -> ImportMapping | None:
    """The mapping somebody used on the page for a file with these columns."""
    kept = saved_mapping(store, operator_actor("import"), object_name, source.header)
    if kept is not None:
        click.echo("The mapping last used for these columns was taken. Give another with --mapping.", err=True)
    return kept


def _stated(**options: str | int | None) -> dict[str, Any]:
    """The options that were given."""
    return {name: value for name, value in options.items() if value is not None}


def _import(
    store: OrganisationStore,
    object_name: str,
    source: TableFile,
    mapping: ImportMapping | None,
    into: Path,
    begun: BegunImport | None,
    *,
    accept_warnings: bool | None = None,
) -> ImportOutcome:
    """A dry run unless it was begun."""
    with _file_of_refused_rows(source, into) as refused, shown_progress("rows") as progress:
        return import_file(
            store,
            operator_actor("import"),
            object_name,
            source,
            mapping,
            dry_run=begun is None,
            accept_warnings=accept_warnings,
            progress=progress,
            refused=refused.take,
            identity=begun.identity if begun else None,
            is_again=begun is not None and begun.is_again,
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
        click.echo(_guess_line(outcome))
    for cause in outcome.causes:
        click.echo(_cause_line(cause))
    if outcome.refused:
        click.echo(f"Every refused row is in {into}.")


def _guess_line(outcome: ImportOutcome) -> str:
    """The encoding that was guessed, and how a text reads in it: who knows the file sees whether it is right."""
    texts = (text for preview in outcome.previews for text in preview.values.values())
    shown = next((f", in which “{text[:40]}” is read" for text in texts if not text.isascii()), "")
    return f"The encoding was taken to be {outcome.encoding}{shown}. Name another with --encoding."


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
    with organisation_store(org) as store, shown_progress("rows") as progress:
        outcome = undo_import(store, operator_actor("import"), job, progress=progress, take_kept=kept.append)
    if form == "json":
        listed = [{"object": each.object, "record": str(each.record), "why": each.why.value} for each in kept]
        print_json(outcome.document() | {"records_kept": listed})
    else:
        click.echo(f"Deleted: {outcome.deleted}. Put back: {outcome.put_back}. Left alone: {outcome.kept}.")
        for each in kept:
            click.echo(f"{each.object} {each.record}: {WHY_KEPT[each.why]}")
    if kept:
        raise ProblemsFound
