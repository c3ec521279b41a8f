"""The save pipeline, on every database."""

from __future__ import annotations

import datetime
import uuid
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from amparo.metadata.missing import Missing
from amparo.runtime.access import Actor, Role
from amparo.runtime.errors import Conflict, InvalidAnswers, NotFound, NotPermitted, NotPossible, RequestReused
from amparo.runtime.members import create_member
from amparo.runtime.records import service
from amparo.runtime.records.changes import Change
from amparo.runtime.records.encoding import Sealed, answer_from
from amparo.runtime.releases.publishing import publish
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.organisations import Organisations
from factories.clinic import clinic_document, field_of, with_field
from factories.search_entries import entries

pytestmark = pytest.mark.every_database

FULL: dict[str, Any] = {
    "name": "សុភា ចាន់",
    "code": "A-1",
    "gender": "female",
    "languages": ["km", "en"],
    "passport": "N 123",
    "debt": "1,250.5",
    "children": 2,
    "born": "2001-02-03",
    "met_at": "2026-01-02T10:00",
    "safe": "no",
    "story": "First line\nSecond line",
    "record_type": "client",
}


def answers(store: OrganisationStore, object_name: str, record: uuid.UUID) -> dict[str, Any]:
    """What the projection holds, sensitive values opened."""
    with store.reading() as connection:
        live = store.live(connection).object(object_name)
        query = select(live.table, store.tables.record.c.wrapped_key).join(
            store.tables.record, store.tables.record.c.id == live.table.c.id
        )
        row = connection.execute(query.where(live.table.c.id == record)).mappings().one()
    key = store.keys.open_record_key(record, row["wrapped_key"])
    found: dict[str, Any] = {}
    for name, place in live.fields.items():
        answer = answer_from(place, dict(row))
        found[name] = key.unseal_text(answer.text, place.id) if isinstance(answer, Sealed) else answer
    return found | {name: row[name] for name in ("version", "owner", "record_type", "deleted_tx")}


def facts(store: OrganisationStore, record: uuid.UUID) -> list[Any]:
    fact = store.tables.fact
    with store.reading() as connection:
        return list(connection.execute(select(fact).where(fact.c.record == record).order_by(fact.c.tx, fact.c.field)))


def test_a_new_record_holds_every_answer_in_its_own_type(store: OrganisationStore, operator: Actor) -> None:
    saved = service.create(store, operator, "person", FULL)
    found = answers(store, "person", saved.record)
    assert found["name"] == "សុភា ចាន់"
    assert found["languages"] == ("en", "km")
    assert found["passport"] == "N 123"
    assert found["debt"] == Decimal("1250.50")
    assert found["children"] == 2
    assert found["born"] == datetime.date(2001, 2, 3)
    assert found["met_at"] == datetime.datetime(2026, 1, 2, 3, 0, tzinfo=datetime.UTC)
    assert found["safe"] is False
    assert found["story"] == "First line\nSecond line"
    assert found["record_type"] == "client"
    assert found["number"] == "P-000001"
    assert found["version"] == saved.version
    assert entries(store) == {saved.record: ("\nសុភា ចាន់\np-000001\n", "")}


def test_a_sensitive_value_is_nowhere_in_the_clear(store: OrganisationStore, operator: Actor) -> None:
    saved = service.create(store, operator, "person", FULL)
    with store.reading() as connection:
        live = store.live(connection).object("person")
        rows = connection.execute(select(live.table)).all()
    assert "N 123" not in repr(rows)
    assert "N 123" not in repr(facts(store, saved.record))


def test_every_problem_of_a_record_is_told_at_once(store: OrganisationStore, operator: Actor) -> None:
    bad = {"gender": "robot", "debt": "a lot", "born": "3 Feb", "bogus": 1, "record_type": "guest"}
    with pytest.raises(InvalidAnswers) as caught:
        service.create(store, operator, "person", bad)
    assert {problem.path for problem in caught.value.problems} == {
        "gender",
        "debt",
        "born",
        "bogus",
        "record_type",
        "name",
    }


def test_a_reason_is_kept_in_place_of_an_answer(store: OrganisationStore, operator: Actor) -> None:
    saved = service.create(store, operator, "person", {"name": "A", "gender": {"missing": "refused"}})
    assert answers(store, "person", saved.record)["gender"] is Missing.REFUSED
    service.update(store, operator, "person", saved.record, saved.version, {"gender": "male"})
    assert answers(store, "person", saved.record)["gender"] == "male"
    last = facts(store, saved.record)[-1]
    assert (last.new, last.old, last.new_missing, last.old_missing) == ("male", None, None, "refused")


