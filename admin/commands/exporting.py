"""``amparo export``."""

from __future__ import annotations

import sys
import uuid
from contextlib import nullcontext
from pathlib import Path

import click

from amparo.admin.installation import organisation_store
from amparo.admin.writing import written_file
from amparo.metadata.model import Sort
from amparo.runtime.access import operator_actor
from amparo.runtime.planner.queries import ListQuery
from amparo.runtime.transfer.export_columns import ExportForm
from amparo.runtime.transfer.export_packages import (
    ExportFormat,
    every_column,
    export_tables,
    organisation_tables,
    record_tables,
)
from amparo.runtime.transfer.standard_export import standard_query
from amparo.runtime.transfer.standard_sheet import STANDARD_SHEET

_NEW_FILE = click.Path(dir_okay=False, path_type=Path)


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
        with written_file(target) if target else nullcontext(sys.stdout.buffer) as into:
            export_tables(store, operator_actor(), tables, kind, into.write, form=form, language=language)
    if target:
        click.echo(f"Wrote {target}.")


def _kind_of(target: Path | None, tables: int) -> ExportFormat:
    ending = target.suffix.lower().removeprefix(".") if target else ""
    kind = ExportFormat(ending) if ending in list(ExportFormat) else ExportFormat.CSV
    if kind is ExportFormat.CSV and tables > 1:
        raise click.UsageError("Several tables need a file whose name ends in .xlsx or .zip.")
    return kind
