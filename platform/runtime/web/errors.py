"""The one table that turns errors of the domain into HTTP, said in plain words."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Mapping
from dataclasses import replace
from http import HTTPStatus

from flask import Flask, current_app, g, has_request_context, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from werkzeug.exceptions import HTTPException

from amparo.runtime.errors import (
    AmparoError,
    Conflict,
    InvalidAnswers,
    NotFound,
    NotPermitted,
    NotPossible,
    RequestReused,
    StoreBusy,
    StoreProblem,
)
from amparo.runtime.faults import told
from amparo.runtime.outages import is_outage_of_database
from amparo.runtime.room import has_no_room
from amparo.runtime.web.languages import direction_of, do_without_store, reader_language
from amparo.runtime.web.problems import said
from amparo.runtime.web.sent_again import SentForm, has_files, is_of_another_session, sent_pairs, with_new_token
from amparo.runtime.web.sessions import signed_in_person
from amparo.runtime.web.sign_in_pages import ask_to_sign_in
from amparo.runtime.web.widgets.files import size_words

_log = logging.getLogger("amparo.web")

#: The most particular class wins.
STATUS_OF: Mapping[type[AmparoError], int] = {
    NotPermitted: 403,
    NotFound: 404,
    Conflict: 409,
    NotPossible: 409,
    RequestReused: 409,
    InvalidAnswers: 422,
    StoreBusy: 503,
    StoreProblem: 503,
}
_TEMPLATES = {400: "errors/400.html", 403: "errors/403.html", 404: "errors/404.html", 409: "errors/409.html"}
_TEMPLATES[413] = "errors/413.html"


def status_of(error: AmparoError) -> int:
    """500 for an error that no row of the table covers."""
    return next((STATUS_OF[kind] for kind in type(error).__mro__ if kind in STATUS_OF), 500)


def request_reference() -> str:
    """A number that a person can read out and that stands in the log; new for each request."""
    if not has_request_context():
        return ""
    if "reference" not in g:
        g.reference = uuid.uuid4().hex[:10]
    return str(g.reference)


def answer_domain_error(error: AmparoError) -> ResponseReturnValue:
    status = status_of(error)
    if status >= 500:
        _log.error("%s %s: %s", request_reference(), type(error).__name__, error)
    detail, again = _detail(error), _saved_form()
    if status in _TEMPLATES:
        return render_template(_TEMPLATES[status], detail=detail, again=again), status
    return render_template("pages/refused.html", **_words_of(status), detail=detail, again=again), status


def _saved_form() -> SentForm | None:
    """The form of this request, if it was one that saves: what stood in it is worth more than a search."""
    if "request_key" not in request.form:
        return None
    return SentForm(request.full_path.rstrip("?"), sent_pairs(), has_files())


def _detail(error: AmparoError) -> str | None:
    """What the error itself says, where it was written for people."""
    if isinstance(error, InvalidAnswers):
        return " ".join(said(problem) for problem in error.problems)
    if isinstance(error, (NotPossible, RequestReused, StoreBusy)):
        return gettext(str(error))
    return None


def _words_of(status: int) -> Mapping[str, str]:
    if status == 422:
        return {
            "what": gettext("This could not be kept"),
            "advice": gettext("Nothing was changed. Go back and correct it."),
        }
    if status == 503:
        return {
            "what": gettext("This cannot be done right now"),
            "advice": gettext("Nothing was changed. Wait a minute and do it again."),
        }
    return {
        "what": gettext("This request could not be read"),
        "advice": gettext("Go back, load the page again and repeat the step."),
    }


def answer_http_error(error: HTTPException) -> ResponseReturnValue:
    status = error.code or 500
    if error.response is not None or status < 400:
        return error
    if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        return render_template(_TEMPLATES[status], detail=_largest_upload()), status
    if status in _TEMPLATES:
        return render_template(_TEMPLATES[status]), status
    if status >= 500:
        return answer_failure(error)
    return render_template("pages/refused.html", **_words_of(status), detail=None), status


def _largest_upload() -> str:
    size = size_words(current_app.config["MAX_CONTENT_LENGTH"], reader_language())
    return gettext("At most %(size)s can be sent at once.", size=size)


def answer_form_without_token(error: CSRFError) -> ResponseReturnValue:
    """One of ours that was opened in an earlier session is sent again in this one, or after signing in."""
    _log.info("%s form refused: %s", request_reference(), error.description)
    form = _saved_form() if is_of_another_session() else None
    if form is None:
        return render_template("errors/400.html"), 400
    if signed_in_person() is None:
        return ask_to_sign_in()
    return render_template("pages/send_again.html", again=replace(form, pairs=with_new_token(form.pairs))), 400


def answer_store_trouble(error: DBAPIError | NoConnectionFree) -> ResponseReturnValue:
    """The database does not answer, not in time, or has no room; what was asked is in the log without its values."""
    if isinstance(error, DBAPIError) and not is_outage_of_database(error):
        return answer_failure(error)
    is_full = has_no_room(error)
    cause = error.orig if isinstance(error, DBAPIError) else error
    what = "has no room" if is_full else "does not answer"
    _log.error("%s store %s: %s", request_reference(), what, told(cause or error))
    return _standalone_page(HTTPStatus.INSUFFICIENT_STORAGE if is_full else HTTPStatus.SERVICE_UNAVAILABLE)


def answer_disk_trouble(error: OSError) -> ResponseReturnValue:
    if not has_no_room(error):
        return answer_failure(error)
    _log.error("%s no room on the disk: %s", request_reference(), told(error))
    return _standalone_page(HTTPStatus.INSUFFICIENT_STORAGE)


def answer_failure(error: Exception) -> ResponseReturnValue:
    """A fault of the program. Values stay out of the page and out of the log."""
    cause = getattr(error, "original_exception", None) or error
    _log.error("%s %s %s failed: %s", request_reference(), request.method, request.endpoint, told(cause))
    return _standalone_page(HTTPStatus.INTERNAL_SERVER_ERROR)


def _standalone_page(status: HTTPStatus) -> ResponseReturnValue:
    """A page that needs no store. What a form brought can be sent from it once more."""
    do_without_store()
    language = reader_language()
    page = render_template(
        f"errors/{status}.html",
        reference=request_reference(),
        language=language,
        direction=direction_of(language),
        again=() if has_files() else sent_pairs(),
        is_form=request.method == "POST",
        is_saved_once="request_key" in request.form,
        address=request.full_path.rstrip("?"),
        leave_url=url_for("signing_in.leave"),
    )
    return page, int(status)


def add_error_pages(app: Flask) -> None:
    app.register_error_handler(AmparoError, answer_domain_error)
    app.register_error_handler(CSRFError, answer_form_without_token)
    app.register_error_handler(HTTPException, answer_http_error)
    app.register_error_handler(DBAPIError, answer_store_trouble)
    app.register_error_handler(NoConnectionFree, answer_store_trouble)
    app.register_error_handler(OSError, answer_disk_trouble)
    app.register_error_handler(500, answer_failure)
