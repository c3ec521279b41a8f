"""The clinic with files, and what tests do with them."""

from __future__ import annotations

import io
import os
import uuid
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from amparo.metadata.file_references import FileReference
from amparo.metadata.model import FieldDefinition
from amparo.runtime.access import Actor, Role
from amparo.runtime.files.staging import Place, stage
from amparo.runtime.planner.files import find_file
from amparo.runtime.stores.organisation import OrganisationStore
from factories import files
from factories.clinic import clinic_document, with_field

FIELDS: tuple[dict[str, Any], ...] = (
    {"id": "person.paper", "name": "paper", "type": "file", "label": "Paper", "missing_reasons": ["refused"]},
    {"id": "person.photo", "name": "photo", "type": "image", "label": "Photo"},
    {"id": "person.signature", "name": "signature", "type": "signature", "label": "Signature"},
    {"id": "person.secret", "name": "secret", "type": "file", "label": "Secret", "sensitive": True},
)


def archive_document() -> dict[str, Any]:
    document = clinic_document()
    for each in FIELDS:
        document = with_field(document, "person", each)
    return document


def member(store: OrganisationStore, role: Role = Role.CASEWORKER) -> Actor:
    identifier = uuid.uuid4()
    row = {"id": identifier, "login": identifier.hex, "name": "Dara", "role": role.value, "active": True}
    with store.engine.begin() as connection:
        connection.execute(insert(store.tables.member), row)
    return Actor(identifier, "Dara", role, "page")


def definition_of(store: OrganisationStore, name: str) -> FieldDefinition:
    return store.newest_release().object("person").definition.by_name[name]


def send(
    store: OrganisationStore,
    actor: Actor,
    content: bytes = files.PDF,
    name: str = "letter.pdf",
    field: str = "paper",
    record: uuid.UUID | None = None,
) -> FileReference:
    definition = definition_of(store, field)
    return stage(store, actor, definition, Place(definition.id, record), name, io.BytesIO(content))


def read(store: OrganisationStore, actor: Actor, record: uuid.UUID, field: str, file: uuid.UUID) -> bytes:
    return b"".join(find_file(store, actor, "person", record, field, file).read())


def everything_on_disk(store: OrganisationStore) -> bytes:
    return b"".join(path.read_bytes() for path in files.files_below(store.files.folder))


def age(folder: Path) -> None:
    """As if two days had gone by."""
    for path in files.files_below(folder):
        os.utime(path, (path.stat().st_mtime - 2 * 86_400,) * 2)
