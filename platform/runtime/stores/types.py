"""Column types that behave alike on SQLite and PostgreSQL.

Python sees the same value on both; only the column differs:
identifiers are ``uuid`` or 16 bytes, instants ``timestamptz`` or microseconds,
decimals ``numeric`` or scaled integers, dates ``date`` or ISO text.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable
from decimal import Decimal
from typing import Any, ClassVar

from sqlalchemy import UUID, BigInteger, Boolean, Date, DateTime, LargeBinary, Numeric, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine

from amparo.metadata.fields.base import Storage

#: Digits of the largest number that a decimal column holds, on SQLite as a count of its last decimal.
MOST_DIGITS = 18
_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
_MICROSECOND = datetime.timedelta(microseconds=1)


def microseconds(instant: datetime.datetime) -> int:
    """Microseconds since 1970 in UTC."""
    return (instant - _EPOCH) // _MICROSECOND


def instant(micros: int) -> datetime.datetime:
    """The aware UTC instant of a count of microseconds since 1970."""
    return _EPOCH + datetime.timedelta(microseconds=micros)


#: Turns a Python value, never None, into what a driver wants.
Converter = Callable[[Any], Any]


class DriverType:
    """A type that says how its values reach SQLite's driver, and come from it; PostgreSQL's takes them as they are."""

    #: Whether PostgreSQL's driver may give something else too.
    differs_on_postgres: ClassVar[bool] = False

    def for_sqlite(self, value: Any) -> Any:
        raise NotImplementedError

    def from_driver(self, value: Any) -> Any:
        raise NotImplementedError

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        return value if value is None or dialect.name == "postgresql" else self.for_sqlite(value)

    def result_processor(self, dialect: Dialect, coltype: object) -> Converter | None:
        """In place of the decorator's, which calls three functions for each value, also where there is nothing to do.

        What it would do before ours is nothing: drivers give these columns as bytes, numbers and texts.
        """
        if dialect.name == "postgresql" and not self.differs_on_postgres:
            return None
        read = self.from_driver
        return lambda value: None if value is None else read(value)


def driver_converter(kind: TypeEngine[Any], dialect: Dialect) -> Converter | None:
    """What a value of the type must go through for a statement sent past SQLAlchemy; None where it may go as it is."""
    if dialect.name == "sqlite" and isinstance(kind, DriverType):
        return kind.for_sqlite
    return None


class Identifier(DriverType, TypeDecorator[uuid.UUID]):
    """A record's or member's identifier."""

    impl = LargeBinary
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(UUID(as_uuid=True))
        return dialect.type_descriptor(LargeBinary(16))

    def for_sqlite(self, value: Any) -> Any:
        return value.bytes

    def from_driver(self, value: Any) -> uuid.UUID:
        return uuid.UUID(bytes=value)


class Moment(DriverType, TypeDecorator[datetime.datetime]):
    """An aware UTC instant to the microsecond."""

    impl = BigInteger
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(DateTime(timezone=True))
        return dialect.type_descriptor(BigInteger())

    def for_sqlite(self, value: Any) -> Any:
        return microseconds(value)

    def from_driver(self, value: Any) -> datetime.datetime:
        return instant(value)


class Fixed(DriverType, TypeDecorator[Decimal]):
    """A decimal with a fixed number of decimals."""

    impl = BigInteger
    cache_ok = True

    def __init__(self, decimals: int) -> None:
        super().__init__()
        self.decimals = decimals

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(Numeric(MOST_DIGITS, self.decimals))
        return dialect.type_descriptor(BigInteger())

    def for_sqlite(self, value: Any) -> Any:
        return int(Decimal(value).scaleb(self.decimals))

    def from_driver(self, value: Any) -> Decimal:
        return Decimal(value).scaleb(-self.decimals)


class Day(DriverType, TypeDecorator[datetime.date]):
    """A calendar date; ISO text on SQLite, so that it sorts and cuts into months."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(Date() if dialect.name == "postgresql" else Text())

    def for_sqlite(self, value: Any) -> Any:
        return value.isoformat()

    def from_driver(self, value: Any) -> datetime.date:
        return datetime.date.fromisoformat(value)


class CodePointText(TypeDecorator[str]):
    """Text compared by code point on both databases."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(Text(collation="C") if dialect.name == "postgresql" else Text())


def column_type(storage: Storage, decimals: int = 0) -> TypeEngine[Any]:
    """The column type of a storage kind; ``decimals`` counts for DECIMAL only."""
    if storage is Storage.DECIMAL:
        return Fixed(decimals)
    return _BY_STORAGE[storage]()


_BY_STORAGE: dict[Storage, type[TypeEngine[Any]]] = {
    Storage.TEXT: CodePointText,
    Storage.CODES: CodePointText,
    Storage.FILE: CodePointText,
    Storage.INTEGER: BigInteger,
    Storage.BOOLEAN: Boolean,
    Storage.DATE: Day,
    Storage.INSTANT: Moment,
    Storage.REFERENCE: Identifier,
    Storage.DAYS: CodePointText,
    Storage.STRUCTURED: CodePointText,
}
