"""Rows that find their records again, and imports that are undone, on every kind of database."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from sqlalchemy import func, select

from amparo.metadata.missing import Missing
from amparo.runtime.access import Actor, Role
from amparo.runtime.errors import InvalidAnswers, NotFound, NotPermitted
from amparo.runtime.planner.lists import list_page
from amparo.runtime.planner.queries import ListQuery
from amparo.runtime.planner.records import read_record, record_history
from amparo.runtime.records import service
from amparo.runtime.serializer import Record
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.transfer.importing import import_file
from amparo.runtime.transfer.mapping import ImportMapping
from amparo.runtime.transfer.mapping_files import mapping_from
from amparo.runtime.transfer.outcomes import ImportOutcome
from amparo.runtime.transfer.undoing import KeptRecord, UndoOutcome, undo_import

COLUMNS = ("name", "code", "gender", "debt", "passport", "children", "number", "story")
IDENTITY = uuid.UUID("0190e2a8-2222-7000-8000-000000000001")
OTHER = uuid.UUID("0190e2a8-2222-7000-8000-000000000002")


def people(store: OrganisationStore, actor: Actor) -> dict[str, Record]:
    page = list_page(store, actor, ListQuery("person", COLUMNS, limit=100))
    return {str(record.answers["code"]): record for record in page.records}


def table(*lines: str) -> bytes:
    return "\n".join(lines).encode()


def mapping(match: dict[str, Any], **columns: Any) -> ImportMapping:
    written = {header: {"field": each} if isinstance(each, str) else each for header, each in columns.items()}
    return mapping_from({"columns": written, "match": match})


BY_CODE = {"field": "code"}
FIRST = table("Name,Code,Debt", "Sok,a,1", "Dara,b,2")


def imported(store: OrganisationStore, actor: Actor, content: bytes = FIRST, **how: Any) -> ImportOutcome:
    return import_file(store, actor, "person", content, **how)


def counts(outcome: ImportOutcome) -> tuple[int, int, int, int, int]:
    return outcome.created, outcome.updated, outcome.unchanged, outcome.skipped, outcome.refused


def reasons(outcome: ImportOutcome) -> dict[int, list[str]]:
    return {each.row: [problem.kind for problem in each.problems] for each in outcome.problems}


def test_rows_make_change_or_leave_the_records_they_find(store: OrganisationStore, operator: Actor) -> None:
    imported(store, operator)
    content = table("Name,Code,Debt", "Sok,a,1", "Dara Keo,b,", "Chan,c,3")
    found = mapping(BY_CODE, Name="name", Code="code", Debt="debt")
    told = import_file(store, operator, "person", content, found, dry_run=True)
    done = import_file(store, operator, "person", content, found)
    assert counts(told) == counts(done) == (1, 1, 1, 0, 0)
    kept = people(store, operator)
    assert (kept["b"].name, str(kept["b"].answers["debt"])) == ("Dara Keo", "2.00")
    assert len(kept) == 3
    assert len(record_history(store, operator, "person", kept["b"].id)) == 2


def test_a_blank_cell_empties_an_answer_only_where_the_mapping_says_so(
    store: OrganisationStore, operator: Actor
) -> None:
    imported(store, operator)
    content = table("Name,Code,Debt", "Sok,a,")
    clearing = mapping(BY_CODE | {"blank_clears": True}, Name="name", Code="code", Debt="debt")
    assert import_file(store, operator, "person", content, clearing).updated == 1
    assert people(store, operator)["a"].answers["debt"] is None


def test_rows_can_be_passed_over_or_refused_for_being_there_or_not(store: OrganisationStore, operator: Actor) -> None:
    imported(store, operator)
    content = table("Name,Code", "Sokha,a", "Chan,c")
    skipping = mapping(BY_CODE | {"when_found": "skip", "when_missing": "skip"}, Name="name", Code="code")
    assert counts(import_file(store, operator, "person", content, skipping)) == (0, 0, 0, 2, 0)
    refusing = mapping(BY_CODE | {"when_found": "refuse", "when_missing": "refuse"}, Name="name", Code="code")
    outcome = import_file(store, operator, "person", content, refusing)
    assert reasons(outcome) == {2: ["record_exists"], 3: ["record_missing"]}
    assert set(people(store, operator)) == {"a", "b"}


def test_records_are_found_by_number_and_by_identifier_and_need_no_required_columns(
    store: OrganisationStore, operator: Actor
) -> None:
    imported(store, operator)
    record = people(store, operator)["a"]
    by_number = mapping({"field": "number", "when_missing": "refuse"}, Nr="number", Debt="debt")
    assert import_file(store, operator, "person", table("Nr,Debt", f"{record.number},50"), by_number).updated == 1
    by_id = mapping({"field": "id", "when_missing": "refuse"}, Id="id", Debt="debt")
    outcome = import_file(store, operator, "person", table("Id,Debt", f"{record.id},60", "x,1"), by_id)
    assert (outcome.updated, reasons(outcome)) == (1, {3: ["not_a_record"]})
    assert str(people(store, operator)["a"].answers["debt"]) == "60.00"


def test_a_row_that_repeats_the_key_of_another_is_refused(store: OrganisationStore, operator: Actor) -> None:
    content = table("Name,Code", "Sok,a", "Sokha,a", "Chan,", "Dara,")
    outcome = import_file(store, operator, "person", content, mapping(BY_CODE, Name="name", Code="code"))
    assert (outcome.created, reasons(outcome)) == (3, {3: ["twice_in_file"]})


def test_a_field_that_does_not_identify_or_has_no_column_is_refused_at_once(
    store: OrganisationStore, operator: Actor
) -> None:
    for match, place in (({"field": "name"}, "match.field"), ({"field": "number"}, "match.field")):
        with pytest.raises(InvalidAnswers) as caught:
            import_file(store, operator, "person", FIRST, mapping(match, Name="name", Code="code", Debt="debt"))
        assert [problem.path for problem in caught.value.problems] == [place]


def test_an_update_that_a_save_would_refuse_is_refused_in_the_trial_too(
    store: OrganisationStore, operator: Actor
) -> None:
    imported(store, operator)
    content = table("Name,Code,Debt", ",a,much", "Dara,b,5")
    found = mapping(BY_CODE | {"blank_clears": True}, Name="name", Code="code", Debt="debt")
    told = import_file(store, operator, "person", content, found, dry_run=True)
    done = import_file(store, operator, "person", content, found)
    assert counts(told) == counts(done) == (0, 1, 0, 0, 1)
    assert reasons(told) == reasons(done)


def undone(store: OrganisationStore, actor: Actor, identity: uuid.UUID) -> tuple[UndoOutcome, dict[uuid.UUID, str]]:
    kept: list[KeptRecord] = []
    outcome = undo_import(store, actor, identity, take_kept=kept.append)
    return outcome, {each.record: each.why.value for each in kept}


def test_undoing_deletes_what_was_made_and_puts_back_what_was_changed(
    store: OrganisationStore, operator: Actor
) -> None:
    service.create(
        store, operator, "person",
        {"name": "Sok", "code": "a", "debt": "1", "passport": "N1", "gender": Missing.REFUSED, "children": 2},
    )  # fmt: skip
    before = people(store, operator)["a"]
    content = table("Name,Code,Debt,Passport,Gender,Children", "Sokha,a,7,N2,female,", "Chan,c,3,,male,1")
    found = mapping(
        BY_CODE | {"blank_clears": True},
        Name="name", Code="code", Debt="debt", Passport="passport", Gender="gender", Children="children",
    )  # fmt: skip
    outcome = import_file(store, operator, "person", content, found, identity=IDENTITY)
    assert counts(outcome) == (1, 1, 0, 0, 0)
    assert people(store, operator)["a"].answers != before.answers
    result, kept = undone(store, operator, IDENTITY)
    assert (result.records, result.deleted, result.put_back, kept) == (2, 1, 1, {})
    after = people(store, operator)
    assert set(after) == {"a"}
    assert after["a"].answers == before.answers
    assert after["a"].version > before.version


def test_what_was_changed_since_is_left_alone_and_listed(store: OrganisationStore, operator: Actor) -> None:
    imported(store, operator, identity=IDENTITY)
    sok, dara = (people(store, operator)[code] for code in "ab")
    service.update(store, operator, "person", sok.id, sok.version, {"debt": "99"})
    service.create(store, operator, "visit", {"person": str(dara.id), "hours": "1"})
    result, kept = undone(store, operator, IDENTITY)
    assert (result.deleted, result.kept) == (0, 2)
    assert kept == {sok.id: "changed", dara.id: "has_details"}
    assert set(people(store, operator)) == {"a", "b"}


def test_what_others_point_to_since_is_left_alone_and_listed(store: OrganisationStore, operator: Actor) -> None:
    imported(store, operator, table("Name,Code", "Sok,a", "Dara,b"), identity=IDENTITY)
    content = table("Name,Code,Friend", "Sokha,c,Sok", "Chan,d,Sokha")
    imported(store, operator, content, identity=OTHER)
    first = people(store, operator)
    service.create(store, operator, "person", {"name": "Keo", "code": "x", "friend": str(first["b"].id)})
    result, kept = undone(store, operator, IDENTITY)
    assert (result.deleted, kept) == (0, {first["a"].id: "pointed_to", first["b"].id: "pointed_to"})
    assert undone(store, operator, OTHER)[0].deleted == len(first) - 2
    assert (undone(store, operator, IDENTITY)[0].deleted, set(people(store, operator))) == (1, {"b", "x"})


def test_undoing_twice_or_after_an_interruption_does_no_more(store: OrganisationStore, operator: Actor) -> None:
    rows = [f"Person {number},c{number},1" for number in range(300)]
    imported(store, operator, table("Name,Code,Debt", *rows), identity=IDENTITY)

    class Killed(Exception):
        pass

    def stop(done: int, total: int) -> None:
        if done == 2:
            raise Killed

    with pytest.raises(Killed):
        undo_import(store, operator, IDENTITY, progress=stop)
    first, kept = undone(store, operator, IDENTITY)
    assert (0 < first.deleted < 300, kept) == (True, {})
    second, kept = undone(store, operator, IDENTITY)
    assert (second.deleted, second.kept, kept) == (0, 0, {})
    with store.reading() as connection:
        assert connection.scalar(select(func.count()).select_from(store.tables.record)) == 300
    assert people(store, operator) == {}


def test_what_an_undoing_beside_it_put_back_is_no_change_since(store: OrganisationStore, operator: Actor) -> None:
    codes = [f"c{number}" for number in range(60)]
    imported(store, operator, table("Name,Code,Debt", *(f"Sok,{code},1" for code in codes)))
    found = mapping(BY_CODE, Code="code", Debt="debt")
    import_file(store, operator, "person", table("Code,Debt", *(f"{code},5" for code in codes)), found, identity=OTHER)
    beside: list[UndoOutcome] = []

    def undo_the_rest(done: int, total: int) -> None:
        if not beside:
            assert done < total
            beside.append(undo_import(store, operator, OTHER))

    first = undo_import(store, operator, OTHER, progress=undo_the_rest)
    assert (first.put_back + beside[0].put_back, first.kept, beside[0].kept) == (60, 0, 0)
    assert {str(person.answers["debt"]) for person in people(store, operator).values()} == {"1.00"}


def test_a_later_import_of_the_same_records_is_a_change_since(store: OrganisationStore, operator: Actor) -> None:
    imported(store, operator, identity=IDENTITY)
    found = mapping(BY_CODE, Name="name", Code="code", Debt="debt")
    import_file(store, operator, "person", table("Name,Code,Debt", "Sok,a,5"), found, identity=OTHER)
    result, kept = undone(store, operator, IDENTITY)
    assert (result.deleted, list(kept.values())) == (1, ["changed"])
    result, kept = undone(store, operator, OTHER)
    assert (result.put_back, kept) == (1, {})


def test_a_change_of_somebody_between_an_import_and_its_going_on_is_told(
    store: OrganisationStore, operator: Actor
) -> None:
    imported(store, operator)
    content = table("Name,Code,Debt", "Dara Keo,b,5")
    found = mapping(BY_CODE, Name="name", Code="code", Debt="debt")
    imported(store, operator, content, mapping=found, identity=IDENTITY)
    dara = people(store, operator)["b"]
    service.update(store, operator, "person", dara.id, dara.version, {"debt": "9"})
    imported(store, operator, content, mapping=found, identity=IDENTITY, is_again=True)
    result, kept = undone(store, operator, IDENTITY)
    left = people(store, operator)["b"]
    assert (left.name, str(left.answers["debt"])) == ("Dara Keo", "9.00")
    assert (result.put_back, kept) == (1, {dara.id: "changed"})
    assert undone(store, operator, IDENTITY)[1] == {dara.id: "changed"}


def test_undoing_needs_an_import_and_the_permission(store: OrganisationStore, operator: Actor) -> None:
    with pytest.raises(NotFound):
        undo_import(store, operator, IDENTITY)
    with pytest.raises(NotPermitted):
        undo_import(store, Actor(None, "Sok", Role.CASEWORKER, "test"), IDENTITY)


def test_a_deleted_record_stays_readable_in_its_history_after_undoing(
    store: OrganisationStore, operator: Actor
) -> None:
    imported(store, operator, identity=IDENTITY)
    record = people(store, operator)["a"].id
    undo_import(store, operator, IDENTITY)
    assert read_record(store, operator, "person", record, deleted=True).deleted
    assert len(record_history(store, operator, "person", record)) == 2
