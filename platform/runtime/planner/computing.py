"""Formula fields in SQL, where rows are chosen, sorted and grouped by them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, case, func, literal, null, type_coerce

from amparo.metadata.fields.base import Storage
from amparo.metadata.formulas.sayable import reason_not_sayable
from amparo.metadata.formulas.tree import Node, Reference, nodes
from amparo.metadata.formulas.value_types import Blanks, ValueType
from amparo.metadata.model import SYSTEM_FIELDS
from amparo.metadata.rules.compiled import Condition
from amparo.metadata.wording import N_
from amparo.runtime.access import Actor
from amparo.runtime.formulas.clock import Clock
from amparo.runtime.formulas.numbers import whole
from amparo.runtime.formulas.parts import any_error
from amparo.runtime.planner.queries import refuse
from amparo.runtime.stores.projection import FieldPlace
from amparo.runtime.stores.types import MOST_DIGITS, CodePointText, column_type

if TYPE_CHECKING:
    from amparo.runtime.formulas.compiling import SqlCompiler
    from amparo.runtime.formulas.fields import Stored
    from amparo.runtime.formulas.parts import Part
    from amparo.runtime.planner.views import View

_HUNDRED = Decimal(100)
_SYSTEM_STORAGE = {"identifier": Storage.REFERENCE, "member": Storage.REFERENCE, "instant": Storage.INSTANT}


def computed_value(view: View, place: FieldPlace) -> ColumnElement[Any]:
    """The value of a formula field as its column would hold it; NULL where it cannot be computed.

    Raises :class:`InvalidAnswers` for what no database computes.
    """
    kind = column_type(place.storage, place.decimals)
    condition = view.release.computed(view.live, place.field.name)
    if condition is None:
        return type_coerce(null(), kind)
    compiler, part = _compiled(view, condition.tree, place.field.label)
    if place.storage in (Storage.INTEGER, Storage.DECIMAL):
        return type_coerce(_fixed(compiler, part, place, on_postgres=view.on_postgres), kind)
    finished = compiler.finished(part)
    return type_coerce(finished.order if place.storage is Storage.TEXT else finished.value, kind)


def holds_of(view: View, actor: Actor, condition: Condition) -> ColumnElement[bool]:
    """That a formula is true, of each row; of ``$User`` it may ask who the actor is.

    Raises :class:`InvalidAnswers` for what no database computes.
    """
    user = {"$User.id": str(actor.member) if actor.member else None, "$User.name": actor.name}
    compiler, part = _compiled(view, condition.tree, "only_when", user)
    return compiler.finished(part).holds


def _compiled(
    view: View, tree: Node, name: str, user: Mapping[str, str | None] = MappingProxyType({})
) -> tuple[SqlCompiler, Part]:
    if (reason := reason_not_sayable(tree)) is not None:
        advice = N_("“{name}” can be shown, but nothing can be chosen, sorted or grouped by it. {reason}")
        raise refuse("not_sayable", name, None, advice, name=name, reason=reason)
    from amparo.runtime.formulas.compiling import SqlCompiler  # noqa: PLC0415 - only where there is a formula

    fields: dict[str, Part | Stored] = {}
    reasons: dict[str, ColumnElement[Any]] = {}
    for node in _references(tree):
        holders = list(_holders(view, node.path))
        fields[node.key] = _stored(view, holders, node, user)
        found = [each for each in (_reason(holder, node.path[-1]) for holder in holders) if each is not None]
        if found:
            reasons[node.key] = _first_of(found)
    dialect = "postgresql" if view.on_postgres else "sqlite"
    clock = Clock(view.now, view.release.time_zone)
    compiler = SqlCompiler.of(fields, clock, dialect, Blanks.AS_BLANK, reasons)
    return compiler, compiler.part(tree)


def _references(tree: Node) -> Iterator[Reference]:
    return (node for node, _ in nodes(tree) if isinstance(node, Reference))


def _holders(view: View, path: tuple[str, ...]) -> Iterator[View]:
    """The views that have what a path leads to: of a lookup to several objects more than one may."""
    if path[0].startswith("$"):
        return
    if len(path) > 1:
        field = view.live.fields.get(path[0])
        for target in field.field.targets if field else ():
            yield from _holders(view.beyond(path[0], target), path[1:])
    elif path[0] in view.live.fields or path[0] in SYSTEM_FIELDS:
        yield view


def _stored(view: View, holders: Sequence[View], node: Reference, user: Mapping[str, str | None]) -> Stored:
    from amparo.runtime.formulas.fields import Stored  # noqa: PLC0415 - only where there is a formula

    type_, name = node.type or ValueType.BLANK, node.path[-1]
    if not holders:
        return Stored(type_, Storage.TEXT, _of_all(view, node, user))
    place = holders[0].live.fields.get(name)
    if place is None:
        storage = _SYSTEM_STORAGE.get(SYSTEM_FIELDS[name], Storage.TEXT)
        return Stored(type_, storage, _first_of([holder.value(name) for holder in holders]))
    holders = [each for each in holders if (other := each.live.fields.get(name)) and other.storage is place.storage]
    first = last = None
    if place.has_days:
        days = [holder.days(holder.live.fields[name]) for holder in holders]
        first, last = (_first_of([each[end] for each in days]) for end in (0, 1))
    column = _first_of([holder.value(name) for holder in holders])
    return Stored(type_, place.storage, column, place.decimals, first, last)


def _of_all(view: View, node: Reference, user: Mapping[str, str | None]) -> ColumnElement[Any]:
    """What is known without asking the store: of the organisation, of who asks, of the record's type."""
    if node.key == "$RecordType.name":
        return view.value("record_type")
    application = view.release.application
    known = {"$Organization.id": application.id, "$Organization.name": application.label, **user}
    return literal(known.get(node.key), CodePointText())


def _reason(holder: View, name: str) -> ColumnElement[Any] | None:
    place = holder.live.fields.get(name)
    return None if place is None else holder.reason(place)


def _first_of(columns: Sequence[ColumnElement[Any]]) -> ColumnElement[Any]:
    return columns[0] if len(columns) == 1 else func.coalesce(*columns)


def _fixed(compiler: SqlCompiler, part: Part, place: FieldPlace, *, on_postgres: bool) -> ColumnElement[Any]:
    """A number with the decimals of its field; on SQLite the count of the last of them."""
    numbers, decimals = compiler.numbers, place.decimals
    if place.field.type == "percent":
        found = numbers.arithmetic("multiply", part, numbers.constant(_HUNDRED))
        part = found.with_error(part.error)
    part = compiler.shared(part)
    is_count = part.scaled is not None and part.scaled[1] == decimals
    rounded = part if is_count else numbers.rounded(part, whole(decimals), ROUND_HALF_UP).with_error(part.error)
    rounded = compiler.shared(rounded)
    error = rounded.error
    if not (part.digits and part.digits.whole + decimals < MOST_DIGITS):
        limit = numbers.constant(Decimal(10) ** (MOST_DIGITS - decimals))
        error = any_error(error, numbers.compare(">=", numbers.absolute(rounded), limit))
    if on_postgres and place.storage is Storage.DECIMAL:
        value = rounded.value
    elif rounded.scaled is not None and rounded.scaled[1] == decimals:
        value = rounded.scaled[0]
    else:
        count = numbers.arithmetic("multiply", rounded, numbers.constant(Decimal(10) ** decimals))
        value = numbers.integer(count, 10**MOST_DIGITS)
    return compiler.steps.around(value if error is None else case((error, null()), else_=value))
