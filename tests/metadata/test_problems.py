from __future__ import annotations

from amparo.metadata.problems import Path, Problem, near_name, sort_problems


def test_a_path_is_built_and_reads_like_code() -> None:
    path = Path("objects/case.json")
    assert str(path) == "objects/case.json"
    assert str(path / "fields" / 3 / "picklist") == "objects/case.json: fields[3].picklist"


def test_advice_is_filled_only_when_it_is_read() -> None:
    problem = Problem("too_long", "name", "xyz", "Write at most {maximum} characters.", {"maximum": 2})
    assert problem.message == "Write at most 2 characters."
    assert str(problem) == "name: Write at most 2 characters. [too_long]"


def test_a_problem_with_no_place_reads_without_a_colon_for_it() -> None:
    assert str(Problem("ragged", "", None, "Give it as many cells.")) == "Give it as many cells. [ragged]"


def test_what_a_person_wrote_never_fills_slots() -> None:
    problem = Problem("x", "name", None, "“{text}” is wrong.", {"text": "{maximum}"})
    assert problem.message == "“{maximum}” is wrong."


def test_numbers_in_paths_are_sorted_as_numbers() -> None:
    problems = [Problem("x", f"a.json: fields[{number}].name") for number in (10, 9, 100)]
    assert [problem.path for problem in sort_problems(problems)] == [
        "a.json: fields[9].name",
        "a.json: fields[10].name",
        "a.json: fields[100].name",
    ]


def test_the_near_name_is_near() -> None:
    assert near_name("closed_no", ["closed_on", "opened_on"]) == "closed_on"
    assert near_name("zebra", ["closed_on", "opened_on"]) is None


def test_capitals_make_no_name_farther() -> None:
    assert near_name("CLOSED_ON", ["closed_on", "opened_on"]) == "closed_on"
    assert near_name("kh", ["KH", "TH"]) == "KH"
