"""Yes and no in files."""

from __future__ import annotations

import pytest

from amparo.runtime.access import Actor
from amparo.runtime.planner.lists import list_page
from amparo.runtime.planner.queries import ListQuery
from amparo.runtime.releases.publishing import publish
from amparo.runtime.serializer.wording import NO, YES, translated
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.transfer.cells import Cell
from amparo.runtime.transfer.importing import import_file
from amparo.runtime.transfer.truths import read_truth
from factories.every_type import sheets_document


@pytest.mark.parametrize(
    ("word", "truth"), [(" Y", True), ("n", False), ("Có", True), ("ไม่ใช่", False), ("ቀይ", "ቀይ"), (1, 1)]
)
def test_yes_and_no_are_understood_in_every_language(word: Cell, truth: Cell) -> None:
    assert read_truth(word) == truth


def test_the_words_by_which_readers_are_shown_yes_and_no_are_imported(
    empty_store: OrganisationStore, operator: Actor
) -> None:
    publish(empty_store, operator, sheets_document())
    words = [translated(word, language) for word in (YES, NO) for language in ("en", "ar", "km")]
    lines = ["name,agreed", *(f"{place},{word}" for place, word in enumerate(words)), "x,perhaps"]
    outcome = import_file(empty_store, operator, "sheet", "\n".join(lines).encode())
    kept = list_page(empty_store, operator, ListQuery("sheet", ("name", "agreed"))).records
    assert {each.name: each.answers["agreed"] for each in kept} == {str(place): place < 3 for place in range(6)}
    assert [(each.row, each.problems[0].kind) for each in outcome.problems] == [(8, "not_yes_or_no")]
