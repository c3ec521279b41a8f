"""Formula fields of rows that were read: computed by the evaluator of the save, so that all formulas can be shown."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import Any

from sqlalchemy import Connection, select

from amparo.metadata.fields.base import Answer, Storage
from amparo.metadata.formulas.decimals import CONTEXT, rounded
from amparo.metadata.formulas.failures import FormulaError
from amparo.metadata.formulas.scope import Scope, scope_of
from amparo.metadata.model import SYSTEM_FIELDS
from amparo.metadata.rules.compiled import Condition
from amparo.metadata.wording import N_
from amparo.runtime.planner.past_roll_ups import whole_past_rows
from amparo.runtime.planner.views import Row, View, fetched
from amparo.runtime.records.encoding import Sealed, answer_from
from amparo.runtime.records.following import follow
from amparo.runtime.releases.live import LiveObject, LiveRelease
from amparo.runtime.serializer.labels import in_parts
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.projection import FieldPlace
from amparo.runtime.stores.types import MOST_DIGITS

#: What a formula field of a row holds; an error where it cannot be computed.
Computed = Mapping[str, Answer | FormulaError]


def computed_answers(
    connection: Connection,
    store: OrganisationStore,
    release: LiveRelease,
    live: LiveObject,
    rows: Sequence[Row],
    names: Iterable[str],
    now: dt.datetime,
    tx: int | None = None,
) -> list[Computed]:
    """For each row what the formula fields among ``names`` hold at the moment ``now``, by name.

    ``rows`` hold what these read of the record itself (``View.row_columns``), and are as after transaction ``tx``
    where there is one; what they read of other records is asked for with one question for each lookup.
    """
    formulas = _formulas(release, live, names)
    if not formulas or not rows:
        return [{} for _ in rows]
    reads = {path for condition in formulas.values() for path in condition.reads}
    own = {path[0] for path in reads if not path[0].startswith("$")}
    answers = [_held(live, row, own) for row in rows]
    organisation = {"$Organization.id": release.application.id, "$Organization.name": release.application.label}
    beyond: list[dict[str, Any]] = [dict(organisation) for _ in rows]
    across = {path for path in reads if len(path) > 1 and not path[0].startswith("$")}
    if across:
        holding = partial(_holding, connection, store, release, tx)
        follow(release, live, across, list(zip(answers, beyond, strict=True)), holding)
    zone = release.time_zone
    scopes = [scope_of(held | more, now, zone) for held, more in zip(answers, beyond, strict=True)]
    return [{name: _answer(live.fields[name], each, scope) for name, each in formulas.items()} for scope in scopes]


def _formulas(release: LiveRelease, live: LiveObject, names: Iterable[str]) -> dict[str, Condition]:
    found = ((name, release.computed(live, name)) for name in names if name in live.fields)
    return {name: condition for name, condition in found if condition is not None}


def _held(live: LiveObject, row: Row, names: Iterable[str]) -> dict[str, Any]:
    """Sensitive answers are read by no formula field."""
    held: dict[str, Any] = {name: row[name] for name in SYSTEM_FIELDS}
    for name in names:
        if name in live.fields:
            answer = answer_from(live.fields[name], row)
            held[name] = None if isinstance(answer, Sealed) else answer
    return held


def _holding(
    connection: Connection,
    store: OrganisationStore,
    release: LiveRelease,
    tx: int | None,
    live: LiveObject,
    records: Collection[uuid.UUID],
    names: Collection[str],
) -> dict[uuid.UUID, dict[str, Any]]:
    view, found = View(store, release, live), sorted(records)
    if tx is not None:
        rows = whole_past_rows(connection, view, found, names, tx)
    else:
        statement = select(*view.row_columns(names)).select_from(view.source)
        rows = [
            row for part in in_parts(found) for row in fetched(connection, statement.where(live.table.c.id.in_(part)))
        ]
    return {row["id"]: _held(live, row, names) for row in rows}


def _answer(place: FieldPlace, condition: Condition, scope: Scope) -> Answer | FormulaError:
    try:
        value = condition.evaluate(scope)
        return _fixed(place, value) if isinstance(value, (int, Decimal)) and not isinstance(value, bool) else value
    except FormulaError as error:
        return error


def _fixed(place: FieldPlace, value: Decimal | int) -> Decimal | int:
    """A number with the decimals of its field. Raises :class:`FormulaError` for one that has no room in it."""
    number = CONTEXT.multiply(value, 100) if place.field.type == "percent" else value
    number = rounded(number, place.decimals)
    if abs(number) >= Decimal(10) ** (MOST_DIGITS - place.decimals):
        raise FormulaError("too_large", N_("This number has no room in its field."))
    return int(number) if place.storage is Storage.INTEGER else number.quantize(Decimal(1).scaleb(-place.decimals))
