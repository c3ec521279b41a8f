"""The mapping a person starts from, and the checks of the one they end with."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from amparo.metadata.missing import Missing
from amparo.runtime.access import Actor
from amparo.runtime.errors import InvalidAnswers
from amparo.runtime.releases.live import LiveRelease
from amparo.runtime.releases.publishing import publish
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.transfer.dates import DateOrder
from amparo.runtime.transfer.guessing import guess_mapping
from amparo.runtime.transfer.mapping import ColumnMapping, ImportMapping
from amparo.runtime.transfer.mapping_checks import check_mapping
from amparo.runtime.transfer.mapping_files import MAPPING_SCHEMA, mapping_document, mapping_from, read_mapping
from factories.clinic import clinic_document


@pytest.fixture
def release(empty_store: OrganisationStore, operator: Actor) -> LiveRelease:
    document = clinic_document()
    document["translations"] = [
        {
            "id": "km",
            "language": "km",
            "labels": {
                "person.gender": {"label": "ភេទ"},
                "list.gender:female": {"label": "ស្រី"},
            },
        }
    ]
    publish(empty_store, operator, document)
    return empty_store.newest_release()


def guessed(release: LiveRelease, header: list[str], *rows: list[str], of: str = "person") -> dict[str, Any]:
    document = mapping_document(guess_mapping(release, of, header, rows))
    Draft202012Validator(MAPPING_SCHEMA).validate(document)
    return document


def test_columns_are_recognised_by_name_label_translation_and_id(release: LiveRelease) -> None:
    found = guessed(release, ["NAME", "ភេទ", "met at", "person.debt", "Bórn"])["columns"]
    assert {header: column["field"] for header, column in found.items()} == {
        "NAME": "name",
        "ភេទ": "gender",
        "met at": "met_at",
        "person.debt": "debt",
        "Bórn": "born",
    }


def test_an_exact_name_takes_the_field_before_a_near_one(release: LiveRelease) -> None:
    found = guessed(release, ["Childrens", "Children"])
    assert found["columns"]["Children"]["field"] == "children"
    assert found["ignore"] == ["Childrens"]


def test_a_near_name_is_taken_where_nothing_is_equal(release: LiveRelease) -> None:
    assert guessed(release, ["Langauges"])["columns"]["Langauges"]["field"] == "languages"


def test_a_remark_in_brackets_is_no_part_of_a_name(release: LiveRelease) -> None:
    found = guessed(release, ["Gender (M/F)", "Children（0-18）", "(Debt)"])
    assert {name: each["field"] for name, each in found["columns"].items()} == {
        "Gender (M/F)": "gender",
        "Children（0-18）": "children",
        "(Debt)": "debt",
    }


def test_names_that_vowel_signs_alone_tell_apart_are_different(empty_store: OrganisationStore, operator: Actor) -> None:
    """Of an address, a husband and a father in Nepali only the consonants are the same."""
    document = clinic_document()
    labels = {"person.story": {"label": "पता"}, "person.code": {"label": "पिता"}}
    document["translations"] = [{"id": "ne", "language": "ne", "labels": labels}]
    publish(empty_store, operator, document)
    found = guessed(empty_store.newest_release(), ["पति", "पता", "पिता"])
    assert found["columns"] == {"पता": {"field": "story"}, "पिता": {"field": "code"}}


def relabelled(store: OrganisationStore, operator: Actor, labels: Mapping[str, str]) -> LiveRelease:
    """The clinic, in which some fields of people are called otherwise."""
    document = clinic_document()
    for field in next(each["fields"] for each in document["objects"] if each["name"] == "person"):
        field["label"] = labels.get(field["name"], field["label"])
    publish(store, operator, document)
    return store.newest_release()


def test_what_two_fields_are_called_is_given_to_neither(empty_store: OrganisationStore, operator: Actor) -> None:
    labels = {"passport": "Notes", "story": "Notes", "code": "Friend name", "debt": "Gender"}
    found = guessed(relabelled(empty_store, operator, labels), ["Notes", "story", "Friend name", "Gender"])
    assert {name: each["field"] for name, each in found["columns"].items()} == {
        "story": "story",
        "Friend name": "code",
        "Gender": "gender",
    }


def test_the_first_words_of_a_name_are_enough_where_no_other_begins_so(
    empty_store: OrganisationStore, operator: Actor
) -> None:
    labels = {"born": "Date of birth or age", "debt": "Owed to the broker", "children": "Owed to the family"}
    found = guessed(relabelled(empty_store, operator, labels), ["Date of birth (d/m/y)", "Owed to", "Date"])
    assert found["columns"] == {"Date of birth (d/m/y)": {"field": "born"}}
    assert found["ignore"] == ["Owed to", "Date"]


def test_words_of_a_remark_are_none_of_the_first_words_of_a_name(
    empty_store: OrganisationStore, operator: Actor
) -> None:
    release = relabelled(empty_store, operator, {"born": "Date of birth or age"})
    assert guessed(release, ["Date (day and month)"])["columns"] == {}


def test_the_words_of_a_header_may_stand_in_another_order(release: LiveRelease) -> None:
    assert guessed(release, ["Owner of the person's Gender", "At, met"])["columns"] == {"At, met": {"field": "met_at"}}


def test_columns_that_fit_nothing_and_automatic_numbers_are_ignored(release: LiveRelease) -> None:
    assert guessed(release, ["Number", "Shoe size"]) == {"columns": {}, "ignore": ["Number", "Shoe size"]}


def test_picklist_texts_are_matched_by_code_and_label_in_any_language(release: LiveRelease) -> None:
    rows = [["female"], ["FEMALE"], ["ស្រី"], ["Mal"], ["Unknown"], ["-99"], ["zebra"], [""]]
    assert guessed(release, ["Gender"], *rows)["columns"]["Gender"] == {
        "field": "gender",
        "values": {"FEMALE": "female", "ស្រី": "female", "Mal": "male"},
        "missing": {"Unknown": "unknown", "-99": "unknown"},
    }


def test_a_mapping_that_nobody_reviews_holds_only_what_is_beyond_doubt(release: LiveRelease) -> None:
    rows = [["Mal", "-99", "x"], ["MALE", "not asked", "x"], ["unknown", "3", "x"]]
    mapping = guess_mapping(release, "person", ["Gender", "Children", "Langauges"], rows, is_reviewed=False)
    assert mapping_document(mapping) == {
        "columns": {
            "Gender": {"field": "gender", "values": {"MALE": "male"}, "missing": {"unknown": "unknown"}},
            "Children": {"field": "children", "missing": {"not asked": "not_asked"}},
        },
        "ignore": ["Langauges"],
    }


def test_a_reason_is_only_guessed_where_the_field_takes_it(release: LiveRelease) -> None:
    found = guessed(release, ["children", "debt"], ["not asked", "not asked"], ["unknown", "unknown"])["columns"]
    assert found["children"] == {"field": "children", "missing": {"not asked": "not_asked"}}
    assert found["debt"] == {"field": "debt"}


def test_a_lookup_is_named_by_what_its_header_says(release: LiveRelease) -> None:
    found = guessed(release, ["Friend", "Name"], ["Sok", "Dara"])["columns"]
    assert found["Friend"] == {"field": "friend", "by": "name"}
    assert guessed(release, ["Friend number"], ["P-000001"])["columns"]["Friend number"]["by"] == "number"
    identifier = "0190e2a8-1111-7000-8000-000000000001"
    assert "by" not in guessed(release, ["Friend"], [identifier])["columns"]["Friend"]


def test_the_order_of_days_is_guessed_only_where_one_order_fits(release: LiveRelease) -> None:
    assert guessed(release, ["Born"], ["31/12/1999"], ["01/02/2000"])["columns"]["Born"]["dates"] == "day-month-year"
    assert "dates" not in guessed(release, ["Born"], ["01/02/2000"])["columns"]["Born"]
    assert "dates" not in guessed(release, ["Born"], ["2000-02-01"])["columns"]["Born"]


def test_a_mapping_survives_writing_and_reading() -> None:
    mapping = ImportMapping(
        {
            "Sex": ColumnMapping("gender", values={"F": "female", "x": None}, missing={"-99": Missing.UNKNOWN}),
            "Friend": ColumnMapping("friend", by="number"),
            "Born": ColumnMapping("born", dates=DateOrder.DAY_MONTH_YEAR),
        },
        ("Notes",),
    )
    assert read_mapping(json.dumps(mapping_document(mapping)).encode()) == mapping


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (b"{", "line 1"),
        (b"[]", "mapping"),
        (b'{"columns": {"Sex": {}}}', "mapping.columns.Sex"),
        (b'{"columns": {"Sex": {"field": "gender", "missing": {"-99": "dunno"}}}}', "mapping.columns.Sex.missing.-99"),
        (b'{"columns": {}, "skip": []}', "mapping"),
    ],
)
def test_a_mapping_file_that_is_not_one_is_refused_with_the_place(text: bytes, place: str) -> None:
    with pytest.raises(InvalidAnswers) as caught:
        read_mapping(text)
    assert caught.value.problems[0].path.startswith(place)


def test_every_fault_of_a_mapping_is_told_at_once(release: LiveRelease) -> None:
    mapping = mapping_from(
        {
            "columns": {
                "Gendr": {"field": "gender"},
                "A": {"field": "nmae"},
                "B": {"field": "code"},
                "C": {"field": "code"},
                "D": {"field": "gender", "values": {"x": "femal"}, "missing": {"": "not_asked"}},
                "E": {"field": "debt", "by": "name", "dates": "day-month-year"},
                "F": {"field": "friend", "by": "story"},
            },
            "ignore": ["A"],
        }
    )
    header = ["A", "B", "C", "D", "E", "F", "G", "Gender"]
    found = {(problem.path, problem.kind) for problem in check_mapping(release, "person", mapping, header)}
    assert found == {
        ("columns.Gendr", "unknown_name"),
        ("columns.Gendr.field", "field_twice"),
        ("columns.Gender", "unmapped"),
        ("columns.G", "unmapped"),
        ("columns.A", "mapped_twice"),
        ("columns.A.field", "unknown_name"),
        ("columns.B.field", "field_twice"),
        ("columns.C.field", "field_twice"),
        ("columns.D.field", "field_twice"),
        ("columns.D.values.x", "unknown_name"),
        ("columns.D.missing.", "reason_not_allowed"),
        ("columns.E.by", "not_a_lookup"),
        ("columns.E.dates", "not_a_date_field"),
        ("columns.F.by", "cannot_name"),
        ("columns", "required"),
    }
