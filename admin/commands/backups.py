"""``amparo backup`` and ``amparo restore``."""

from __future__ import annotations

import sys
from collections.abc import Sequence
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
        # Before somebody thinks of a passphrase.
        if not file.absolute().parent.is_dir():
            raise click.BadParameter(f"There is no folder {file.parent}. Make it first.", param_hint="FILE")
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
@click.option("--join-people", is_flag=True, help="People who share a login with somebody here are the same people.")
@passphrase_options
def restore_organisation(
    file: Path, slug: str | None, join_people: bool, passphrase: str | None, passphrase_file: Path | None
) -> None:
    """Make the organisation in backup FILE again, with its people, on this installation's database.

    An organisation that is here already is never overwritten. Somebody of
    another installation who shares a login with somebody here is listed, and
    let in with the password of here only when you say that they are the same
    person: asked at a terminal, or by --join-people. Otherwise they are members
    who cannot sign in, until amparo user create lets them in.

    \b
    Example:
      amparo restore riverside-2026-11-22.backup --as riverside-copy
    """
    chosen = chosen_passphrase(passphrase, passphrase_file, is_new=False)
    with installation() as organisations:
        restored = restore(organisations, file, chosen, slug, lambda logins: join_people or _asked(logins))
    click.echo(f"Restored {restored.slug} up to transaction {restored.head_tx}.")
    here = len(restored.returned) + len(restored.joined)
    click.echo(
        f"People: {len(restored.added)} added, {here} were here already, {len(restored.waiting)} cannot sign in."
    )
    for login in restored.joined:
        click.echo(f"{login} was joined with {login} of here, who keeps the password.")
    for login in restored.waiting:
        click.echo(
            f"{login} shares a login with somebody here and was not let in. If that is the same person: "
            f'amparo user create {restored.slug} {login} --name "Full name" --role ROLE'
        )


def _asked(logins: Sequence[str]) -> bool:
    """Whoever sits at a terminal knows them, perhaps; a program does not."""
    if not sys.stdin.isatty():
        return False
    click.echo("These logins are in the backup, and here for somebody made on this installation:")
    for login in logins:
        click.echo(f"  {login}")
    return click.confirm(
        "Are they the same people? If one is not, they would read cases that are not theirs", default=False
    )
