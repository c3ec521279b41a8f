"""A tree of places: which place a text means, what lies where, and what a field takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from amparo.metadata.building import application_from, field_from
from amparo.metadata.fields.base import CoercionContext, Rejected
from amparo.metadata.fields.location import Location
from amparo.metadata.model import Application, FilterRow
from amparo.metadata.operands import coerce_filter
from amparo.metadata.places import Place, PlaceTree
from factories.places import small_tree

TREE = small_tree()


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("0201", ["0201"]),
        ("Banan", ["0201"]),
        ("BANAN", ["0201"]),
        ("បាណន់", ["0201"]),
        ("بنوم بنه", ["12"]),
        ("Chheu Teal", ["020101", "020201"]),
        ("Chheu Teal, Banan, Battambang", ["020101"]),
        ("ឈើទាល, បាណន់", ["020101"]),
        ("Chheu Teal, Thma Koul", ["020201"]),
        ("Battambang > Banan > Chheu Teal", ["020101"]),
        ("Battambang/Chheu Teal", ["020101", "020201"]),
        ("Chheu Teal, Phnom Penh", []),
        ("Banan, Chheu Teal, Battambang", []),
        ("Nowhere", []),
        (", ", []),
    ],
)
def test_a_text_means_a_place_by_code_name_or_path_in_any_language(text: str, codes: list[str]) -> None:
    assert [place.code for place in TREE.meant(text)] == codes


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("ban", ["0201", "02"]),
        ("b", ["02", "0201", "120101"]),
        ("battambang", ["02"]),
        ("ចំ", ["1201"]),
        ("chheu, thma", ["020201"]),
        ("xyz", []),
    ],
)
def test_who_types_gets_the_nearest_names_first(text: str, codes: list[str]) -> None:
    assert [place.code for place in TREE.matches(text, 8, lambda place: not place.closed)] == codes


def test_no_more_is_given_than_is_asked_for() -> None:
    assert len(TREE.matches("", 3, lambda place: True)) == 3
    assert PlaceTree((), str, str).matches("a", 3, lambda place: True) == []


def test_paths_are_in_the_readers_language_and_readable_without_a_tree() -> None:
    assert TREE.path("020101", "en") == "Chheu Teal, Banan, Battambang"
    assert TREE.path("020101", "km") == "ឈើទាល, បាណន់, បាត់ដំបង"
    assert TREE.path("020101", "th") == "Chheu Teal, Banan, Battambang"
    assert TREE.path("7777", "en") == "7777"


def test_levels_come_from_the_top_down() -> None:
    assert TREE.levels == ("province", "district", "commune")
    assert TREE.at_level("020101", "district") == "0201"
    assert TREE.at_level("02", "district") is None


def test_a_circle_in_damaged_data_ends() -> None:
    circle = PlaceTree([Place("a", "b", "x", "A"), Place("b", "a", "x", "B")], str, str)
    assert circle.path("a", "en") == "A, B"


def coerce(text: str, options: Mapping[str, Any]) -> Any:
    field = field_from({"id": "f", "name": "f", "type": "location", "label": "F", **options})
    context = replace(CoercionContext(_application()), places=TREE)
    return Location().coercer(field, context)(text)


def _application() -> Application:
    return application_from({"application": {"id": "a", "name": "a"}})


@pytest.mark.parametrize(
    ("text", "options", "kind"),
    [
        ("Nowhere", {}, "unknown_place"),
        ("Chheu Teal", {}, "ambiguous_place"),
        ("Old Province", {}, "option_inactive"),
        ("Tonle Basak", {"root": "02"}, "outside_root"),
        ("Battambang", {"levels": ["commune", "district"]}, "wrong_level"),
    ],
)
def test_a_field_refuses_a_place_with_the_reason(text: str, options: Mapping[str, Any], kind: str) -> None:
    with pytest.raises(Rejected) as caught:
        coerce(text, options)
    assert caught.value.kind == kind
    if kind == "ambiguous_place":
        assert "Chheu Teal, Banan, Battambang (020101); Chheu Teal, Thma Koul" in str(caught.value)


def test_a_field_takes_what_lies_in_its_root_and_has_its_level() -> None:
    options = {"root": "02", "levels": ["commune"]}
    assert coerce("ឈើទាល, Banan", options) == "020101"
    assert coerce("020201", options) == "020201"


def test_a_question_may_name_any_place() -> None:
    field = field_from({"id": "f", "name": "f", "type": "location", "label": "F", "root": "02", "levels": ["commune"]})
    context = replace(CoercionContext(_application()), places=TREE)
    assert coerce_filter(FilterRow("f", "in_place", "Phnom Penh; 99"), field, context) == ("12", "99")
