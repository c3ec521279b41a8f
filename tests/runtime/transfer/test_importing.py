"""Importing files, on every kind of database."""

from __future__ import annotations

import csv
import datetime as dt
import io
import uuid
from threading import Thread
from typing import Any

import pytest
import xlsxwriter
from sqlalchemy import func, select

from amparo.metadata.missing import Missing
from amparo.runtime.access import Actor, Role
from amparo.runtime.errors import InvalidAnswers, NotPermitted
from amparo.runtime.planner.lists import count, list_page
from amparo.runtime.planner.queries import ListQuery
from amparo.runtime.records import service
from amparo.runtime.releases.publishing import publish
from amparo.runtime.serializer import Record
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.transfer.cells import MARKER, REASON_HEADER, ROW_HEADER
from amparo.runtime.transfer.import_identity import record_of
from amparo.runtime.transfer.importing import import_file
from amparo.runtime.transfer.mapping import ImportMapping
from amparo.runtime.transfer.mapping_files import mapping_from
from amparo.runtime.transfer.outcomes import ImportOutcome
from amparo.runtime.transfer.pacing import LONGEST_LOCK_SECONDS, ChunkPacer
from amparo.runtime.transfer.problem_file import ProblemFile
from factories.clinic import clinic_document, field_of
from factories.workbooks import workbook

MOMENT = dt.datetime(2026, 1, 2, 14, 5)  # noqa: DTZ001 - a workbook knows no time zones.
ALL = (
    "name",
    "code",
    "gender",
    "languages",
    "passport",
    "debt",
    "children",
    "born",
    "safe",
    "friend",
    "story",
    "number",
)


def people(store: OrganisationStore, actor: Actor) -> dict[str, Record]:
    page = list_page(store, actor, ListQuery("person", ALL, limit=100))
    return {record.name: record for record in page.records}


def table(*lines: str) -> bytes:
    return "\n".join(lines).encode()


def mapping(**columns: Any) -> ImportMapping:
    written = {header: {"field": each} if isinstance(each, str) else each for header, each in columns.items()}
    return mapping_from({"columns": written})


def reasons(outcome: ImportOutcome) -> dict[int, list[tuple[str, str]]]:
    return {each.row: [(problem.path, problem.kind) for problem in each.problems] for each in outcome.problems}


def test_each_good_row_becomes_a_record_with_answers_in_their_types(store: OrganisationStore, operator: Actor) -> None:
    content = table(
        "Name;Sex;Languages;Debt;Children;Born;Safe;Type;Story",
        'Sok;F;km, en;"1,250.5";-99;31/12/1999;yes;Client;"one',
        'two"',
    )
    found = mapping(
        Name="name",
        Sex={"field": "gender", "values": {"F": "female"}},
        Languages={"field": "languages", "values": {"km, en": "km"}},
        Debt="debt",
        Children={"field": "children", "missing": {"-99": "not_asked"}},
        Born={"field": "born", "dates": "day-month-year"},
        Safe="safe",
        Type="record_type",
        Story="story",
    )
    outcome = import_file(store, operator, "person", content, found)
    assert (outcome.rows, outcome.created, outcome.refused) == (1, 1, 0)
    record = people(store, operator)["Sok"]
    assert record.record_type == "client"
    assert {name: str(record.answers[name]) for name in ("gender", "debt", "born", "safe", "story")} == {
        "gender": "female",
        "debt": "1250.50",
        "born": "1999-12-31",
        "safe": "True",
        "story": "one\ntwo",
    }
    assert record.answers["children"] is Missing.NOT_ASKED
    assert record.answers["languages"] == ("km",)
    assert record.number == "P-000001"


def test_a_bad_row_is_refused_with_every_reason_and_the_others_are_kept(
    store: OrganisationStore, operator: Actor
) -> None:
    service.create(store, operator, "person", {"name": "Old", "code": "taken"})
    content = table("Name,Code,Debt,Born", "Sok,a,1,2001-02-03", ",taken,much,2001-02-30", "Dara,b,2,", "Dup,a,3,")
    outcome = import_file(store, operator, "person", content)
    assert (outcome.rows, outcome.created, outcome.refused) == (4, 2, 2)
    assert reasons(outcome)[3] == [("Debt", "not_a_number"), ("Born", "not_a_date"), ("Name", "required")]
    assert reasons(outcome)[5] == [("Code", "not_unique")]
    assert set(people(store, operator)) == {"Old", "Sok", "Dara"}


