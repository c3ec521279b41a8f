"""Who is signed in: a signed cookie holds the secret text of a session and nothing of the person."""

from __future__ import annotations

from threading import Lock

from flask import Flask, current_app, g, redirect, request, session
from flask_login import LoginManager, UserMixin, current_user, login_user
from werkzeug.wrappers import Response

from amparo.runtime import sessions
from amparo.runtime.guesses import guessing_address
from amparo.runtime.jobs.announcing import Jobs
from amparo.runtime.people import Person
from amparo.runtime.settings import Settings
from amparo.runtime.stores.organisations import Organisations
from amparo.runtime.web.devices import device_of
from amparo.runtime.web.languages import SESSION_KEY
from amparo.runtime.web.manifest import is_immutable
from amparo.runtime.web.sent_again import remember_whose

EXTENSION = "amparo"
#: Where Flask-Login keeps in the cookie what :meth:`SignedIn.get_id` gives.
_COOKIE_KEY = "_user_id"
#: Where it keeps who it found for the rest of the request.
_FOUND_KEY = "_login_user"
#: The cookie that the script of a page sets when somebody goes: without a network nothing else comes from there.
LEFT_COOKIE = "amparo_left"


class SignedIn(UserMixin):
    """The person of this session, as Flask-Login wants to see one."""

    def __init__(self, person: Person, token: str) -> None:
        self.person = person
        self.token = token
        self.language = person.language

    def get_id(self) -> str:
        return self.token


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


def load_signed_in(token: str) -> SignedIn | None:
    """The person of a session, unless it ended since."""
    person = sessions.find(organisations(), token)
    return SignedIn(person, token) if person is not None else None


def signed_in() -> SignedIn | None:
    user: object = current_user._get_current_object()
    return user if isinstance(user, SignedIn) else None


def signed_in_person() -> Person | None:
    user = signed_in()
    return user.person if user is not None else None


def asking_address() -> str | None:
    """Whose guesses this request counts among."""
    return guessing_address(request.remote_addr)


def begin_session(person: Person) -> None:
    """A new session: what an older one held is dropped, so that nobody can fix a session on somebody else."""
    end_session()
    # Another token than the one a stranger may have seen before sign-in.
    g.pop("csrf_token", None)
    token = sessions.begin(organisations(), person, device_of(request.user_agent.string))
    login_user(SignedIn(person, token))
    remember_whose(person)


def end_session() -> None:
    """On the server too: a copy of the cookie opens nothing any more. The chosen language stays.

    Who it is is not asked: whoever leaves while the store is out of reach gets away too.
    """
    token = session.get(_COOKIE_KEY)
    if isinstance(token, str):
        sessions.end(organisations(), token)
    language = session.get(SESSION_KEY)
    session.clear()
    g.pop(_FOUND_KEY, None)
    if language:
        session[SESSION_KEY] = language


def go_away(url: str) -> Response:
    """Ends the session and leads there. What the tabs keep of forms goes, though no script came that drops it.

    Browsers do so over HTTPS; older ones pass it over. Whoever comes back after a session that ended by itself is not
    led through here, and finds what was typed.
    """
    end_session()
    answer = redirect(url, 303)
    answer.headers["Clear-Site-Data"] = '"storage"'
    return answer


def _end_what_was_left() -> None:
    """Ends the session of whoever went while there was no network, before a page shows anything of it.

    Not at a POST, of which “Sign out everywhere” needs the session that it ends.
    """
    if LEFT_COOKIE in request.cookies and request.method == "GET" and not is_immutable(request.path):
        end_session()


def _forget_leaving(answer: Response) -> Response:
    if LEFT_COOKIE in request.cookies and _COOKIE_KEY not in session:
        answer.delete_cookie(LEFT_COOKIE, samesite="Lax")
    return answer


def add_sessions(app: Flask, settings: Settings) -> None:
    app.extensions[EXTENSION] = ProcessStores(settings)
    # No template asks who is signed in: the page that says that the store is out of reach must not ask the store.
    manager = LoginManager(app, add_context_processor=False)
    manager.user_loader(load_signed_in)
    app.before_request(_end_what_was_left)
    app.after_request(_forget_leaving)
