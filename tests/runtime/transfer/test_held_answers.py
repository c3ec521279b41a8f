"""Rows that say again what their record holds, though nobody could answer so any more."""

from __future__ import annotations

from typing import Any

import pytest

from amparo.runtime.access import Actor
from amparo.runtime.planner.lists import list_page
from amparo.runtime.planner.queries import ListQuery
from amparo.runtime.releases.publishing import publish
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.transfer.importing import import_file
from amparo.runtime.transfer.mapping import ImportMapping
from amparo.runtime.transfer.mapping_files import mapping_from
from factories.clinic import clinic_document, field_of

FIRST = b"Name,Code,Gender,Languages,Debt,Children\nSok,a,female,km;th,900,12\nDara,b,male,km,1,1\n"
FIELDS = ("name", "code", "gender", "languages", "debt", "children")


@pytest.fixture
def changed(store: OrganisationStore, operator: Actor) -> OrganisationStore:
    """Answers of the first record could be given before the release in force, and cannot any more."""
    assert import_file(store, operator, "person", FIRST).created == 2
    document = clinic_document()
    for picklist in document["picklists"]:
        for option in picklist["options"]:
            option["active"] = option["code"] not in ("female", "th")
    field_of(document, "person", "debt")["maximum"] = 100
    field_of(document, "person", "children")["maximum"] = 5
    publish(store, operator, document)
    return store


def by_code() -> ImportMapping:
    return mapping_from({"columns": {name: {"field": name} for name in FIELDS}, "match": {"field": "code"}})


def answers(store: OrganisationStore, actor: Actor, code: str) -> list[Any]:
    records = list_page(store, actor, ListQuery("person", FIELDS)).records
    return next([each.answers[name] for name in FIELDS] for each in records if each.answers["code"] == code)


@pytest.mark.parametrize("said", ["female,th;km,900.00,12", "Female,KM; TH,900,12"], ids=["codes", "labels"])
def test_what_a_record_holds_may_stand_in_a_row_that_changes_something_else(
    changed: OrganisationStore, operator: Actor, said: str
) -> None:
    held = answers(changed, operator, "a")[2:]
    content = f"{','.join(FIELDS)}\nSok Dara,a,{said}\n".encode()
    told = import_file(changed, operator, "person", content, by_code(), dry_run=True)
    done = import_file(changed, operator, "person", content, by_code())
    assert (told.updated, told.refused) == (done.updated, done.refused) == (1, 0), done.causes
    assert answers(changed, operator, "a") == ["Sok Dara", "a", *held]


def test_another_record_cannot_be_given_it(changed: OrganisationStore, operator: Actor) -> None:
    content = f"{','.join(FIELDS)}\nDara,b,female,km;th,900,12\nNew,c,female,th,900,12\n".encode()
    outcome = import_file(changed, operator, "person", content, by_code())
    refused = {each.row: sorted(problem.path for problem in each.problems) for each in outcome.problems}
    assert refused == {2: ["children", "debt", "gender", "languages"], 3: ["children", "debt", "gender", "languages"]}
    assert answers(changed, operator, "b")[2] == "male"
