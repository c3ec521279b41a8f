"""``amparo files``."""

from __future__ import annotations

import click

from amparo.admin.installation import organisation_store
from amparo.admin.printing import format_option, print_json
from amparo.admin.refusals import ProblemsFound
from amparo.runtime.files.checking import FilesCheck, check_files


@click.group("files")
def file_commands() -> None:
    """Check that the files that records hold are there."""


@file_commands.command("check")
@click.argument("org")
@format_option("table", "json")
def check_kept_files(org: str, form: str) -> None:
    """Open every file of organisation ORG and compare its hash with the ledger's. People may work meanwhile.

    Files of earlier answers and of deleted records are looked at, too.

    \b
    Example:
      amparo files check riverside
    """
    with organisation_store(org) as store:
        found = check_files(store)
    if form == "json":
        print_json(_content(found))
    else:
        _print_sentences(found)
    if found.faults:
        raise ProblemsFound


def _content(found: FilesCheck) -> dict[str, object]:
    named = [{"record": str(each.record), "file": str(each.file), "what": each.what} for each in found.named]
    return {"files": found.files, "bytes": found.bytes, "faults": found.faults, "named": named}


def _print_sentences(found: FilesCheck) -> None:
    if not found.faults:
        click.echo(f"Right. Files: {found.files} ({found.bytes:,} bytes).")
        return
    for fault in found.named:
        click.echo(str(fault))
    if found.faults > len(found.named):
        click.echo(f"… and more. Faults: {found.faults}.")
    click.echo("Bring back what is missing from a backup of the folder of files (AMPARO_FILES).")
