"""Lookups to a record of any of several objects, on every kind of database."""

from __future__ import annotations

import csv
import io
import uuid
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from amparo.metadata.model import FilterRow, Grouping, Report, Sort
from amparo.runtime.access import Actor, operator_actor
from amparo.runtime.backups.making import back_up
from amparo.runtime.backups.restoring import restore
from amparo.runtime.errors import DefinitionProblems, InvalidAnswers
from amparo.runtime.identifiers import new_identifier
from amparo.runtime.planner.finding import find
from amparo.runtime.planner.lists import list_page, stream
from amparo.runtime.planner.queries import ListQuery
from amparo.runtime.planner.records import read_record, record_history
from amparo.runtime.planner.reports import run_report
from amparo.runtime.projections.comparing import check_projections
from amparo.runtime.records import service
from amparo.runtime.records.deleting import delete_many
from amparo.runtime.records.erasing import Loss, erase, foresee_erasure
from amparo.runtime.releases.publishing import publish
from amparo.runtime.serializer import Name
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.organisations import Organisations
from amparo.runtime.transfer.export_columns import ExportForm
from amparo.runtime.transfer.export_packages import record_tables
from amparo.runtime.transfer.exporting import export_csv
from amparo.runtime.transfer.importing import import_file
from amparo.runtime.transfer.mapping_files import mapping_from
from amparo.runtime.transfer.undoing import undo_import
from factories.backups import PASSPHRASE
from factories.clinic import clinic_document
from factories.errands import Errands, errands_document
from factories.statements import questions

pytestmark = pytest.mark.every_database


def furnish(store: OrganisationStore) -> Errands:
    operator = operator_actor()
    publish(store, operator, errands_document())
    borey = service.create(store, operator, "person", {"name": "Borey", "code": "b"}).record
    visit = service.create(store, operator, "visit", {"title": "At home", "person": str(borey)}).record
    made = Errands(store, operator, borey, visit)
    made.create("errand", title="call", about=str(borey))
    made.create("errand", title="write", about=str(visit))
    made.create("errand", title="ask", about={"missing": "unknown"})
    made.create("errand", title="rest")
    return made


@pytest.fixture
def own(empty_store: OrganisationStore) -> Errands:
    """For a test that changes them or their definitions."""
    return furnish(empty_store)


@pytest.fixture(scope="module")
def shared_errands(organisations: Organisations) -> Errands:
    return furnish(organisations.create("errands", "Errands"))


@pytest.fixture
def errands(shared_errands: Errands) -> Iterator[Errands]:
    """For a test that changes none of them: what it adds is deleted after it, what points to others first."""
    names = ("errand", "note", "visit", "person")
    before = {name: versions(shared_errands, name) for name in names}
    yield shared_errands
    for name in names:
        after = versions(shared_errands, name)
        if added := {record: after[record] for record in after.keys() - before[name].keys()}:
            delete_many(shared_errands.store, shared_errands.actor, name, added)
        assert versions(shared_errands, name) == before[name]


def versions(errands: Errands, name: str) -> dict[uuid.UUID, int]:
    return {each.id: each.version for each in stream(errands.store, errands.actor, ListQuery(name, ()))}


def refusals(errands: Errands, about: uuid.UUID) -> list[tuple[str, str]]:
    with pytest.raises(InvalidAnswers) as refused:
        errands.create("errand", title=f"Refused {uuid.uuid4().hex}", about=str(about))
    return [(problem.path, problem.kind) for problem in refused.value.problems]


def test_a_record_of_any_of_the_objects_is_kept_and_named_with_what_it_is(errands: Errands) -> None:
    assert errands.shown() == {"call": "Person: Borey", "write": "Visit: At home", "ask": "Unknown", "rest": ""}
    record = read_record(errands.store, errands.actor, "errand", errands.page(search="write")[0].id)
    name = record.labels[errands.visit]
    assert isinstance(name, Name)
    assert (str(name), name.object) == ("At home", "visit")


def test_what_is_missing_deleted_or_of_another_object_is_refused(errands: Errands) -> None:
    unknown = [("about", "unknown_record")]
    assert refusals(errands, uuid.uuid4()) == unknown
    note = errands.create("note", title="A note", visit=str(errands.visit))
    assert refusals(errands, note) == unknown
    gone = errands.create("person", name="Gone", code="g")
    service.delete(errands.store, errands.actor, "person", gone)
    assert refusals(errands, gone) == unknown


def test_a_page_asks_as_often_however_many_lookups_it_holds(errands: Errands) -> None:
    with questions() as few:
        errands.page()
    for number in range(20):
        about = errands.create("person", name=f"P {number}") if number % 2 else errands.visit
        errands.create("errand", title=f"more {number}", about=str(about))
    with questions() as many:
        assert len(errands.page()) == 24
    assert len(many) == len(few)


