"""What an import by command is called, so that one that was interrupted can be gone on with."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

import click

from amparo.runtime.errors import NotPossible
from amparo.runtime.identifiers import new_identifier
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.transfer.import_identity import was_begun, was_undone


@dataclass(frozen=True, slots=True)
class BegunImport:
    """An import by its identifier; each sheet after the first has one that follows from it."""

    identity: uuid.UUID
    is_again: bool
    sheets: int = 1

    @property
    def of_sheets(self) -> list[BegunImport]:
        identities = (uuid.UUID(int=self.identity.int ^ place) for place in range(self.sheets))
        return [BegunImport(identity, self.is_again) for identity in identities]


def begun_import(store: OrganisationStore, resume: uuid.UUID | None, sheets: int = 1) -> BegunImport:
    """A new import is told beforehand: whoever kills it could not be told afterwards. Raises :class:`NotPossible`."""
    if resume is None:
        begun = BegunImport(new_identifier(), is_again=False, sheets=sheets)
        again = f"If it is interrupted, give the same command with --resume {begun.identity}"
        click.echo(f"This is import {begun.identity}. {again}", err=True)
        return begun
    begun = BegunImport(resume, is_again=True, sheets=sheets)
    if any(was_undone(store, each.identity) for each in begun.of_sheets):
        raise NotPossible(f"Import {resume} was undone. Begin it anew without --resume.")
    if not any(was_begun(store, each.identity) for each in begun.of_sheets):
        raise NotPossible(f"No row of an import {resume} is saved in {store.slug}. Begin it without --resume.")
    return begun
