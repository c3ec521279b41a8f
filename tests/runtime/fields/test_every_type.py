"""One battery over every field type with a store: saved, listed, asked for, rewound, exported and imported again."""

from __future__ import annotations

import csv
import datetime as dt
import io

import pytest

from amparo.metadata.fields.registry import FIELD_TYPES, field_type
from amparo.metadata.filters import operators_for
from amparo.metadata.missing import Missing
from amparo.metadata.model import FilterRow, Grouping, Report, Sort
from amparo.runtime.access import operator_actor
from amparo.runtime.planner.queries import ListQuery
from amparo.runtime.planner.reports import run_report
from amparo.runtime.projections.comparing import check_projections
from amparo.runtime.serializer import display
from amparo.runtime.stores.organisations import Organisations
from amparo.runtime.transfer.export_columns import ExportForm
from amparo.runtime.transfer.exporting import export_csv
from amparo.runtime.transfer.importing import import_file
from runtime.fields.kept import KEPT
from runtime.fields.store import JULY, JUNE, NAMES, Things, make_things, names_now, store_for_things

pytestmark = pytest.mark.every_database

#: Types that need another object or a file, or take no answer; they have tests of their own.
ELSEWHERE = {"lookup", "master_detail", "auto_number", "file", "image", "signature"}
#: Before and after the answers moved from each record to the one before it.
WAYS = [JUNE, None]


@pytest.fixture(scope="module")
def things(organisations: Organisations) -> Things:
    return make_things(organisations, "things")


@pytest.fixture(scope="module")
def exported(things: Things) -> dict[ExportForm, bytes]:
    query = ListQuery("thing", ("name", *KEPT), sort=(Sort("name"),))
    actor = operator_actor()
    return {form: b"".join(export_csv(things.store, actor, query, form=form, language="en")) for form in ExportForm}


@pytest.fixture(scope="module")
def imported(organisations: Organisations, exported: dict[ExportForm, bytes]) -> Things:
    store = store_for_things(organisations, "things-again")
    outcome = import_file(store, operator_actor(), "thing", exported[ExportForm.CODES])
    assert [(problem.row, problem.problems) for problem in outcome.problems] == []
    return Things(store)


def names(numbers: set[int], as_of: dt.datetime | None) -> set[str]:
    return names_now(numbers) if as_of is None else {str(number) for number in numbers}


def shown(things: Things, name: str, as_of: dt.datetime | None) -> dict[str, str]:
    release = things.store.newest_release()
    field = release.object("thing").definition.by_name[name]
    return {
        record.name: display(record.answers[name], field, release, "en", record.labels, beside=record.answers)
        for record in things.page(as_of=as_of)
    }


def test_the_battery_knows_every_type() -> None:
    assert set(KEPT) == set(FIELD_TYPES) - ELSEWHERE


@pytest.mark.parametrize("as_of", WAYS)
@pytest.mark.parametrize("name", KEPT)
def test_answers_are_kept_and_read_by_people(things: Things, name: str, as_of: dt.datetime | None) -> None:
    words = dict(zip(("0", "1", "2"), KEPT[name].shown, strict=True))
    if as_of is None:
        words = {str((int(number) - 1) % 3): text for number, text in words.items()}
    assert shown(things, name, as_of) == {**words, "reason": "Unknown", "blank": ""}


@pytest.mark.parametrize("as_of", WAYS)
@pytest.mark.parametrize("name", [name for name in KEPT if field_type(name).sortable])
def test_records_are_sorted_with_blanks_last(things: Things, name: str, as_of: dt.datetime | None) -> None:
    sort = (Sort(name), Sort("created_at"))
    ordered = things.found(as_of=as_of, sort=sort)
    held = shown(things, name, as_of)
    assert [held[number] for number in ordered] == [*KEPT[name].shown, "Unknown", ""]
    backwards = things.found(as_of=as_of, sort=(Sort(name, descending=True),))
    assert [held[number] for number in backwards[:3]] == list(KEPT[name].shown[::-1])


