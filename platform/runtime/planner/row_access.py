"""Row access: which records of an object somebody may read."""

from __future__ import annotations

from collections.abc import Hashable

from sqlalchemy import ColumnElement, FromClause

from amparo.runtime.access import Actor
from amparo.runtime.releases.live import LiveObject


def visible_rows(actor: Actor, live: LiveObject, table: FromClause | None = None) -> list[ColumnElement[bool]]:
    """The conditions on the object's table that every read of its records carries, lists and names alike.

    ``table`` is the alias it is read under, if any.

    Today every member reads all records of the organisation, so there are none.
    """
    return []


def scope_of(actor: Actor) -> Hashable:
    """All of an actor that the conditions of :func:`visible_rows` and the answers shown depend on.

    Statements are kept for everybody of the same scope.
    """
    return actor.role