def test_lists_are_filtered_searched_and_sorted_by_what_is_pointed_to(errands: Errands) -> None:
    assert errands.titles(FilterRow("about", "equals", str(errands.visit))) == ["write"]
    both = f"{errands.visit};{errands.borey}"
    assert set(errands.titles(FilterRow("about", "one_of", both))) == {"call", "write"}
    assert errands.titles(FilterRow("about", "has_reason", ["unknown"])) == ["ask"]
    assert errands.titles(FilterRow("about", "is_blank")) == ["rest"]
    assert errands.titles(search="home", search_names=("about",)) == ["write"]
    assert errands.titles(search="borey", search_names=("about",)) == ["call"]
    assert errands.titles(sort=(Sort("about"), Sort("title"))) == ["write", "call", "ask", "rest"]
    assert errands.titles(sort=(Sort("about", descending=True), Sort("title")))[:2] == ["call", "write"]


def test_pages_of_a_list_sorted_by_what_is_pointed_to_follow_each_other(errands: Errands) -> None:
    query = ListQuery("errand", ("about",), sort=(Sort("about"),), limit=1)
    found: list[str] = []
    while True:
        page = list_page(errands.store, errands.actor, query)
        found += [record.name for record in page.records]
        if page.next is None:
            break
        query = ListQuery("errand", ("about",), sort=(Sort("about"),), limit=1, after=page.next)
    assert found[:2] == ["write", "call"]
    assert set(found[2:]) == {"ask", "rest"}


def test_records_named_by_a_number_stand_among_those_named_by_a_text(own: Errands) -> None:
    document = deepcopy(errands_document())
    (errand,) = (each for each in document["objects"] if each["name"] == "errand")
    (about,) = (each for each in errand["fields"] if each["name"] == "about")
    about["objects"] = [*about["objects"], "stay"]
    (stays,) = (each for each in document["objects"] if each["name"] == "stay")
    # A number that no search looks into is kept as it is written alone.
    del stays["fields"][0]["searchable"]
    publish(own.store, own.actor, document)
    stay = own.create("stay", nights=1)
    own.create("errand", title="cook", about=str(stay))
    zola = own.create("person", name="Zola", code="z")
    own.create("errand", title="greet", about=str(zola))
    assert own.titles(sort=(Sort("about"), Sort("title"))) == ["write", "call", "cook", "greet", "ask", "rest"]


def test_a_report_groups_by_records_of_every_object(errands: Errands) -> None:
    errands.create("errand", title="call again", about=str(errands.borey))
    report = Report("r", "r", "errand", "R", "", (), (Grouping("about"),), (), (), "all", ())
    result = run_report(errands.store, errands.actor, report, language="en")
    labels = [group.label for group in result.axes[0].groups]
    assert labels == ["Person: Borey", "Visit: At home", "Unknown", "Blank"]


def test_the_history_names_what_was_pointed_to_before_and_after(own: Errands) -> None:
    (record,) = own.page(FilterRow("title", "equals", "call"))
    before = max(each.updated_at for each in own.page())
    service.update(own.store, own.actor, "errand", record.id, record.version, {"about": str(own.visit)})
    newest = record_history(own.store, own.actor, "errand", record.id)[0]
    (change,) = newest.changes
    assert (change.old, change.new) == (own.borey, own.visit)
    named = {newest.labels[own.borey], newest.labels[own.visit]}
    assert named == {"Borey", "At home"}
    assert own.shown()["call"] == "Visit: At home"
    assert own.shown(as_of=before)["call"] == "Person: Borey"
    assert own.titles(FilterRow("about", "equals", str(own.borey)), as_of=before) == ["call"]
    sorted_then = own.titles(sort=(Sort("about"), Sort("title")), as_of=before)
    assert sorted_then == ["write", "call", "ask", "rest"]
    assert check_projections(own.store).differences == 0


def test_what_refers_to_an_erased_record_is_told_before_and_stays(own: Errands) -> None:
    own.create("errand", title="thank", about=str(own.borey))
    foreseen = foresee_erasure(own.store, own.actor, "person", own.borey)
    assert foreseen.losses == (Loss("person", 1), Loss("visit", 1))
    assert foreseen.pointing == (Loss("errand", 3),)
    erase(own.store, own.actor, "person", own.borey, "asked for")
    assert own.shown() == {
        "call": "Erased record",
        "write": "Erased record",
        "thank": "Erased record",
        "ask": "Unknown",
        "rest": "",
    }


def test_a_deleted_record_is_still_named(own: Errands) -> None:
    service.delete(own.store, own.actor, "visit", own.visit)
    assert own.shown()["write"] == "Visit: At home"


def test_typing_finds_records_of_every_object(errands: Errands) -> None:
    errands.create("person", name="Home Sweet")

    def found(text: str) -> set[tuple[str, str]]:
        matches = find(errands.store, errands.actor, ["person", "visit"], text)
        return {(each.object, each.name) for each in matches}

    assert found("home") == {("person", "Home Sweet"), ("visit", "At home")}
    assert found("") == {("person", "Home Sweet"), ("visit", "At home"), ("person", "Borey")}


def exported(errands: Errands, form: ExportForm) -> bytes:
    query = ListQuery("errand", ("title", "about"), sort=(Sort("title"),))
    return b"".join(export_csv(errands.store, errands.actor, query, form=form, language="en"))


