"""Who is signed in: a signed cookie holds a person's identifier and session epoch, nothing else of them."""

from __future__ import annotations

import uuid
from threading import Lock

from flask import Flask, current_app, g, session
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user

from amparo.runtime.jobs.announcing import Jobs
from amparo.runtime.people import Person, find_person
from amparo.runtime.settings import Settings
from amparo.runtime.stores.organisations import Organisations
from amparo.runtime.web.languages import SESSION_KEY

EXTENSION = "amparo"


class SignedIn(UserMixin):
    """The person of this session, as Flask-Login wants to see one."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self.language = person.language

    def get_id(self) -> str:
        return f"{self.person.id}.{self.person.session_epoch}"


def organisations() -> Organisations:
    """The organisations of this process, opened at the first request so that workers fork before it."""
    holder: ProcessStores = current_app.extensions[EXTENSION]
    return holder.organisations()


def jobs() -> Jobs:
    """Where this process puts work to be done after a request."""
    holder: ProcessStores = current_app.extensions[EXTENSION]
    return holder.jobs()


class ProcessStores:
    """The stores of one process, and its jobs; opened at the first request."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = Lock()
        self._opened: Organisations | None = None
        self._jobs: Jobs | None = None

    def organisations(self) -> Organisations:
        with self._lock:
            if self._opened is None:
                self._opened = Organisations(self._settings)
            return self._opened

    def jobs(self) -> Jobs:
        opened = self.organisations()
        with self._lock:
            if self._jobs is None:
                self._jobs = Jobs(opened)
            return self._jobs

    def close(self) -> None:
        """Ends the work of this process after its present step, and closes the stores."""
        with self._lock:
            if self._jobs is not None:
                self._jobs.close()
            if self._opened is not None:
                self._opened.close()
            self._jobs = self._opened = None


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
    user: object = current_user._get_current_object()
    return user.person if isinstance(user, SignedIn) else None


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


def add_sessions(app: Flask, settings: Settings) -> None:
    app.extensions[EXTENSION] = ProcessStores(settings)
    manager = LoginManager(app)
    manager.user_loader(load_signed_in)