def test_a_dry_run_says_what_an_import_would_do_and_writes_nothing(store: OrganisationStore, operator: Actor) -> None:
    lines = [f"Name {number},c{number % 2500},1" for number in range(3000)]
    content = table("Name,Code,Debt", *lines, ",x,2", "Sok,y,much")
    with store.reading() as connection:
        before = connection.scalar(select(store.tables.head.c.tx))
    told = import_file(store, operator, "person", content, dry_run=True)
    with store.reading() as connection:
        assert connection.scalar(select(store.tables.head.c.tx)) == before
    done = import_file(store, operator, "person", content)
    assert (told.is_dry_run, told.created, told.refused) == (True, 2500, 502)
    assert (done.created, done.refused) == (told.created, told.refused)
    assert reasons(told) == reasons(done)
    assert told.previews[0].values == {"name": "Name 0", "code": "c0", "debt": "1"}
    assert count(store, operator, ListQuery("person", ())) == 2500


def test_what_is_wrong_in_many_rows_is_told_once_for_each_cause(store: OrganisationStore, operator: Actor) -> None:
    lines = [f"Name {number},female,x{number}" for number in range(1200)]
    content = table("Name,Gender,Debt", *lines, "Sok,Femal,1", "Dara,Femal,2", "Mony,female,x7", ",female,3")
    outcome = import_file(store, operator, "person", content, mapping(Name="name", Gender="gender", Debt="debt"))
    causes = {(cause.column, cause.kind): cause for cause in outcome.causes}
    assert outcome.causes[0] is causes["Debt", "not_a_number"]
    assert outcome.causes[0].rows == 1201
    assert list(outcome.causes[0].first_rows) == [2, 3, 4, 5, 6]
    assert (outcome.causes[0].values[0].text, outcome.causes[0].values[0].rows) == ("x7", 2)
    assert (len(outcome.causes[0].values), outcome.causes[0].more_values) == (5, 995)
    assert [(each.text, each.rows) for each in causes["Gender", "not_an_option"].values] == [("Femal", 2)]
    assert "Did you mean" in causes["Gender", "not_an_option"].message
    assert list(causes["Name", "required"].values) == []


def test_of_a_long_value_the_beginning_is_told(store: OrganisationStore, operator: Actor) -> None:
    content = table("Name,Debt", f"Sok,{'much ' * 2000}")
    (cause,) = import_file(store, operator, "person", content, mapping(Name="name", Debt="debt")).causes
    assert [each.text for each in cause.values] == [f"{'much ' * 20}…"]


def test_refused_rows_come_back_as_a_file_to_correct_and_import_again(
    store: OrganisationStore, operator: Actor
) -> None:
    content = table("Name,Code,Debt,Gender,Story", "'=1+1,a,-99x,female,@home", "Sok,b,1,refused,", "Dara,c,-5,zz,x")
    found = mapping(
        Name="name",
        Code="code",
        Debt="debt",
        Gender={"field": "gender", "missing": {"refused": "refused"}},
        Story="story",
    )
    written = bytearray()
    problems = ProblemFile(("Name", "Code", "Debt", "Gender", "Story"), written.extend)
    import_file(store, operator, "person", content, found, refused=problems.take)
    rows = list(csv.reader(io.StringIO(written.decode("utf-8-sig"), newline="")))
    assert rows[0] == ["Name", "Code", "Debt", "Gender", "Story", ROW_HEADER, REASON_HEADER, MARKER]
    assert rows[1][:6] == ["''=1+1", "a", "'-99x", "female", "'@home", "2"]
    assert rows[2][:6] == ["Dara", "c", "-5", "zz", "x", "4"]
    assert "not an option" in rows[2][6]
    corrected = bytes(written).replace(b"'-99x", b"99").replace(b"zz", b"male")
    again = import_file(store, operator, "person", corrected, found)
    assert (again.created, again.refused) == (2, 0)
    assert people(store, operator)["'=1+1"].answers["story"] == "@home"


def test_lookups_are_found_by_name_and_by_number(store: OrganisationStore, operator: Actor) -> None:
    first = service.create(store, operator, "person", {"name": "Sok"})
    service.create(store, operator, "person", {"name": "Twin"})
    service.create(store, operator, "person", {"name": "Twin"})
    content = table("Name,Friend", "A,Sok", "B,Nobody", "C,Twin", "D,")
    outcome = import_file(
        store, operator, "person", content, mapping(Name="name", Friend={"field": "friend", "by": "name"})
    )
    assert reasons(outcome) == {3: [("Friend", "unknown_record")], 4: [("Friend", "ambiguous_record")]}
    content = table("Name,Friend", "E,P-000001", "F,P-999999")
    found = mapping(Name="name", Friend={"field": "friend", "by": "number"})
    assert import_file(store, operator, "person", content, found).created == 1
    kept = people(store, operator)
    assert kept["A"].answers["friend"] == first.record == kept["E"].answers["friend"]
    assert kept["D"].answers["friend"] is None


