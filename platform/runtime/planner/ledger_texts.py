"""Canonical texts of the ledger made into column values by the database itself."""

from __future__ import annotations

from sqlalchemy import BigInteger, Integer, and_, case, cast, func, or_, type_coerce

from amparo.metadata.fields.base import Storage
from amparo.metadata.partial_dates import ESTIMATED
from amparo.runtime.planner.views import Expression
from amparo.runtime.stores.types import Day, column_type

_MICROSECONDS = 1_000_000
_YEAR, _MONTH, _DAY = len("2026"), len("2026-05"), len("2026-05-03")
_SHORT_MONTHS = ("04", "06", "09", "11")


def column_of_text(text: Expression, storage: Storage, decimals: int, on_postgres: bool) -> Expression:
    """What the projection's column holds for a canonical text; NULL for NULL."""
    if storage is Storage.TEXT or storage.is_kept_as_text:
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


def days_of_text(text: Expression, on_postgres: bool) -> tuple[Expression, Expression]:
    """The first and the last day of a partly known date (``metadata.partial_dates``); NULL for NULL."""
    plain = func.rtrim(text, ESTIMATED)
    length = func.length(plain)
    first = case(
        (length > _DAY, func.substr(plain, 1, _DAY)), else_=plain.concat(func.substr("0001-01-01", length + 1))
    )
    last = case(
        (length > _DAY, func.substr(plain, _DAY + 2, _DAY)),
        (length == _YEAR, plain.concat("-12-31")),
        (length == _MONTH, plain.concat("-").concat(_last_of_month(plain))),
        else_=plain,
    )
    if on_postgres:
        return cast(first, Day()), cast(last, Day())
    return type_coerce(first, Day()), type_coerce(last, Day())


def _last_of_month(month: Expression) -> Expression:
    """Of ``YYYY-MM``, as two digits. SQLite's own arithmetic of dates ends before the year 10000 begins."""
    year = cast(func.substr(month, 1, _YEAR), Integer)
    is_leap = or_(and_(year % 4 == 0, year % 100 != 0), year % 400 == 0)
    number = func.substr(month, _YEAR + 2, 2)
    return case(
        (number.in_(_SHORT_MONTHS), "30"), (and_(number == "02", is_leap), "29"), (number == "02", "28"), else_="31"
    )
