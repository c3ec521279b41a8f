"""``amparo keys``."""

from __future__ import annotations

import sys

import click

from amparo.admin.installation import installation
from amparo.runtime.access import operator_actor
from amparo.runtime.rotating import rotate_file_key, rotate_organisation_key


@click.group("keys")
def key_commands() -> None:
    """Replace the keys that encrypt."""


@key_commands.command("rotate")
@click.argument("org", required=False)
def rotate_keys(org: str | None) -> None:
    """Wrap the keys of all records of organisation ORG, or of every one, with a new key. People may work meanwhile.

    Interrupted, it goes on when it is given again. What was encrypted is not
    encrypted anew: see the manual for what this protects from.

    \b
    Example:
      amparo keys rotate riverside
    """
    with installation() as organisations:
        for slug in [org] if org else [each.slug for each in organisations.list()]:
            rotated = rotate_organisation_key(organisations, operator_actor(), slug, _show)
            before = "Finished an interrupted rotation" if rotated.was_resumed else "Rotated"
            click.echo(f"{before}: {slug}. Key {rotated.key} wraps its records now; wrapped anew: {rotated.records}.")


def _show(done: int) -> None:
    """For a person at a terminal."""
    if sys.stderr.isatty():
        click.echo(f"\r{done:,} records", nl=False, err=True)


@key_commands.command("rotate-file-key")
def rotate_key_of_installation() -> None:
    """Wrap the keys of every organisation with a new file key, in place of the present one.

    Make no organisation and restore none meanwhile. Interrupted, it goes on
    when it is given again. Every other machine of the installation needs the
    new file before its programs start the next time.

    \b
    Example:
      amparo keys rotate-file-key
    """
    with installation() as organisations:
        old = rotate_file_key(organisations)
        count = len(organisations.list())
    click.echo(f"A new file key wraps the keys of organisations: {count}. Copy it to a safe place now.")
    click.echo(f"The old one is in {old}. Destroy it when everything opens with the new one.")