def test_owners_are_found_by_login_and_by_name(store: OrganisationStore, operator: Actor, new_member: Any) -> None:
    sok, dara = new_member("sok", "Sok Dara"), new_member("dara", "Dara Keo")
    new_member("twin1", "Twin"), new_member("twin2", "Twin")
    content = table("Name,Owner", "A,SOK", "B,dara keo", "C,Twin", "D,nobody", "E,")
    outcome = import_file(store, operator, "person", content)
    assert reasons(outcome) == {4: [("Owner", "ambiguous_member")], 5: [("Owner", "unknown_member")]}
    owners = {name: record.owner for name, record in people(store, operator).items()}
    assert owners == {"A": sok, "B": dara, "E": None}


def test_an_import_that_was_interrupted_goes_on_without_doubling_a_row(
    store: OrganisationStore, operator: Actor
) -> None:
    content = table("Name,Code", *[f"Person {number},c{number}" for number in range(400)], "Bad,c1")
    identity = uuid.UUID("0190e2a8-1111-7000-8000-000000000001")

    class Killed(Exception):
        pass

    def stop(done: int, total: int) -> None:
        if done >= 150:
            raise Killed

    with pytest.raises(Killed):
        import_file(store, operator, "person", content, identity=identity, progress=stop)
    part = count(store, operator, ListQuery("person", ()))
    assert 0 < part < 400
    outcome = import_file(store, operator, "person", content, identity=identity, is_again=True)
    assert (outcome.rows, outcome.created, outcome.refused) == (401, 400, 1)
    assert count(store, operator, ListQuery("person", ())) == 400
    with store.reading() as connection:
        assert connection.scalar(select(func.count()).select_from(store.tables.record)) == 400


