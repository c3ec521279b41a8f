"""Formulas over columns as the projection keeps them."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Column, Connection, MetaData, Table, insert, select

from amparo.metadata.fields.base import Storage
from amparo.metadata.fields.multi_select import join_codes
from amparo.metadata.formulas.checking import check_formula
from amparo.metadata.formulas.evaluation import compile_formula
from amparo.metadata.formulas.failures import FormulaError
from amparo.metadata.formulas.scope import Scope
from amparo.metadata.formulas.shapes import FieldShape, ObjectShape, Shapes
from amparo.metadata.formulas.tree import Node
from amparo.metadata.formulas.value_types import Blanks, ValueType
from amparo.metadata.formulas.values_json import value_to_json
from amparo.metadata.geolocations import Geolocation
from amparo.metadata.partial_dates import PartialDate
from amparo.runtime.formulas.clock import Clock
from amparo.runtime.formulas.compiling import Computable, SqlCompiler
from amparo.runtime.formulas.fields import Stored
from amparo.runtime.stores.types import CodePointText, Day, column_type

NOW = dt.datetime(2026, 3, 31, 18, 30, tzinfo=dt.UTC)
ZONE = ZoneInfo("Asia/Phnom_Penh")
FIELDS: Mapping[str, tuple[ValueType, Storage]] = {
    "age": (ValueType.NUMBER, Storage.INTEGER),
    "costs": (ValueType.CURRENCY, Storage.DECIMAL),
    "share": (ValueType.PERCENT, Storage.DECIMAL),
    "summary": (ValueType.TEXT, Storage.TEXT),
    "is_urgent": (ValueType.BOOLEAN, Storage.BOOLEAN),
    "opened_on": (ValueType.DATE, Storage.DATE),
    "updated_at": (ValueType.DATE_TIME, Storage.INSTANT),
    "begins_at": (ValueType.TIME, Storage.TEXT),
    "status": (ValueType.PICKLIST, Storage.TEXT),
    "needs": (ValueType.MULTI_SELECT, Storage.CODES),
    "owner": (ValueType.LOOKUP, Storage.REFERENCE),
    "birth_date": (ValueType.PARTIAL_DATE, Storage.DAYS),
    "place": (ValueType.GEOLOCATION, Storage.STRUCTURED),
}
SHAPES = Shapes({"case": ObjectShape("Case", {name: FieldShape(type_) for name, (type_, _) in FIELDS.items()})})
TABLE = Table(
    "formula_cases",
    MetaData(),
    *(Column(name, column_type(storage, 2)) for name, (_, storage) in FIELDS.items()),
    Column("birth_date_f", Day),
    Column("birth_date_l", Day),
    Column("birth_date_m", CodePointText),
    prefixes=["TEMPORARY"],
)
RECORDS: tuple[Mapping[str, Any], ...] = (
    {
        "age": 17, "costs": Decimal("1250.50"), "share": Decimal("12.50"), "summary": "Đa 🏠", "is_urgent": True,
        "opened_on": dt.date(2024, 2, 29), "updated_at": dt.datetime(2026, 3, 31, 17, 30, 0, 5, tzinfo=dt.UTC),
        "begins_at": "17:30", "status": "open", "needs": ("legal", "shelter"),
        "owner": uuid.UUID("0192f0c1-2222-7abc-8def-0123456789ab"), "birth_date": PartialDate.parse("2009-07"),
        "place": Geolocation.parse("11.556400,-104.928200"),
    },
    {"age": 9_223_372_036_854_775_807, "begins_at": "08:15:30", "costs": Decimal("-0.01"), "is_urgent": False},
    {},
)  # fmt: skip
FORMULAS = (
    "age >= 18", "age + 1", "-age", "age * age", "age = 17.0", "costs > 1250", "costs = 1250.5", "costs + age",
    "costs * 2 - 1", "costs / 3", "ABS(costs)", "share", "share * 100", "share > 0.12", "TEXT(costs)", "TEXT(age)",
    "MAX(age, costs)", "ROUND(costs, 1)", "IF(is_urgent, age, 0) > 3", "LEN(summary)", "UPPER(summary)",
    "REVERSE(summary)", "summary = 'Đa 🏠'", "NOT(is_urgent)", "opened_on + 1", "YEAR(opened_on)",
    "ADDMONTHS(opened_on, 12)", "TODAY() - opened_on", "DATEVALUE(updated_at)", "TEXT(updated_at)", "updated_at + 0.5",
    "NOW() - updated_at", "begins_at", "begins_at > TIMEVALUE('12:00:00.000')", "HOUR(begins_at)", "TEXT(begins_at)",
    'ISPICKVAL(status, "open")', 'CASE(status, "open", 1, 2)', 'INCLUDES(needs, "legal")', "PICKLISTCOUNT(needs)",
    "owner = '0192f0c1-2222-7abc-8def-0123456789ab'", "CASESAFEID(owner)", "AGE(birth_date, TODAY())",
    "birth_date < opened_on", "birth_date", "TEXT(birth_date)", "ISBLANK(birth_date)",
    'DISTANCE(place, GEOLOCATION(11.5564, -104.9282), "km")', "BLANKVALUE(age, 0) / 0", "ISBLANK(place)",
)  # fmt: skip


def tree_of(formula: str) -> Node:
    checked = check_formula(formula, SHAPES, "case")
    assert checked.tree is not None, checked.problems
    return checked.tree


def stored(name: str) -> Stored:
    type_, storage = FIELDS[name]
    column = TABLE.c[name]
    if storage is Storage.DAYS:
        return Stored(type_, storage, column, first=TABLE.c.birth_date_f, last=TABLE.c.birth_date_l)
    return Stored(type_, storage, column, decimals=2)


def in_sql(formula: str, connection: Connection) -> Computable:
    fields = {name: stored(name) for name in FIELDS}
    missing = {"birth_date": TABLE.c.birth_date_m}
    compiler = SqlCompiler.of(fields, Clock(NOW, ZONE), connection.dialect.name, Blanks.AS_BLANK, missing)
    return compiler.finished(compiler.part(tree_of(formula)))


def row_of(answers: Mapping[str, Any]) -> dict[str, Any]:
    born = answers.get("birth_date")
    days = {} if born is None else {"birth_date": str(born), "birth_date_f": born.first, "birth_date_l": born.last}
    needs = {"needs": join_codes(answers["needs"])} if "needs" in answers else {}
    place = {"place": str(answers["place"])} if "place" in answers else {}
    return {**dict.fromkeys(column.name for column in TABLE.columns), **answers, **days, **needs, **place}


@pytest.fixture
def filled(connection: Connection) -> Connection:
    TABLE.create(connection)
    connection.execute(insert(TABLE), [row_of(answers) for answers in RECORDS])
    return connection


def expected_of(formula: str) -> list[tuple[Any, bool]]:
    compute = compile_formula(tree_of(formula))
    results: list[tuple[Any, bool]] = []
    for answers in RECORDS:
        try:
            results.append((value_to_json(compute(Scope(answers, NOW, ZONE))), False))
        except FormulaError:
            results.append((None, True))
    return results


@pytest.mark.every_database
@pytest.mark.parametrize("formula", FORMULAS)
def test_a_formula_over_columns_gives_what_it_gives_of_a_record(formula: str, filled: Connection) -> None:
    computed = in_sql(formula, filled)
    rows = filled.execute(select(computed.value, computed.is_error).select_from(TABLE))
    found = [(value_to_json(value), bool(is_error)) for value, is_error in rows]
    assert sorted(found, key=str) == sorted(expected_of(formula), key=str)


@pytest.mark.every_database
def test_a_condition_filters_rows_and_one_that_cannot_be_computed_holds_of_none(filled: Connection) -> None:
    for formula, count in (("age < 18", 1), ("NOT(age < 18)", 1), ("1 / (age - 17) > 0", 1), ("age > 0 || TRUE", 3)):
        rows = filled.execute(select(TABLE.c.age).where(in_sql(formula, filled).holds)).all()
        assert len(rows) == count, formula


@pytest.mark.every_database
def test_values_group_and_sort_rows(filled: Connection) -> None:
    band = in_sql('IF(costs > 0, "paid", "free")', filled).value
    groups = filled.execute(select(band, TABLE.c.is_urgent).group_by(band, TABLE.c.is_urgent).order_by(band)).all()
    assert [row[0] for row in groups] == ["free", "free", "paid"]


@pytest.mark.every_database
def test_rows_are_sorted_as_values_are(filled: Connection) -> None:
    filled.execute(insert(TABLE), [row_of({"costs": Decimal(each)}) for each in ("9.99", "-100", "20", "100.5")])
    for formula in ("costs", "costs * 1.5 / 7", "costs / (costs - 20)"):
        computed = in_sql(formula, filled)
        statement = select(computed.value).where(computed.value.is_not(None)).order_by(computed.order)
        found = filled.scalars(statement.select_from(TABLE)).all()
        assert len(found) >= 5
        assert found == sorted(found)


@pytest.mark.every_database
def test_texts_are_sorted_by_code_points(filled: Connection) -> None:
    filled.execute(insert(TABLE), [row_of({"summary": each}) for each in ("b", "a", "B", "é", "z", "Z")])
    computed = in_sql('summary & ""', filled)
    statement = select(computed.value).where(computed.value.is_not(None)).order_by(computed.order)
    found = filled.scalars(statement.select_from(TABLE)).all()
    assert found == sorted(found)


@pytest.mark.every_database
def test_the_reason_for_a_missing_value_is_read_from_its_column(filled: Connection) -> None:
    filled.execute(TABLE.update().values(birth_date=None, birth_date_m="refused"))
    found = filled.scalars(select(in_sql('MISSINGREASON(birth_date) = "refused"', filled).value)).all()
    assert found == [True] * 3


def test_a_plain_condition_is_a_plain_expression(connection: Connection) -> None:
    text = str(in_sql('AND(age >= 18, OR(ISPICKVAL(status, "open"), is_urgent))', connection).value.compile(connection))
    assert "SELECT" not in text
    assert "amparo_" not in text


def test_short_texts_are_joined_without_counting(connection: Connection) -> None:
    assert "length" not in str(in_sql('CASESAFEID(owner) & " " & owner', connection).value.compile(connection))


def test_a_formula_of_formulas_grows_no_faster_than_its_text(connection: Connection) -> None:
    def size(depth: int) -> int:
        formula = "age"
        for _ in range(depth):
            formula = f"ROUND(({formula}) / 3, 2)"
        return len(str(in_sql(formula, connection).value.compile(connection)))

    assert size(24) < 3 * size(12)
