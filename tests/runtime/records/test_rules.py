"""Rules and conditions in the save pipeline, on every database."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

import pytest

from amparo.metadata.checks import check
from amparo.runtime.access import Actor, operator_actor
from amparo.runtime.errors import InvalidAnswers, InvalidBatches
from amparo.runtime.ledger.verifying import verify
from amparo.runtime.planner.records import read_record, record_history
from amparo.runtime.projections.comparing import check_projections
from amparo.runtime.records import service
from amparo.runtime.records.changes import Batch, Change, Saved
from amparo.runtime.records.judging import Judge
from amparo.runtime.releases.publishing import publish
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.organisations import Organisations
from factories.clinic import clinic_document
from factories.rules import RULES, strict_document, with_rule

pytestmark = pytest.mark.every_database


@pytest.fixture(scope="module")
def store(organisations: Organisations) -> OrganisationStore:
    """One for all tests, each of which makes the records it looks at."""
    made = organisations.create("strict", "Strict")
    publish(made, operator_actor(), strict_document())
    return made


def told(refusal: pytest.ExceptionInfo[InvalidAnswers]) -> set[tuple[str, str]]:
    return {(problem.kind, problem.path) for problem in refusal.value.problems}


def held(store: OrganisationStore, operator: Actor, record: uuid.UUID) -> Mapping[str, Any]:
    return read_record(store, operator, "person", record).answers


def changed(
    store: OrganisationStore, operator: Actor, saved: Saved, values: Mapping[str, Any], *acknowledged: str
) -> Saved:
    return service.update(store, operator, "person", saved.record, saved.version, values, acknowledged=acknowledged)


def test_the_document_has_no_problems() -> None:
    assert check(strict_document()) == []


def test_a_record_that_breaks_a_rule_is_refused_in_the_rules_words(store: OrganisationStore, operator: Actor) -> None:
    with pytest.raises(InvalidAnswers) as refusal:
        service.create(store, operator, "person", {"name": "Sok", "born": "2999-01-01"})
    (problem,) = refusal.value.problems
    assert (problem.kind, problem.path, problem.message) == ("broken_rule", "born", RULES["born_later"]["message"])
    assert problem.definition == "person.rule.born_later"


def test_an_update_is_judged_by_what_the_record_would_hold(store: OrganisationStore, operator: Actor) -> None:
    saved = service.create(store, operator, "person", {"name": "Sok", "debt": "2000"})
    with pytest.raises(InvalidAnswers) as refusal:
        changed(store, operator, saved, {"children": 6, "school": "Wat"})
    assert told(refusal) == {("warning", "")}


def test_all_problems_come_at_once(store: OrganisationStore, operator: Actor) -> None:
    with pytest.raises(InvalidAnswers) as refusal:
        service.create(store, operator, "person", {"born": "2999-01-01", "children": 13, "met_at": "nonsense"})
    kinds = told(refusal)
    assert {("required", "name"), ("broken_rule", "born"), ("warning", "children"), ("required", "school")} <= kinds
    assert "met_at" in {path for _, path in kinds}


def test_a_rule_is_not_judged_by_an_answer_that_was_refused(store: OrganisationStore, operator: Actor) -> None:
    with pytest.raises(InvalidAnswers) as refusal:
        service.create(store, operator, "person", {"name": "Sok", "children": "many"})
    assert {path for _, path in told(refusal)} == {"children"}


def test_a_warning_is_passed_over_once_somebody_says_it_is_right_and_recorded(
    store: OrganisationStore, operator: Actor
) -> None:
    values = {"name": "Sok", "children": 13, "school": "Wat"}
    with pytest.raises(InvalidAnswers) as refusal:
        service.create(store, operator, "person", values)
    assert [(each.kind, each.value) for each in refusal.value.problems] == [("warning", "many_children")]
    saved = service.create(store, operator, "person", values, acknowledged=["many_children"])
    (entry,) = record_history(store, operator, "person", saved.record)
    assert {each.field: each.new for each in entry.changes}["acknowledged"] == "person.rule.many_children"
    again = changed(store, operator, saved, {"story": "She told it."})
    assert again.changed == ("story",)
    eased = changed(store, operator, again, {"children": 3})
    history = record_history(store, operator, "person", saved.record)
    assert {each.field: (each.old, each.new) for each in history[0].changes}["acknowledged"] == (
        "person.rule.many_children",
        None,
    )
    with pytest.raises(InvalidAnswers):
        changed(store, operator, eased, {"children": 14})


def test_what_somebody_passed_over_stands_while_nobody_is_asked(
    empty_store: OrganisationStore, operator: Actor
) -> None:
    rule = {**RULES["many_children"], "existing": "leave"}
    publish(empty_store, operator, with_rule(clinic_document(), "person", "many_children", **rule))
    values = {"name": "Sok", "children": 13}
    saved = service.create(empty_store, operator, "person", values, acknowledged=["many_children"])
    again = changed(empty_store, operator, saved, {"story": "She told it."})
    (entry, _) = record_history(empty_store, operator, "person", saved.record)
    assert [each.field for each in entry.changes] == ["story"]
    with pytest.raises(InvalidAnswers):
        changed(empty_store, operator, changed(empty_store, operator, again, {"children": 2}), {"children": 14})


def test_the_projection_and_the_ledger_agree_about_acknowledged_warnings(
    store: OrganisationStore, operator: Actor
) -> None:
    values = {"name": "Sok", "children": 13, "school": "Wat", "record_type": "client"}
    saved = service.create(store, operator, "person", values, acknowledged=["many_children"])
    changed(store, operator, saved, {"children": 1})
    assert check_projections(store).differences == 0
    assert verify(store).broken is None


def test_an_update_that_changes_nothing_is_not_asked_to_put_anything_right(
    empty_store: OrganisationStore, operator: Actor
) -> None:
    publish(empty_store, operator, clinic_document())
    saved = service.create(empty_store, operator, "person", {"name": "Sok", "born": "2999-01-01"})
    publish(empty_store, operator, strict_document())
    assert changed(empty_store, operator, saved, {"name": "Sok"}).changed == ()
    with pytest.raises(InvalidAnswers):
        changed(empty_store, operator, saved, {"name": "Sokha"})


@pytest.mark.parametrize(
    ("existing", "values", "kinds"),
    [
        ({"existing": "enforce"}, {"name": "Sokha"}, {"broken_rule"}),
        ({"existing": "leave"}, {"name": "Sokha"}, set()),
        ({"existing": "leave"}, {"born": "2998-01-01"}, {"broken_rule"}),
        ({"existing": "warn", "warn_until": "2999-01-01"}, {"name": "Sokha"}, {"warning"}),
        ({"existing": "warn", "warn_until": "2020-01-01"}, {"name": "Sokha"}, {"broken_rule"}),
    ],
)
def test_records_that_break_a_new_rule_already(
    empty_store: OrganisationStore,
    operator: Actor,
    existing: Mapping[str, str],
    values: Mapping[str, str],
    kinds: set[str],
) -> None:
    publish(empty_store, operator, clinic_document())
    saved = service.create(empty_store, operator, "person", {"name": "Sok", "born": "2999-01-01"})
    rule = {**RULES["born_later"], **existing}
    publish(empty_store, operator, with_rule(clinic_document(), "person", "born_later", **rule))
    if not kinds:
        assert changed(empty_store, operator, saved, values).changed == tuple(values)
        return
    with pytest.raises(InvalidAnswers) as refusal:
        changed(empty_store, operator, saved, values)
    assert {kind for kind, _ in told(refusal)} == kinds


def test_a_new_record_is_never_an_existing_one(empty_store: OrganisationStore, operator: Actor) -> None:
    rule = {**RULES["born_later"], "existing": "leave"}
    publish(empty_store, operator, with_rule(clinic_document(), "person", "born_later", **rule))
    with pytest.raises(InvalidAnswers):
        service.create(empty_store, operator, "person", {"name": "Sok", "born": "2999-01-01"})


def test_what_does_not_apply_any_more_is_cleared_and_stays_in_the_history(
    store: OrganisationStore, operator: Actor
) -> None:
    saved = service.create(store, operator, "person", {"name": "Sok", "gender": "female", "maiden_name": "Chan"})
    assert held(store, operator, saved.record)["maiden_reason"] == "Marriage"
    eased = changed(store, operator, saved, {"gender": "male"})
    assert set(eased.changed) == {"gender", "maiden_name", "maiden_reason"}
    answers = held(store, operator, saved.record)
    assert (answers["maiden_name"], answers["maiden_reason"]) == (None, None)
    old = {each.field: each.old for each in record_history(store, operator, "person", saved.record)[0].changes}
    assert old["maiden_name"] == "Chan"


def test_a_default_is_not_given_where_the_field_does_not_apply(store: OrganisationStore, operator: Actor) -> None:
    saved = service.create(store, operator, "person", {"name": "Sok", "gender": "male"})
    assert held(store, operator, saved.record)["maiden_reason"] is None
    brought = {"name": "Sok", "gender": "male", "maiden_reason": "Marriage"}
    saved = service.create(store, operator, "person", brought)
    assert held(store, operator, saved.record)["maiden_reason"] is None


def test_an_answer_that_does_not_apply_is_refused_so_that_nothing_typed_is_lost(
    store: OrganisationStore, operator: Actor
) -> None:
    with pytest.raises(InvalidAnswers) as refusal:
        service.create(store, operator, "person", {"name": "Sok", "gender": "male", "maiden_name": "Chan"})
    assert told(refusal) == {("not_asked", "maiden_name")}


def test_a_field_is_needed_while_its_condition_holds(store: OrganisationStore, operator: Actor) -> None:
    with pytest.raises(InvalidAnswers) as refusal:
        service.create(store, operator, "person", {"name": "Sok", "children": 2})
    assert told(refusal) == {("required", "school")}
    saved = service.create(store, operator, "person", {"name": "Sok", "children": 0})
    with pytest.raises(InvalidAnswers):
        changed(store, operator, saved, {"children": 2})
    with_school = changed(store, operator, saved, {"children": 2, "school": "Wat"})
    with pytest.raises(InvalidAnswers):
        changed(store, operator, with_school, {"school": ""})


def test_a_closed_answer_cannot_be_changed(store: OrganisationStore, operator: Actor) -> None:
    saved = service.create(store, operator, "person", {"name": "Sok", "code": "A-1"})
    with pytest.raises(InvalidAnswers) as refusal:
        changed(store, operator, saved, {"code": "A-2", "story": "x"})
    assert told(refusal) == {("read_only", "code")}
    assert changed(store, operator, saved, {"code": "A-1", "story": "x"}).changed == ("story",)


def test_a_rule_reads_across_a_lookup_what_the_same_save_writes_there(
    store: OrganisationStore, operator: Actor
) -> None:
    person, visit = uuid.uuid4(), {"title": "First", "held_on": "2001-01-01"}
    people = Batch("person", [Change({"name": "Sok", "born": "2005-05-05"}, person)])
    with pytest.raises(InvalidBatches) as refusal:
        service.save_together(store, operator, [people, Batch("visit", [Change({**visit, "person": str(person)})])])
    assert [problem.path for problem in refusal.value.batches[1][0]] == ["held_on"]
    saved = service.create(store, operator, "person", {"name": "Sok", "born": "2005-05-05"})
    with pytest.raises(InvalidAnswers):
        service.create(store, operator, "visit", {**visit, "person": str(saved.record)})
    older = Batch("person", [Change({"born": "1990-01-01"}, saved.record, saved.version)])
    service.save_together(store, operator, [older, Batch("visit", [Change({**visit, "person": str(saved.record)})])])


def test_a_rule_of_completion_is_asked_when_the_status_is_reached(store: OrganisationStore, operator: Actor) -> None:
    person = service.create(store, operator, "person", {"name": "Sok"})
    made = service.create(store, operator, "visit", {"title": "First", "person": str(person.record), "state": "open"})
    with pytest.raises(InvalidAnswers) as refusal:
        service.update(store, operator, "visit", made.record, made.version, {"state": "done"})
    assert told(refusal) == {("broken_rule", "hours")}
    done = service.update(store, operator, "visit", made.record, made.version, {"state": "done", "hours": 1})
    assert service.update(store, operator, "visit", made.record, done.version, {"hours": ""}).changed == ("hours",)


def test_a_dry_run_says_what_a_save_would_say(store: OrganisationStore, operator: Actor) -> None:
    changes = [Change({"name": "Sok", "born": "2999-01-01"}), Change({"name": "Dara", "children": 13, "school": "W"})]
    judgement = Judge(store, operator, "person").judge(changes)
    assert {each.position: [problem.kind for problem in each.problems] for each in judgement.refused} == {
        0: ["broken_rule"],
        1: ["warning"],
    }


def test_a_rule_that_cannot_be_computed_warns_and_keeps_nobody_from_saving(
    empty_store: OrganisationStore, operator: Actor
) -> None:
    rule = {"condition": "debt / children > 100", "message": "Too much."}
    publish(empty_store, operator, with_rule(clinic_document(), "person", "share", **rule))
    values = {"name": "Sok", "debt": "5", "children": 0}
    with pytest.raises(InvalidAnswers) as refusal:
        service.create(empty_store, operator, "person", values)
    (problem,) = refusal.value.problems
    assert (problem.kind, problem.value) == ("warning", "share")
    service.create(empty_store, operator, "person", values, acknowledged=["share"])


def test_a_formula_answers_what_nobody_answers(store: OrganisationStore, operator: Actor) -> None:
    saved = service.create(store, operator, "person", {"name": "Sok", "gender": "female", "maiden_name": "Chan"})
    assert held(store, operator, saved.record)["story"] == "Sok, Marriage"
    told_by_hand = service.create(store, operator, "person", {"name": "Sok", "story": "Her own"})
    assert held(store, operator, told_by_hand.record)["story"] == "Her own"
    left_blank = service.create(store, operator, "person", {"name": "Sok", "story": None})
    assert held(store, operator, left_blank.record)["story"] is None


def test_an_option_is_offered_by_what_another_record_says(store: OrganisationStore, operator: Actor) -> None:
    person = service.create(store, operator, "person", {"name": "Sok", "gender": "male"})
    values = {"title": "Visit", "person": person.record, "given": "widow"}
    with pytest.raises(InvalidAnswers) as refusal:
        service.create(store, operator, "visit", values)
    assert told(refusal) == {("not_an_option", "given")}
    changed(store, operator, person, {"gender": "female"})
    visit = service.create(store, operator, "visit", values)
    assert read_record(store, operator, "visit", visit.record).answers["given"] == "widow"


def test_an_option_that_is_not_offered_is_refused_in_a_dry_run_and_in_a_save_alike(
    store: OrganisationStore, operator: Actor
) -> None:
    change = Change({"name": "Sok", "gender": "male", "support": "widow"})
    (refused,) = Judge(store, operator, "person").judge([change]).refused
    with pytest.raises(InvalidAnswers) as refusal:
        service.create(store, operator, "person", change.values)
    assert [(each.path, each.message) for each in refused.problems] == [
        (each.path, each.message) for each in refusal.value.problems
    ]
    saved = service.create(store, operator, "person", {"name": "Sok", "gender": "female", "support": "widow"})
    with pytest.raises(InvalidAnswers) as refusal:
        changed(store, operator, saved, {"gender": "male"})
    assert told(refusal) == {("not_an_option", "support")}
    assert held(store, operator, saved.record)["support"] == "widow"


def test_another_kind_of_record_may_withhold_an_option(store: OrganisationStore, operator: Actor) -> None:
    values = {"name": "Sok", "support": "pension"}
    with pytest.raises(InvalidAnswers) as refusal:
        service.create(store, operator, "person", {**values, "record_type": "witness"})
    assert told(refusal) == {("not_an_option", "support")}
    saved = service.create(store, operator, "person", {**values, "record_type": "client"})
    again = changed(store, operator, saved, {"story": "She told it."})
    with pytest.raises(InvalidAnswers) as refusal:
        changed(store, operator, again, {"record_type": "witness"})
    assert told(refusal) == {("not_an_option", "support")}
    changed(store, operator, again, {"record_type": "witness", "support": None})
