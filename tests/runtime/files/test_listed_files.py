"""Files in lists and exports."""

from __future__ import annotations

import pytest

from amparo.metadata.file_references import FileReference
from amparo.metadata.model import FilterRow, Sort
from amparo.runtime.access import Actor
from amparo.runtime.errors import InvalidAnswers
from amparo.runtime.planner.lists import short_list
from amparo.runtime.planner.queries import ListQuery
from amparo.runtime.planner.records import read_record
from amparo.runtime.records import service
from amparo.runtime.serializer import display, export_text, json_form
from amparo.runtime.stores.organisation import OrganisationStore
from factories.archive import definition_of, send


def names(store: OrganisationStore, actor: Actor, *rows: FilterRow, sort: str = "paper") -> list[str]:
    query = ListQuery("person", ("name", "paper"), filters=rows, sort=(Sort(sort),), limit=50)
    return [record.name for record in short_list(store, actor, query).records]


def test_lists_look_into_the_name_of_a_file_and_sort_by_it(store: OrganisationStore, worker: Actor) -> None:
    for name, paper in (("A", "Zeta report.pdf"), ("B", "alpha.pdf"), ("C", "សំបុត្រ.pdf"), ("D", None)):
        values = {"name": name, "paper": send(store, worker, name=paper) if paper else None}
        service.create(store, worker, "person", values)
    service.create(store, worker, "person", {"name": "E", "paper": {"missing": "refused"}})
    assert names(store, worker, FilterRow("paper", "contains", "REPORT")) == ["A"]
    assert names(store, worker, FilterRow("paper", "contains", "សំបុត្រ")) == ["C"]
    assert names(store, worker, FilterRow("paper", "contains", "application")) == []
    assert names(store, worker, FilterRow("paper", "starts_with", "alpha")) == ["B"]
    assert names(store, worker, FilterRow("paper", "is_blank")) == ["D"]
    assert names(store, worker, FilterRow("paper", "has_reason", [])) == ["E"]
    assert names(store, worker)[:3] == ["A", "B", "C"]
    assert set(names(store, worker, FilterRow("paper", "not_contains", "report"))) == set("BCDE")
    with pytest.raises(InvalidAnswers):
        names(store, worker, FilterRow("secret", "contains", "a"))


def test_a_list_of_a_past_day_shows_and_finds_the_files_of_then(store: OrganisationStore, worker: Actor) -> None:
    saved = service.create(store, worker, "person", {"name": "A", "paper": send(store, worker, name="old.pdf")})
    instant = read_record(store, worker, "person", saved.record).updated_at
    later = send(store, worker, name="new.pdf", record=saved.record)
    service.update(store, worker, "person", saved.record, saved.version, {"paper": later})
    rows = (FilterRow("paper", "contains", "old"),)
    query = ListQuery("person", ("paper",), filters=rows, sort=(Sort("paper"),), limit=5, as_of=instant)
    (found,) = short_list(store, worker, query).records
    answer = found.answers["paper"]
    assert isinstance(answer, FileReference)
    assert answer.name == "old.pdf"


def test_a_file_leaves_as_its_name_and_hash(store: OrganisationStore, worker: Actor) -> None:
    reference = send(store, worker)
    definition = definition_of(store, "paper")
    assert display(reference, definition, store.newest_release(), "km", {}) == "letter.pdf"
    assert export_text(reference) == f"letter.pdf sha256:{reference.hash}"
    assert json_form(reference)["hash"] == reference.hash
