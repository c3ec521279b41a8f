"""Which field a name means. As in Salesforce, large and small letters are one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from amparo.metadata.formulas.limits import MOST_LEVELS
from amparo.metadata.formulas.shapes import FieldShape, ObjectShape, Shapes
from amparo.metadata.formulas.slips import advice_for_name
from amparo.metadata.problems import near_name
from amparo.metadata.wording import N_, DefinedLabels

_Named = TypeVar("_Named")


class NotFound(Exception):
    """A name that means nothing."""

    def __init__(self, kind: str, advice: str, **params: Any) -> None:
        super().__init__(advice)
        self.kind = kind
        self.advice = advice
        self.params = params


def found_field(
    path: tuple[str, ...], shapes: Shapes, object_name: str, *, suggests: bool = True
) -> tuple[tuple[str, ...], FieldShape]:
    """The path in the names' own letters, and what its last name is.

    Raises :class:`NotFound`, with the near name when it ``suggests`` one, for which it looks at every name there is;
    also for a name that means different things in the objects that a lookup may point to.
    """
    if path[0].startswith("$"):
        return _of_global(path, shapes, suggests)
    if len(path) > MOST_LEVELS + 1:
        advice = N_("A reference crosses at most {limit} lookups; this one crosses {value}.")
        raise NotFound("too_many_levels", advice, limit=MOST_LEVELS, value=len(path) - 1)
    owners = [shapes.objects[object_name]]
    names: list[str] = []
    for place, written in enumerate(path):
        name, shape = _in_objects(owners, written, suggests)
        names.append(name)
        if place < len(path) - 1:
            owners = [shapes.objects[target] for target in shape.targets if target in shapes.objects]
            if not owners:
                raise NotFound("not_a_lookup", N_("{name} is no lookup, so nothing can be read across it."), name=name)
    return tuple(names), shape


def _of_global(path: tuple[str, ...], shapes: Shapes, suggests: bool) -> tuple[tuple[str, ...], FieldShape]:
    owner = _same_letters(path[0], shapes.globals)
    if owner is None:
        slip = advice_for_name(path[0])
        if slip is not None:
            raise NotFound("unknown_name", slip.advice, **slip.params)
        names = ", ".join(sorted(shapes.globals))
        raise NotFound("unknown_name", N_("There is no {name}, but {names}."), name=path[0][:60], names=names)
    if len(path) != 2:
        raise NotFound("unknown_name", N_("Write a name behind it, as {name}."), name=f"{owner[0]}.name")
    fields = owner[1].fields
    if _same_letters(path[1], fields) is None and not (suggests and near_name(path[1], fields)):
        advice = N_("{object} has no {name}, but {names}.")
        raise NotFound("unknown_field", advice, object=owner[0], name=path[1][:60], names=", ".join(fields))
    name, shape = _in_objects([owner[1]], path[1], suggests)
    return (owner[0], name), shape


def _in_objects(owners: list[ObjectShape], written: str, suggests: bool) -> tuple[str, FieldShape]:
    """The field in the one object, or in those of several, which a lookup may point to, that have it."""
    having = [(owner, found) for owner in owners if (found := _same_letters(written, owner.fields)) is not None]
    if having:
        return _shared(having) if len(owners) > 1 else having[0][1]
    labels = _labels(*owners)
    if written.lower() == "recordtype":
        raise NotFound("unknown_field", N_("The type of a record is {name}."), name="$RecordType.name")
    near = near_name(written, {name for owner in owners for name in owner.fields}) if suggests else None
    if near:
        advice = N_("No field “{name}” on {object}; did you mean “{near}”?")
        raise NotFound("unknown_field", advice, name=written[:60], object=labels, near=near)
    raise NotFound("unknown_field", N_("There is no field “{name}” on {object}."), name=written[:60], object=labels)


def _shared(having: list[tuple[ObjectShape, tuple[str, FieldShape]]]) -> tuple[str, FieldShape]:
    """What a name means wherever the lookup leads: one type, and every option and target that one of them has."""
    first, (name, shape) = having[0]
    for owner, (_, each) in having:
        if each.has_formula:
            # Of a record of another object the formula would be computed of answers that it does not have.
            advice = N_(
                "“{name}” is computed on {object}, and this lookup leads to records of other objects too. "
                "Name the fields it is computed from."
            )
            raise NotFound("several_meanings", advice, name=name, object=_labels(owner))
        if (each.type, each.decimals) != (shape.type, shape.decimals):
            advice = N_("“{name}” is not of the same type and decimals on {object} and {other}.")
            raise NotFound("several_meanings", advice, name=name, object=_labels(first), other=_labels(owner))
    shapes = [each for _, (_, each) in having]
    targets = dict.fromkeys(target for each in shapes for target in each.targets)
    options = dict.fromkeys(code for each in shapes for code in each.options)
    knows_options = all(each.options for each in shapes)
    return name, replace(shape, targets=tuple(targets), options=tuple(options) if knows_options else ())


def _labels(*owners: ObjectShape) -> DefinedLabels:
    return DefinedLabels((owner.id, owner.label) for owner in owners)


def _same_letters(written: str, names: Mapping[str, _Named]) -> tuple[str, _Named] | None:
    if written in names:
        return written, names[written]
    lowered = written.lower()
    return next(((name, named) for name, named in names.items() if name.lower() == lowered), None)


def fields_crossed(path: tuple[str, ...], shapes: Shapes, object_name: str) -> Iterator[str]:
    """Every field that a checked path reads, as ``case.client`` and ``client.name``; none of ``$User`` and its like."""
    for name, having in zip(path, _having(path, shapes, object_name), strict=True):
        yield from (f"{owner}.{name}" for owner in having)


def owner_of(path: tuple[str, ...], shapes: Shapes, object_name: str) -> str | None:
    """The object whose field a checked path reads, the first that has it; ``None`` of ``$User`` and its like."""
    *_, having = _having(path, shapes, object_name)
    return having[0] if having else None


def _having(path: tuple[str, ...], shapes: Shapes, object_name: str) -> Iterator[list[str]]:
    """For each name of a path the objects that have it."""
    owners: tuple[str, ...] = () if path[0].startswith("$") else (object_name,)
    for name in path:
        having = [owner for owner in owners if owner in shapes.objects and name in shapes.objects[owner].fields]
        yield having
        owners = tuple(target for owner in having for target in shapes.objects[owner].fields[name].targets)