def test_a_default_fills_only_what_nobody_named(store: OrganisationStore, operator: Actor) -> None:
    untouched = service.create(store, operator, "person", {"name": "A"})
    blank = service.create(store, operator, "person", {"name": "B", "safe": None})
    assert answers(store, "person", untouched.record)["safe"] is True
    assert answers(store, "person", blank.record)["safe"] is None


def test_only_what_changed_becomes_a_fact(store: OrganisationStore, operator: Actor) -> None:
    saved = service.create(store, operator, "person", FULL)
    again = service.update(store, operator, "person", saved.record, saved.version, FULL | {"children": 3})
    assert again.changed == ("children",)
    written = [fact for fact in facts(store, saved.record) if fact.tx == again.version]
    assert [(fact.new, fact.old) for fact in written] == [("3", "2")]


def test_saving_the_same_answers_makes_no_transaction(store: OrganisationStore, operator: Actor) -> None:
    saved = service.create(store, operator, "person", FULL)
    again = service.update(store, operator, "person", saved.record, saved.version, FULL)
    assert (again.version, again.changed) == (saved.version, ())


def test_a_required_answer_cannot_be_emptied(store: OrganisationStore, operator: Actor) -> None:
    saved = service.create(store, operator, "person", FULL)
    with pytest.raises(InvalidAnswers, match="required"):
        service.update(store, operator, "person", saved.record, saved.version, {"name": "  "})


@pytest.mark.parametrize(("field", "value"), [("code", "A-1"), ("passport", "N 123")])
def test_a_unique_value_is_held_by_one_living_record(
    store: OrganisationStore, operator: Actor, field: str, value: str
) -> None:
    first = service.create(store, operator, "person", {"name": "A", field: value})
    with pytest.raises(InvalidAnswers, match="not_unique"):
        service.create(store, operator, "person", {"name": "B", field: value})
    service.delete(store, operator, "person", first.record)
    second = service.create(store, operator, "person", {"name": "B", field: value})
    with pytest.raises(InvalidAnswers, match="not_unique"):
        service.undelete(store, operator, "person", first.record)
    service.update(store, operator, "person", second.record, second.version, {field: None})
    service.undelete(store, operator, "person", first.record)
    assert answers(store, "person", first.record)[field] == value


def test_two_records_of_one_batch_cannot_share_a_unique_value(store: OrganisationStore, operator: Actor) -> None:
    batch = [Change({"name": "A", "code": "X"}), Change({"name": "B", "code": "X"}), Change({"name": "C"})]
    result = service.save(store, operator, "person", batch, all_or_nothing=False)
    assert sorted(result.saved) == [0, 2]
    assert [(refused.position, refused.problems[0].kind) for refused in result.refused] == [(1, "not_unique")]


def test_all_or_nothing_keeps_nothing(store: OrganisationStore, operator: Actor) -> None:
    with pytest.raises(InvalidAnswers):
        service.save(store, operator, "person", [Change({"name": "A"}), Change({"name": ""})])
    with store.reading() as connection:
        assert connection.execute(select(store.tables.record)).all() == []


def test_a_lookup_leads_to_a_living_record_only(store: OrganisationStore, operator: Actor) -> None:
    friend = service.create(store, operator, "person", {"name": "A"})
    service.create(store, operator, "person", {"name": "B", "friend": str(friend.record)})
    service.delete(store, operator, "person", friend.record)
    for gone in (friend.record, uuid.uuid4()):
        with pytest.raises(InvalidAnswers, match="unknown_record"):
            service.create(store, operator, "person", {"name": "C", "friend": gone})


def test_a_detail_stays_with_its_master(store: OrganisationStore, operator: Actor) -> None:
    one = service.create(store, operator, "person", {"name": "A"})
    two = service.create(store, operator, "person", {"name": "B"})
    visit = service.create(store, operator, "visit", {"title": "V", "person": one.record})
    with pytest.raises(InvalidAnswers, match="master_fixed"):
        service.update(store, operator, "visit", visit.record, visit.version, {"person": two.record})


def test_running_numbers_have_no_gap_after_a_refused_save(store: OrganisationStore, operator: Actor) -> None:
    service.create(store, operator, "person", {"name": "A", "code": "1"})
    with pytest.raises(InvalidAnswers):
        service.create(store, operator, "person", {"name": "B", "code": "1"})
    second = service.create(store, operator, "person", {"name": "B"})
    assert answers(store, "person", second.record)["number"] == "P-000002"


