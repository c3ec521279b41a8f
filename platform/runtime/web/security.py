"""Response headers: what a browser may do with a page, and how long it may keep it."""

from __future__ import annotations

from flask import Flask, Response, request

from amparo.runtime.settings import Settings
from amparo.runtime.web.manifest import is_immutable

#: Nothing from elsewhere, nothing written into the page itself, no frame around it.
CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
ONE_YEAR = 31_536_000
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


def wants_secure_cookies(settings: Settings) -> bool:
    """``auto`` means yes, unless only this machine can reach the server."""
    if settings.secure_cookies == "auto":
        return settings.host not in _LOOPBACK
    return settings.secure_cookies == "yes"


def add_security_headers(app: Flask, settings: Settings) -> None:
    is_secure = wants_secure_cookies(settings)

    @app.after_request
    def guard(response: Response) -> Response:
        headers = response.headers
        # A file of a record comes with a narrower one.
        headers.setdefault("Content-Security-Policy", CONTENT_POLICY)
        headers["X-Content-Type-Options"] = "nosniff"
        headers["Referrer-Policy"] = "no-referrer"
        headers["X-Frame-Options"] = "DENY"
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
        headers["Cross-Origin-Resource-Policy"] = "same-origin"
        # Where the device is, a form asks when somebody presses its button.
        headers["Permissions-Policy"] = "camera=(), geolocation=(self), microphone=()"
        headers["Cache-Control"] = _caching(request.path, response.status_code)
        if is_secure:
            headers["Strict-Transport-Security"] = f"max-age={ONE_YEAR}; includeSubDomains"
        return response


def _caching(path: str, status: int) -> str:
    """Pages may hold data, so nothing of them is kept; a file with its hash in its name never changes."""
    if is_immutable(path) and status == 200:
        return f"public, max-age={ONE_YEAR}, immutable"
    if path.startswith("/static/"):
        return "public, max-age=3600"
    return "no-store"
