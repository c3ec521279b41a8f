"""What a form brought and could not be taken: it stands in the page that says so, and is sent again from there."""

from __future__ import annotations

import base64
import hmac
import json
import secrets
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

from flask import request, session
from flask_wtf.csrf import generate_csrf
from itsdangerous import BadSignature, URLSafeTimedSerializer

from amparo.runtime.keys import KeyProblem, seal, unseal
from amparo.runtime.people import Person
from amparo.runtime.web.server_secret import key_for, server_secret

#: The names and texts of a form's boxes, in order; one name may stand there several times.
Pairs = Sequence[tuple[str, str]]

#: The box that holds a sealed form on the page that asks to sign in.
TYPED = "typed"
_TOKEN = "csrf_token"  # noqa: S105 - the name of a box
#: Says whose session a cookie was, also when the session is over.
_WHOSE = "whose"
#: Stands before that in what the tokens of a session's forms sign.
_BEFORE_WHOSE = "."
_PURPOSE = b"typed before signing in"
#: With which Flask-WTF signs the tokens of forms.
_TOKEN_SALT = "wtf-csrf-token"  # noqa: S105


@dataclass(frozen=True, slots=True)
class SentForm:
    """A form that was sent to ``address``. ``had_files``: files came along, which no page can hold."""

    address: str
    pairs: Pairs
    had_files: bool


def sent_pairs() -> Pairs:
    """What the form of this request held; nothing for one with a password, which no page shows."""
    if request.method != "POST" or request.blueprint in ("signing_in", "accounts"):
        return ()
    return tuple(request.form.items(multi=True))


def has_files() -> bool:
    return any(file.filename for file in request.files.values())


def with_new_token(pairs: Pairs) -> Pairs:
    """For a form that was opened in another session: the token is this one's."""
    return [(_TOKEN, generate_csrf()), *((name, text) for name, text in pairs if name != _TOKEN)]


def remember_whose(person: Person) -> None:
    """In the cookie, and in every form: Leave takes the cookie away, and other pages stay open."""
    mark = session[_WHOSE] = mark_of(person)
    session[_TOKEN] = f"{secrets.token_hex(20)}{_BEFORE_WHOSE}{mark}"


def _whose_form() -> str:
    """The mark of whoever the form of this request was made for; empty where it does not say."""
    return _signed_text().partition(_BEFORE_WHOSE)[2]


def _signed_text() -> str:
    """What the token of this form signs. Empty for one that is none of ours."""
    try:
        text: object = URLSafeTimedSerializer(server_secret(), salt=_TOKEN_SALT).loads(request.form.get(_TOKEN, ""))
    except BadSignature:
        return ""
    return str(text)


def mark_of(person: Person) -> str:
    """Tells apart whose a session was, and nobody who it is."""
    return hmac.digest(server_secret(), person.id.bytes, "sha256").hex()[:20]


def sealed_form() -> str:
    """The form of this request for the page that asks to sign in; empty where a script asks, or for nothing.

    Nobody reads it in that page, and somebody else who signs in from there does not get it.
    """
    pairs = [(name, text) for name, text in sent_pairs() if name != _TOKEN]
    if not any(text for _, text in pairs) or request.headers.get("Sec-Fetch-Mode", "navigate") != "navigate":
        return ""
    address = request.full_path.rstrip("?")
    content = json.dumps([address, _whose_form(), has_files(), pairs]).encode()
    return base64.urlsafe_b64encode(seal(key_for(_PURPOSE), zlib.compress(content), _PURPOSE)).decode()


def opened_form(text: str, person: Person) -> SentForm | None:
    """What :func:`sealed_form` sealed; ``None`` for anything else, and for what somebody else typed."""
    try:
        content = unseal(key_for(_PURPOSE), base64.urlsafe_b64decode(text), _PURPOSE)
    except (ValueError, KeyProblem):
        return None
    address, whose, had_files, pairs = json.loads(zlib.decompress(content))
    if whose != mark_of(person):
        return None
    return SentForm(address, [(name, typed) for name, typed in pairs], had_files)


def is_of_another_session() -> bool:
    """Whether this form is one of ours, opened before somebody signed in anew.

    A page of another site can bring a token that we signed for it. What a browser says of where the form stood
    tells them apart; of one that does not say it, the cookie does, which never travels with another site's form.
    """
    if not _signed_text():
        return False
    came_from = request.headers.get("Sec-Fetch-Site")
    return came_from == "same-origin" or (came_from is None and bool(session.get(_WHOSE)))
