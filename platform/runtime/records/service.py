"""The record service: what pages, commands, imports and jobs call to change records."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from typing import Any

from amparo.runtime.access import Actor
from amparo.runtime.records.changes import Change, Saved
from amparo.runtime.records.deleting import Deleted, delete, undelete
from amparo.runtime.records.erasing import Erased, Foreseen, Loss, erase, foresee_erasure
from amparo.runtime.records.saving import save, save_together
from amparo.runtime.stores.organisation import OrganisationStore

__all__ = [
    "Deleted",
    "Erased",
    "Foreseen",
    "Loss",
    "Saved",
    "create",
    "delete",
    "erase",
    "foresee_erasure",
    "save",
    "save_together",
    "undelete",
    "update",
]


def create(
    store: OrganisationStore,
    actor: Actor,
    object_name: str,
    values: Mapping[str, Any],
    *,
    record: uuid.UUID | None = None,
    request_key: str | None = None,
    acknowledged: Collection[str] = (),
) -> Saved:
    """Creates one record; its identifier may be made by the caller. Raises :class:`InvalidAnswers` and kin.

    ``acknowledged`` names the validation rules whose warning was read and is passed over.
    """
    change = Change(values, record, acknowledged=frozenset(acknowledged))
    return save(store, actor, object_name, [change], request_key=request_key).saved[0]


def update(
    store: OrganisationStore,
    actor: Actor,
    object_name: str,
    record: uuid.UUID,
    version: int,
    values: Mapping[str, Any],
    *,
    request_key: str | None = None,
    merge: bool = False,
    acknowledged: Collection[str] = (),
) -> Saved:
    """Changes the named fields of one record that was read at ``version``.

    When somebody saved a newer version meanwhile: raises :class:`Conflict`
    with base, theirs and mine per field; with ``merge`` only where both
    changed the same field, and otherwise keeps both.
    """
    changes = [Change(values, record, version, acknowledged=frozenset(acknowledged))]
    return save(store, actor, object_name, changes, request_key=request_key, merge=merge).saved[0]
