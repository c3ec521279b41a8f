"""``amparo demo``."""

from __future__ import annotations

import datetime
import os
from collections.abc import Sequence
from pathlib import Path

import click

from amparo.admin.installation import DEMO_SIGN_INS, installation
from amparo.admin.printing import shown_progress, table_lines
from amparo.runtime.demo.loading import SignIn, load_demo


@click.command("demo")
@click.option(
    "--cases", type=click.IntRange(8, 100_000), help="Cases of the first organisation; the second has a third."
)
def demo(cases: int | None) -> None:
    """Make two organisations with invented people and cases, and print how to sign in.

    Without --cases they have 120 and 40. A thousand take some minutes: every
    piece of work is saved by itself, at the time it was done.

    \b
    Example:
      AMPARO_HOME=./trial amparo demo --cases 1000
    """
    with installation() as organisations:
        today = datetime.datetime.now(datetime.UTC).date()
        with shown_progress("saves") as progress:
            sign_ins = load_demo(organisations, today, cases, progress)
        path = organisations.settings.home / DEMO_SIGN_INS
    lines = _sign_in_lines(sign_ins)
    _keep_private(path, lines)
    click.echo("\n".join(lines))


def _sign_in_lines(sign_ins: Sequence[SignIn]) -> list[str]:
    rows = [("organisation", "role", "name", "login", "password")]
    rows += [(each.organisation, each.role.value, each.name, each.login, each.password) for each in sign_ins]
    return ["The demonstration's people are invented. Sign in as:", "", *table_lines(rows)]


def _keep_private(path: Path, lines: Sequence[str]) -> None:
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
