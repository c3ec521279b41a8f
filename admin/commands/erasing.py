"""``amparo erase``."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

import click

from amparo.admin.installation import organisation_store
from amparo.metadata.model import FilterRow
from amparo.runtime.access import operator_actor
from amparo.runtime.errors import NotFound, NotPossible
from amparo.runtime.planner.lists import list_page
from amparo.runtime.planner.queries import ListQuery
from amparo.runtime.planner.records import read_record
from amparo.runtime.records import service
from amparo.runtime.records.service import Loss
from amparo.runtime.serializer import Record
from amparo.runtime.stores.organisation import OrganisationStore


@click.command("erase")
@click.argument("org")
@click.argument("object_name", metavar="OBJECT")
@click.argument("record")
@click.option("--reason", required=True, help="Why. It is kept for good, so do not name the person in it.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def erase_record(org: str, object_name: str, record: str, reason: str, yes: bool) -> None:
    """Erase RECORD of OBJECT of organisation ORG for good, with everything that belongs to it.

    RECORD is its number, or the identifier in the address of its page; a deleted one can be erased too.
    What stays is that something was erased, when, and the reason. Backups made
    earlier still hold it.

    \b
    Example:
      amparo erase riverside person P-4KX7Q2M --reason "Asked for it in writing on 3 May"
    """
    actor = operator_actor()
    with organisation_store(org) as store:
        found = _find(store, object_name, record)
        called = found.number or str(found.id)
        foreseen = service.foresee_erasure(store, actor, object_name, found.id)
        click.echo(f"Will be gone for good: {called}. Records: {_told(foreseen.losses)}.")
        if foreseen.pointing:
            click.echo(
                f"Point to it and stay: {_told(foreseen.pointing)}. Erase them too if they are about the same person."
            )
        if not yes and click.prompt("Nobody can bring it back. Type its number to go on") != called:
            raise NotPossible("That is not its number. Nothing was erased.")
        erased = service.erase(store, actor, object_name, found.id, reason)
    click.echo(f"Erased {called} in transaction {erased.tx}. Records: {_told(foreseen.losses)}.")


def _told(losses: Sequence[Loss]) -> str:
    return ", ".join(f"{loss.records} {loss.object}" for loss in losses)


def _find(store: OrganisationStore, object_name: str, text: str) -> Record:
    """By identifier or by number, deleted or not. Raises :class:`NotFound`."""
    try:
        return read_record(store, operator_actor(), object_name, uuid.UUID(text), deleted=True)
    except ValueError:
        return _find_by_number(store, object_name, text)


def _find_by_number(store: OrganisationStore, object_name: str, number: str) -> Record:
    definition = store.newest_release().object(object_name).definition
    names = [name for name in (definition.number_field, definition.name_field) if name is not None]
    generated = [name for name in names if definition.by_name[name].type == "auto_number"]
    for name in generated:
        asked = (FilterRow(name, "equals", number),)
        for is_deleted in (False, True):
            query = ListQuery(object_name, (name,), asked, limit=1, deleted=is_deleted)
            for found in list_page(store, operator_actor(), query).records:
                return found
    raise NotFound(f"There is no {object_name} {number!r}. Give its number, or the identifier in its page's address.")
