"""Who may open what: every address declares it, and none leads from one organisation into another."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest
from flask import Flask
from werkzeug.routing import Rule

from amparo.runtime.access import PERMISSIONS_OF, Permission, Role, operator_actor
from amparo.runtime.records import service
from amparo.runtime.releases.publishing import publish
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.organisations import Organisations
from amparo.runtime.web.routing import Pages, UndeclaredAccess, declared_access, require_declared_access
from factories.office import office_document
from factories.visitors import Visitor

#: What would take the record or the session away from the addresses asked after it.
TAKES_AWAY = ("records.delete", "records.undelete", "accounts.sign_out_everywhere")
#: Going away must work from a page older than the session, and harms nobody.
WITHOUT_TOKEN = ("signing_in.sign_out", "signing_in.leave")


def own_rules(app: Flask) -> Iterator[tuple[Rule, str]]:
    """Every address of an organisation, with each method it takes."""
    for rule in app.url_map.iter_rules():
        if "slug" in rule.arguments:
            for method in sorted((rule.methods or set()) & {"GET", "POST"}):
                yield rule, method


def address(app: Flask, rule: Rule, slug: str, record: uuid.UUID) -> str:
    known = {
        "slug": slug,
        "object_name": "person",
        "record_id": record,
        "job_id": uuid.uuid4(),
        "report_name": "by_gender",
        "field_name": "story",
        "file_id": uuid.uuid4(),
        "name": "problems.csv" if rule.endpoint == "progress.problem_file" else "export.csv",
    }
    with app.test_request_context():
        adapter = app.url_map.bind("localhost")
        return adapter.build(rule.endpoint, {name: known[name] for name in rule.arguments})


def ask(visitor: Visitor, path: str, method: str, token: str) -> int:
    return ask_for_page(visitor, path, method, token)[0]


def ask_for_page(visitor: Visitor, path: str, method: str, token: str) -> tuple[int, str]:
    data = {"csrf_token": token} if method == "POST" else None
    answer = visitor.client.open(path, method=method, data=data)
    return answer.status_code, answer.text


def test_a_view_without_a_permission_cannot_be_declared() -> None:
    pages = Pages("pages", __name__)
    with pytest.raises(UndeclaredAccess):
        pages.route("/o/<slug>/secrets")
    with pytest.raises(UndeclaredAccess):
        pages.route("/o/<slug>/secrets", permission=Permission.RECORDS_READ, public=True)


def test_a_view_that_came_by_another_way_stops_the_start() -> None:
    app = Flask("amparo")
    app.add_url_rule("/o/<slug>/secrets", "secrets", lambda slug: slug)
    with pytest.raises(UndeclaredAccess, match="/o/<slug>/secrets"):
        require_declared_access(app)


def test_every_address_of_an_organisation_names_a_permission(app: Flask) -> None:
    rules = {rule.endpoint for rule, _ in own_rules(app)}
    assert len(rules) > 20
    assert all(declared_access(app, endpoint) is not None for endpoint in rules)


def test_nobody_opens_a_page_of_an_organisation_without_signing_in(app: Flask, office: OrganisationStore) -> None:
    stranger = Visitor(app, office.slug)
    token = _token_of(stranger)
    for rule, method in own_rules(app):
        path = address(app, rule, office.slug, uuid.uuid4())
        answer = stranger.client.open(path, method=method, data={"csrf_token": token} if method == "POST" else None)
        assert answer.status_code == 302, rule
        assert answer.headers["Location"].startswith("/sign-in"), rule


def _token_of(visitor: Visitor) -> str:
    return visitor.client.get("/sign-in").text.split('name="csrf_token" value="')[1].split('"')[0]


@pytest.fixture(scope="module")
def neighbour(organisations: Organisations) -> OrganisationStore:
    """A second organisation, of which the members of the first know nothing."""
    store = organisations.create("neighbour", "The organisation next door")
    publish(store, operator_actor(), office_document())
    return store


def test_another_organisation_looks_like_one_that_is_not_there(
    app: Flask, office: OrganisationStore, neighbour: OrganisationStore, sokha: uuid.UUID
) -> None:
    administrator = Visitor.signed_in(app, office.slug, Role.ADMINISTRATOR)
    token = administrator.token
    for rule, method in own_rules(app):
        there = ask_for_page(administrator, address(app, rule, neighbour.slug, sokha), method, token)
        nowhere = ask_for_page(administrator, address(app, rule, "nowhere", sokha), method, token)
        assert there[0] == 404, (rule, method)
        assert "next door" not in there[1]
        assert _without_addresses(there[1], neighbour.slug) == _without_addresses(nowhere[1], "nowhere"), rule


def _without_addresses(page: str, slug: str) -> str:
    """The page but for what differs between any two requests: the address asked for, and the token."""
    return "\n".join(
        line for line in page.replace(slug, "…").splitlines() if "csrf_token" not in line and "/language" not in line
    )


def test_a_record_of_another_organisation_is_not_found_in_ones_own(
    neighbour: OrganisationStore, caseworker: Visitor, sokha: uuid.UUID
) -> None:
    theirs = service.create(neighbour, operator_actor(), "person", {"name": "Next door"}).record
    assert caseworker.get(f"person/{sokha}").status_code == 200
    assert caseworker.get(f"person/{theirs}").status_code == 404


@pytest.mark.slow
def test_each_role_gets_what_it_may_and_nothing_else(app: Flask, office: OrganisationStore, sokha: uuid.UUID) -> None:
    for role in Role:
        visitor = Visitor.signed_in(app, office.slug, role)
        token = visitor.token
        for rule, method in own_rules(app):
            permission = declared_access(app, rule.endpoint)
            assert permission is not None
            if rule.endpoint in TAKES_AWAY and permission in PERMISSIONS_OF[role]:
                continue
            status = ask(visitor, address(app, rule, office.slug, sokha), method, token)
            if permission in PERMISSIONS_OF[role]:
                assert status != 403, (role, rule, method)
                assert status < 500, (role, rule, method)
            else:
                assert status == 403, (role, rule, method)


def test_nothing_is_taken_without_the_token_of_ones_own_session(
    app: Flask, caseworker: Visitor, sokha: uuid.UUID
) -> None:
    posts = [
        rule
        for rule in app.url_map.iter_rules()
        if "POST" in (rule.methods or ()) and rule.endpoint not in WITHOUT_TOKEN
    ]
    assert len(posts) > 8
    for rule in posts:
        path = address(app, rule, caseworker.slug, sokha)
        assert caseworker.client.post(path).status_code == 400, rule
        assert caseworker.client.post(path, data={"csrf_token": "guess"}).status_code == 400, rule
