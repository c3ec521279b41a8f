from __future__ import annotations

import copy
from typing import Any

import pytest

from amparo.metadata.building import application_from, field_from
from amparo.metadata.canonical import document_hash
from amparo.metadata.missing import Missing
from amparo.metadata.model import Application, Measure, Sort


def test_a_field_has_the_defaults_of_who_wrote_nothing() -> None:
    field = field_from({"id": "f", "name": "birth_date", "type": "date"})
    assert field.label == "Birth date"
    assert (field.required, field.unique, field.searchable, field.sensitive, field.retired) == (False,) * 5
    assert (field.help, field.default, field.missing_reasons, dict(field.options)) == ("", None, (), {})


def test_what_is_no_attribute_is_an_option_of_the_type() -> None:
    field = field_from({"id": "f", "name": "f", "type": "integer", "minimum": 0, "missing_reasons": ["refused"]})
    assert dict(field.options) == {"minimum": 0}
    assert field.missing_reasons == (Missing.REFUSED,)


def test_masters_are_required_and_numbers_unique_without_saying() -> None:
    assert field_from({"id": "f", "name": "f", "type": "master_detail", "object": "x"}).required
    assert field_from({"id": "f", "name": "f", "type": "auto_number", "format": {"style": "code"}}).unique


def test_the_document_stays_as_it_was_written(document: dict[str, Any]) -> None:
    before = copy.deepcopy(document)
    application = application_from(document)
    assert document == before
    assert application.hash == document_hash(before)


def test_an_application_of_two_words_fills_in_the_rest() -> None:
    application = application_from({"application": {"id": "a", "name": "my_house"}})
    assert (application.label, application.languages, application.default_language) == ("My house", ("en",), "en")
    assert (application.time_zone, application.navigation, dict(application.objects)) == ("UTC", (), {})


def test_definitions_find_one_another(shelter: Application) -> None:
    assert shelter.navigation == ("resident", "stay")
    assert [view.name for view in shelter.views_of("resident")] == ["at_risk"]
    assert [report.name for report in shelter.reports_of("resident")] == ["by_risk", "owed"]
    assert [(child.name, field.name) for child, field in shelter.details_of("resident")] == [("stay", "resident")]
    assert shelter.objects["stay"].master is shelter.objects["stay"].by_name["resident"]
    assert "bed" not in [field.name for field in shelter.objects["resident"].active_fields]


def test_a_related_list_without_a_label_has_the_plural_of_its_object(shelter: Application) -> None:
    related = shelter.layouts[0].tabs[0].related_lists[0]
    assert related.label == "Stays"
    assert related.sort == (Sort("first_night", descending=True),)


def test_a_report_of_groups_without_measures_counts(document: dict[str, Any]) -> None:
    by_risk, owed = document["reports"]
    del by_risk["measures"]
    built = {report.name: report for report in application_from(document).reports}
    assert built[by_risk["name"]].measures == (Measure("count"),)
    assert built[owed["name"]].measures == ()


@pytest.mark.parametrize(
    ("record_type", "role", "name"),
    [
        ("adult", "caseworker", "resident"),
        ("adult", "reader", "for_adults"),
        ("child", "caseworker", "for_caseworkers"),
        ("child", "reader", "for_all"),
        (None, "reader", "for_all"),
    ],
)
def test_the_layout_that_says_most_about_the_page_is_chosen(
    document: dict[str, Any], record_type: str | None, role: str, name: str
) -> None:
    first = document["layouts"][0]
    for other, emptied in (
        ("for_adults", ["roles"]),
        ("for_caseworkers", ["record_types"]),
        ("for_all", ["roles", "record_types"]),
    ):
        document["layouts"].append({**first, "name": other, **{key: [] for key in emptied}})
    layout = application_from(document).layout_for("resident", record_type, role)
    assert layout is not None
    assert layout.name == name


def test_an_object_without_a_layout_has_none(shelter: Application) -> None:
    assert shelter.layout_for("stay", None, "caseworker") is None


def test_texts_are_translated_or_fall_back(shelter: Application) -> None:
    assert shelter.text("resident", "label", "Resident", "km") == "អ្នកស្នាក់នៅ"
    assert shelter.text("resident", "help", "Who stays", "km") == "Who stays"
    assert shelter.text("resident", "label", "Resident", "th") == "Resident"


def test_two_files_of_one_language_add_up(document: dict[str, Any]) -> None:
    document["translations"].append({"id": "x", "language": "km", "labels": {"resident": {"help": "ជំនួយ"}}})
    texts = application_from(document).translations["km"]["resident"]
    assert texts["help"] == "ជំនួយ"
    assert texts["label"] == "អ្នកស្នាក់នៅ"
