"""``amparo projection``."""

from __future__ import annotations

from dataclasses import asdict

import click

from amparo.admin.installation import organisation_store
from amparo.admin.printing import format_option, print_json
from amparo.admin.refusals import ProblemsFound
from amparo.runtime.access import operator_actor
from amparo.runtime.projections.comparing import ProjectionCheck, check_projections
from amparo.runtime.projections.repairing import repair_projections


@click.group("projection")
def projection_commands() -> None:
    """Check that lists and reports show what the ledger says."""


@projection_commands.command("check")
@click.argument("org")
@click.option("--repair", is_flag=True, help="Put right what differs.")
@format_option("table", "json")
def check_projection(org: str, repair: bool, form: str) -> None:
    """Make every row of organisation ORG again from its ledger and compare. People may work meanwhile.

    \b
    Example:
      amparo projection check riverside
      amparo projection check riverside --repair
    """
    with organisation_store(org) as store:
        found = check_projections(store)
        repaired = repair_projections(store, operator_actor()) if repair and found.differences else None
    if form == "json":
        print_json(
            {"records": found.records, "differences": found.differences, "repaired": repaired}
            | {"named": [asdict(each) for each in found.named]}
        )
    else:
        _print_sentences(found, repaired)
    if found.differences and repaired is None:
        raise ProblemsFound


def _print_sentences(found: ProjectionCheck, repaired: int | None) -> None:
    if not found.differences:
        click.echo(f"Right. Records: {found.records}.")
        return
    for difference in found.named:
        click.echo(str(difference))
    if found.differences > len(found.named):
        click.echo(f"… and more. Differences: {found.differences}.")
    if repaired is not None:
        click.echo(f"Put right. Records: {repaired}.")
    else:
        click.echo("Put right with --repair.")
