"""``amparo org`` and ``amparo migrate``."""

from __future__ import annotations

from pathlib import Path

import click

from amparo.admin.commands.definitions import checked_document
from amparo.admin.installation import installation
from amparo.admin.printing import format_option, print_rows
from amparo.metadata.reading import read_folder, read_template
from amparo.runtime.access import operator_actor
from amparo.runtime.errors import NotPossible
from amparo.runtime.identifiers import new_identifier
from amparo.runtime.keys import OrganisationKeys
from amparo.runtime.releases.publishing import publish
from amparo.runtime.settings import Settings
from amparo.runtime.stores.organisations import Organisations


@click.group("org")
def organisation_commands() -> None:
    """Make, list and remove organisations."""


@organisation_commands.command("create")
@click.argument("slug")
@click.option("--name", help="The organisation's name. Default: its short name.")
@click.option(
    "--definitions",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder of definitions to publish. Default: the standard template.",
)
def create_organisation(slug: str, name: str | None, definitions: Path | None) -> None:
    """Make an organisation with the short name SLUG and publish its definitions.

    \b
    Example:
      amparo org create riverside --name "Riverside Shelter"
    """
    document = checked_document(read_folder(definitions) if definitions else read_template())
    # Whole or not at all: when the definitions cannot be published, no organisation stays.
    with (
        installation() as organisations,
        organisations.making(slug, name or slug, new_identifier(), OrganisationKeys.new()) as store,
    ):
        published = publish(store, operator_actor(), document)
    click.echo(f"Made {slug}, with release {published.number} of its definitions.")
    click.echo(f'Let people in with: amparo user create {slug} LOGIN --name "Full name" --role administrator')


@organisation_commands.command("list")
@format_option("table", "json")
def list_organisations(form: str) -> None:
    """List the organisations.

    \b
    Example:
      amparo org list --format json
    """
    with installation() as organisations:
        rows = [(each.slug, each.name, each.id) for each in organisations.list()]
    print_rows(("slug", "name", "id"), rows, form)


@organisation_commands.command("remove")
@click.argument("slug")
@click.option("--yes", is_flag=True, help="Do not ask.")
def remove_organisation(slug: str, yes: bool) -> None:
    """Remove an organisation with everything in it. Only a backup brings it back.

    \b
    Example:
      amparo org remove riverside
    """
    with installation() as organisations:
        if not yes and click.prompt(f"Everything of {slug} will be gone. Type its short name to go on") != slug:
            raise NotPossible("That is not the short name. Nothing was removed.")
        organisations.remove(slug)
    click.echo(f"Removed {slug}.")


@click.command("migrate")
def migrate() -> None:
    """Bring every store to the tables of this version. Make backups first; `amparo serve` does this too.

    \b
    Example:
      amparo migrate
    """
    organisations = Organisations(Settings.from_environment())
    try:
        organisations.migrate()
        count = len(organisations.list())
    finally:
        organisations.close()
    click.echo(f"Up to date: the control store, and organisations: {count}.")