@pytest.mark.parametrize("as_of", WAYS)
@pytest.mark.parametrize(("name", "question"), [(name, each) for name, kept in KEPT.items() for each in kept.asked])
def test_conditions_find_what_they_mean(
    things: Things, name: str, question: tuple[str, object, set[int]], as_of: dt.datetime | None
) -> None:
    operator, value, numbers = question
    found = set(things.found(FilterRow(name, operator, value), as_of=as_of))
    others = {"reason", "blank"} if operator.startswith("not_") or operator == "includes_none" else set()
    assert found == names(numbers, as_of) | others


@pytest.mark.parametrize("name", KEPT)
def test_blanks_and_reasons_are_told_apart(things: Things, name: str) -> None:
    assert things.found(FilterRow(name, "is_blank")) == ["blank"]
    assert things.found(FilterRow(name, "has_reason", ["unknown"])) == ["reason"]
    assert set(things.found(FilterRow(name, "is_not_blank"))) == set(NAMES) - {"blank"}


@pytest.mark.parametrize("as_of", WAYS)
@pytest.mark.parametrize(("name", "search"), [(name, each) for name, kept in KEPT.items() for each in kept.searched])
def test_the_search_box_finds_parts(
    things: Things, name: str, search: tuple[str, set[int]], as_of: dt.datetime | None
) -> None:
    term, numbers = search
    assert names(numbers, as_of) <= set(things.found(search=term, as_of=as_of)) <= {"0", "1", "2"}


@pytest.mark.parametrize("as_of", WAYS)
@pytest.mark.parametrize("name", [name for name in KEPT if field_type(name).groupable])
def test_a_report_groups_them_in_order(things: Things, name: str, as_of: dt.datetime | None) -> None:
    grouping = Grouping(name, "month" if name == "date_time" else None)
    report = Report("r", "r", "thing", "R", "", (), (grouping,), (), (), "all", ())
    result = run_report(things.store, operator_actor(), report, language="en", now=JULY, as_of=as_of)
    labels = [group.label for group in result.axes[0].groups if group.kind == "value"]
    if name == "date_time":
        assert (labels[0], labels[-1]) == ("Dec 1999", "Mar 2026")
    else:
        assert labels == list(KEPT[name].grouped or dict.fromkeys(KEPT[name].shown))


@pytest.mark.parametrize("name", [name for name in KEPT if field_type(name).can_be_sensitive])
def test_encrypted_answers_are_compared_exactly(things: Things, name: str) -> None:
    field = things.store.newest_release().object("thing").definition.by_name[f"{name}_secret"]
    assert set(things.found(FilterRow(field.name, "is_not_blank"))) == {"0", "1", "2"}
    if "equals" in {operator.name for operator in operators_for(field)}:
        same = {number for number in range(3) if KEPT[name].shown[number] == KEPT[name].shown[1]}
        assert set(things.found(FilterRow(field.name, "equals", KEPT[name].typed[1]))) == names_now(same)


@pytest.mark.parametrize("name", KEPT)
def test_a_file_for_people_has_their_words(exported: dict[ExportForm, bytes], name: str) -> None:
    rows = list(csv.DictReader(io.StringIO(exported[ExportForm.LABELS].decode("utf-8-sig"))))
    kept = KEPT[name]
    words = kept.labelled or kept.shown
    told = [row[f"The {name}"].removeprefix("'") for row in rows]
    assert told == [words[1], words[2], words[0], "", "#unknown"]


@pytest.mark.parametrize("name", KEPT)
def test_what_was_exported_by_code_is_imported_unchanged(things: Things, imported: Things, name: str) -> None:
    before = {record.name: record.answers[name] for record in things.page()}
    again = {record.name: record.answers[name] for record in imported.page()}
    assert again == before
    assert again["reason"] is Missing.UNKNOWN


def test_the_projection_is_what_the_ledger_says(things: Things) -> None:
    assert check_projections(things.store).differences == 0
