"""The page that asks to sign in, also in the middle of something."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from amparo.runtime.web.sent_again import TYPED, sealed_form
from amparo.runtime.web.widgets.base import Question


def ask_to_sign_in() -> ResponseReturnValue:
    """To the sign-in page and back. What was posted waits in that page, and is sent again by whoever typed it."""
    typed = sealed_form()
    if typed:
        return sign_in_page(typed=typed), 401
    back = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("signing_in.sign_in", next=back))


def sign_in_page(refusal: str | None = None, login: str = "", typed: str = "") -> str:
    """``typed`` is what :func:`sealed_form` gave: a form that was sent when nobody was signed in any more."""
    questions = [
        Question(
            "login",
            "f-login",
            gettext("Login"),
            "text",
            required=True,
            value=login,
            width="full",
            autocomplete="username",
        ),
        Question(
            "password",
            "f-password",
            gettext("Password"),
            "text",
            required=True,
            width="full",
            input_type="password",
            autocomplete="current-password",
        ),
    ]
    action = url_for("signing_in.check", next=None if typed else request.args.get("next"))
    hidden = {TYPED: typed} if typed else {}
    return render_template("pages/sign_in.html", questions=questions, refusal=refusal, action=action, hidden=hidden)
