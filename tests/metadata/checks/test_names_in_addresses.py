"""Names of objects stand in addresses, where some words are taken."""

from __future__ import annotations

import pytest

from amparo.metadata.checks import check
from amparo.metadata.naming import RESERVED_OBJECT_NAMES
from factories.clinic import clinic_document


@pytest.mark.parametrize("name", sorted(RESERVED_OBJECT_NAMES))
def test_an_object_cannot_take_the_name_of_a_page(name: str) -> None:
    document = clinic_document()
    note = next(each for each in document["objects"] if each["name"] == "note")
    note["name"] = name
    (problem,) = check(document)
    assert problem.kind == "reserved_name"
    assert problem.path == f"objects/{name}.json: name"
    assert f"our_{name}" in problem.message
