"""Who is signed in: a signed cookie holds a person's identifier and session epoch, nothing else of them."""

from __future__ import annotations

import uuid

from flask import Flask, current_app, g, session
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user

from amparo.runtime.members import Person, find_person
from amparo.runtime.stores.organisations import Organisations
from amparo.runtime.web.languages import SESSION_KEY

EXTENSION = "amparo_organisations"


class SignedIn(UserMixin):
    """The person of this session, as Flask-Login wants to see one."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self.language = person.language

    def get_id(self) -> str:
        return f"{self.person.id}.{self.person.session_epoch}"


def organisations() -> Organisations:
    """The organisations of this process, opened at the first request so that workers fork before it."""
    holder: OrganisationsHolder = current_app.extensions[EXTENSION]
    return holder.get()


class OrganisationsHolder:
    """Opens the organisations once per process."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._opened: Organisations | None = None

    def get(self) -> Organisations:
        if self._opened is None:
            self._opened = Organisations(self._app.config["AMPARO_SETTINGS"])
        return self._opened

    def close(self) -> None:
        if self._opened is not None:
            self._opened.close()
            self._opened = None


def load_signed_in(text: str) -> SignedIn | None:
    """The person of a session cookie, unless their sessions were ended since."""
    identifier, _, epoch = text.partition(".")
    try:
        person = find_person(organisations(), uuid.UUID(identifier))
    except ValueError:
        return None
    if person is None or str(person.session_epoch) != epoch:
        return None
    return SignedIn(person)


def signed_in_person() -> Person | None:
    return current_user.person if current_user.is_authenticated else None


def begin_session(person: Person) -> None:
    """A new session: what an older one held is dropped, so that nobody can fix a session on somebody else."""
    language = session.get(SESSION_KEY)
    session.clear()
    if language:
        session[SESSION_KEY] = language
    # Another token than the one a stranger may have seen before sign-in.
    g.pop("csrf_token", None)
    login_user(SignedIn(person))


def end_session() -> None:
    language = session.get(SESSION_KEY)
    logout_user()
    session.clear()
    if language:
        session[SESSION_KEY] = language


def add_sessions(app: Flask) -> None:
    app.extensions[EXTENSION] = OrganisationsHolder(app)
    manager = LoginManager(app)
    manager.user_loader(load_signed_in)
