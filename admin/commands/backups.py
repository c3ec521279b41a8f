"""``amparo backup`` and ``amparo restore``."""

from __future__ import annotations

from pathlib import Path

import click

from amparo.admin.installation import installation
from amparo.admin.passphrases import chosen_passphrase, passphrase_options
from amparo.runtime.backups.making import back_up
from amparo.runtime.backups.restoring import restore


@click.command("backup")
@click.argument("org")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@passphrase_options
def backup_organisation(org: str, file: Path, passphrase: str | None, passphrase_file: Path | None) -> None:
    """Write everything of organisation ORG into one encrypted FILE. People may work meanwhile.

    The passphrase is typed, or comes from AMPARO_PASSPHRASE or a file. Without it
    nobody can read the backup.

    \b
    Example:
      amparo backup riverside riverside-2026-11-22.backup
    """
    with installation() as organisations:
        organisations.find(org)
        chosen = chosen_passphrase(passphrase, passphrase_file, is_new=True)
        made = back_up(organisations, org, file, chosen)
    size = file.stat().st_size
    click.echo(
        f"Wrote {file} ({size:,} bytes): {org} up to transaction {made.head_tx}. Records: {made.rows['record']}. "
        f"Contents of files: {made.files.contents}."
    )
    if made.files.missing:
        click.echo(f"Contents that are missing: {made.files.missing}. See: amparo files check {org}")


@click.command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--as", "slug", metavar="SLUG", help="Short name to restore under. Default: the one it had.")
@passphrase_options
def restore_organisation(file: Path, slug: str | None, passphrase: str | None, passphrase_file: Path | None) -> None:
    """Make the organisation in backup FILE again, with its people, on this installation's database.

    An organisation that is here already is never overwritten. Somebody whose
    login is here already keeps their password.

    \b
    Example:
      amparo restore riverside-2026-11-22.backup --as riverside-copy
    """
    chosen = chosen_passphrase(passphrase, passphrase_file, is_new=False)
    with installation() as organisations:
        restored = restore(organisations, file, chosen, slug)
    click.echo(f"Restored {restored.slug} up to transaction {restored.head_tx}.")
    click.echo(f"People: {restored.people_added} added, {restored.people_joined} were here already.")
