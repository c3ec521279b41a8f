"""Column types of what formulas yield."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, Boolean, Numeric, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine

from amparo.metadata.formulas.value_types import ValueType
from amparo.runtime.stores.types import CodePointText, Day, DriverType, Moment

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


class DecimalNumber(DriverType, TypeDecorator[Decimal]):
    """A decimal of any size: ``numeric``, or its text on SQLite, where whole numbers may also be integers."""

    impl = Numeric
    cache_ok = True
    # A whole number of a formula is an integer there.
    differs_on_postgres = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(Numeric() if dialect.name == "postgresql" else Text())

    def for_sqlite(self, value: Any) -> Any:
        return f"{Decimal(value):f}"

    def from_driver(self, value: Any) -> Decimal:
        return Decimal(value)


class TimeOfDay(TypeDecorator[dt.time]):
    """A time as microseconds since midnight."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> int | None:
        return None if value is None else microseconds_of(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> dt.time | None:
        return None if value is None else (_EPOCH + dt.timedelta(microseconds=value)).time()


def microseconds_of(time: dt.time) -> int:
    """Since midnight."""
    return ((time.hour * 60 + time.minute) * 60 + time.second) * 1_000_000 + time.microsecond


_TEXT, _NUMBER = CodePointText(), DecimalNumber()

#: The columns of a value. A multi-select's is the text that keeps its codes; blank is a text that there is not.
KINDS: Mapping[ValueType, tuple[TypeEngine[Any], ...]] = {
    ValueType.TEXT: (_TEXT,),
    ValueType.PICKLIST: (_TEXT,),
    ValueType.LOOKUP: (_TEXT,),
    ValueType.MULTI_SELECT: (_TEXT,),
    ValueType.BLANK: (_TEXT,),
    ValueType.NUMBER: (_NUMBER,),
    ValueType.PERCENT: (_NUMBER,),
    ValueType.CURRENCY: (_NUMBER,),
    ValueType.BOOLEAN: (Boolean(),),
    ValueType.DATE: (Day(),),
    ValueType.PARTIAL_DATE: (_TEXT, Day(), Day()),
    ValueType.DATE_TIME: (Moment(),),
    ValueType.TIME: (TimeOfDay(),),
    ValueType.GEOLOCATION: (_NUMBER, _NUMBER),
}
