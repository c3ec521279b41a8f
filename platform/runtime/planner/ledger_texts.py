"""Canonical texts of the ledger made into column values by the database itself."""

from __future__ import annotations

from sqlalchemy import BigInteger, cast, func, type_coerce

from amparo.metadata.fields.base import Storage
from amparo.runtime.planner.views import Expression
from amparo.runtime.stores.types import column_type

_MICROSECONDS = 1_000_000


def column_of_text(text: Expression, storage: Storage, decimals: int, on_postgres: bool) -> Expression:
    """What the projection's column holds for a canonical text; NULL for NULL."""
    if storage in (Storage.TEXT, Storage.CODES):
        return text
    kind = column_type(storage, decimals)
    if on_postgres:
        return cast(text, kind)
    return type_coerce(_on_sqlite(text, storage), kind)


def _on_sqlite(text: Expression, storage: Storage) -> Expression:
    if storage is Storage.INTEGER:
        return cast(text, BigInteger)
    if storage is Storage.DECIMAL:
        # The text has as many decimals as the column is scaled by, so its digits are the scaled number.
        return cast(func.replace(text, ".", ""), BigInteger)
    if storage is Storage.BOOLEAN:
        return text == "true"
    if storage is Storage.INSTANT:
        # YYYY-MM-DDTHH:MM:SS.ffffffZ
        seconds = cast(func.strftime("%s", func.substr(text, 1, 19)), BigInteger)
        return seconds * _MICROSECONDS + cast(func.substr(text, 21, 6), BigInteger)
    if storage is Storage.REFERENCE:
        return func.amparo_identifier(text)
    return text
