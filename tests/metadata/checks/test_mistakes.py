"""Every mistake the checks know, made in the shelter one at a time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from amparo.metadata.checks import check
from amparo.metadata.reading import read_folder

Document = dict[str, Any]
SHELTER = Path(__file__).parents[1] / "shelter"
RESIDENT, STAY = "objects/resident.json", "objects/stay.json"


def named(document: Document, kind: str, name: str) -> Any:
    return next(each for each in document[kind] if each["name"] == name)


def field(document: Document, owner: str, name: str) -> Any:
    return next(each for each in named(document, "objects", owner)["fields"] if each["name"] == name)


def setting(*steps: Any, to: Any) -> Callable[[Document], None]:
    """Set a value; a step is a key, an index, or the name of an entry."""

    def change(document: Document) -> None:
        place: Any = document
        for step in steps[:-1]:
            place = _inner(place, step)
        place[steps[-1]] = to

    return change


def without(*steps: Any) -> Callable[[Document], None]:
    def change(document: Document) -> None:
        place: Any = document
        for step in steps[:-1]:
            place = _inner(place, step)
        del place[steps[-1]]

    return change


def _inner(place: Any, step: Any) -> Any:
    if isinstance(place, list) and isinstance(step, str):
        return next(each for each in place if step in (each.get("name"), each.get("code")))
    return place[step]


def adding(*steps: Any, entry: Any) -> Callable[[Document], None]:
    def change(document: Document) -> None:
        place: Any = document
        for step in steps:
            place = _inner(place, step)
        place.append(entry)

    return change


def pointing_to(*names: str, owner: str = "resident", name: str = "mother") -> Callable[[Document], None]:
    """A lookup to one object made one to several."""

    def change(document: Document) -> None:
        lookup = field(document, owner, name)
        del lookup["object"]
        lookup["objects"] = list(names)

    return change


R = ("objects", "resident", "fields")
LAYOUT = ("layouts", "resident", "tabs", 0)
LIST = ("list_views", "at_risk")
REPORT = ("reports", "by_risk")

MISTAKES: list[tuple[Callable[[Document], None], str, str]] = [
    # shape
    (without("application"), "application.json", "application_missing"),
    (setting("format", to=2), "document: format", "wrong_format"),
    (setting("colours", to=[]), "document: colours", "unknown_entry"),
    (setting("objects", to={}), "document: objects", "wrong_type"),
    (without(*R, "risk", "label"), f"{RESIDENT}: fields[8].label", "missing_entry"),
    (without(*R, "risk", "picklist"), f"{RESIDENT}: fields[8].picklist", "missing_entry"),
    (setting(*R, "risk", "requird", to=True), f"{RESIDENT}: fields[8].requird", "unknown_entry"),
    (setting(*R, "risk", "required", to="yes"), f"{RESIDENT}: fields[8].required", "wrong_type"),
    (setting(*R, "risk", "type", to="pickist"), f"{RESIDENT}: fields[8].type", "not_a_choice"),
    (setting(*R, "risk", "max_length", to=5), f"{RESIDENT}: fields[8].max_length", "not_allowed"),
    (setting(*R, "owed", "decimals", to=12), f"{RESIDENT}: fields[4].decimals", "out_of_range"),
    (setting(*R, "owed", "decimals", to=-1), f"{RESIDENT}: fields[4].decimals", "out_of_range"),
    (setting(*R, "risk", "label", to="x" * 200), f"{RESIDENT}: fields[8].label", "too_long"),
    (setting(*R, "risk", "label", to=""), f"{RESIDENT}: fields[8].label", "too_short"),
    (setting(*R, "risk", "default", to={}), f"{RESIDENT}: fields[8].default", "wrong_type"),
    (setting("objects", "stay", "fields", to=[]), f"{STAY}: fields", "too_few"),
    (setting("objects", 1, to=7), "objects[1]", "wrong_type"),
    (setting(*REPORT, "columns", to=["risk"]), "reports/by_risk.json: columns", "not_allowed"),
    (setting(*REPORT, "measures", 0, "field", to="owed"), "reports/by_risk.json: measures[0].field", "not_allowed"),
    (setting(*LIST, "columns", to=["risk", "risk"]), "list_views/at_risk.json: columns", "duplicate"),
    (setting(*LIST, "filters", 0, "value", to="high"), "list_views/at_risk.json: filters[0].value", "wrong_type"),
    (setting(*LIST, "filters", 1, "value", to="soon"), "list_views/at_risk.json: filters[1].value", "bad_form"),
    (setting(*LIST, "columns", to=[f"x{number}" for number in range(21)]), "list_views/at_risk.json: columns", "limit"),
    # names
    (setting(*R, "bed", "name", to="Bed"), f"{RESIDENT}: fields[12].name", "bad_form"),
    (setting(*R, "bed", "name", to="bed_"), f"{RESIDENT}: fields[12].name", "bad_form"),
    (setting(*R, "bed", "name", to="bed\n"), f"{RESIDENT}: fields[12].name", "bad_form"),
    (setting(*R, "bed", "name", to="created_by"), f"{RESIDENT}: fields[12].name", "reserved_name"),
    (setting(*R, "bed", "name", to="version"), f"{RESIDENT}: fields[12].name", "reserved_name"),
    (setting(*R, "bed", "id", to="stay"), f"{STAY}: id", "duplicate_id"),
    (setting(*R, "bed", "id", to="r.adult"), f"{RESIDENT}: record_types[0].id", "duplicate_id"),
    (setting(*R, "mother", "name", to="agreed"), f"{RESIDENT}: fields[10].name", "duplicate_name"),
    (
        setting("picklists", "risk", "options", 1, "code", to="low"),
        "picklists/risk.json: options[1].code",
        "duplicate_name",
    ),
    (setting("picklists", "risk", "options", 1, "code", to="a|b"), "picklists/risk.json: options[1].code", "bad_form"),
    (setting("reports", "owed", "name", to="by_risk"), "reports/by_risk.json: name", "duplicate_name"),
    (
        setting(*LAYOUT, "sections", 1, "name", to="who"),
        "layouts/resident.json: tabs[0].sections[1].name",
        "duplicate_name",
    ),
    # application
    (setting("application", "home", to=["wating"]), "application.json: home[0]", "unknown_name"),
    (setting("application", "navigation", 0, to="residnet"), "application.json: navigation[0]", "unknown_name"),
    (setting("application", "default_language", to="fr"), "application.json: default_language", "not_a_choice"),
    (setting("application", "time_zone", to="Europe/Londno"), "application.json: time_zone", "unknown_name"),
    (setting("application", "time_zone", to="../../etc/passwd"), "application.json: time_zone", "unknown_name"),
    (
        setting("translations", 0, "labels", "risk:lwo", to={"label": "x"}),
        "translations/km.json: labels.risk:lwo",
        "unknown_name",
    ),
    # objects
    (setting("objects", "stay", "name_field", to="rom"), f"{STAY}: name_field", "unknown_name"),
    (setting("objects", "stay", "name_field", to="cost"), f"{STAY}: name_field", "wrong_field_type"),
    (setting("objects", "resident", "name_field", to="passport"), f"{RESIDENT}: name_field", "sensitive"),
    (setting("objects", "resident", "number_field", to="bed"), f"{RESIDENT}: number_field", "retired"),
    (
        setting("objects", "resident", "validation_rules", 0, "field", to="born"),
        f"{RESIDENT}: validation_rules[0].field",
        "unknown_name",
    ),
    (setting(*R, "mother", "object", to="person"), f"{RESIDENT}: fields[10].object", "unknown_name"),
    (without(*R, "mother", "object"), f"{RESIDENT}: fields[10].object", "missing_entry"),
    (setting(*R, "mother", "objects", to=["resident", "stay"]), f"{RESIDENT}: fields[10].object", "not_allowed"),
    (pointing_to("resident"), f"{RESIDENT}: fields[10].objects", "too_few"),
    (pointing_to("resident", "resident"), f"{RESIDENT}: fields[10].objects", "duplicate"),
    (pointing_to("resident", "stya"), f"{RESIDENT}: fields[10].objects[1]", "unknown_name"),
    (pointing_to(*(f"object_{number}" for number in range(9))), f"{RESIDENT}: fields[10].objects", "limit"),
    (setting("objects", "stay", "fields", 0, "objects", to=["stay"]), f"{STAY}: fields[0].objects", "not_allowed"),
    (setting(*R, "risk", "picklist", to="riks"), f"{RESIDENT}: fields[8].picklist", "unknown_name"),
    (setting(*R, "risk", "default", to="old"), f"{RESIDENT}: fields[8].default", "option_inactive"),
    (setting(*R, "born_on", "default", to="tomorrow"), f"{RESIDENT}: fields[6].default", "not_a_date"),
    (setting(*R, "born_on", "minimum", to="1900-02-30"), f"{RESIDENT}: fields[6].minimum", "not_a_date"),
    (setting(*R, "born_on", "maximum", to="1800-01-01"), f"{RESIDENT}: fields[6].minimum", "bounds_crossed"),
    (setting(*R, "children", "maximum", to=-1), f"{RESIDENT}: fields[3].minimum", "bounds_crossed"),
    (setting(*R, "owed", "precision", to=1), f"{RESIDENT}: fields[4].precision", "out_of_range"),
    (setting(*R, "mother", "default", to="x"), f"{RESIDENT}: fields[10].default", "default_not_allowed"),
    (setting(*R, "number", "default", to="x"), f"{RESIDENT}: fields[0].default", "default_not_allowed"),
    (setting(*R, "number", "unique", to=False), f"{RESIDENT}: fields[0].unique", "always_unique"),
    (setting(*R, "story", "unique", to=True), f"{RESIDENT}: fields[2].unique", "not_allowed"),
    (setting(*R, "mother", "sensitive", to=True), f"{RESIDENT}: fields[10].sensitive", "not_allowed"),
    (setting(*R, "owed", "searchable", to=True), f"{RESIDENT}: fields[4].searchable", "not_allowed"),
    (setting(*R, "passport", "searchable", to=True), f"{RESIDENT}: fields[11].searchable", "not_allowed"),
    (setting(*R, "story", "indexed", to=True), f"{RESIDENT}: fields[2].max_length", "limit"),
    (setting(*R, "languages", "indexed", to=True), f"{RESIDENT}: fields[9].indexed", "not_allowed"),
    (
        setting("objects", "stay", "fields", "resident", "required", to=False),
        f"{STAY}: fields[0].required",
        "always_required",
    ),
    (
        setting("objects", "stay", "fields", "resident", "missing_reasons", to=["unknown"]),
        f"{STAY}: fields[0].missing_reasons",
        "always_required",
    ),
    (
        adding(
            "objects",
            "stay",
            "fields",
            entry={"id": "x", "name": "x", "type": "master_detail", "label": "X", "object": "resident"},
        ),
        f"{STAY}: fields[4].type",
        "second_master",
    ),
    (
        adding(*R, entry={"id": "x", "name": "x", "type": "master_detail", "label": "X", "object": "stay"}),
        f"{RESIDENT}: fields[13].object",
        "cycle",
    ),
    (
        adding(*R, entry={"id": "x", "name": "x", "type": "master_detail", "label": "X", "object": "resident"}),
        f"{RESIDENT}: fields[13].object",
        "cycle",
    ),
    # layouts
    (setting("layouts", "resident", "object", to="residen"), "layouts/resident.json: object", "unknown_name"),
    (
        setting("layouts", "resident", "record_types", to=["adlut"]),
        "layouts/resident.json: record_types[0]",
        "unknown_name",
    ),
    (setting("layouts", "resident", "path", to="rsik"), "layouts/resident.json: path", "unknown_name"),
    (setting("layouts", "resident", "path", to="languages"), "layouts/resident.json: path", "wrong_field_type"),
    (setting("layouts", "resident", "path", to="bed"), "layouts/resident.json: path", "retired"),
    (setting("layouts", "resident", "highlights", to=["bed"]), "layouts/resident.json: highlights[0]", "retired"),
    (
        setting(*LAYOUT, "sections", 0, "fields", 0, to="fullname"),
        "layouts/resident.json: tabs[0].sections[0].fields[0]",
        "unknown_name",
    ),
    (
        setting(*LAYOUT, "sections", 0, "fields", 0, to="owner"),
        "layouts/resident.json: tabs[0].sections[0].fields[0]",
        "unknown_name",
    ),
    (
        setting(*LAYOUT, "sections", 0, "fields", 0, to="bed"),
        "layouts/resident.json: tabs[0].sections[0].fields[0]",
        "retired",
    ),
    (
        setting(*LAYOUT, "sections", 1, "fields", 0, to="born_on"),
        "layouts/resident.json: tabs[0].sections[1].fields[0]",
        "duplicate",
    ),
    (
        setting(*LAYOUT, "related_lists", 0, "object", to="stya"),
        "layouts/resident.json: tabs[0].related_lists[0].object",
        "unknown_name",
    ),
    (
        setting(*LAYOUT, "related_lists", 0, "field", to="residen"),
        "layouts/resident.json: tabs[0].related_lists[0].field",
        "unknown_name",
    ),
    (
        setting(*LAYOUT, "related_lists", 0, "field", to="room"),
        "layouts/resident.json: tabs[0].related_lists[0].field",
        "wrong_field_type",
    ),
    (
        setting(*LAYOUT, "related_lists", 0, "columns", to=["beds"]),
        "layouts/resident.json: tabs[0].related_lists[0].columns[0]",
        "unknown_name",
    ),
    # list views and reports
    (setting(*LIST, "object", to="nobody"), "list_views/at_risk.json: object", "unknown_name"),
    (setting(*LIST, "columns", to=["bed"]), "list_views/at_risk.json: columns[0]", "retired"),
    (setting(*LIST, "filters", 0, "field", to="riks"), "list_views/at_risk.json: filters[0].field", "unknown_name"),
    (setting(*LIST, "filters", 0, "value", to=["hihg"]), "list_views/at_risk.json: filters[0].value", "not_an_option"),
    (
        setting(*LIST, "filters", 1, "field", to="risk"),
        "list_views/at_risk.json: filters[1].operator",
        "unknown_operator",
    ),
    (setting(*LIST, "sort", to=[{"field": "passport"}]), "list_views/at_risk.json: sort[0].field", "sensitive"),
    (setting(*LIST, "sort", to=[{"field": "story"}]), "list_views/at_risk.json: sort[0].field", "wrong_field_type"),
    (setting(*LIST, "sort", to=[{"field": "languages"}]), "list_views/at_risk.json: sort[0].field", "wrong_field_type"),
    (
        setting(*LIST, "filters", 2, to={"field": "record_type", "operator": "one_of", "value": ["adult", "chlid"]}),
        "list_views/at_risk.json: filters[2].value",
        "unknown_name",
    ),
    (
        setting(*REPORT, "filters", 0, to={"field": "passport", "operator": "contains", "value": "N"}),
        "reports/by_risk.json: filters[0].operator",
        "sensitive",
    ),
    (setting(*REPORT, "groupings", 0, "field", to="passport"), "reports/by_risk.json: groupings[0].field", "sensitive"),
    (
        setting(*REPORT, "groupings", 0, "field", to="story"),
        "reports/by_risk.json: groupings[0].field",
        "wrong_field_type",
    ),
    (
        setting(*REPORT, "groupings", 0, "field", to="id"),
        "reports/by_risk.json: groupings[0].field",
        "wrong_field_type",
    ),
    (setting(*REPORT, "groupings", 0, "by", to="month"), "reports/by_risk.json: groupings[0].by", "not_allowed"),
    (without(*REPORT, "groupings", 1, "by"), "reports/by_risk.json: groupings[1].by", "missing_entry"),
    (setting(*REPORT, "groupings", 1, to={"field": "risk"}), "reports/by_risk.json: groupings[1]", "duplicate"),
    (adding(*REPORT, "groupings", entry={"field": "agreed"}), "reports/by_risk.json: groupings", "limit"),
    (
        setting(*REPORT, "measures", 1, "field", to="risk"),
        "reports/by_risk.json: measures[1].field",
        "wrong_field_type",
    ),
    (
        setting(*REPORT, "measures", 1, "field", to="born_on"),
        "reports/by_risk.json: measures[1].field",
        "wrong_field_type",
    ),
    (setting(*REPORT, "measures", 1, "field", to="passport"), "reports/by_risk.json: measures[1].field", "sensitive"),
    (setting(*REPORT, "sort", to=[{"field": "owed"}]), "reports/by_risk.json: sort[0].field", "not_allowed"),
    (setting("reports", "owed", "sort", to=[{"field": "passport"}]), "reports/owed.json: sort[0].field", "sensitive"),
]


def test_the_shelter_has_no_problem(document: Document) -> None:
    assert [str(problem) for problem in check(document)] == []


@pytest.mark.parametrize(("change", "path", "kind"), MISTAKES, ids=[f"{path}-{kind}" for _, path, kind in MISTAKES])
def test_a_mistake_is_told_at_its_place_and_alone(
    document: Document, change: Callable[[Document], None], path: str, kind: str
) -> None:
    change(document)
    problems = check(document)
    told = [(problem.path, problem.kind) for problem in problems]
    assert (path, kind) in told
    # What hangs on a definition that cannot be read may follow, but nothing unrelated.
    assert all(found == (path, kind) or found[1] in FOLLOWING for found in told), told
    message = next(problem.message for problem in problems if (problem.path, problem.kind) == (path, kind))
    assert message.endswith((".", "?"))
    assert "{" not in message


#: Problems that a mistake elsewhere brings with it: what was renamed is still named by others.
FOLLOWING = {"unknown_name", "not_an_option"}


def test_all_mistakes_are_told_at_once_in_a_stable_order(document: Document) -> None:
    for change in (
        setting(*REPORT, "measures", 1, "field", to="passport"),
        setting(*R, "risk", "default", to="old"),
        setting(*R, "born_on", "maximum", to="1800-01-01"),
        setting("application", "default_language", to="fr"),
        setting("picklists", "language", "label", to=5),
    ):
        change(document)
    expected = [
        ("application.json: default_language", "not_a_choice"),
        ("objects/resident.json: fields[6].minimum", "bounds_crossed"),
        ("objects/resident.json: fields[8].default", "option_inactive"),
        ("picklists/language.json: label", "wrong_type"),
        ("reports/by_risk.json: measures[1].field", "sensitive"),
    ]
    assert [(problem.path, problem.kind) for problem in check(document)] == expected
    turned = {key: value[::-1] if isinstance(value, list) else value for key, value in document.items()}
    assert [(problem.path, problem.kind) for problem in check(turned)] == expected


def test_the_near_name_is_in_the_advice(document: Document) -> None:
    field(document, "resident", "risk")["picklist"] = "riks"
    document["application"]["navigation"] = ["residnet"]
    assert [problem.message for problem in check(document)] == [
        "“residnet” is not known here. Did you mean “resident”?",
        "There is no picklist “riks”. Did you mean “risk”?",
    ]


def test_problems_name_the_real_files() -> None:
    reading = read_folder(SHELTER)
    places = {**reading.places, ("objects", 0): "people/objects/somebody.json"}
    field(reading.document, "resident", "risk")["picklist"] = "riks"
    assert [problem.path for problem in check(reading.document, places)] == [
        "people/objects/somebody.json: fields[8].picklist"
    ]


def test_an_object_has_three_hundred_columns_companions_counted(document: Document) -> None:
    fields = [
        {
            "id": f"x{number}",
            "name": f"x{number}",
            "type": "text",
            "label": "X",
            "missing_reasons": ["unknown"],
            "searchable": True,
        }
        for number in range(100)
    ]
    stay = named(document, "objects", "stay")
    stay["fields"] = [*stay["fields"][:2], *fields[:99]]
    document["layouts"] = document["translations"] = []
    assert [problem.kind for problem in check(document)] == []
    stay["fields"].append(fields[99])
    assert [(problem.path, problem.kind, problem.value) for problem in check(document)] == [
        (f"{STAY}: fields", "limit", 302)
    ]
    stay["fields"][-1]["retired"] = True
    assert [problem.kind for problem in check(document)] == []


def test_an_application_has_sixty_objects(document: Document) -> None:
    stay = named(document, "objects", "stay")
    for number in range(59):
        extra = {**stay, "id": f"o{number}", "name": f"o{number}", "name_field": "x"}
        extra["fields"] = [{"id": f"o{number}.x", "name": "x", "type": "text", "label": "X"}]
        document["objects"].append(extra)
    assert [(problem.path, problem.kind) for problem in check(document)] == [("objects", "limit")]