def test_a_stale_save_gets_base_theirs_and_mine(store: OrganisationStore, operator: Actor) -> None:
    saved = service.create(store, operator, "person", FULL)
    service.update(store, operator, "person", saved.record, saved.version, {"children": 5, "passport": "N 9"})
    with pytest.raises(Conflict) as caught:
        service.update(
            store, operator, "person", saved.record, saved.version, {"children": 7, "passport": "N 8", "debt": "3"}
        )
    sides = {field.field: (field.base, field.theirs, field.mine, field.clashes) for field in caught.value.fields}
    assert sides == {
        "passport": ("N 123", "N 9", "N 8", True),
        "debt": (Decimal("1250.50"), Decimal("1250.50"), Decimal("3.00"), False),
        "children": (2, 5, 7, True),
    }


def test_a_merging_save_keeps_both_when_they_do_not_clash(store: OrganisationStore, operator: Actor) -> None:
    saved = service.create(store, operator, "person", FULL)
    service.update(store, operator, "person", saved.record, saved.version, {"children": 5})
    merged = service.update(store, operator, "person", saved.record, saved.version, FULL | {"debt": "3"}, merge=True)
    assert merged.merged == ("children",)
    found = answers(store, "person", saved.record)
    assert (found["children"], found["debt"]) == (5, Decimal("3.00"))
    with pytest.raises(Conflict):
        service.update(store, operator, "person", saved.record, saved.version, {"children": 7}, merge=True)


def test_an_owner_that_two_chose_at_once_is_not_overwritten_unseen(
    store: OrganisationStore, organisations: Organisations, operator: Actor
) -> None:
    first, second = (
        create_member(organisations, store.slug, f"{name}@{store.slug}", name, Role.CASEWORKER, "correct horse battery")
        for name in ("first", "second")
    )
    made = service.create(store, operator, "person", {"name": "A", "record_type": "client"})
    theirs = {"owner": str(first.id), "record_type": "witness"}
    service.update(store, operator, "person", made.record, made.version, theirs)
    mine = {"name": "B", "owner": str(second.id)}
    with pytest.raises(InvalidAnswers) as refused:
        service.update(store, operator, "person", made.record, made.version, mine, merge=True)
    assert [(problem.kind, problem.path) for problem in refused.value.problems] == [("changed_meanwhile", "owner")]
    stale_form = {"name": "B", "owner": None, "record_type": "client"}
    service.update(store, operator, "person", made.record, made.version, stale_form, merge=True)
    kept = answers(store, "person", made.record)
    assert (kept["name"], kept["owner"], kept["record_type"]) == ("B", first.id, "witness")


def test_one_record_is_not_changed_twice_in_one_batch(store: OrganisationStore, operator: Actor) -> None:
    made = service.create(store, operator, "person", {"name": "A"})
    changes = [Change({"name": name}, made.record, made.version) for name in ("B", "C")]
    with pytest.raises(NotPossible):
        service.save(store, operator, "person", changes)
    assert len(facts(store, made.record)) == len(made.changed)


def test_a_repeated_request_gets_the_first_result(store: OrganisationStore, operator: Actor) -> None:
    first = service.create(store, operator, "person", FULL, request_key="form-1")
    assert service.create(store, operator, "person", FULL, request_key="form-1") == first
    with pytest.raises(RequestReused):
        service.create(store, operator, "person", FULL | {"name": "B"}, request_key="form-1")


def test_a_repeated_request_gets_the_first_result_also_when_a_newer_release_would_refuse_it(
    store: OrganisationStore, operator: Actor
) -> None:
    first = service.create(store, operator, "person", {"name": "A"}, request_key="before")
    stricter = clinic_document()
    field_of(stricter, "person", "story")["required"] = True
    publish(store, operator, stricter)
    assert service.create(store, operator, "person", {"name": "A"}, request_key="before") == first
    with pytest.raises(InvalidAnswers):
        service.create(store, operator, "person", {"name": "A"}, request_key="after")


@pytest.mark.parametrize("key", ["k\0", "k\ud800", "k" * 1000])
def test_a_request_key_that_no_page_makes_is_refused(store: OrganisationStore, operator: Actor, key: str) -> None:
    with pytest.raises(NotPossible):
        service.create(store, operator, "person", {"name": "A"}, request_key=key)


