"""``amparo ledger``."""

from __future__ import annotations

import re

import click

from amparo.admin.installation import organisation_store
from amparo.admin.printing import format_option, print_json
from amparo.admin.refusals import ProblemsFound
from amparo.runtime.ledger.verifying import Anchor, Verification, verify

_ANCHOR = re.compile(r"([1-9][0-9]*):([0-9a-f]{64})")


def parse_anchor(context: click.Context, parameter: click.Parameter, value: str | None) -> Anchor | None:
    """Raises :class:`click.BadParameter`."""
    if value is None:
        return None
    match = _ANCHOR.fullmatch(value)
    if match is None:
        raise click.BadParameter(f"{value!r} is not a head as this command prints it, such as 1234:9f86…")
    return Anchor(int(match[1]), bytes.fromhex(match[2]))


@click.group("ledger")
def ledger_commands() -> None:
    """Check that the ledger is what was written."""


@ledger_commands.command("verify")
@click.argument("org")
@click.option(
    "--anchor",
    metavar="HEAD",
    callback=parse_anchor,
    help="A head printed earlier and kept elsewhere: shows a cut tail.",
)
@format_option("table", "json")
def verify_ledger(org: str, anchor: Anchor | None, form: str) -> None:
    """Walk the hash chain of organisation ORG and name the first broken transaction.

    Note the head that is printed in another place, and give it back the next time.

    \b
    Example:
      amparo ledger verify riverside --anchor 1234:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
    """
    with organisation_store(org) as store:
        found = verify(store, anchor)
    if form == "json":
        _print_content(found)
    else:
        _print_sentences(found)
    if found.broken is not None:
        raise ProblemsFound


def _print_sentences(found: Verification) -> None:
    if found.broken is None:
        click.echo(f"Right. Transactions: {found.transactions}. Facts: {found.facts}.")
        click.echo(f"Head: {found.head}")
        if found.ahead is not None:
            click.echo(
                f"The last save is dated {found.ahead:%Y-%m-%d %H:%M} UTC, which this machine's clock has not come to. "
                "A clock was wrong then, or is now. Saves stay in order and are dated after it until it has come."
            )
        return
    click.echo(f"Transaction {found.broken.tx} is broken. Right before it: {found.transactions}.")
    for reason in found.broken.reasons:
        click.echo(reason)


def _print_content(found: Verification) -> None:
    broken = found.broken
    print_json(
        {
            "transactions": found.transactions,
            "facts": found.facts,
            "head": str(found.head),
            "ahead": found.ahead and found.ahead.isoformat(),
            "broken": None if broken is None else {"transaction": broken.tx, "reasons": broken.reasons},
        }
    )
