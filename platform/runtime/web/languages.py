"""The languages of the interface, each called by its own name, and which one a reader gets."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from gettext import NullTranslations
from importlib.resources import files
from pathlib import Path

from flask import Flask, g, has_request_context, request, session
from flask_babel import get_translations
from flask_login import current_user
from markupsafe import Markup

#: In the fixed order in which people see them.
OWN_NAMES: Mapping[str, str] = {
    "en": "English",
    "km": "ខ្មែរ",
    "ar": "العربية",
    "my": "မြန်မာ",
    "am": "አማርኛ",
    "ne": "नेपाली",
    "th": "ไทย",
    "vi": "Tiếng Việt",
}
SOURCE_LANGUAGE = "en"
RIGHT_TO_LEFT = frozenset({"ar"})
SESSION_KEY = "language"


def translations_folder() -> Path:
    return Path(str(files("amparo.runtime") / "translations"))


@lru_cache(maxsize=1)
def interface_languages() -> tuple[str, ...]:
    """English, and every language that has a compiled catalogue; the checks keep catalogues complete."""
    folder = translations_folder()
    return tuple(
        code
        for code in OWN_NAMES
        if code == SOURCE_LANGUAGE or (folder / code / "LC_MESSAGES" / "messages.mo").is_file()
    )


def direction_of(language: str) -> str:
    return "rtl" if language in RIGHT_TO_LEFT else "ltr"


def reader_language() -> str:
    """The language chosen in this session, else the person's own, else the browser's, else English."""
    if not has_request_context():
        return SOURCE_LANGUAGE
    if "language" not in g:
        g.language = _chosen_language()
    return str(g.language)


def add_translations(app: Flask) -> None:
    """Lets templates translate; the catalogue is looked up once a request, for a form asks it hundreds of times."""

    def catalogue() -> NullTranslations:
        kept: NullTranslations | None = g.get("catalogue")
        if kept is None:
            kept = g.catalogue = get_translations()
        return kept

    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        lambda message: catalogue().gettext(message),
        lambda one, many, number: catalogue().ngettext(one, many, number),
        newstyle=True,
    )

    def worded(message: str, **values: object) -> Markup:
        """What Jinja's own ``_`` gives, without asking the context each time what ``gettext`` is."""
        text = _in_template(catalogue(), message)
        return text % values if values or "%" in text else text

    app.jinja_env.globals["_"] = worded


@lru_cache(maxsize=4096)
def _in_template(catalogue: NullTranslations, message: str) -> Markup:
    """Kept: a list says the same few words in each of its rows."""
    return Markup(catalogue.gettext(message))  # noqa: S704 - translators' words, as in every template


def do_without_store() -> None:
    """From here on the reader's language is told from the request alone: who they are stands in the store."""
    if "language" not in g:
        g.language = _language_of_request()


def _chosen_language() -> str:
    chosen = session.get(SESSION_KEY)
    if chosen in interface_languages():
        return str(chosen)
    own = getattr(current_user, "language", None)
    return str(own) if own in interface_languages() else _language_of_request()


def _language_of_request() -> str:
    known = interface_languages()
    chosen = session.get(SESSION_KEY)
    if chosen in known:
        return str(chosen)
    return request.accept_languages.best_match(known, SOURCE_LANGUAGE) or SOURCE_LANGUAGE


def choose_language(language: str) -> bool:
    """Keeps the choice in the session; false for a language the interface does not have."""
    if language not in interface_languages():
        return False
    session[SESSION_KEY] = language
    g.pop("language", None)
    return True
