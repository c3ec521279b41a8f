"""What a release may not do to the records kept under the one before."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from amparo.metadata.checks import check

Document = dict[str, Any]


def resident(document: Document) -> Any:
    return document["objects"][0]


def stay(document: Document) -> Any:
    return document["objects"][1]


def field(document: Document, name: str) -> Any:
    return next(each for each in resident(document)["fields"] if each["name"] == name)


def change_type(document: Document) -> None:
    field(document, "children").update(type="text")
    del field(document, "children")["minimum"], field(document, "children")["maximum"]


def move_field(document: Document) -> None:
    moved = resident(document)["fields"].pop()
    stay(document)["fields"].append(moved)


def other_picklist(document: Document) -> None:
    field(document, "risk").update(picklist="language", default="km")
    document["list_views"] = []


def put_another_picklist_under_its_name(document: Document) -> None:
    rename_picklist(document)
    options = [{"code": "some", "label": "Some"}]
    document["picklists"].append({"id": "picklist.another", "name": "risk", "label": "Risk", "options": options})
    field(document, "risk").pop("default", None)
    field(document, "risk")["picklist"] = "risk"
    document["list_views"] = []


def rename_object(document: Document) -> None:
    resident(document)["name"] = "guest"
    field(document, "mother")["object"] = "guest"
    stay(document)["fields"][0]["object"] = "guest"
    document["application"]["navigation"] = ["guest", "stay"]
    document.update(layouts=[], list_views=[], reports=[], translations=[])


def rename_picklist(document: Document) -> None:
    document["picklists"][1]["name"] = "danger"
    field(document, "risk")["picklist"] = "danger"


def point_to_more(document: Document) -> None:
    del field(document, "mother")["object"]
    field(document, "mother")["objects"] = ["stay", "resident"]


def drop_stay(document: Document) -> None:
    document["objects"].pop()
    document["application"]["navigation"] = ["resident"]
    document["layouts"] = []
    document["translations"] = []


def drop_risk_option(document: Document) -> None:
    document["picklists"][1]["options"].pop()
    document["list_views"] = []


def rename_record_type(document: Document) -> None:
    resident(document)["record_types"][0]["name"] = "grown_up"
    document["layouts"] = []
    document["translations"] = []


def drop_record_type(document: Document) -> None:
    resident(document)["record_types"].pop()


@pytest.mark.parametrize(
    ("change", "path", "kind"),
    [
        (change_type, "objects/resident.json: fields[3].type", "storage_changed"),
        (lambda d: field(d, "owed").update(decimals=3), "objects/resident.json: fields[4].decimals", "storage_changed"),
        (
            lambda d: field(d, "mother").update(object="stay"),
            "objects/resident.json: fields[10].object",
            "storage_changed",
        ),
        (
            lambda d: field(d, "passport").update(sensitive=False),
            "objects/resident.json: fields[11].sensitive",
            "storage_changed",
        ),
        (other_picklist, "objects/resident.json: fields[8].picklist", "vanished"),
        (put_another_picklist_under_its_name, "objects/resident.json: fields[8].picklist", "vanished"),
        (lambda d: resident(d)["fields"].pop(), "objects/resident.json: fields", "vanished"),
        (move_field, "objects/stay.json", "moved"),
        (drop_stay, "objects/stay.json", "vanished"),
        (drop_record_type, "objects/resident.json: record_types", "vanished"),
        (rename_record_type, "objects/resident.json: record_types", "storage_changed"),
        (drop_risk_option, "picklists/risk.json: options", "vanished"),
    ],
)
def test_what_records_need_must_stay(
    document: Document, change: Callable[[Document], None], path: str, kind: str
) -> None:
    previous = copy.deepcopy(document)
    change(document)
    assert [str(problem) for problem in check(document)] == []
    problems = check(document, previous=previous)
    assert [(problem.path, problem.kind) for problem in problems] == [(path, kind)]


def rename_everything(document: Document) -> None:
    resident(document)["label"] = "Guest"
    field(document, "story").update(name="notes", label="Notes")
    document["layouts"] = []
    document["translations"] = []


@pytest.mark.parametrize(
    "change",
    [
        rename_everything,
        rename_object,
        rename_picklist,
        point_to_more,
        lambda d: field(d, "story").update(retired=True) or d.update(layouts=[], translations=[]),
        lambda d: field(d, "full_name").update(max_length=20, required=False),
        lambda d: field(d, "owed").update(minimum=10),
        lambda d: d["picklists"][1]["options"][0].update(label="Little"),
        lambda d: d["picklists"][1]["options"][1].update(active=False),
        lambda d: d.update(reports=[], list_views=[], layouts=[], translations=[]),
        lambda d: resident(d).pop("validation_rules"),
    ],
)
def test_what_leaves_records_readable_is_free(document: Document, change: Callable[[Document], Any]) -> None:
    previous = copy.deepcopy(document)
    change(document)
    assert [str(problem) for problem in check(document, previous=previous)] == []


def test_a_field_of_the_same_storage_may_change_its_type(document: Document) -> None:
    previous = copy.deepcopy(document)
    name = field(document, "passport")
    name["type"] = "long_text"
    del name["unique"]
    assert check(document, previous=previous) == []


def test_a_first_release_has_nothing_before_it(document: Document) -> None:
    assert check(document, previous={"format": 1, "objects": []}) == []
    assert check(document, previous={}) == []


def test_a_lookup_that_may_be_blank_cannot_become_a_master(document: Document) -> None:
    previous = copy.deepcopy(document)
    stay(previous)["fields"][0]["type"] = "lookup"
    told = [(problem.path, problem.kind) for problem in check(document, previous=previous)]
    assert told == [("objects/stay.json: fields[0].type", "storage_changed")]
    assert check(previous, previous=document) == []


def test_an_object_that_records_may_point_to_is_not_taken_away(document: Document) -> None:
    previous = copy.deepcopy(document)
    point_to_more(previous)
    (problem,) = check(document, previous=previous)
    assert (problem.path, problem.kind) == ("objects/resident.json: fields[10].object", "storage_changed")
    assert problem.params["earlier"] == "stay"


def test_reasons_that_records_may_have_are_not_all_taken_away(document: Document) -> None:
    previous = copy.deepcopy(document)
    field(previous, "risk")["missing_reasons"] = ["unknown", "refused"]
    field(document, "risk").pop("missing_reasons", None)
    told = [(problem.path, problem.kind) for problem in check(document, previous=previous)]
    assert told == [("objects/resident.json: fields[8].missing_reasons", "storage_changed")]
    field(document, "risk")["missing_reasons"] = ["refused"]
    assert check(document, previous=previous) == []


def test_new_rules_bind_new_and_changed_definitions_only(document: Document) -> None:
    document["list_views"][0]["colour"] = "blue"
    assert [problem.kind for problem in check(document)] == ["unknown_entry"]
    previous = copy.deepcopy(document)
    assert check(document, previous=previous) == []
    document["list_views"][0]["label"] = "In danger"
    assert [problem.kind for problem in check(document, previous=previous)] == ["unknown_entry"]


def test_a_value_that_python_calls_equal_is_still_a_change(document: Document) -> None:
    previous = copy.deepcopy(document)
    field(document, "full_name")["required"] = 1
    assert [problem.kind for problem in check(document, previous=previous)] == ["wrong_type"]