def test_a_file_for_people_says_what_each_record_is(errands: Errands) -> None:
    rows = list(csv.DictReader(io.StringIO(exported(errands, ExportForm.LABELS).decode("utf-8-sig"))))
    told = {row["Title"]: row["About"] for row in rows}
    assert told == {"ask": "#unknown", "call": "Person: Borey", "rest": "", "write": "Visit: At home"}


@pytest.mark.parametrize("form", [ExportForm.LABELS, ExportForm.CODES])
def test_what_was_exported_is_imported_again(own: Errands, form: ExportForm) -> None:
    before = {record.name: record.answers["about"] for record in own.page()}
    content = exported(own, form)
    for record in own.page():
        erase(own.store, own.actor, "errand", record.id, "to be imported again")
    outcome = import_file(own.store, own.actor, "errand", content)
    assert [(problem.row, problem.problems) for problem in outcome.problems] == []
    assert {record.name: record.answers["about"] for record in own.page()} == before


def imported(errands: Errands, about: str, by: str | None) -> list[str]:
    """The kinds of problems of one line, which is imported where it has none."""
    columns: dict[str, Any] = {"T": {"field": "title"}, "A": {"field": "about"}}
    if by is not None:
        columns["A"]["by"] = by
    content = f'T,A\nimported,"{about}"\n'.encode()
    outcome = import_file(errands.store, errands.actor, "errand", content, mapping_from({"columns": columns}))
    return [problem.kind for refused in outcome.problems for problem in refused.problems]


@pytest.mark.parametrize(
    ("about", "by", "kinds"),
    [
        ("Borey", "name", []),
        ("b", "person.code", []),
        ("At home", "visit.title", []),
        ("Same", "name", ["ambiguous_record"]),
        ("person: Same", "name", []),
        ("Nobody", "name", ["unknown_record"]),
        ("Visit: Borey", "name", ["unknown_record"]),
        ("Borey", None, ["not_a_record"]),
    ],
)
def test_a_line_names_a_record_of_any_of_the_objects(
    errands: Errands, about: str, by: str | None, kinds: list[str]
) -> None:
    same = errands.create("person", name="Same")
    errands.create("visit", title="Same", person=str(same))
    assert imported(errands, about, by) == kinds
    assert ("imported" in errands.titles()) == (not kinds)


def test_a_mapping_that_names_records_by_what_they_have_not_is_refused(errands: Errands) -> None:
    with pytest.raises(InvalidAnswers) as refused:
        imported(errands, "b", "code")
    (problem,) = refused.value.problems
    assert problem.kind == "cannot_name"
    assert "person.code" in problem.params["names"]


def test_an_import_that_pointed_records_elsewhere_is_undone(own: Errands) -> None:
    columns = {"T": {"field": "title"}, "A": {"field": "about", "by": "name"}}
    mapping = mapping_from({"columns": columns, "match": {"field": "title"}})
    identity = new_identifier()
    content = b"T,A\ncall,At home\nnew,Borey\n"
    import_file(own.store, own.actor, "errand", content, mapping, identity=identity)
    assert own.shown()["call"] == "Visit: At home"
    undo_import(own.store, own.actor, identity)
    assert own.shown() == {"call": "Person: Borey", "write": "Visit: At home", "ask": "Unknown", "rest": ""}


def test_a_backup_brings_back_what_is_pointed_to(own: Errands, organisations: Organisations, tmp_path: Path) -> None:
    before, slug = own.shown(), own.store.slug
    path = back_up(organisations, slug, tmp_path / "errands.backup", PASSPHRASE).path
    organisations.remove(slug)
    restore(organisations, path, PASSPHRASE)
    again = replace(own, store=organisations.open(slug))
    assert again.shown() == before
    assert check_projections(again.store).differences == 0


def test_the_tables_of_a_record_hold_what_points_to_it(errands: Errands) -> None:
    tables = record_tables(errands.store.newest_release(), "visit", errands.visit)
    (pointing,) = [table for table in tables if table.object == "errand"]
    assert errands.titles(*pointing.filters) == ["write"]


def test_objects_are_added_to_a_lookup_that_records_use(empty_store: OrganisationStore, operator: Actor) -> None:
    publish(empty_store, operator, clinic_document())
    friend = service.create(empty_store, operator, "person", {"name": "Dara"}).record
    somebody = service.create(empty_store, operator, "person", {"name": "Sok", "friend": str(friend)})
    document = clinic_document()
    fields = next(each for each in document["objects"] if each["name"] == "person")["fields"]
    (field,) = [each for each in fields if each["name"] == "friend"]
    del field["object"]
    field["objects"] = ["visit", "person"]
    publish(empty_store, operator, document)
    record = read_record(empty_store, operator, "person", somebody.record)
    assert record.labels[friend] == "Dara"
    del field["objects"]
    field["object"] = "visit"
    with pytest.raises(DefinitionProblems, match="Keep person here"):
        publish(empty_store, operator, document)
