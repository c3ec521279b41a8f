"""Import as pages: a file, its mapping, a trial, the run, and what came of it."""

from __future__ import annotations

import io
import uuid

from flask import Flask
from werkzeug.test import TestResponse

from amparo.metadata.fields.registry import is_importable
from amparo.runtime.access import Role, operator_actor
from amparo.runtime.identifiers import new_identifier
from amparo.runtime.planner.lists import list_page
from amparo.runtime.planner.queries import ListQuery
from amparo.runtime.releases.publishing import publish
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.organisations import Organisations
from factories.clinic import field_of
from factories.every_type import sheets_document
from factories.imports import number_of, upload
from factories.office import office_document
from factories.organisations import make_organisation
from factories.visitors import Visitor, finished, form_of
from factories.workbooks import workbook


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
    assert "Row 32. “\u2068plenty\u2069” in 1 row." in trial.text
    # Not in an element that takes the direction of its first letter: the rest of the sentence may be Arabic.
    assert '<span class="what">\u2068Debt\u2069: ' in trial.text
    assert number_of(office, mark) == 0
    run = supervisor.send(trial, {"run": "1"}, "mapping")
    outcome = finished(supervisor, run.headers["Location"])
    assert "30 rows were added" in outcome.text
    assert number_of(office, mark) == 30
    job = run.headers["Location"].rsplit("/", 1)[1]
    refused = supervisor.get(f"jobs/{job}/problems.csv")
    assert refused.status_code == 200
    assert f"{mark} bad" in refused.data.decode("utf-8-sig")


def test_a_column_that_was_given_to_another_field_is_tried_before_it_is_imported(
    supervisor: Visitor, office: OrganisationStore
) -> None:
    """Who changed it and pressed Import at once had the file imported as it was tried before."""
    mark = uuid.uuid4().hex
    trial = finished(supervisor, upload(supervisor, f"Name,Code\n{mark},{mark}-code\n").headers["Location"])
    sent = supervisor.send(trial, {"run": "1", "c.0.field": "code", "c.1.field": "name"}, "mapping")
    tried = finished(supervisor, sent.headers["Location"])
    assert (form_of(tried, "mapping").value("c.0.field"), number_of(office, mark)) == ("code", 0)
    finished(supervisor, supervisor.send(tried, {"run": "1"}, "mapping").headers["Location"])
    assert number_of(office, f"{mark}-code") == 1


def test_what_was_tried_under_other_definitions_is_tried_anew_before_it_is_imported(
    app: Flask, organisations: Organisations
) -> None:
    """A retired field had the whole import refused; one that has another's name by now took its answers."""
    store = make_organisation(organisations, "republished", office_document(), Role.SUPERVISOR)
    visitor = Visitor.signed_in(app, "republished", Role.SUPERVISOR)
    trial = finished(visitor, upload(visitor, "Name,Code,Story\nAnn,C 1,Met at the bridge\n").headers["Location"])
    document = office_document()
    code, story = (field_of(document, "person", name) for name in ("code", "story"))
    code["name"], story["name"] = "story", "code"
    publish(store, operator_actor(), document)
    tried = finished(visitor, visitor.send(trial, {"run": "1"}, "mapping").headers["Location"])
    assert "1 row would be added" in tried.text
    assert number_of(store, "Ann") == 0
    tried = finished(
        visitor, visitor.send(tried, {"c.1.field": "story", "c.2.field": "code"}, "mapping").headers["Location"]
    )
    finished(visitor, visitor.send(tried, {"run": "1"}, "mapping").headers["Location"])
    (record,) = list_page(store, operator_actor(), ListQuery("person", ("code", "story"))).records
    assert (record.answers["story"], record.answers["code"]) == ("C 1", "Met at the bridge")


def test_what_was_tried_is_imported_at_once_whatever_fields_its_columns_fill(
    app: Flask, organisations: Organisations
) -> None:
    """Not tried once more because a box says the same in other words."""
    store = make_organisation(organisations, f"wide-{uuid.uuid4().hex[:8]}", sheets_document(), Role.SUPERVISOR)
    visitor = Visitor.signed_in(app, store.slug, Role.SUPERVISOR)
    sheet = store.known_release().object("sheet").definition
    names = [each.name for each in sheet.active_fields if is_importable(each)]
    content = f"{','.join(names)}\n{','.join('One' if name == 'name' else '' for name in names)}\n"
    data = {"csrf_token": visitor.token, "file": (io.BytesIO(content.encode()), "sheets.csv")}
    sent = visitor.client.post(visitor.at("sheet/import"), data=data, content_type="multipart/form-data")
    trial = finished(visitor, sent.headers["Location"])
    filled = [form_of(trial, "mapping").value(f"c.{number}.field") for number in range(len(names))]
    assert filled == names
    outcome = finished(visitor, visitor.send(trial, {"run": "1"}, "mapping").headers["Location"])
    assert "1 row was added" in outcome.text


