"""The guide to rules and conditions is true: every piece of it fits the standard template."""

from __future__ import annotations

import copy
import json
import re
from typing import Any

import pytest

from amparo.metadata.building import application_from
from amparo.metadata.checks import check
from amparo.metadata.formulas.checking import check_formula
from amparo.metadata.formulas.functions.registry import FUNCTIONS
from amparo.metadata.formulas.shapes import Shapes, shapes_of
from amparo.metadata.formulas.value_types import ValueType
from amparo.metadata.reading import read_template
from amparo.metadata.rules.definitions import Existing, Severity
from servers.programs import ROOT

PAGE = (ROOT / "docs/implementers/rules.md").read_text("utf-8")
COMPUTED_FIELDS = (ROOT / "docs/implementers/computed-fields.md").read_text("utf-8")
PIECE = re.compile(r"\*\*A (rule|field|section) of (?:the layout )?`(\w+)`\*\*\n\n```json\n(.*?)```", re.DOTALL)
RECIPE = re.compile(r"^\| `(\w+)` \| [^|`]+(?:`\w+`\))? \| `([^`]+)` \|$", re.MULTILINE)


@pytest.fixture(scope="module")
def shapes() -> Shapes:
    return shapes_of(application_from(read_template().document))


def named(document: dict[str, Any], kind: str, name: str) -> dict[str, Any]:
    return next(each for each in document[kind] if each["name"] == name)


def put(parts: list[dict[str, Any]], piece: dict[str, Any]) -> None:
    """In the place of the part of the same name, else behind the others."""
    names = [part["name"] for part in parts]
    place = names.index(piece["name"]) if piece["name"] in names else len(parts)
    parts[place : place + 1] = [piece]


def with_piece(kind: str, name: str, piece: dict[str, Any]) -> dict[str, Any]:
    document = copy.deepcopy(read_template().document)
    if kind == "section":
        for tab in named(document, "layouts", name)["tabs"]:
            for section in tab["sections"]:
                section["fields"] = [each for each in section["fields"] if each not in piece["fields"]]
        named(document, "layouts", name)["tabs"][0]["sections"].append(piece)
    else:
        owner = named(document, "objects", name)
        put(owner["validation_rules" if kind == "rule" else "fields"], piece)
    return document


@pytest.mark.parametrize(("kind", "name", "text"), [*PIECE.findall(PAGE), *PIECE.findall(COMPUTED_FIELDS)])
def test_every_piece_of_the_guides_fits_the_standard_template(kind: str, name: str, text: str) -> None:
    assert [str(problem) for problem in check(with_piece(kind, name, json.loads(text)))] == []


def test_every_block_of_the_guide_is_a_piece_that_is_looked_at() -> None:
    assert len(PIECE.findall(PAGE)) == PAGE.count("```json")


def test_every_recipe_is_a_condition_of_its_object(shapes: Shapes) -> None:
    recipes = RECIPE.findall(PAGE)
    assert len(recipes) == PAGE.partition("## Recipes")[2].partition("## Before")[0].count("\n| `")
    told = [
        f"{owner}: {problem}"
        for owner, text in recipes
        for problem in check_formula(text, shapes, owner, "", frozenset({ValueType.BOOLEAN})).problems
    ]
    assert told == []


def test_the_guide_names_every_severity_and_every_way_with_old_records() -> None:
    assert [each for each in (*Severity, *Existing) if f"`{each.value}`" not in PAGE] == []


def test_every_function_that_the_guide_names_is_there() -> None:
    used = set(re.findall(r"\b([A-Z]{2,})\(", PAGE)) - {"EDATE"}
    assert len(used) > 15
    assert used - {function.name for function in FUNCTIONS.values()} == set()
