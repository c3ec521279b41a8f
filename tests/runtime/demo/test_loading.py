"""The demo comes into a real store through the record service, like any other work."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from amparo.metadata.checks import check
from amparo.metadata.reading import read_template
from amparo.runtime.access import Role, operator_actor
from amparo.runtime.demo.generation import generate
from amparo.runtime.demo.harbour import court_values, harbour_document
from amparo.runtime.demo.loading import HARBOUR, RIVERSIDE, SignIn, load_demo
from amparo.runtime.errors import NotPossible
from amparo.runtime.ledger.writing import clock_microseconds
from amparo.runtime.people import sign_in
from amparo.runtime.records.service import create
from amparo.runtime.settings import Settings
from amparo.runtime.stores.organisations import Organisations

pytestmark = pytest.mark.slow

TODAY = datetime.date(2025, 3, 3)
DAY = 86_400_000_000


@pytest.fixture(scope="module")
def sign_ins(organisations: Organisations) -> list[SignIn]:
    return load_demo(organisations, TODAY)


def test_both_organisations_hold_their_cases(organisations: Organisations, sign_ins: list[SignIn]) -> None:
    assert len(sign_ins) == 8
    for demo in (RIVERSIDE, HARBOUR):
        store = organisations.open(demo.slug)
        live = store.newest_release()
        with store.reading() as connection:
            counts = {
                name: connection.scalar(select(func.count()).select_from(live.object(name).table))
                for name in live.objects
            }
        assert counts["case"] == demo.cases
        assert (counts["person"] or 0) > demo.cases
        assert (counts["service"] or 0) > 2 * demo.cases
        assert [name for name, count in counts.items() if not count] == []


def test_there_is_one_person_per_role_and_each_can_sign_in(
    organisations: Organisations, sign_ins: list[SignIn]
) -> None:
    for demo in (RIVERSIDE, HARBOUR):
        assert {each.role for each in sign_ins if each.organisation == demo.name} == set(Role)
    for each in sign_ins:
        assert sign_in(organisations, each.login, each.password).login == each.login
    assert len({each.password for each in sign_ins}) == len(sign_ins)


def test_open_cases_belong_to_the_caseworker_and_the_supervisor(
    organisations: Organisations, sign_ins: list[SignIn]
) -> None:
    store = organisations.open(RIVERSIDE.slug)
    table = store.newest_release().object("case").table
    member = store.tables.member
    with store.reading() as connection:
        roles = connection.execute(
            select(member.c.role, func.count().label("cases"))
            .join(table, table.c.owner == member.c.id)
            .group_by(member.c.role)
        ).all()
    counts = {row.role: row.cases for row in roles}
    assert set(counts) == {"caseworker", "supervisor"}
    assert counts["caseworker"] > counts["supervisor"] > 10


def test_every_case_has_a_history_of_at_least_two_saves(organisations: Organisations, sign_ins: list[SignIn]) -> None:
    store = organisations.open(RIVERSIDE.slug)
    table = store.newest_release().object("case").table
    with store.reading() as connection:
        unchanged = connection.scalar(
            select(func.count()).select_from(table).where(table.c.version == table.c.created_tx)
        )
    assert unchanged == 0


def test_the_work_of_three_years_lies_in_the_past_in_order(
    organisations: Organisations, sign_ins: list[SignIn]
) -> None:
    store = organisations.open(RIVERSIDE.slug)
    tx = store.tables.tx
    with store.reading() as connection:
        times = list(connection.scalars(select(tx.c.at).order_by(tx.c.id)))
    assert times == sorted(set(times))
    assert times[-1] <= clock_microseconds()
    assert times[-1] - times[0] > 900 * DAY


def test_some_open_cases_have_been_quiet_for_a_month(organisations: Organisations, sign_ins: list[SignIn]) -> None:
    store = organisations.open(RIVERSIDE.slug)
    live = store.newest_release().object("case")
    status = live.table.c[live.fields["status"].column_name]
    long_ago = datetime.datetime.combine(TODAY, datetime.time(), datetime.UTC) - datetime.timedelta(days=30)
    with store.reading() as connection:
        changed = list(connection.scalars(select(live.table.c.updated_at).where(status != "closed")))
    quiet = [each for each in changed if each < long_ago]
    assert 2 < len(quiet) < len(changed) / 2


def test_new_work_in_the_demo_carries_the_time_of_today(organisations: Organisations, sign_ins: list[SignIn]) -> None:
    store = organisations.open(HARBOUR.slug)
    before = clock_microseconds()
    saved = create(store, operator_actor(), "person", {"name": "Somebody New"})
    with store.reading() as connection:
        at = connection.scalar(select(store.tables.tx.c.at).where(store.tables.tx.c.id == saved.version))
    assert at is not None
    assert before <= at <= clock_microseconds()


def test_the_number_of_cases_can_be_asked_for(tmp_path: Path) -> None:
    organisations = Organisations(Settings(home=tmp_path))
    told: list[tuple[int, int]] = []
    load_demo(organisations, TODAY, 9, lambda done, total: told.append((done, total)))
    for slug, cases in ((RIVERSIDE.slug, 9), (HARBOUR.slug, 3)):
        store = organisations.open(slug)
        table = store.newest_release().object("case").table
        with store.reading() as connection:
            assert connection.scalar(select(func.count()).select_from(table)) == cases
    organisations.close()
    assert told[-1][0] == told[-1][1]


def test_loading_twice_is_refused(organisations: Organisations, sign_ins: list[SignIn]) -> None:
    with pytest.raises(NotPossible, match="riverside"):
        load_demo(organisations, TODAY)


def test_the_second_organisation_shapes_the_template_without_a_problem() -> None:
    template = read_template().document
    shaped = harbour_document(template)
    assert [str(problem) for problem in check(shaped)] == []
    assert shaped["application"]["languages"] != template["application"]["languages"]
    own = _field_ids(shaped) - _field_ids(template)
    assert own == {"case.court_stage", "case.lawyer", "case.next_hearing", "case.compensation_claimed"}
    assert "case.lawyer" not in str(template)


def _field_ids(document: dict[str, object]) -> set[str]:
    objects = document["objects"]
    assert isinstance(objects, list)
    return {field["id"] for each in objects for field in each["fields"]}


def test_the_second_organisations_own_fields_are_answered_where_wages_are_owed() -> None:
    answered = [court_values(1, position, case.case, TODAY) for position, case in enumerate(generate(1, 80, TODAY))]
    assert 10 < sum(bool(values) for values in answered) < 60
    assert any(values.get("next_hearing") for values in answered)
