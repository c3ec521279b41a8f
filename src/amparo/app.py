"""The application factory: a table of contents of the web application."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask
from flask_babel import Babel
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from amparo.runtime.keys import session_key
from amparo.runtime.settings import Settings
from amparo.runtime.web.compiled_templates import kept_templates
from amparo.runtime.web.compression import add_compression
from amparo.runtime.web.errors import add_error_pages
from amparo.runtime.web.languages import add_translations, reader_language, translations_folder
from amparo.runtime.web.manifest import STATIC_FOLDER
from amparo.runtime.web.page_environment import PageEnvironment
from amparo.runtime.web.refusing import add_refusing
from amparo.runtime.web.routing import require_declared_access
from amparo.runtime.web.security import add_security_headers, wants_secure_cookies
from amparo.runtime.web.sessions import add_sessions
from amparo.runtime.web.shell import add_shell
from amparo.runtime.web.uploads import UploadRequest
from amparo.runtime.web.views import BLUEPRINTS
from amparo.runtime.web.views.signing_in import WITHOUT_TOKEN

#: A form may hold many boxes, but no more than a form of the largest object needs.
MOST_FORM_PARTS = 5000


class Application(Flask):
    def log_exception(self, exc_info: object) -> None:
        """The page of a fault tells the log of it: what Flask would write holds what the error says."""


def create_app(settings: Settings | None = None) -> Flask:
    """A web application over the stores that the settings name; they are opened at the first request."""
    settings = settings or Settings.from_environment()
    app = Application(
        "amparo",
        static_folder=str(STATIC_FOLDER),
        static_url_path="/static",
        template_folder=str(STATIC_FOLDER.parent / "templates"),
    )
    app.request_class = UploadRequest
    app.jinja_environment = PageEnvironment
    configure(app, settings)
    trust_proxies(app, settings)
    Babel(
        app,
        default_translation_directories=str(translations_folder()),
        locale_selector=reader_language,
    )
    add_translations(app)
    require_form_tokens(app)
    add_sessions(app, settings)
    add_refusing(app)
    # Runs after the headers below are set: the last that is added is the first to see an answer.
    add_compression(app)
    add_security_headers(app, settings)
    add_shell(app)
    add_error_pages(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    require_declared_access(app)
    return app


def configure(app: Flask, settings: Settings) -> None:
    app.config.update(
        SECRET_KEY=settings.secret_key or session_key(settings.home),
        # With this beginning of its name a browser takes the cookie from this very host only, not from a neighbour.
        SESSION_COOKIE_NAME="__Host-amparo" if wants_secure_cookies(settings) else "amparo",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=wants_secure_cookies(settings),
        # The signature of a cookie; the session itself ends by its row in the control store.
        PERMANENT_SESSION_LIFETIME=timedelta(hours=settings.session_hours),
        # A form may stay open for a day: its token ends with the session, not with a clock.
        WTF_CSRF_TIME_LIMIT=None,
        # Referrer-Policy is no-referrer, so there is no referrer to compare; the token is what counts.
        WTF_CSRF_SSL_STRICT=False,
        MAX_CONTENT_LENGTH=settings.upload_limit,
        MAX_FORM_MEMORY_SIZE=8_000_000,
        MAX_FORM_PARTS=MOST_FORM_PARTS,
    )
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.bytecode_cache = kept_templates(settings.home / "cache" / "templates")


def trust_proxies(app: Flask, settings: Settings) -> None:
    """Believes the web servers in front as to where a request comes from: nothing else that they say is needed."""
    if settings.trusted_proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.trusted_proxies, x_proto=0, x_host=0)  # type: ignore[method-assign]


def require_form_tokens(app: Flask) -> None:
    """Refuses every form that another site may have sent."""
    protection = CSRFProtect(app)
    for view in WITHOUT_TOKEN:
        protection.exempt(view)
