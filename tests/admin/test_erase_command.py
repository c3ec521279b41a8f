"""Erasing for good by command."""

from __future__ import annotations

import uuid

import pytest

from amparo.runtime.access import operator_actor
from amparo.runtime.errors import NotFound
from amparo.runtime.planner.records import read_record
from amparo.runtime.records import service
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.organisations import Organisations
from factories.command_line import Amparo

REASON = ("--reason", "Asked for in writing")


@pytest.fixture
def store(organisations: Organisations, clinic: str) -> OrganisationStore:
    return organisations.open(clinic)


def make_person(store: OrganisationStore) -> tuple[uuid.UUID, str]:
    """A person with a visit; the identifier and the number."""
    record = service.create(store, operator_actor(), "person", {"name": "Dara"}).record
    service.create(store, operator_actor(), "visit", {"title": "V", "person": str(record)})
    return record, str(read_record(store, operator_actor(), "person", record).number)


def is_there(store: OrganisationStore, record: uuid.UUID) -> bool:
    try:
        read_record(store, operator_actor(), "person", record, deleted=True)
    except NotFound:
        return False
    return True


def test_the_number_has_to_be_typed_again(amparo: Amparo, clinic: str, store: OrganisationStore) -> None:
    record, number = make_person(store)
    refused = amparo("erase", clinic, "person", number, *REASON, typed="P-0\n", status=1)
    assert f"Will be gone for good: {number}. Records: 1 person, 1 visit." in refused.stdout
    assert "Nothing was erased" in refused.stderr
    assert is_there(store, record)
    done = amparo("erase", clinic, "person", number, *REASON, typed=f"{number}\n")
    assert f"Erased {number} in transaction" in done.stdout
    assert "Dara" not in done.stdout
    assert not is_there(store, record)
    assert "Right." in amparo("ledger", "verify", clinic).stdout


def test_a_deleted_record_is_erased_by_its_number_or_its_identifier(
    amparo: Amparo, clinic: str, store: OrganisationStore
) -> None:
    for by_number in (True, False):
        record, number = make_person(store)
        service.delete(store, operator_actor(), "person", record)
        amparo("erase", clinic, "person", number if by_number else str(record), *REASON, "--yes")
        assert not is_there(store, record)


def test_what_is_not_there_and_a_missing_reason_are_refused(
    amparo: Amparo, clinic: str, store: OrganisationStore
) -> None:
    record, number = make_person(store)
    assert "Give its number" in amparo("erase", clinic, "person", "P-99999999", *REASON, "--yes", status=1).stderr
    amparo("erase", clinic, "person", str(uuid.uuid4()), *REASON, "--yes", status=1)
    amparo("erase", clinic, "person", number, "--yes", status=2)
    assert "reason" in amparo("erase", clinic, "person", number, "--reason", " ", "--yes", status=1).stderr
    amparo("erase", clinic, "person", str(record), *REASON, "--yes")
    assert "erased" in amparo("erase", clinic, "person", str(record), *REASON, "--yes", status=1).stderr
