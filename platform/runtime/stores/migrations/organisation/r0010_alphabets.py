"""Sort keys follow the alphabet of the organisation's default language, where that has one of its own."""

from __future__ import annotations

import json

from alembic.operations import Operations
from sqlalchemy import text

from amparo.metadata.building import application_from
from amparo.runtime.collation.alphabets import COMMON, alphabet_of
from amparo.runtime.stores.migrations.organisation.r0009_sort_keys import make_keys_anew

revision = "0010"
down_revision = "0009"


def upgrade(operations: Operations, schema: str | None) -> None:
    prefix = f"{schema}." if schema else ""
    # A schema is named by the program alone.
    in_force = text(f"SELECT document FROM {prefix}release WHERE number = (SELECT release FROM {prefix}head)")  # noqa: S608
    document = operations.get_bind().scalar(in_force)
    if document is None:
        return
    alphabet = alphabet_of(application_from(json.loads(document)).default_language)
    if alphabet is not COMMON:
        make_keys_anew(operations, schema, alphabet)
