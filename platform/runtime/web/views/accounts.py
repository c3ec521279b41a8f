"""One's own page: what one is here, where one is signed in, one's password."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from amparo.metadata.wording import N_
from amparo.runtime import sessions
from amparo.runtime.access import Permission, Role
from amparo.runtime.errors import NotPossible, SignInRefused
from amparo.runtime.members import memberships_of
from amparo.runtime.people import change_password
from amparo.runtime.web.dates import activity_words, moment_words
from amparo.runtime.web.devices import device_words
from amparo.runtime.web.presenting.questions import anchor_of
from amparo.runtime.web.routing import Pages
from amparo.runtime.web.sessions import asking_address, begin_session, go_away, organisations, signed_in
from amparo.runtime.web.shell import say_done
from amparo.runtime.web.visits import Visit
from amparo.runtime.web.widgets.base import Question, Shown

pages = Pages("accounts", __name__)

ROLE_LABELS = {
    Role.ADMINISTRATOR: N_("Administrator"),
    Role.SUPERVISOR: N_("Supervisor"),
    Role.CASEWORKER: N_("Caseworker"),
    Role.READER: N_("Reader"),
}


@pages.route("/o/<slug>/you", permission=Permission.RECORDS_READ)
def account(visit: Visit) -> ResponseReturnValue:
    person = visit.person
    others = [
        {"name": place.name, "url": url_for("homes.home", slug=place.slug)}
        for place in memberships_of(organisations(), person.id)
        if place.slug != visit.slug
    ]
    known = [
        {"label": gettext("Login"), "value": Shown("text", person.login)},
        {"label": gettext("Role"), "value": Shown("text", gettext(ROLE_LABELS[visit.actor.role]))},
        {"label": gettext("Organisation"), "value": Shown("text", visit.organisation)},
    ]
    may_export = visit.actor.may(Permission.RECORDS_EXPORT)
    export_url = url_for("exporting.ask_everything", slug=visit.slug) if may_export else None
    may_manage_places = visit.actor.may(Permission.PLACES_MANAGE)
    may_publish = visit.actor.may(Permission.DEFINITIONS_PUBLISH)
    return render_template(
        "pages/account.html",
        visit=visit,
        known=known,
        export_url=export_url,
        places_url=url_for("places.tree", slug=visit.slug) if may_manage_places else None,
        formulas_url=url_for("formulas.begin", slug=visit.slug) if may_publish else None,
        elsewhere=_elsewhere(visit),
        others=others,
    )


def _elsewhere(visit: Visit) -> list[dict[str, Any]]:
    """Where else the person is signed in, in words."""
    user = signed_in()
    found = sessions.others(organisations(), visit.person.id, user.token) if user else []
    zone = visit.release.time_zone
    return [
        {
            "text": device_words(each.device),
            "note": gettext(
                "Signed in %(since)s. Last used: %(seen)s.",
                since=moment_words(each.begun_at, zone, visit.language),
                seen=activity_words(each.seen_at, zone, visit.language, visit.today),
            ),
        }
        for each in found
    ]


@pages.route("/o/<slug>/you/sign-out-everywhere", permission=Permission.RECORDS_READ, methods=["POST"])
def sign_out_everywhere(visit: Visit) -> ResponseReturnValue:
    sessions.end_everywhere(organisations(), visit.person.id)
    return go_away(url_for("signing_in.sign_in"))


@pages.route("/o/<slug>/you/password", permission=Permission.RECORDS_READ)
def password(visit: Visit) -> ResponseReturnValue:
    return _password_page(visit, {})


@pages.route("/o/<slug>/you/password", permission=Permission.RECORDS_READ, methods=["POST"])
def keep_password(visit: Visit) -> ResponseReturnValue:
    typed = request.form
    if typed.get("new", "") != typed.get("again", ""):
        differing = gettext("The two new passwords differ. Type the same one twice.")
        return _password_page(visit, {"again": [differing]}), 422
    try:
        person = change_password(
            organisations(), visit.person, typed.get("current", ""), typed.get("new", ""), asking_address()
        )
    except NotPossible as refusal:
        return _password_page(visit, {"new": [gettext(str(refusal))]}), 422
    except SignInRefused:
        wrong = gettext("This is not your present password, or there were too many attempts. Wait a while if so.")
        return _password_page(visit, {"current": [wrong]}), 422
    begin_session(person)
    say_done(gettext("Your password is changed. Everywhere else you are signed out."))
    return redirect(url_for("accounts.account", slug=visit.slug))


def _password_page(visit: Visit, errors: Mapping[str, Sequence[str]]) -> str:
    asked = (
        ("current", gettext("Present password"), "", "current-password"),
        ("new", gettext("New password"), gettext("At least 12 characters; a few words do well."), "new-password"),
        ("again", gettext("New password again"), "", "new-password"),
    )
    questions = [
        Question(
            name,
            anchor_of(name),
            label,
            "text",
            help=help_text,
            required=True,
            errors=errors.get(name, ()),
            width="full",
            input_type="password",
            autocomplete=autocomplete,
        )
        for name, label, help_text, autocomplete in asked
    ]
    return render_template(
        "pages/password.html",
        visit=visit,
        questions=questions,
        action=url_for("accounts.keep_password", slug=visit.slug),
        way_back=url_for("accounts.account", slug=visit.slug),
    )
