"""A small application that shows every part of the look with invented content, and nothing behind it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from flask import Flask, Response, jsonify, redirect, render_template, request, send_from_directory
from flask_babel import Babel
from jinja2 import ChoiceLoader, FileSystemLoader
from werkzeug.wrappers import Response as AnyResponse

import amparo.runtime
from web.look import samples
from web.look.wording import Words

WEB = Path(amparo.runtime.__file__).resolve().parent / "web"
PAGES = ("home", "list", "record", "form", "conflict", "report", "signin", "job", "empty")
CODES = (400, 403, 404, 409, 413, 500, 503, 507)
POLICY = "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"


def make_app() -> Flask:
    app = Flask(__name__, static_folder=str(WEB / "static"))
    app.jinja_loader = ChoiceLoader(
        [FileSystemLoader(WEB / "templates"), FileSystemLoader(Path(__file__).parent / "pages")]
    )
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(WEB.parent / "translations")
    Babel(app, locale_selector=language)
    app.jinja_env.globals.update(asset=asset, csrf_token=lambda: "token")
    app.add_url_rule("/<page>", "page", page)
    app.add_url_rule("/errors/<int:code>", "error", error_page)
    app.add_url_rule("/lookup", "lookup", lookup, methods=["POST"])
    app.add_url_rule("/leave", "leave", lambda: redirect("/away"), methods=["POST"])
    app.add_url_rule("/saved", "saved", saved, methods=["POST"])
    app.add_url_rule("/favicon.ico", "icon", lambda: send_from_directory(WEB / "static", "favicon.svg"))
    app.after_request(forbid_inline)
    return app


def language() -> str:
    return request.args.get("language", "en")


def asset(name: str) -> str:
    """The address of a bundled file by its stable name."""
    manifest = json.loads((WEB / "static" / "dist" / "manifest.json").read_text())
    return f"/static/dist/{manifest[name]}" if name in manifest else f"/static/{name}"


def content() -> dict[str, Any]:
    words = Words(language())
    return {"words": words, "samples": samples, "shell": samples.shell(words, request.args.get("theme", ""))}


def page(page: str) -> str:
    if page == "away":
        return away()
    return render_template(f"{page}.html", **content())


def away() -> str:
    weeks = [[0, 0, 1, 2, 3, 4, 5], [6, 7, 8, 9, 10, 11, 12]]
    return render_template(
        "away.html", language="en", direction="ltr", month="June 2026", weeks=weeks, weekdays=list("MTWTFSS"), today=11
    )


def error_page(code: int) -> str:
    return render_template(f"errors/{code}.html", **content())


def lookup() -> Response:
    asked = request.form["q"].casefold()
    found = [
        {"id": number, "name": name, "detail": number, "lang": script}
        for name, script, number in samples.SCRIPT_NAMES
        if asked in name.casefold()
    ]
    return jsonify({"matches": found, "additions": [{"words": "Add as new", "url": "/form"}]})


def saved() -> str:
    """Says back what a form sent, in the order it was sent."""
    return render_template("saved.html", sent=list(request.form.items(multi=True)), **content())


def forbid_inline(response: AnyResponse) -> AnyResponse:
    response.headers["Content-Security-Policy"] = POLICY
    return response


if __name__ == "__main__":
    make_app().run(port=8765, debug=True)