def test_a_field_that_no_column_holds_is_named_in_the_readers_language(
    app: Flask, organisations: Organisations
) -> None:
    translation = {"id": "translation.ar", "language": "ar", "labels": {"person.name": {"label": "الاسم"}}}
    document = office_document() | {"translations": [translation]}
    store = make_organisation(organisations, "arabic-imports", document, Role.SUPERVISOR)
    visitor = Visitor.signed_in(app, store.slug, Role.SUPERVISOR)
    visitor.client.get("/language", query_string={"to": "ar"})
    trial = finished(visitor, upload(visitor, "Remarks\nNothing to say\n").headers["Location"])
    assert "«الاسم» لازم" in trial.text


def test_a_file_that_cannot_be_read_is_refused_in_words(supervisor: Visitor) -> None:
    unchosen = supervisor.client.post(supervisor.at("person/import"), data={"csrf_token": supervisor.token})
    assert unchosen.status_code == 422
    assert "Choose a file." in unchosen.text
    empty = upload(supervisor, "")
    assert empty.status_code == 422
    assert "The file is empty" in empty.text
    assert " autofocus" in empty.text
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


def upload_workbook(visitor: Visitor, content: bytes) -> TestResponse:
    data = {"csrf_token": visitor.token, "file": (io.BytesIO(content), "people.xlsx")}
    return visitor.client.post(visitor.at("person/import"), data=data, content_type="multipart/form-data")


def test_a_workbook_is_tried_on_the_sheet_that_fits_and_on_another(supervisor: Visitor) -> None:
    mark = uuid.uuid4().hex
    about = [["Word", "Meaning"], *[[f"w{number}", "x"] for number in range(20)]]
    people = [["Intake of March"], ["Name", "Gender"], [mark, "Female"]]
    sent = upload_workbook(supervisor, workbook(sheets={"About": about, "People": people}))
    trial = finished(supervisor, sent.headers["Location"])
    assert form_of(trial, "mapping").value("table.sheet") == "People"
    assert form_of(trial, "mapping").value("table.header_row") == "2"
    assert "1 row would be added" in trial.text
    assert "were left out" in trial.text
    other = supervisor.send(trial, {"table.sheet": "About"}, "mapping")
    assert "Meaning" in finished(supervisor, other.headers["Location"]).text
    refused = supervisor.send(trial, {"table.header_row": "40"}, "mapping")
    assert refused.status_code == 422
    assert "Row 40 is empty or too far down" in refused.text


def test_new_records_are_of_the_kind_that_is_chosen_for_the_file(
    supervisor: Visitor, office: OrganisationStore
) -> None:
    mark = uuid.uuid4().hex
    trial = finished(supervisor, upload(supervisor, f"Name\n{mark}\n").headers["Location"])
    assert form_of(trial, "mapping").value("record_type") == ""
    again = supervisor.send(trial, {"record_type": "witness"}, "mapping")
    trial = finished(supervisor, again.headers["Location"])
    assert form_of(trial, "mapping").value("record_type") == "witness"
    finished(supervisor, supervisor.send(trial, {"run": "1"}, "mapping").headers["Location"])
    query = ListQuery("person", ("record_type",), search=mark)
    assert [each.record_type for each in list_page(office, operator_actor(), query).records] == ["witness"]


def test_an_export_of_codes_comes_back_under_its_identifiers_also_after_another_trial(
    supervisor: Visitor, office: OrganisationStore
) -> None:
    mark, record = uuid.uuid4().hex, new_identifier()
    sent = upload(supervisor, f"id,name,amparo:export:1\n{record},{mark},\n")
    trial = finished(supervisor, sent.headers["Location"])
    assert (form_of(trial, "mapping").value("c.0.field"), form_of(trial, "mapping").value("match.field")) == (
        "id",
        "id",
    )
    assert "Identifier" in trial.text
    assert form_of(trial, "mapping").value("match.when_found") == "update_unchanged"
    assert "unless it was changed since the file was made" in trial.text
    trial = finished(supervisor, supervisor.send(trial, {}, "mapping").headers["Location"])
    assert form_of(trial, "mapping").value("c.0.field") == "id"
    loose = supervisor.send(trial, {"match.field": ""}, "mapping")
    assert form_of(finished(supervisor, loose.headers["Location"]), "mapping").value("c.0.field") == ""
    finished(supervisor, supervisor.send(trial, {"run": "1"}, "mapping").headers["Location"])
    query = ListQuery("person", (), search=mark)
    assert [each.id for each in list_page(office, operator_actor(), query).records] == [record]