def test_two_runs_of_one_import_at_once_keep_each_row_once_and_refuse_none(
    store: OrganisationStore, operator: Actor
) -> None:
    content = table("Name,Code", *[f"Person {number},c{number}" for number in range(300)])
    identity = uuid.UUID("0190e2a8-1111-7000-8000-000000000009")
    outcomes: list[ImportOutcome] = []

    def run() -> None:
        outcomes.append(import_file(store, operator, "person", content, identity=identity))

    threads = [Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [(outcome.created, outcome.refused) for outcome in outcomes] == [(300, 0), (300, 0)]
    assert count(store, operator, ListQuery("person", ())) == 300


def test_a_row_has_the_same_identifier_in_every_run_and_no_other_row_has_it() -> None:
    one, other = uuid.UUID("0190e2a8-1111-7000-8000-000000000001"), uuid.UUID("0190e2a8-1111-7000-8000-000000000002")
    found = [record_of(identity, row) for identity in (one, other) for row in (2, 3, 4_000_000, 4_294_967_295)]
    assert len(set(found)) == len(found)
    assert found[:4] == sorted(found[:4])
    assert {(each.version, each.variant) for each in found} == {(7, uuid.RFC_4122)}
    assert record_of(one, 2) == found[0]


def test_a_mapping_that_does_not_fit_is_refused_before_anything_is_read(
    store: OrganisationStore, operator: Actor
) -> None:
    with pytest.raises(InvalidAnswers) as caught:
        import_file(store, operator, "person", table("Name,Age", "Sok,3"), mapping(Name="name"))
    assert [problem.path for problem in caught.value.problems] == ["columns.Age"]


def test_a_file_none_of_whose_columns_fits_a_field_is_refused(empty_store: OrganisationStore, operator: Actor) -> None:
    """Where no field is required it made as many records without an answer as it has rows."""
    document = clinic_document()
    field_of(document, "person", "name")["required"] = False
    publish(empty_store, operator, document)
    with pytest.raises(InvalidAnswers) as refused:
        import_file(empty_store, operator, "person", b"Section,Status\n1,core\n2,core\n")
    (problem,) = refused.value.problems
    assert (problem.kind, problem.path) == ("nothing_mapped", "columns")
    assert list_page(empty_store, operator, ListQuery("person", ("name",))).records == ()


def test_only_those_with_the_permission_may_import(store: OrganisationStore) -> None:
    caseworker = Actor(None, "Sok", Role.CASEWORKER, "test")
    with pytest.raises(NotPermitted):
        import_file(store, caseworker, "person", table("Name", "Sok"))


def test_progress_is_told_after_each_chunk(store: OrganisationStore, operator: Actor) -> None:
    told: list[tuple[int, int]] = []
    content = table("Name", *[f"Person {number}" for number in range(300)])
    import_file(store, operator, "person", content, progress=lambda done, total: told.append((done, total)))
    assert told[-1] == (300, 300)
    assert len(told) > 2
    assert told == sorted(told)


def settled(fixed: float, rows_a_second: float) -> int:
    """The size of chunks on a machine that needs ``fixed`` seconds for each and the rest for its rows."""
    pacer = ChunkPacer()
    for _ in range(40):
        pacer.measured(pacer.size, fixed + pacer.size / rows_a_second)
    return pacer.size


def test_chunks_start_small_and_grow_while_locks_are_short() -> None:
    size = settled(0.002, 2000)
    assert ChunkPacer().size < size
    assert 0.002 + size / 2000 < LONGEST_LOCK_SECONDS * 0.7


def test_chunks_shrink_at_once_when_a_lock_was_long() -> None:
    pacer = ChunkPacer()
    pacer.size = 400
    pacer.measured(400, LONGEST_LOCK_SECONDS * 4)
    assert pacer.size == 40
    pacer.measured(40, 60.0)
    assert pacer.size == 10


def test_a_slow_disk_does_not_make_chunks_of_single_rows() -> None:
    assert settled(0.07, 2000) >= ChunkPacer().size
    assert settled(1.0, 2000) == 10


def test_an_import_tells_how_long_its_chunks_held_the_head(store: OrganisationStore, operator: Actor) -> None:
    content = table("Name,Code", *[f"Person {number},c{number}" for number in range(1000)])
    outcome = import_file(store, operator, "person", content)
    assert outcome.chunks > 3
    assert outcome.longest_lock > 0


def test_a_chunk_shrunk_by_a_slow_moment_grows_again() -> None:
    pacer = ChunkPacer()
    pacer.measured(pacer.size, 60.0)
    assert pacer.size == 10
    for _ in range(12):
        pacer.measured(pacer.size, 0.001)
    assert pacer.size > 40


def test_a_workbook_is_imported_with_its_values_in_their_types(store: OrganisationStore, operator: Actor) -> None:
    content = workbook(
        [
            ["Monthly intake"],
            ["Name", "Gender", "Debt", "Children", "Born", "Safe", "Met at", "Code"],
            ["Sok", "Female", 1250.5, 2, dt.date(1999, 12, 31), True, MOMENT, 17],
            ["Dara", "male", "1,000", "3", "31 December 1999", "no", "2026-01-02 14:05", "x"],
        ]
    )
    outcome = import_file(store, operator, "person", content)
    assert (outcome.format, outcome.sheet, outcome.created, outcome.refused) == ("xlsx", "Sheet1", 2, 0)
    assert [notice.kind for notice in outcome.notices] == ["title_rows"]
    kept = people(store, operator)
    answers = {name: str(kept["Sok"].answers[name]) for name in ("gender", "debt", "children", "born", "safe", "code")}
    assert answers == {
        "gender": "female", "debt": "1250.50", "children": "2", "born": "1999-12-31", "safe": "True", "code": "17",
    }  # fmt: skip
    assert kept["Dara"].answers["born"] == kept["Sok"].answers["born"]


def test_the_sheet_that_fits_the_object_is_imported(store: OrganisationStore, operator: Actor) -> None:
    other = [["Word", "Meaning"], *[[f"w{number}", "x"] for number in range(50)]]
    content = workbook(sheets={"Words": other, "People": [["Name", "Code"], ["Sok", "a"]]})
    outcome = import_file(store, operator, "person", content)
    assert (outcome.sheet, outcome.created) == ("People", 1)


def test_of_several_answers_in_a_cell_a_refusal_shows_what_stands_in_the_file(
    store: OrganisationStore, operator: Actor
) -> None:
    outcome = import_file(store, operator, "person", table("Name,Languages", "Sok,Khmer; Martian"))
    assert [value.text for value in outcome.causes[0].values] == ["Khmer; Martian"]


def test_days_that_can_be_read_in_two_orders_are_refused_until_somebody_says_which(
    store: OrganisationStore, operator: Actor
) -> None:
    content = table("Name,Born", "Sok,03/04/2001", "Dara,05/06/2002")
    outcome = import_file(store, operator, "person", content)
    assert reasons(outcome) == {2: [("Born", "ambiguous_date")], 3: [("Born", "ambiguous_date")]}
    found = mapping(Name="name", Born={"field": "born", "dates": "month-day-year"})
    assert import_file(store, operator, "person", content, found).created == 2
    assert str(people(store, operator)["Sok"].answers["born"]) == "2001-03-04"


def test_days_of_another_calendar_are_kept_as_ours(store: OrganisationStore, operator: Actor) -> None:
    content = table("Name,Born", "Abebe,13 ኅዳር 2019")
    found = mapping(Name="name", Born={"field": "born", "calendar": "ethiopian"})
    assert import_file(store, operator, "person", content, found).refused == 0
    assert str(people(store, operator)["Abebe"].answers["born"]) == "2026-11-22"


def test_the_error_of_a_formula_is_no_value(store: OrganisationStore, operator: Actor) -> None:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target)
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["Name", "Code"])
    sheet.write_row(1, 0, ["Sok"])
    sheet.write_formula(1, 1, "=A9", None, "#REF!")
    book.close()
    assert reasons(import_file(store, operator, "person", target.getvalue())) == {2: [("Code", "cell_error")]}
