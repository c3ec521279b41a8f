"""No document makes the checks raise, and what they accept can be built and used."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from amparo.metadata.building import application_from
from amparo.metadata.checks import check
from amparo.metadata.fields.answers import compile_object
from amparo.metadata.fields.base import CoercionContext
from amparo.metadata.model import Application
from amparo.metadata.problems import Problem
from amparo.metadata.reading import read_folder

SHELTER: dict[str, Any] = read_folder(Path(__file__).parents[1] / "shelter").document

scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text()
any_json = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4), max_leaves=12
)
#: Words that mean something in definitions, so that mutations reach deep.
WORDS = (
    "resident",
    "stay",
    "risk",
    "full_name",
    "id",
    "passport",
    "master_detail",
    "date",
    "today",
    "",
    "équipe",
    "$me",
)


def places_in(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path] if path else []
    if isinstance(value, dict):
        for key, inner in value.items():
            found += places_in(inner, (*path, key))
    if isinstance(value, list):
        for index, inner in enumerate(value):
            found += places_in(inner, (*path, index))
    return found


PLACES = places_in(SHELTER)


def assert_sound_problems(problems: list[Problem]) -> None:
    assert all(problem.message and problem.path and "{}" not in problem.advice for problem in problems)


def use(application: Application) -> None:
    """What every reader of an accepted document does first."""
    context = CoercionContext(application)
    for each in application.objects.values():
        compile_object(each, context)
        assert each.name_field in each.by_name
    for layout in application.layouts:
        assert set(layout.field_names) <= set(application.objects[layout.object].by_name)


@given(any_json)
def test_any_json_at_all_is_told_as_problems(document: Any) -> None:
    problems = check(document)
    assert problems
    assert_sound_problems(problems)


@given(st.dictionaries(st.sampled_from(list(SHELTER)), any_json))
def test_any_json_in_the_places_of_definitions_is_told_as_problems(document: Any) -> None:
    assert_sound_problems(check(document))


@given(st.lists(st.tuples(st.sampled_from(PLACES), any_json | st.sampled_from(WORDS)), min_size=1, max_size=4))
def test_a_document_changed_at_random_is_told_or_can_be_used(changes: list[tuple[tuple[Any, ...], Any]]) -> None:
    document = copy.deepcopy(SHELTER)
    for path, value in changes:
        place = document
        try:
            for step in path[:-1]:
                place = place[step]
            place[path[-1]] = value
        except (KeyError, IndexError, TypeError):
            continue
    problems = check(document, previous=SHELTER)
    assert_sound_problems(problems)
    if not problems:
        use(application_from(document))


@given(st.lists(st.sampled_from(PLACES), min_size=1, max_size=3))
def test_a_document_with_parts_cut_out_is_told_or_can_be_used(cuts: list[tuple[Any, ...]]) -> None:
    document = copy.deepcopy(SHELTER)
    for path in cuts:
        place = document
        try:
            for step in path[:-1]:
                place = place[step]
            del place[path[-1]]
        except (KeyError, IndexError, TypeError):
            continue
    problems = check(document)
    assert_sound_problems(problems)
    if not problems:
        use(application_from(document))


def test_a_document_nested_without_end_is_told() -> None:
    deep: Any = []
    for _ in range(100_000):
        deep = [deep]
    assert [problem.kind for problem in check({"format": 1, "application": deep})] == ["not_json"]


def test_what_is_no_json_is_told() -> None:
    for value in (float("nan"), object(), "\ud800", {1: 2}):
        assert [problem.kind for problem in check({"format": 1, "application": value})] == ["not_json"]
