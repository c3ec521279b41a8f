"""The conditions of rules are read when definitions are checked, not when the first record breaks one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from amparo.metadata.checks import check, check_reading
from amparo.metadata.reading import read_folder

SHELTER = Path(__file__).parents[1] / "shelter"
PLACE = "objects/resident.json: validation_rules[0].condition: line 1, column "


@pytest.fixture
def document() -> dict[str, Any]:
    return read_folder(SHELTER).document


@pytest.fixture
def rule(document: dict[str, Any]) -> Any:
    return next(each for each in document["objects"] if each["name"] == "resident")["validation_rules"][0]


@pytest.mark.parametrize(
    ("condition", "column", "kind"),
    [
        ("ISBLANK(born)", 9, "unknown_field"),
        ("ISBLANK(bed)", 9, "unknown_field"),
        ("born_on", 1, "wrong_type"),
        ("ISBLANK(born_on", 16, "unfinished"),
        ('ISPICKVAL(risk, "lwo")', 17, "unknown_option"),
        ("mother.mother.mother.mother.mother.mother.agreed", 1, "too_many_levels"),
    ],
)
def test_a_mistake_in_a_condition_is_told_at_its_place(
    document: dict[str, Any], rule: Any, condition: str, column: int, kind: str
) -> None:
    rule["condition"] = condition
    assert [(problem.path, problem.kind) for problem in check(document)] == [(f"{PLACE}{column}", kind)]


def test_a_rule_that_is_not_active_may_name_what_is_retired(document: dict[str, Any], rule: Any) -> None:
    rule["condition"] = "ISBLANK(bed)"
    assert [problem.value for problem in check(document)] == ["bed"]
    rule["active"] = False
    assert check(document) == []


def test_conditions_wait_until_what_they_may_name_can_be_read(document: dict[str, Any], rule: Any) -> None:
    rule["condition"] = "ISBLANK(mother.born)"
    stay = next(each for each in document["objects"] if each["name"] == "stay")
    stay["label"] = 5
    assert [problem.path for problem in check(document)] == ["objects/stay.json: label"]


def test_a_field_that_may_lie_in_a_broken_file_is_not_missed(tmp_path: Path) -> None:
    for file in SHELTER.rglob("*.json"):
        copy = tmp_path / file.relative_to(SHELTER)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(file.read_bytes())
    resident = tmp_path / "objects" / "resident.json"
    resident.write_text(resident.read_text("utf-8").replace("ISBLANK(born_on)", "ISBLANK(born)"), "utf-8")
    assert [problem.kind for problem in check_reading(read_folder(tmp_path))] == ["unknown_field"]
    (tmp_path / "picklists" / "risk.json").write_text("{", "utf-8")
    assert [problem.kind for problem in check_reading(read_folder(tmp_path))] == ["not_json"]
