"""The record types of imported rows: from a column, else from the mapping."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from amparo.runtime.access import Actor
from amparo.runtime.errors import InvalidAnswers
from amparo.runtime.planner.lists import list_page
from amparo.runtime.planner.queries import ListQuery
from amparo.runtime.records import service
from amparo.runtime.releases.publishing import publish
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.transfer.importing import import_file
from amparo.runtime.transfer.mapping import ColumnMapping, ImportMapping, Match, OtherObject
from amparo.runtime.transfer.mapping_files import mapping_document, mapping_from

NAMES = {"Name": ColumnMapping("name"), "Kind": ColumnMapping("record_type")}


@pytest.fixture
def store(empty_store: OrganisationStore, operator: Actor, standard_template: Mapping[str, Any]) -> OrganisationStore:
    """An organisation with the standard template."""
    publish(empty_store, operator, standard_template)
    return empty_store


def kinds(store: OrganisationStore, actor: Actor, name: str) -> dict[str, str | None]:
    return {each.name: each.record_type for each in list_page(store, actor, ListQuery(name, ("record_type",))).records}


def test_a_row_that_names_no_record_type_gets_that_of_the_mapping(store: OrganisationStore, operator: Actor) -> None:
    mapping = ImportMapping(NAMES, record_type="client")
    kept = mapping_from(json.loads(json.dumps(mapping_document(mapping))))
    assert kept == mapping
    table = b"Name,Kind\nAda,Witness\nBora,\nChan,family_member\n"
    assert import_file(store, operator, "person", table, kept).created == 3
    assert kinds(store, operator, "person") == {"Ada": "witness", "Bora": "client", "Chan": "family_member"}


def test_a_record_that_is_there_keeps_its_record_type(store: OrganisationStore, operator: Actor) -> None:
    there = service.create(store, operator, "person", {"name": "Ada", "record_type": "witness"}).record
    columns = {"Id": ColumnMapping("id"), "Name": ColumnMapping("name")}
    mapping = ImportMapping(columns, match=Match("id"), record_type="client")
    table = f"Id,Name\n{there},Ada Sok\n{uuid.uuid4()},Bora\n".encode()
    outcome = import_file(store, operator, "person", table, mapping)
    assert (outcome.updated, outcome.created) == (1, 1)
    assert kinds(store, operator, "person") == {"Ada Sok": "witness", "Bora": "client"}


def test_each_object_of_a_row_has_a_record_type_of_its_own(store: OrganisationStore, operator: Actor) -> None:
    columns = {
        "Name": ColumnMapping("person.name"),
        "Referred": ColumnMapping("referral_date"),
        "Agreement": ColumnMapping("consent"),
    }
    mapping = ImportMapping(columns, others={"person": OtherObject(record_type="client")}, record_type="outreach")
    assert mapping_from(mapping_document(mapping)) == mapping
    assert import_file(store, operator, "case", b"Name,Referred,Agreement\nAda,2026-01-12,given\n", mapping).created
    assert kinds(store, operator, "person") == {"Ada": "client"}
    assert list(kinds(store, operator, "case").values()) == ["outreach"]


def test_a_record_type_that_there_is_none_of_is_refused_before_the_first_row(
    store: OrganisationStore, operator: Actor
) -> None:
    mapping = replace(ImportMapping({"Name": ColumnMapping("name")}), record_type="survivor")
    with pytest.raises(InvalidAnswers) as caught:
        import_file(store, operator, "person", b"Name\nAda\n", mapping)
    assert [(each.kind, each.path) for each in caught.value.problems] == [("unknown_record_type", "record_type")]
