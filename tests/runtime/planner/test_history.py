"""What happened to a record, and in the organisation since a transaction."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import delete, insert

from amparo.metadata.missing import Missing
from amparo.runtime.access import Actor, Role
from amparo.runtime.errors import NotFound
from amparo.runtime.planner.records import read_record, record_history
from amparo.runtime.planner.tailing import changes_since
from amparo.runtime.planner.telling import HistoryEntry
from amparo.runtime.records import service
from amparo.runtime.records.changes import Change
from amparo.runtime.releases.publishing import publish
from amparo.runtime.serializer.wording import SYSTEM_LABELS
from amparo.runtime.stores.organisation import OrganisationStore
from factories.clinic import clinic_document, field_of
from factories.population import add_members

pytestmark = pytest.mark.every_database


@pytest.fixture
def members(store: OrganisationStore) -> list[Actor]:
    return add_members(store)


def changes(entry: HistoryEntry) -> dict[str, tuple[Any, Any]]:
    return {change.field: (change.old, change.new) for change in entry.changes}


def test_every_change_is_told_with_who_when_and_how(store: OrganisationStore, members: list[Actor]) -> None:
    first, second = members[0], replace(members[1], channel="import")
    saved = service.create(store, first, "person", {"name": "Sara", "debt": "3", "gender": {"missing": "unknown"}})
    later = service.update(store, second, "person", saved.record, saved.version, {"debt": "4.5", "gender": "female"})
    told = record_history(store, first, "person", saved.record)
    assert [(entry.kind, entry.tx, entry.actor_name, entry.channel) for entry in told] == [
        ("changed", later.version, "Worker 1", "import"),
        ("created", saved.version, "Worker 0", "page"),
    ]
    assert changes(told[0]) == {"gender": (Missing.UNKNOWN, "female"), "debt": (Decimal("3.00"), Decimal("4.50"))}
    assert changes(told[1])["name"] == (None, "Sara")
    assert told[0].at >= told[1].at > dt.datetime(2020, 1, 1, tzinfo=dt.UTC)


def test_deletion_owner_and_record_type_have_kinds_of_their_own(store: OrganisationStore, members: list[Actor]) -> None:
    actor = members[0]
    saved = service.create(store, actor, "person", {"name": "Sara"})
    version = saved.version
    for values in ({"owner": members[1].member}, {"record_type": "client"}, {"owner": None, "name": "Zoë"}):
        version = service.update(store, actor, "person", saved.record, version, values).version
    service.delete(store, actor, "person", saved.record)
    service.undelete(store, actor, "person", saved.record)
    told = record_history(store, actor, "person", saved.record)
    assert [entry.kind for entry in told] == ["undeleted", "deleted", "changed", "record_type", "owner", "created"]
    assert changes(told[4]) == {"owner": (actor.member, members[1].member)}
    assert told[4].labels[members[1].member or uuid.uuid4()] == "Worker 1"
    assert [change.label for change in told[3].changes] == [SYSTEM_LABELS["record_type"]]


def test_a_record_without_answers_was_still_created(empty_store: OrganisationStore, operator: Actor) -> None:
    document = clinic_document()
    field_of(document, "person", "name")["required"] = False
    del field_of(document, "person", "safe")["default"]
    document["objects"][1]["fields"] = [f for f in document["objects"][1]["fields"] if f["name"] != "number"]
    del document["objects"][1]["number_field"]
    publish(empty_store, operator, document)
    saved = service.create(empty_store, operator, "person", {})
    (told,) = record_history(empty_store, operator, "person", saved.record)
    assert (told.kind, told.tx, told.changes) == ("created", saved.version, ())
    assert [each.entry.kind for each in changes_since(empty_store, operator, saved.version - 1).changes] == ["created"]


def test_long_histories_come_in_parts(store: OrganisationStore, operator: Actor) -> None:
    saved = service.create(store, operator, "person", {"name": "0"})
    version = saved.version
    for number in range(1, 8):
        version = service.update(store, operator, "person", saved.record, version, {"name": str(number)}).version
    whole = record_history(store, operator, "person", saved.record)
    parts: list[HistoryEntry] = []
    before = None
    while part := record_history(store, operator, "person", saved.record, limit=3, before=before):
        assert len(part) <= 3
        parts += part
        before = part[-1].tx
    assert [entry.tx for entry in parts] == [entry.tx for entry in whole]
    assert len(whole) == 8


def test_sensitive_changes_show_values_only_to_who_may_read_them(
    store: OrganisationStore, members: list[Actor]
) -> None:
    saved = service.create(store, members[0], "person", {"name": "Sara", "passport": "N1"})
    service.update(store, members[0], "person", saved.record, saved.version, {"passport": "N2"})
    told = record_history(store, members[0], "person", saved.record)[0]
    assert changes(told) == {"passport": ("N1", "N2")}
    reader = replace(members[0], role=Role.READER)
    (hidden,) = record_history(store, reader, "person", saved.record)[0].changes
    assert (hidden.field, hidden.old, hidden.new, hidden.hidden) == ("passport", None, None, True)
    (tailed,) = changes_since(store, reader, saved.version).changes
    assert tailed.entry.changes == (hidden,)


def test_who_left_stays_readable(store: OrganisationStore, operator: Actor, members: list[Actor]) -> None:
    saved = service.create(store, members[2], "person", {"name": "Sara"})
    with store.engine.begin() as connection:
        connection.execute(delete(store.tables.member).where(store.tables.member.c.id == members[2].member))
    (told,) = record_history(store, operator, "person", saved.record)
    assert (told.actor, told.actor_name) == (members[2].member, "")


def test_retired_fields_and_options_keep_their_history(store: OrganisationStore, operator: Actor) -> None:
    values: Mapping[str, Any] = {"name": "Sara", "debt": "1.50", "gender": "female"}
    saved = service.create(store, operator, "person", values)
    document = clinic_document()
    field_of(document, "person", "debt")["retired"] = True
    document["picklists"][0]["options"][0]["active"] = False
    publish(store, operator, document)
    told = changes(record_history(store, operator, "person", saved.record)[0])
    assert told["debt"] == (None, Decimal("1.50"))
    assert told["gender"] == (None, "female")
    assert read_record(store, operator, "person", saved.record).answers["debt"] == Decimal("1.50")


def test_a_field_that_nothing_describes_any_more_is_told_by_its_texts(
    store: OrganisationStore, operator: Actor
) -> None:
    saved = service.create(store, operator, "person", {"name": "Sara"})
    place = {
        "number": 900, "id": "person.lost", "object": 1, "column_name": "lost_900", "storage": "decimal",
        "decimals": 2, "sensitive": False,
    }  # fmt: skip
    fact = {"tx": saved.version, "record": saved.record, "field": 900, "new": "12.50", "old": None}
    with store.engine.begin() as connection:
        connection.execute(insert(store.tables.field_map), place)
        connection.execute(insert(store.tables.fact), fact)
    told = record_history(store, operator, "person", saved.record)[0]
    assert changes(told)["person.lost"] == (None, "12.50")


def test_an_erased_record_says_that_it_was_erased(store: OrganisationStore, operator: Actor) -> None:
    saved = service.create(store, operator, "person", {"name": "Sara"})
    service.erase(store, operator, "person", saved.record, "asked for")
    for read in (read_record, record_history):
        with pytest.raises(NotFound, match="erased"):
            read(store, operator, "person", saved.record)
    with pytest.raises(NotFound, match="does not exist"):
        record_history(store, operator, "person", uuid.uuid4())


def test_tailing_tells_every_change_once_in_order(store: OrganisationStore, operator: Actor) -> None:
    begin = service.create(store, operator, "person", {"name": "First"})
    people = service.save(store, operator, "person", [Change({"name": str(number)}) for number in range(30)]).saved
    for number in range(20):
        each = people[number]
        service.update(store, operator, "person", each.record, each.version, {"debt": str(number)})
    visit = service.create(store, operator, "visit", {"title": "Talk", "person": begin.record})
    service.delete(store, operator, "person", begin.record)
    service.erase(store, operator, "person", people[5].record, "asked for")
    seen: list[tuple[int, str, uuid.UUID, str]] = []
    upto, more = 0, True
    while more:
        part = changes_since(store, operator, upto, limit=9)
        seen += [(each.entry.tx, each.object, each.record, each.entry.kind) for each in part.changes]
        assert part.upto > upto
        upto, more = part.upto, part.more
    whole = changes_since(store, operator, 0)
    assert seen == [(each.entry.tx, each.object, each.record, each.entry.kind) for each in whole.changes]
    assert (upto, whole.more) == (whole.upto, False)
    kinds = [kind for _, _, _, kind in seen]
    assert {kind: kinds.count(kind) for kind in kinds} == {"created": 32, "changed": 20, "deleted": 2, "erased": 1}
    assert {record for _, name, record, _ in seen if name == "visit"} == {visit.record}
    assert changes_since(store, operator, upto).changes == ()
    assert all(not each.entry.changes for each in whole.changes if each.record == people[5].record)
