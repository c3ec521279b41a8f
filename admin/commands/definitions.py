"""``amparo definitions``."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from amparo.admin.installation import organisation_store
from amparo.admin.printing import format_option, print_problems
from amparo.admin.refusals import ProblemsFound
from amparo.metadata.checks import check_reading
from amparo.metadata.reading import Reading, read_folder, write_folder
from amparo.metadata.schemas.files import schema_files
from amparo.runtime.access import operator_actor
from amparo.runtime.errors import DefinitionProblems, NotPossible
from amparo.runtime.releases.publishing import publish, published_document

_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
_NEW_FOLDER = click.Path(file_okay=False, path_type=Path)


@click.group("definitions")
def definition_commands() -> None:
    """Check, publish and export an organisation's objects, fields, layouts and reports."""


def checked_document(reading: Reading, previous: Mapping[str, Any] | None = None) -> Mapping[str, Any]:
    """The document, when it has no problems. Raises :class:`DefinitionProblems` with places in files."""
    problems = check_reading(reading, previous)
    if problems:
        raise DefinitionProblems(problems)
    return reading.document


@definition_commands.command("check")
@click.argument("folder", type=_FOLDER)
@format_option("table", "json")
def check_definitions(folder: Path, form: str) -> None:
    """Check the definitions in FOLDER and print every problem. Nothing is changed.

    \b
    Example:
      amparo definitions check ./riverside
    """
    problems = check_reading(read_folder(folder))
    if form == "json" or problems:
        print_problems(problems, form)
    if problems:
        raise ProblemsFound
    if form != "json":
        click.echo("No problems.")


@definition_commands.command("publish")
@click.argument("org")
@click.argument("folder", type=_FOLDER)
def publish_definitions(org: str, folder: Path) -> None:
    """Make the definitions in FOLDER the next release of organisation ORG.

    \b
    Example:
      amparo definitions publish riverside ./riverside
    """
    with organisation_store(org) as store:
        with store.reading() as connection:
            in_force = published_document(connection, store) if store.live(connection).number else None
        published = publish(store, operator_actor(), checked_document(read_folder(folder), in_force))
    if published.created:
        click.echo(f"Published release {published.number} of {org}.")
    else:
        click.echo(f"Nothing to publish: release {published.number} of {org} is the same.")


@definition_commands.command("export")
@click.argument("org")
@click.argument("folder", type=_NEW_FOLDER)
@click.option("--replace", is_flag=True, help="Remove the definition files that are in the folder.")
def export_definitions(org: str, folder: Path, replace: bool) -> None:
    """Write the definitions in force in organisation ORG as files into FOLDER.

    \b
    Example:
      amparo definitions export riverside ./riverside
    """
    with organisation_store(org) as store, store.reading() as connection:
        document = published_document(connection, store)
    try:
        write_folder(document, folder, replace=replace)
    except FileExistsError:
        raise NotPossible(f"{folder} holds definitions already. Choose another folder, or add --replace.") from None
    click.echo(f"Wrote the definitions of {org} into {folder}.")


@definition_commands.command("schemas")
@click.argument("folder", type=_NEW_FOLDER)
def export_schemas(folder: Path) -> None:
    """Write the JSON Schemas of every kind of definition file into FOLDER, for editors that complete and check.

    \b
    Example:
      amparo definitions schemas ./schemas
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in schema_files().items():
        (folder / name).write_text(text, encoding="utf-8")
    click.echo(f"Wrote the schemas into {folder}.")
