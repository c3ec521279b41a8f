"""Coming in, going out, and what a session is worth."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask

from amparo.app import create_app
from amparo.runtime.access import Role
from amparo.runtime.guesses import FREE_GUESSES, take_guess
from amparo.runtime.members import create_member, deactivate
from amparo.runtime.people import set_password
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.organisations import Organisations
from amparo.runtime.web.sessions import LEFT_COOKIE
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
    assert "data-error-summary" in wrong.text
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


def stolen_copy(app: Flask, visitor: Visitor) -> Visitor:
    """Somebody with a copy of the cookies of this moment."""
    thief = Visitor(app, visitor.slug)
    cookie = visitor.client.get_cookie("amparo")
    assert cookie is not None
    thief.client.set_cookie("amparo", cookie.value)
    assert thief.get("").status_code == 200
    return thief


@pytest.mark.parametrize("way_out", ["/sign-out", "/leave"])
def test_a_copied_cookie_opens_nothing_after_its_owner_went(app: Flask, caseworker: Visitor, way_out: str) -> None:
    thief = stolen_copy(app, caseworker)
    caseworker.post(way_out)
    assert thief.get("").status_code == 302
    assert thief.get("person/").headers["Location"].startswith("/sign-in")


@pytest.mark.parametrize("way_out", ["/sign-out", "/leave", "you/sign-out-everywhere"])
def test_the_tabs_of_a_browser_keep_no_form_of_who_went(caseworker: Visitor, way_out: str) -> None:
    assert caseworker.post(way_out).headers["Clear-Site-Data"] == '"storage"'


def test_who_comes_back_after_a_while_finds_what_was_typed(caseworker: Visitor) -> None:
    caseworker.client.delete_cookie("amparo")
    asked = caseworker.get("person/new")
    assert (asked.status_code, asked.headers.get("Clear-Site-Data")) == (302, None)


def test_the_session_of_who_left_without_a_network_ends_with_what_is_asked_for_next(caseworker: Visitor) -> None:
    """Its page is all that knew of it then, and could leave a cookie and nothing more."""
    caseworker.client.set_cookie(LEFT_COOKIE, "yes")
    assert caseworker.get("person/").status_code == 302
    assert caseworker.client.get_cookie(LEFT_COOKIE) is None
    assert caseworker.get("person/").status_code == 302


def test_leave_locks_the_session_from_a_page_that_is_older_than_it(caseworker: Visitor) -> None:
    assert caseworker.client.post("/leave").status_code == 303
    assert caseworker.get("").status_code == 302


def test_ones_own_page_tells_where_else_one_is_signed_in_and_ends_it_all(app: Flask, office: OrganisationStore) -> None:
    here = Visitor.signed_in(app, office.slug, Role.READER)
    assert "Nowhere but here" in here.get("you").text
    phone = "Mozilla/5.0 (Android 14; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0"
    elsewhere = Visitor(app, office.slug)
    elsewhere.client.environ_base["HTTP_USER_AGENT"] = phone
    elsewhere.sign_in(f"reader@{office.slug}", PASSWORD)
    page = here.get("you").text
    assert "Firefox on Android" in page
    assert "140" not in page
    thief = stolen_copy(app, here)
    assert here.post("you/sign-out-everywhere").headers["Location"] == "/sign-in"
    for visitor in (here, elsewhere, thief):
        assert visitor.get("").status_code == 302


def test_a_password_is_changed_on_ones_own_page(
    app: Flask, office: OrganisationStore, organisations: Organisations
) -> None:
    create_member(organisations, office.slug, "changer", "Changing Person", Role.CASEWORKER, PASSWORD)
    here, elsewhere = Visitor(app, office.slug), Visitor(app, office.slug)
    for visitor in (here, elsewhere):
        visitor.sign_in("changer", PASSWORD)
    page = here.get("you/password")
    new = "another good password"
    wrong = here.send(page, {"current": "not it at all", "new": new, "again": new}, form="password")
    assert wrong.status_code == 422
    assert "This is not your present password" in wrong.text
    differing = here.send(page, {"current": PASSWORD, "new": new, "again": "something else"}, form="password")
    assert "The two new passwords differ" in differing.text
    short = here.send(page, {"current": PASSWORD, "new": "short", "again": "short"}, form="password")
    assert "The password is too short" in short.text
    assert new not in wrong.text + differing.text
    changed = here.send(page, {"current": PASSWORD, "new": new, "again": new}, form="password")
    assert changed.status_code == 302
    assert "Your password is changed" in here.get("you").text
    assert elsewhere.get("").status_code == 302
    assert elsewhere.sign_in("changer", PASSWORD).status_code == 422
    assert elsewhere.sign_in("changer", new).status_code == 302


def test_an_address_behind_a_trusted_proxy_is_the_one_that_waits(
    organisations: Organisations, office: OrganisationStore
) -> None:
    app = create_app(replace(organisations.settings, trusted_proxies=1))
    visitor = Visitor(app, office.slug)
    visitor.client.environ_base["HTTP_X_FORWARDED_FOR"] = "10.9.9.9, 198.51.100.77"
    for _ in range(FREE_GUESSES):
        take_guess(organisations, "198.51.100.77")
    assert visitor.sign_in(f"reader@{office.slug}", PASSWORD).status_code == 422
    visitor.client.environ_base["HTTP_X_FORWARDED_FOR"] = "198.51.100.77, 198.51.100.78"
    assert visitor.sign_in(f"reader@{office.slug}", PASSWORD).status_code == 302
    app.extensions["amparo"].close()


def test_a_cookie_over_https_belongs_to_this_host_alone(organisations: Organisations) -> None:
    app = create_app(replace(organisations.settings, secure_cookies="yes"))
    cookie = app.test_client().get("/sign-in", base_url="https://cases.example").headers["Set-Cookie"]
    assert cookie.startswith("__Host-amparo=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= {part.strip() for part in cookie.split(";")}
    app.extensions["amparo"].close()


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
