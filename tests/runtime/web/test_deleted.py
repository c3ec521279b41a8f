"""The list of what was deleted: who, when, what went with it, and the way back."""

from __future__ import annotations

import re
import uuid

from flask import Flask

from amparo.runtime.access import Role, operator_actor
from amparo.runtime.planner.records import read_record
from amparo.runtime.records import service
from amparo.runtime.stores.organisation import OrganisationStore
from factories.visitors import Visitor


def add(office: OrganisationStore, object_name: str, **values: str) -> uuid.UUID:
    return service.create(office, operator_actor(), object_name, values).record


def deleted_names(page: str) -> list[str]:
    rows = page.split("data-rows>")[1] if "data-rows>" in page else ""
    return re.findall(r'<div class="what"><a class="name-link"[^>]*><bdi>([^<]*)</bdi>', rows)


def test_nothing_deleted_is_said_as_such(supervisor: Visitor) -> None:
    page = supervisor.get("stay/deleted")
    assert page.status_code == 200
    assert "Nothing is deleted" in page.text


def test_what_was_deleted_stands_there_with_who_and_when_until_it_is_back(
    supervisor: Visitor, office: OrganisationStore
) -> None:
    gone = add(office, "person", name="Gone Again")
    supervisor.post(f"person/{gone}/delete")
    page = supervisor.get("person/deleted").text
    assert deleted_names(page)[0] == "Gone Again"
    assert re.search(r"Deleted [^<]* by Supervisor Person", page)
    assert "Gone" not in " ".join(re.findall(r'(?:href|action)="([^"]*)"', page))
    back = supervisor.post(f"/o/{office.slug}/person/{gone}/undelete")
    assert back.headers["Location"].endswith(f"/person/{gone}")
    assert "Gone Again" not in deleted_names(supervisor.get("person/deleted").text)


def test_details_stand_under_their_master_and_come_back_with_it(supervisor: Visitor, office: OrganisationStore) -> None:
    host = add(office, "person", name="Deleted Host")
    earlier = add(office, "visit", title="Deleted earlier", person=str(host))
    visits = [add(office, "visit", title=f"Talk {number}", person=str(host)) for number in range(5)]
    supervisor.post(f"visit/{earlier}/delete")
    supervisor.post(f"person/{host}/delete")
    page = supervisor.get("person/deleted").text
    row = page.split("Deleted Host")[1].split("</form>")[0]
    assert "Comes back with it:" in row
    assert "2 more" in row
    assert "Deleted earlier" not in row
    bound = supervisor.get("visit/deleted").text
    assert f"/visit/{visits[0]}/undelete" not in bound
    assert bound.count("Comes back with what it belongs to:") == 6
    supervisor.post(f"person/{host}/undelete")
    assert not read_record(office, operator_actor(), "visit", visits[4]).deleted
    assert deleted_names(supervisor.get("visit/deleted").text) == ["Deleted earlier"]


def test_the_list_goes_on_page_by_page(supervisor: Visitor, office: OrganisationStore) -> None:
    for number in range(30):
        service.delete(office, operator_actor(), "person", add(office, "person", name=f"Row {number:02}"))
    page = supervisor.get("person/deleted").text
    names = deleted_names(page)
    assert len(names) == 25
    more = re.search(r'href="([^"]+)" data-load-more', page)
    assert more is not None
    names += deleted_names(supervisor.client.get(more.group(1).replace("&amp;", "&")).text)
    assert {name for name in names if name.startswith("Row")} == {f"Row {number:02}" for number in range(30)}
    assert "by the operator" in page


def test_who_may_not_delete_is_not_shown_it(app: Flask, supervisor: Visitor, office: OrganisationStore) -> None:
    reader = Visitor.signed_in(app, office.slug, Role.READER)
    assert "person/deleted" not in reader.get("person/").text
    assert reader.get("person/deleted").status_code == 403
    assert "person/deleted" in supervisor.get("person/").text


def test_what_stands_in_the_way_of_coming_back_is_told_by_its_field(
    supervisor: Visitor, office: OrganisationStore
) -> None:
    gone = add(office, "person", name="Gone With Code", code="taken-meanwhile")
    supervisor.post(f"person/{gone}/delete")
    holder = add(office, "person", name="Holder", code="taken-meanwhile")
    refused = supervisor.post(f"person/{gone}/undelete")
    assert refused.status_code == 409
    assert "Another record has the same answer now: Code. Change it there" in refused.text
    version = read_record(office, operator_actor(), "person", holder).version
    service.update(office, operator_actor(), "person", holder, version, {"code": "another"})
    assert supervisor.post(f"person/{gone}/undelete").status_code == 302
