"""Whatever is changed in the ledger behind the program's back is found, and the first place is named."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, update

from amparo.runtime.access import Actor
from amparo.runtime.ledger.verifying import Anchor, Verification, verify
from amparo.runtime.records import service
from amparo.runtime.releases.publishing import publish
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.tables import DELETED
from factories.clinic import clinic_document, with_field


@dataclass(frozen=True)
class Written:
    """A small ledger. Transaction 1 is the release."""

    store: OrganisationStore
    dara: uuid.UUID  # made in 2, changed in 4 and 5
    mali: uuid.UUID  # made in 3, deleted in 6
    gone: uuid.UUID  # made in 7, erased in 8

    def change(self, statement: Any) -> None:
        """What somebody with a database tool does."""
        with self.store.engine.begin() as connection:
            assert connection.execute(statement).rowcount != 0

    def field(self, name: str) -> int:
        return self.store.newest_release().object("person").fields[name].number


@pytest.fixture
def written(store: OrganisationStore, operator: Actor) -> Written:
    dara = service.create(store, operator, "person", {"name": "Dara", "passport": "N1", "gender": "male"})
    mali = service.create(store, operator, "person", {"name": "Mali", "gender": {"missing": "refused"}})
    changed = service.update(store, operator, "person", dara.record, dara.version, {"name": "Dara S.", "debt": "12.5"})
    service.update(store, operator, "person", dara.record, changed.version, {"name": "Sok Dara"})
    service.delete(store, operator, "person", mali.record)
    gone = service.create(store, operator, "person", {"name": "Asked to be forgotten", "passport": "N9"})
    service.erase(store, operator, "person", gone.record, "asked for it")
    return Written(store, dara.record, mali.record, gone.record)


def broken_at(found: Verification) -> int | None:
    return None if found.broken is None else found.broken.tx


def reasons(found: Verification) -> str:
    assert found.broken is not None
    return " ".join(found.broken.reasons)


@pytest.mark.every_database
def test_a_ledger_that_nobody_touched_is_right(written: Written) -> None:
    found = verify(written.store)
    assert found.broken is None
    assert found.transactions == found.head.tx == 8
    assert found.facts > 15


def test_an_empty_store_is_right(empty_store: OrganisationStore) -> None:
    assert verify(empty_store) == Verification(0, 0, Anchor(0, bytes(32)), None)


def test_a_changed_value_is_found_where_it_was_written(written: Written) -> None:
    fact = written.store.tables.fact
    name = written.field("name")
    of_four = (fact.c.tx == 4, fact.c.field == name)
    written.change(update(fact).where(*of_four).values(new="Somebody else"))
    found = verify(written.store)
    assert broken_at(found) == 4
    assert f"field number {name}: what it put there is not what transaction 5 found" in reasons(found)
    assert "Somebody else" not in reasons(found)


def test_a_changed_reason_for_a_missing_value_is_found(written: Written) -> None:
    fact = written.store.tables.fact
    written.change(update(fact).where(fact.c.new_missing == "refused").values(new_missing="unknown"))
    assert broken_at(verify(written.store)) == 3


def test_a_changed_value_before_is_found(written: Written) -> None:
    fact = written.store.tables.fact
    written.change(update(fact).where(fact.c.tx == 5).values(old="Never was"))
    found = verify(written.store)
    assert broken_at(found) == 5
    assert "is not what transaction 4 put there" in reasons(found)


def test_a_removed_fact_is_found(written: Written) -> None:
    fact = written.store.tables.fact
    written.change(delete(fact).where(fact.c.tx == 4, fact.c.field == written.field("debt")))
    assert broken_at(verify(written.store)) == 4


def test_an_added_fact_is_found(written: Written) -> None:
    fact = written.store.tables.fact
    written.change(insert(fact).values(tx=5, record=written.mali, field=DELETED, new=None, old="6"))
    assert broken_at(verify(written.store)) == 5


def test_a_fact_of_a_transaction_that_does_not_exist_is_found(written: Written) -> None:
    fact = written.store.tables.fact
    written.change(insert(fact).values(tx=90, record=written.mali, field=DELETED, new=None, old="6"))
    found = verify(written.store)
    assert broken_at(found) == 90
    assert "does not exist" in reasons(found)


def test_a_fact_moved_to_another_record_is_found(written: Written) -> None:
    fact = written.store.tables.fact
    written.change(update(fact).where(fact.c.tx == 5).values(record=written.mali))
    assert broken_at(verify(written.store)) == 5


@pytest.mark.parametrize(
    "change",
    [
        {"at": 1},
        {"actor": uuid.uuid4()},
        {"channel": "page"},
        {"release": 7},
        {"note": "nothing"},
        {"result": "{}"},
        {"request_key": "k", "request_digest": b"d"},
        {"hash": bytes(32)},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_changed_transaction_is_found(written: Written, change: dict[str, Any]) -> None:
    tx = written.store.tables.tx
    written.change(update(tx).where(tx.c.id == 5).values(**change))
    assert broken_at(verify(written.store)) == 5


def test_a_removed_transaction_is_named(written: Written) -> None:
    tx = written.store.tables.tx
    written.change(delete(tx).where(tx.c.id == 4))
    found = verify(written.store)
    assert broken_at(found) == 4
    assert "missing" in reasons(found)


def test_a_cut_tail_shows_at_the_head(written: Written) -> None:
    tables = written.store.tables
    written.change(delete(tables.tx).where(tables.tx.c.id == 8))
    assert broken_at(verify(written.store)) == 8


def test_a_head_set_forward_or_changed_is_found(written: Written) -> None:
    head = written.store.tables.head
    written.change(update(head).values(hash=b"x" * 32))
    assert broken_at(verify(written.store)) == 8
    written.change(update(head).values(tx=7))
    assert broken_at(verify(written.store)) == 8


def test_a_cut_tail_with_the_head_set_back_shows_against_the_noted_head(written: Written) -> None:
    noted = verify(written.store).head
    tables = written.store.tables
    written.change(delete(tables.tx).where(tables.tx.c.id == 8))
    written.change(update(tables.record).where(tables.record.c.erased_tx == 8).values(erased_tx=None))
    written.change(delete(tables.fact).where(tables.fact.c.record == written.gone))
    written.change(delete(tables.tx).where(tables.tx.c.id == 7))
    written.change(delete(tables.record).where(tables.record.c.id == written.gone))
    with written.store.engine.connect() as connection:
        hash_of_six = connection.scalar(select(tables.tx.c.hash).where(tables.tx.c.id == 6))
    written.change(update(tables.head).values(tx=6, hash=hash_of_six))
    assert verify(written.store).broken is None
    assert broken_at(verify(written.store, noted)) == 8


def test_another_hash_than_the_noted_one_is_found(written: Written) -> None:
    assert broken_at(verify(written.store, Anchor(5, b"n" * 32))) == 5


def test_swapped_keys_are_found(written: Written) -> None:
    record = written.store.tables.record
    with written.store.engine.connect() as connection:
        keys = dict(connection.execute(select(record.c.id, record.c.wrapped_key)).all())
    written.change(update(record).where(record.c.id == written.dara).values(wrapped_key=keys[written.mali]))
    written.change(update(record).where(record.c.id == written.mali).values(wrapped_key=keys[written.dara]))
    found = verify(written.store)
    assert broken_at(found) == 2
    assert "key" in reasons(found)


@pytest.mark.parametrize("key", [None, b"", b"\x01", b"\x63" + bytes(60)])
def test_a_lost_or_damaged_key_is_found(written: Written, key: bytes | None) -> None:
    record = written.store.tables.record
    written.change(update(record).where(record.c.id == written.dara).values(wrapped_key=key))
    assert broken_at(verify(written.store)) == 2


def test_a_removed_record_is_found_where_it_was_made(written: Written) -> None:
    record = written.store.tables.record
    written.change(delete(record).where(record.c.id == written.dara))
    assert broken_at(verify(written.store)) == 2


def test_a_record_moved_to_another_object_or_transaction_is_found(written: Written) -> None:
    record = written.store.tables.record
    written.change(update(record).where(record.c.id == written.dara).values(object=3))
    assert broken_at(verify(written.store)) == 2
    written.change(update(record).where(record.c.id == written.dara).values(object=2, created_tx=99))
    assert broken_at(verify(written.store)) == 2


def test_an_erasure_taken_back_is_found(written: Written) -> None:
    record, fact = written.store.tables.record, written.store.tables.fact
    written.change(update(record).where(record.c.id == written.gone).values(wrapped_key=b"\x01" + bytes(60)))
    assert broken_at(verify(written.store)) == 8
    written.change(update(record).where(record.c.id == written.gone).values(erased_tx=None))
    assert broken_at(verify(written.store)) == 7
    written.change(update(record).where(record.c.id == written.gone).values(erased_tx=8, wrapped_key=None))
    assert verify(written.store).broken is None
    written.change(update(fact).where(fact.c.record == written.gone).values(new="Put back"))
    found = verify(written.store)
    assert broken_at(found) == 7
    assert "yet holds values" in reasons(found)


def test_a_record_made_to_look_erased_is_found(written: Written) -> None:
    record, fact = written.store.tables.record, written.store.tables.fact
    written.change(update(record).where(record.c.id == written.dara).values(wrapped_key=None, erased_tx=8))
    assert broken_at(verify(written.store)) == 2
    emptied = {"new": None, "old": None, "new_missing": None, "old_missing": None, "leaf": bytes(32)}
    written.change(update(fact).where(fact.c.record == written.dara).values(**emptied))
    assert broken_at(verify(written.store)) == 2


def test_a_hash_in_place_of_a_value_is_found(written: Written) -> None:
    fact = written.store.tables.fact
    written.change(update(fact).where(fact.c.tx == 5).values(leaf=bytes(32)))
    assert broken_at(verify(written.store)) == 5


def test_another_identity_of_a_field_is_found(written: Written) -> None:
    fields = written.store.tables.field_map
    number = written.field("gender")
    written.change(update(fields).where(fields.c.number == number).values(id="another"))
    assert broken_at(verify(written.store)) == 2
    written.change(delete(fields).where(fields.c.number == number))
    found = verify(written.store)
    assert broken_at(found) == 2
    assert "map of fields" in reasons(found)


def test_changed_definitions_are_found(written: Written, operator: Actor) -> None:
    field = {"id": "person.more", "name": "more", "type": "text", "label": "More"}
    publish(written.store, operator, with_field(clinic_document(), "person", field))
    assert verify(written.store).broken is None
    release = written.store.tables.release
    with written.store.engine.connect() as connection:
        document = connection.scalar(select(release.c.document).where(release.c.number == 2))
    assert document is not None
    written.change(update(release).where(release.c.number == 2).values(document=document.replace("More", "Less")))
    assert broken_at(verify(written.store)) == 9
    written.change(delete(release).where(release.c.number == 2))
    found = verify(written.store)
    assert broken_at(found) == 9
    assert "missing" in reasons(found)


def test_more_transactions_than_are_read_at_once_are_walked(store: OrganisationStore, operator: Actor) -> None:
    for number in range(300):
        service.create(store, operator, "person", {"name": f"Person {number}"})
    assert verify(store).transactions == 301
    fact = store.tables.fact
    with store.engine.begin() as connection:
        connection.execute(update(fact).where(fact.c.tx == 280).values(new="Changed"))
    assert broken_at(verify(store)) == 280
