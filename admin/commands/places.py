"""``amparo places``."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from amparo.admin.installation import organisation_store
from amparo.admin.printing import format_option, print_json
from amparo.admin.writing import written_file
from amparo.runtime.access import operator_actor
from amparo.runtime.places.files import export_places, import_places


@click.group("places")
def place_commands() -> None:
    """Bring an organisation's places in and out."""


@place_commands.command("import")
@click.argument("org")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Judge every row and change nothing.")
@format_option("table", "json")
def import_place_file(org: str, file: Path, dry_run: bool, form: str) -> None:
    """Add and change the places of organisation ORG as FILE, a CSV file or a workbook, has them.

    Its columns are code, parent (the code of the place in which it lies), level
    and name; name:km and the like for names in other languages; closed, yes for
    places that are chosen no more. All rows are taken or none; places that are not in FILE stay as they are.

    \b
    Example:
      amparo places import riverside places.csv --dry-run
    """
    with organisation_store(org) as store:
        outcome = import_places(store, operator_actor("import"), file, dry_run=dry_run)
    if form == "json":
        print_json(outcome.counts() | {"dry_run": dry_run})
        return
    click.echo(
        f"{'Would be added' if dry_run else 'Added'}: {outcome.added:,}. Changed: {outcome.changed:,}. "
        f"Closed: {outcome.closed:,}. As they were: {outcome.unchanged:,}."
    )


@place_commands.command("export")
@click.argument("org")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), required=False)
def export_place_file(org: str, file: Path | None) -> None:
    """Write the places of organisation ORG as CSV into FILE, or to standard output, as the import takes them.

    \b
    Example:
      amparo places export riverside places.csv
    """
    with organisation_store(org) as store:
        content = export_places(store, operator_actor())
    if file is None:
        sys.stdout.buffer.write(content)
        return
    with written_file(file) as into:
        into.write(content)
    click.echo(f"Wrote {file}.")
