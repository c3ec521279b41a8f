"""Pages declare who may open them, or they cannot be declared at all.

``@pages.route("/o/<slug>/…", permission=Permission.RECORDS_READ)`` guards a
page of one organisation: its view gets a :class:`Visit` in place of the slug.
``public=True`` leaves a page open to everybody; its view gets its arguments as
they are. A view added in any other way stops the start of the program.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, TypeVar

from flask import Blueprint, Flask
from flask.typing import ResponseReturnValue

from amparo.runtime.access import Permission
from amparo.runtime.web.sign_in_pages import ask_to_sign_in
from amparo.runtime.web.visits import enter

View = Callable[..., ResponseReturnValue]
AnyView = TypeVar("AnyView", bound=View)

#: The one endpoint Flask adds by itself: files that hold no data.
STATIC_ENDPOINT = "static"


class UndeclaredAccess(Exception):
    """A view was added without saying who may open it."""


class Pages(Blueprint):
    """A blueprint that registers no view without a permission or ``public=True``."""

    def route(  # type: ignore[override]
        self,
        rule: str,
        *,
        permission: Permission | None = None,
        public: bool = False,
        methods: Sequence[str] = ("GET",),
        **options: Any,
    ) -> Callable[[AnyView], AnyView]:
        """Raises :class:`UndeclaredAccess` unless exactly one of ``permission`` and ``public`` is given."""
        if (permission is None) != public:
            raise UndeclaredAccess(f"{rule}: name the permission it needs, or say public=True.")

        def declare(view: AnyView) -> AnyView:
            guarded = _public(view) if permission is None else _guarded(view, permission)
            self.add_url_rule(rule, view.__name__, guarded, methods=list(methods), **options)
            return view

        return declare


def _public(view: View) -> View:
    @wraps(view)
    def open_to_everybody(**arguments: Any) -> ResponseReturnValue:
        return view(**arguments)

    open_to_everybody.declared_access = None  # type: ignore[attr-defined]
    return open_to_everybody


def _guarded(view: View, permission: Permission) -> View:
    @wraps(view)
    def guarded(slug: str, **arguments: Any) -> ResponseReturnValue:
        visit = enter(slug)
        if visit is None:
            return ask_to_sign_in()
        visit.actor.require(permission)
        return view(visit, **arguments)

    guarded.declared_access = permission  # type: ignore[attr-defined]
    return guarded


def require_declared_access(app: Flask) -> None:
    """Raises :class:`UndeclaredAccess` for any view that did not come through :class:`Pages`."""
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        if rule.endpoint != STATIC_ENDPOINT and not hasattr(view, "declared_access"):
            raise UndeclaredAccess(f"{rule.rule}: declare it with Pages.route, naming the permission it needs.")


def declared_access(app: Flask, endpoint: str) -> Permission | None:
    """The permission a view declared; ``None`` for a public one."""
    permission: Permission | None = getattr(app.view_functions[endpoint], "declared_access", None)
    return permission
