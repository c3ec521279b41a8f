"""Coming in, going out, and what a session is worth."""

from __future__ import annotations

import pytest
from flask import Flask

from amparo.runtime.access import Role
from amparo.runtime.members import create_member, deactivate
from amparo.runtime.people import set_password
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.organisations import Organisations
from amparo.runtime.web.views.signing_in import safe_way_back
from factories.visitors import PASSWORD, Visitor


def test_signing_in_leads_to_the_one_organisation(app: Flask, office: OrganisationStore) -> None:
    visitor = Visitor(app, office.slug)
    assert visitor.sign_in(f"caseworker@{office.slug}", PASSWORD).headers["Location"] == "/"
    assert visitor.client.get("/").headers["Location"] == f"/o/{office.slug}/"


def test_a_wrong_password_and_an_unknown_login_say_the_same(app: Flask, office: OrganisationStore) -> None:
    visitor = Visitor(app, office.slug)
    wrong = visitor.sign_in(f"caseworker@{office.slug}", "not the password")
    unknown = visitor.sign_in("nobody@nowhere", "not the password")
    assert wrong.status_code == unknown.status_code == 422
    sentence = "The login or the password is wrong"
    assert sentence in wrong.text
    assert sentence in unknown.text
    assert "not the password" not in wrong.text


def test_what_was_asked_for_opens_after_signing_in(app: Flask, office: OrganisationStore) -> None:
    visitor = Visitor(app, office.slug)
    asked = visitor.get("person/", view="women").headers["Location"]
    page = visitor.client.get(asked)
    action = page.text.split('<form method="post" action="/sign-in')[1].split('"')[0]
    assert f"/o/{office.slug}/person/" in action.replace("%2F", "/")


@pytest.mark.parametrize(
    "address",
    ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example", "javascript:alert(1)", "", "/\n/x"],
)
def test_signing_in_never_leads_to_another_site(address: str) -> None:
    assert safe_way_back(address) == "/"


def test_a_new_password_ends_every_session(app: Flask, office: OrganisationStore, organisations: Organisations) -> None:
    create_member(organisations, office.slug, "renewed", "Renewed Person", Role.READER, PASSWORD)
    visitor = Visitor(app, office.slug)
    visitor.sign_in("renewed", PASSWORD)
    assert visitor.get("").status_code == 200
    set_password(organisations, "renewed", "another good password")
    assert visitor.get("").status_code == 302


def test_who_left_the_organisation_is_out_at_once(
    app: Flask, office: OrganisationStore, organisations: Organisations
) -> None:
    create_member(organisations, office.slug, "leaver", "Leaving Person", Role.CASEWORKER, PASSWORD)
    visitor = Visitor(app, office.slug)
    visitor.sign_in("leaver", PASSWORD)
    assert visitor.get("").status_code == 200
    deactivate(organisations, office.slug, "leaver")
    assert visitor.get("").status_code == 302


def test_leave_ends_the_session_and_shows_a_calendar(caseworker: Visitor) -> None:
    answer = caseworker.post("/leave")
    assert answer.status_code == 303
    page = caseworker.client.get(answer.headers["Location"])
    assert page.status_code == 200
    assert caseworker.slug not in page.text
    assert "Amparo" not in page.text.split("</title>")[0]
    assert caseworker.get("").status_code == 302


def test_signing_out_ends_the_session(caseworker: Visitor) -> None:
    assert caseworker.post("/sign-out").headers["Location"] == "/sign-in"
    assert caseworker.get("person/").status_code == 302


def test_a_language_is_chosen_before_signing_in_and_kept_after(app: Flask, office: OrganisationStore) -> None:
    visitor = Visitor(app, office.slug)
    visitor.client.get("/language", query_string={"to": "ar", "next": "/sign-in"})
    assert 'lang="ar" dir="rtl"' in visitor.client.get("/sign-in").text
    visitor.sign_in(f"reader@{office.slug}", PASSWORD)
    assert 'lang="ar" dir="rtl"' in visitor.get("").text


def test_a_language_follows_the_person_to_another_device(app: Flask, office: OrganisationStore) -> None:
    first = Visitor.signed_in(app, office.slug, Role.SUPERVISOR)
    first.client.get("/language", query_string={"to": "km"})
    second = Visitor.signed_in(app, office.slug, Role.SUPERVISOR)
    assert '<html lang="km"' in second.get("").text


def test_a_language_that_is_none_changes_nothing(app: Flask, office: OrganisationStore) -> None:
    visitor = Visitor.signed_in(app, office.slug, Role.ADMINISTRATOR)
    assert visitor.client.get("/language", query_string={"to": "tlh"}).status_code == 302
    assert '<html lang="en"' in visitor.get("").text
