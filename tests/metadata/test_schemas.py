from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from amparo.metadata.building import FIELD_ATTRIBUTES
from amparo.metadata.fields.registry import FIELD_TYPES
from amparo.metadata.kinds import APPLICATION_KIND, KEY_ORDER, KINDS, Kind
from amparo.metadata.schemas.files import schema_files
from amparo.metadata.schemas.objects import FIELD
from amparo.metadata.schemas.pages import ROLES
from amparo.runtime.access import Role

PUBLISHED = Path(__file__).parents[2] / "docs" / "schemas"
EVERY_KIND = (APPLICATION_KIND, *KINDS)


def named(kind: Kind) -> str:
    return kind.name


@pytest.mark.parametrize("kind", EVERY_KIND, ids=named)
def test_a_schema_is_valid_json_schema(kind: Kind) -> None:
    Draft202012Validator.check_schema(kind.schema)


def test_the_published_schemas_are_those_of_the_field_types() -> None:
    published = {name: (PUBLISHED / name).read_text("utf-8") for name in schema_files()}
    assert published == schema_files()


def properties_of(schema: Any, place: str = "") -> Iterator[tuple[str, Any]]:
    if not isinstance(schema, dict):
        return
    for name, inner in schema.get("properties", {}).items():
        yield f"{place}.{name}", inner
        yield from properties_of(inner, f"{place}.{name}")
    yield from properties_of(schema.get("items"), f"{place}[]")
    yield from properties_of(schema.get("additionalProperties"), f"{place}.*")


@pytest.mark.parametrize("kind", EVERY_KIND, ids=named)
def test_every_entry_is_described_to_who_writes_it(kind: Kind) -> None:
    entries = list(properties_of(kind.schema))
    assert entries
    assert [place for place, entry in entries if not str(entry.get("description", "")).endswith((".", ","))] == []


@pytest.mark.parametrize("kind", EVERY_KIND, ids=named)
def test_every_pattern_and_refusal_says_what_would_do(kind: Kind) -> None:
    text = schema_files()[f"{kind.name}.schema.json"]
    assert text.count('"pattern": ') == text.count('"patternErrorMessage": ')
    assert text.count('"not": ') == text.count('"errorMessage": ')


@pytest.mark.parametrize("kind", EVERY_KIND, ids=named)
def test_every_entry_has_its_place_in_written_files(kind: Kind) -> None:
    names = {place.rpartition(".")[2].removesuffix("[]") for place, _ in properties_of(kind.schema)}
    assert names - {"*"} <= set(KEY_ORDER)


def test_a_field_knows_the_attributes_of_all_types_and_the_options_of_each() -> None:
    options = {option for kind in FIELD_TYPES.values() for option in kind.options}
    assert set(FIELD["properties"]) == {*FIELD_ATTRIBUTES, *options}
    assert not options & set(FIELD_ATTRIBUTES)


@pytest.mark.parametrize("name", FIELD_TYPES)
def test_a_field_takes_the_options_of_its_own_type_only(name: str) -> None:
    validator = Draft202012Validator(FIELD)
    kind = FIELD_TYPES[name]
    samples: dict[str, Any] = {
        "picklist": "risk",
        "depends_on": {"field": "g", "options": {}},
        "options_when": {"high": "ISBLANK(g)"},
        "object": "resident",
        "objects": ["resident", "stay"],
        "format": {"style": "code"},
        "max_length": 99,
        "decimals": 1,
        "precision": 5,
        "grouped": False,
        "codes": ["km" if name == "language" else "KH"],
        "country": "KH",
        "currency": "USD",
        "decimals_kept": 3,
        "currency_field": "paid_in",
        "lowest_label": "Bad",
        "highest_label": "Good",
        "minimum": 1,
        "maximum": 9,
        "kinds": ["pdf"],
        "megabytes": 5,
        "strip_metadata": False,
        "levels": ["commune"],
        "root": "02",
    }
    if kind.family in ("date", "days"):
        samples.update(minimum="2000-01-01", maximum="2001-01-01")
    field = {"id": "f", "name": "f", "type": name, "label": "F"}
    # Which stands in place of another option, below.
    own = {option: samples[option] for option in kind.options if option != "objects"}
    assert validator.is_valid({**field, **own})
    for option in kind.required_options:
        assert not validator.is_valid({**field, **{key: own[key] for key in own if key != option}})
    for option in set(samples) - set(own):
        assert not validator.is_valid({**field, **own, option: samples[option]})


def test_a_lookup_names_one_object_or_several() -> None:
    validator = Draft202012Validator(FIELD)
    field = {"id": "f", "name": "f", "type": "lookup", "label": "F"}
    assert validator.is_valid({**field, "objects": ["resident", "stay"]})
    assert not validator.is_valid(field)
    assert not validator.is_valid({**field, "objects": ["resident"]})


def test_the_roles_a_layout_may_name_are_those_members_have() -> None:
    assert tuple(Role) == ROLES


def test_an_editor_finds_the_schema_named_in_a_file() -> None:
    shelter = Path(__file__).parent / "shelter" / "application.json"
    link = json.loads(shelter.read_text("utf-8"))["$schema"]
    assert json.loads((shelter.parent / link).read_text("utf-8")) == APPLICATION_KIND.schema
