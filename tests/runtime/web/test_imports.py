"""Import as pages: a file, its mapping, a trial, the run, and what came of it."""

from __future__ import annotations

import io
import time
import uuid

from flask import Flask
from werkzeug.test import TestResponse

from amparo.runtime.access import Role, operator_actor
from amparo.runtime.planner.lists import count
from amparo.runtime.planner.queries import ListQuery
from amparo.runtime.stores.organisation import OrganisationStore
from factories.visitors import Visitor, form_of

PATIENCE_SECONDS = 30.0


def upload(visitor: Visitor, content: str) -> TestResponse:
    data = {"csrf_token": visitor.token, "file": (io.BytesIO(content.encode()), "people.csv")}
    return visitor.client.post(visitor.at("person/import"), data=data, content_type="multipart/form-data")


def finished(visitor: Visitor, address: str) -> TestResponse:
    """The page of a job once it is over."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    job = address.rsplit("/", 1)[1]
    while time.monotonic() < deadline:
        if visitor.get(f"jobs/{job}/state").get_json()["state"] in ("done", "failed"):
            return visitor.client.get(address)
        time.sleep(0.05)
    raise AssertionError(f"job {job} did not end")


def number_of(store: OrganisationStore, mark: str) -> int:
    return count(store, operator_actor(), ListQuery("person", (), search=mark))


def test_a_file_is_tried_corrected_and_imported(supervisor: Visitor, office: OrganisationStore) -> None:
    mark = uuid.uuid4().hex
    rows = [f"{mark} {number},female,{number}" for number in range(30)] + [f"{mark} bad,female,plenty"]
    sent = upload(supervisor, "Full name of client,Gender,Debt\n" + "\n".join(rows) + "\n")
    assert sent.status_code == 303
    trial = finished(supervisor, sent.headers["Location"])
    mapping = form_of(trial, "mapping")
    assert mapping.value("c.1.field") == "gender"
    assert mapping.value("c.2.field") == "debt"
    again = supervisor.send(trial, {"c.0.field": "name"}, "mapping")
    trial = finished(supervisor, again.headers["Location"])
    assert "30 rows would be added" in trial.text
    assert "Rows that would be left out" in trial.text
    assert "Row 32. “plenty” in 1 row." in trial.text
    assert number_of(office, mark) == 0
    run = supervisor.send(trial, {"run": "1"}, "mapping")
    outcome = finished(supervisor, run.headers["Location"])
    assert "30 rows were added" in outcome.text
    assert number_of(office, mark) == 30
    job = run.headers["Location"].rsplit("/", 1)[1]
    refused = supervisor.get(f"jobs/{job}/problems.csv")
    assert refused.status_code == 200
    assert f"{mark} bad" in refused.data.decode("utf-8-sig")


def test_a_file_that_cannot_be_read_is_refused_in_words(supervisor: Visitor) -> None:
    assert "Choose a file that is not empty" in upload(supervisor, "").text
    assert upload(supervisor, "").status_code == 422
    broken = upload(supervisor, 'Name\n"never closed\n')
    assert broken.status_code == 422
    assert 'id="f-file-error"' in broken.text


def test_nobody_sees_the_import_of_a_colleague(app: Flask, supervisor: Visitor, office: OrganisationStore) -> None:
    address = upload(supervisor, "Name\nSomebody\n").headers["Location"]
    administrator = Visitor.signed_in(app, office.slug, Role.ADMINISTRATOR)
    assert administrator.client.get(address).status_code == 404
    job = address.rsplit("/", 1)[1]
    assert administrator.get(f"jobs/{job}/state").status_code == 404
    assert supervisor.get(f"jobs/{job}").headers["Location"] == address
    finished(supervisor, address)
