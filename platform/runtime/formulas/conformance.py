"""Formulas put to a database, one record after the other, each the row of a subquery."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Protocol

from sqlalchemy import Connection, Subquery, bindparam, cast, literal, select
from sqlalchemy.exc import SQLAlchemyError

from amparo.metadata.fields.multi_select import join_codes
from amparo.metadata.formulas.conformance import Engine, Evaluate, Unsupported
from amparo.metadata.formulas.failures import FormulaError
from amparo.metadata.formulas.sayable import reason_not_sayable
from amparo.metadata.formulas.tree import Node, Reference, nodes
from amparo.metadata.formulas.value_types import NUMBERS, Blanks, ValueType
from amparo.metadata.missing import Missing
from amparo.metadata.wording import N_
from amparo.runtime.formulas.clock import Clock
from amparo.runtime.formulas.compiling import SqlCompiler
from amparo.runtime.formulas.kinds import KINDS
from amparo.runtime.formulas.parts import Digits, Part

#: What the numbers of a record are within.
_DIGITS = Digits(60, 60)


def sql_engine(connection: Connection, now: dt.datetime) -> Engine:
    """Computes formulas in the database of a connection that :mod:`amparo.runtime.stores.engines` made.

    Its clock and its days are in UTC. A formula that SQL cannot say is
    :class:`~amparo.metadata.formulas.conformance.Unsupported`; a statement that fails, which none should, is a
    :class:`ValueError`.
    """

    def prepare(formulas: Sequence[tuple[str, Node]], blanks: Blanks) -> Evaluate:
        for _, tree in formulas:
            reason = reason_not_sayable(tree)
            if reason is not None:
                raise Unsupported(reason)
        evaluate = prepared(connection, formulas, Clock(now), blanks)

        def run(values: Mapping[str, Any]) -> Any:
            try:
                return evaluate(values)
            except SQLAlchemyError as error:
                raise ValueError(str(error)) from error

        return run

    return prepare


class Evaluator(Protocol):
    def __call__(self, values: Mapping[str, Any], missing: Mapping[str, Missing] = ...) -> Any:
        """The value. Raises :class:`~amparo.metadata.formulas.failures.FormulaError`."""


def prepared(connection: Connection, formulas: Sequence[tuple[str, Node]], clock: Clock, blanks: Blanks) -> Evaluator:
    """The last of formulas, each after those it reads, as a function of a record's values, and reasons without one."""
    read = _fields_read(formulas)
    record = _record(read)
    fields = {key: _field(record, place, type_) for place, (key, type_) in enumerate(read.items())}
    reasons = {key: record.c[f"f{place}_m"] for place, key in enumerate(read)}
    compiler = SqlCompiler.of(fields, clock, connection.dialect.name, blanks, reasons)
    for name, tree in formulas:
        fields[name] = compiler.shared(compiler.part(tree))
    asked = compiler.finished(fields[formulas[-1][0]])
    statement = select(asked.value, asked.is_error).select_from(record)

    def evaluate(values: Mapping[str, Any], missing: Mapping[str, Missing] = MappingProxyType({})) -> Any:
        value, is_error = connection.execute(statement, _row(read, values, missing)).one()
        if is_error:
            raise FormulaError("cannot_compute", N_("This cannot be computed with the values it has."))
        return value

    return evaluate


def _fields_read(formulas: Sequence[tuple[str, Node]]) -> Mapping[str, ValueType]:
    computed = {name for name, _ in formulas}
    return {
        node.key: node.type or ValueType.BLANK
        for _, tree in formulas
        for node, _ in nodes(tree)
        if isinstance(node, Reference) and node.key not in computed
    }


def _record(read: Mapping[str, ValueType]) -> Subquery:
    """A row of given values, which OFFSET keeps a row: neither database takes its columns for constants."""
    kinds = {
        f"f{place}_{part}": kind
        for place, type_ in enumerate(read.values())
        for part, kind in [*enumerate(KINDS[type_]), ("m", KINDS[ValueType.TEXT][0])]
    }
    columns = [cast(bindparam(name, type_=kind), kind).label(name) for name, kind in kinds.items()]
    return select(literal("1").label("id"), *columns).offset(0).subquery("record")


def _field(record: Subquery, place: int, type_: ValueType) -> Part:
    columns = [record.c[f"f{place}_{part}"] for part in range(len(KINDS[type_]))]
    return Part(type_, tuple(columns), digits=_DIGITS if type_ in NUMBERS else None)


def _row(read: Mapping[str, ValueType], values: Mapping[str, Any], missing: Mapping[str, Missing]) -> Mapping[str, Any]:
    row: dict[str, Any] = {}
    for place, (key, type_) in enumerate(read.items()):
        row[f"f{place}_m"] = None if key not in missing else str(missing[key])
        for part, value in enumerate(_kept(values.get(key), type_)):
            row[f"f{place}_{part}"] = value
    return row


def _kept(value: Any, type_: ValueType) -> Sequence[Any]:
    """What the columns of a value hold."""
    if value in (None, "", ()):
        return (None,) * len(KINDS[type_])
    if type_ is ValueType.PARTIAL_DATE:
        return str(value), value.first, value.last
    if type_ is ValueType.GEOLOCATION:
        return value.latitude, value.longitude
    if type_ is ValueType.MULTI_SELECT:
        return (join_codes(value),)
    if type_ is ValueType.TIME and isinstance(value, str):
        return (dt.time.fromisoformat(value),)
    return (str(value) if type_ is ValueType.LOOKUP else value,)