def test_rows_change_records_and_the_import_is_undone(supervisor: Visitor, office: OrganisationStore) -> None:
    mark = uuid.uuid4().hex
    first = upload(supervisor, f"Name,Code,Debt\n{mark} a,{mark}a,1\n{mark} b,{mark}b,2\n")
    trial = finished(supervisor, first.headers["Location"])
    finished(supervisor, supervisor.send(trial, {"run": "1"}, "mapping").headers["Location"])
    second = upload(supervisor, f"Name,Code,Debt\n{mark} a,{mark}a,7\n{mark} c,{mark}c,3\n")
    trial = finished(supervisor, second.headers["Location"])
    again = supervisor.send(trial, {"match.field": "code"}, "mapping")
    trial = finished(supervisor, again.headers["Location"])
    assert form_of(trial, "mapping").value("match.when_found") == "update"
    assert "1 row would be added" in trial.text
    assert "1 changed, 0 as they were, 0 passed over." in trial.text
    address = supervisor.send(trial, {"run": "1"}, "mapping").headers["Location"]
    assert "Undo this import" in finished(supervisor, address).text
    assert number_of(office, mark) == 3
    question = supervisor.client.get(f"{address}/undo")
    assert "Undo this import?" in question.text
    undone = supervisor.client.post(f"{address}/undo", data={"csrf_token": supervisor.token})
    outcome = finished(supervisor, undone.headers["Location"])
    assert "1 deleted, 1 put back." in outcome.text
    assert number_of(office, mark) == 2


def test_an_import_under_way_is_called_off(supervisor: Visitor) -> None:
    rows = "\n".join(f"Somebody {number}" for number in range(4000))
    trial = finished(supervisor, upload(supervisor, f"Name\n{rows}\n").headers["Location"])
    address = supervisor.send(trial, {"run": "1"}, "mapping").headers["Location"]
    job = address.rsplit("/", 1)[1]
    assert "Call it off" in supervisor.client.get(address).text
    answer = supervisor.client.post(supervisor.at(f"jobs/{job}/cancel"), data={"csrf_token": supervisor.token})
    assert answer.status_code == 303
    told = supervisor.get(f"jobs/{job}/state").get_json()
    # The script of another page that follows the job knows no other end than these.
    assert (told["state"], told["words"]) == ("failed", "Called off. What was done before stays.")
    assert "Undo this import" in supervisor.client.get(address).text


def test_rows_of_a_person_and_their_visits_are_said_tried_and_imported(
    supervisor: Visitor, office: OrganisationStore
) -> None:
    mark = uuid.uuid4().hex
    lines = [
        "Title,Person name,Person code,Whose",
        f"{mark} one,{mark} Ada,{mark}a,1",
        f"{mark} two,,,",
        f"{mark} three,{mark} Bo,{mark}b,3",
    ]
    data = {
        "csrf_token": supervisor.token,
        "file": (io.BytesIO("\n".join(lines).encode()), "visits.csv"),
    }
    sent = supervisor.client.post(supervisor.at("visit/import"), data=data, content_type="multipart/form-data")
    trial = finished(supervisor, sent.headers["Location"])
    form = form_of(trial, "mapping")
    assert form.values("objects") == ["person"]
    assert (form.value("c.1.field"), form.value("c.2.field")) == ("person.name", "person.code")
    assert form.value("match.person.field") == "code"
    assert "People" in trial.text
    assert "2 new" in trial.text
    again = supervisor.send(trial, {"c.3.field": "person.debt", "match.person.when_found": "skip"}, "mapping")
    trial = finished(supervisor, again.headers["Location"])
    form = form_of(trial, "mapping")
    assert (form.value("c.3.field"), form.value("match.person.when_found")) == ("person.debt", "skip")
    assert "3 rows would be added" in trial.text
    run = supervisor.send(trial, {"run": "1"}, "mapping")
    assert "3 rows were added" in finished(supervisor, run.headers["Location"]).text
    assert number_of(office, mark) == 2
    visits = list_page(office, operator_actor(), ListQuery("visit", ("person",), search=mark)).records
    assert sorted(record.labels[record.answers["person"]] for record in visits) == [  # type: ignore[index]
        f"{mark} Ada",
        f"{mark} Ada",
        f"{mark} Bo",
    ]


def test_without_the_other_object_its_columns_are_left_out(supervisor: Visitor) -> None:
    mark = uuid.uuid4().hex
    data = {
        "csrf_token": supervisor.token,
        "file": (io.BytesIO(f"Title,Person name,Person code\n{mark},{mark} Ada,{mark}a\n".encode()), "visits.csv"),
    }
    sent = supervisor.client.post(supervisor.at("visit/import"), data=data, content_type="multipart/form-data")
    trial = finished(supervisor, sent.headers["Location"])
    again = supervisor.send(trial, {"objects": []}, "mapping")
    form = form_of(finished(supervisor, again.headers["Location"]), "mapping")
    assert (form.values("objects"), form.value("c.1.field"), form.value("match.person.field")) == ([], "", None)