def test_a_deleted_master_takes_its_details_and_brings_back_exactly_those(
    store: OrganisationStore, operator: Actor
) -> None:
    person = service.create(store, operator, "person", {"name": "A"})
    visits = [service.create(store, operator, "visit", {"title": t, "person": person.record}) for t in "abc"]
    note = service.create(store, operator, "note", {"title": "N", "visit": visits[0].record})
    service.delete(store, operator, "visit", visits[2].record)
    assert service.delete(store, operator, "person", person.record).records == 4
    with pytest.raises(NotPossible):
        service.undelete(store, operator, "visit", visits[0].record)
    with pytest.raises(NotPossible):
        service.update(store, operator, "person", person.record, person.version, {"name": "B"})
    assert service.undelete(store, operator, "person", person.record).records == 4
    assert answers(store, "note", note.record)["deleted_tx"] is None
    assert answers(store, "visit", visits[2].record)["deleted_tx"] is not None


def test_erasure_leaves_no_value_behind(store: OrganisationStore, operator: Actor) -> None:
    person = service.create(store, operator, "person", FULL)
    service.update(store, operator, "person", person.record, person.version, {"story": "Another story"})
    visit = service.create(store, operator, "visit", {"title": "V", "person": person.record})
    assert service.erase(store, operator, "person", person.record, "She asked for it").records == 2
    for record in (person.record, visit.record):
        assert {(fact.new, fact.old, bool(fact.leaf)) for fact in facts(store, record)} == {(None, None, True)}
    with store.reading() as connection:
        keys = connection.execute(select(store.tables.record.c.wrapped_key)).scalars().all()
    assert keys == [None, None]
    with pytest.raises(NotFound):
        service.update(store, operator, "person", person.record, person.version, {"name": "B"})


def test_erasure_needs_a_reason(store: OrganisationStore, operator: Actor) -> None:
    person = service.create(store, operator, "person", FULL)
    with pytest.raises(NotPossible):
        service.erase(store, operator, "person", person.record, "  ")


@pytest.mark.parametrize("role", [Role.READER, Role.CASEWORKER, Role.SUPERVISOR])
def test_a_role_can_do_no_more_than_it_permits(store: OrganisationStore, operator: Actor, role: Role) -> None:
    actor = Actor(None, "somebody", role, "page")
    person = service.create(store, operator, "person", FULL)
    with pytest.raises(NotPermitted):
        service.erase(store, actor, "person", person.record, "because")
    if role is Role.READER:
        with pytest.raises(NotPermitted):
            service.create(store, actor, "person", {"name": "B"})
        with pytest.raises(NotPermitted):
            service.update(store, actor, "person", person.record, person.version, {"name": "B"})
        with pytest.raises(NotPermitted):
            service.delete(store, actor, "person", person.record)


def test_an_identifier_made_by_the_caller_is_used_once(store: OrganisationStore, operator: Actor) -> None:
    made = uuid.uuid4()
    assert service.create(store, operator, "person", {"name": "A"}, record=made).record == made
    with pytest.raises(InvalidAnswers, match="identifier_taken"):
        service.create(store, operator, "person", {"name": "B"}, record=made)


def test_a_taken_identifier_says_whether_its_record_can_be_opened_or_brought_back(
    store: OrganisationStore, operator: Actor
) -> None:
    def advice(record: uuid.UUID) -> str:
        with pytest.raises(InvalidAnswers) as caught:
            service.create(store, operator, "person", {"name": "B"}, record=record)
        return caught.value.problems[0].advice

    here, deleted, erased = (service.create(store, operator, "person", {"name": "A"}).record for _ in range(3))
    service.delete(store, operator, "person", deleted)
    service.erase(store, operator, "person", erased, "because")
    assert "Open it" in advice(here)
    assert "Bring it back" in advice(deleted)
    assert "erased for good" in advice(erased)


def test_a_random_code_that_is_taken_is_replaced(
    store: OrganisationStore, operator: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = clinic_document()
    code = {"id": "visit.code", "name": "code", "type": "auto_number", "label": "Code", "format": {"style": "code"}}
    publish(store, operator, with_field(document, "visit", code))
    person = service.create(store, operator, "person", {"name": "A"})
    # The same six numbers come first in each of three records, then others.
    throws = iter([1, 2, 3, 4, 5, 6] * 3 + [6, 5, 4, 3, 2, 1] * 2 + [7, 7, 7, 7, 7, 7] * 2)
    monkeypatch.setattr("secrets.randbelow", lambda _limit: next(throws))
    batch = [Change({"title": title, "person": person.record}) for title in "abc"]
    saved = service.save(store, operator, "visit", batch).saved
    codes = {answers(store, "visit", each.record)["code"] for each in saved.values()}
    assert len(codes) == 3
