"""What is checked of a definition whose shape is broken somewhere."""

from __future__ import annotations

from typing import Any

from amparo.metadata.checks import check


def test_a_slip_in_one_field_hides_no_mistake_in_the_others_nor_brings_up_false_ones(document: dict[str, Any]) -> None:
    """The field that is broken stands on a page and in a report: what names it there leads somewhere."""
    (resident,) = (each for each in document["objects"] if each["name"] == "resident")
    (layout,) = (each for each in document["layouts"] if each["name"] == "resident")
    fields = resident["fields"]
    fields[0]["requird"] = True
    fields[4]["decimals"] = "two"
    fields[8]["picklist"] = "riks"
    layout["tabs"][0]["sections"][0]["fields"].append("nobody")
    assert [(problem.path, problem.kind) for problem in check(document)] == [
        ("layouts/resident.json: tabs[0].sections[0].fields[3]", "unknown_name"),
        ("objects/resident.json: fields[0].requird", "unknown_entry"),
        ("objects/resident.json: fields[4].decimals", "wrong_type"),
        ("objects/resident.json: fields[8].picklist", "unknown_name"),
    ]
