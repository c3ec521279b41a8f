"""What may stand where a formula is being typed: fields, functions and the codes of options."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from amparo.metadata.formulas.functions.registry import FUNCTIONS
from amparo.metadata.formulas.naming import NotFound, found_field
from amparo.metadata.formulas.shapes import FieldShape, Shapes
from amparo.metadata.formulas.signatures import Function, Parameter

#: More than people read.
MOST_SUGGESTIONS = 8
#: The name that is being typed, across lookups, at the end of a text.
_NAME = re.compile(r"[$A-Za-z_][\w$.]*\Z", re.ASCII)
#: The code of an option, where a picklist stands before it.
_CODE = re.compile(
    r"(?:ISPICKVAL|INCLUDES)\s*\(\s*(?:PRIORVALUE\s*\(\s*)?([\w$.]+)\s*\)?\s*,\s*[\"']([\w-]*)\Z",
    re.ASCII | re.IGNORECASE,
)
_WHOLE_TEXT = re.compile(r"\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'|/\*.*?\*/", re.DOTALL)
#: Letters from which on labels are looked into.
_FEWEST_OF_LABEL = 2


@dataclass(frozen=True, slots=True)
class Suggestion:
    """``text`` takes the place of what was typed from ``start`` on, counted in code points.

    ``function`` or ``owner`` and ``field`` say what it is; ``code`` that it is an option of that field.
    """

    start: int
    text: str
    function: Function | None = None
    owner: str = ""
    field: str = ""
    code: str = ""


#: The label of an object's field, or of an option of it.
Labels = Callable[[str, str, str], str]


def suggestions(before: str, shapes: Shapes, object_name: str, labels: Labels) -> list[Suggestion]:
    """For the text before the caret; none where no name is being typed. What begins so comes first.

    ``labels`` gives a label for an object, a field and a code, or for no code: people look for what they read.
    """
    if code := _CODE.search(before):
        return _codes(code, shapes, object_name, labels)
    name = _NAME.search(before)
    if name is None or _is_within_text(before[: name.start()]):
        return []
    *crossed, typed = name.group().split(".")
    start = name.end() - len(typed)
    owners = _owners(crossed, shapes, object_name)
    fields = [each for owner in owners for each in _fields(owner, shapes, start)]
    offered = fields if crossed else [*fields, *_globals(shapes, start), *_functions(start)]
    return _fitting(offered, typed, labels)


def _is_within_text(before: str) -> bool:
    """Whether a text in quotes, or a remark, is open."""
    return re.search(r"[\"']|/\*", _WHOLE_TEXT.sub("", before)) is not None


def _owners(crossed: Sequence[str], shapes: Shapes, object_name: str) -> tuple[str, ...]:
    """The objects that a path leads to."""
    if not crossed:
        return (object_name,)
    if crossed[0] in shapes.globals:
        return (crossed[0],)
    try:
        return found_field(tuple(crossed), shapes, object_name, suggests=False)[1].targets
    except NotFound:
        return ()


def _fields(owner: str, shapes: Shapes, start: int) -> Iterator[Suggestion]:
    known = shapes.globals if owner in shapes.globals else shapes.objects
    for name in known[owner].fields:
        yield Suggestion(start, name, owner=owner, field=name)


def _globals(shapes: Shapes, start: int) -> Iterator[Suggestion]:
    for owner, shape in shapes.globals.items():
        for name in shape.fields:
            yield Suggestion(start, f"{owner}.{name}", owner=owner, field=name)


def _functions(start: int) -> Iterator[Suggestion]:
    for function in FUNCTIONS.values():
        if not function.is_operator:
            yield Suggestion(start, f"{function.name}({'' if function.parameters else ')'}", function=function)


def _codes(found: re.Match[str], shapes: Shapes, object_name: str, labels: Labels) -> list[Suggestion]:
    path = tuple(found.group(1).split("."))
    try:
        _, shape = found_field(path, shapes, object_name, suggests=False)
    except NotFound:
        return []
    owners = _owners(path[:-1], shapes, object_name)
    start = found.end() - len(found.group(2))
    offered = [Suggestion(start, code, owner=owners[0], field=path[-1], code=code) for code in shape.options]
    return _fitting(offered, found.group(2), labels)


def _fitting(offered: Sequence[Suggestion], typed: str, labels: Labels) -> list[Suggestion]:
    sought = typed.casefold()
    beginning = [each for each in offered if each.text.casefold().startswith(sought)]
    within = [
        each
        for each in offered
        if each not in beginning
        and len(sought) >= _FEWEST_OF_LABEL
        and (
            sought in each.text.casefold()
            or (each.field and sought in labels(each.owner, each.field, each.code).casefold())
        )
    ]
    return [*beginning, *within][:MOST_SUGGESTIONS]


def signature(function: Function) -> str:
    """``ISPICKVAL(picklist, code)``."""
    return f"{function.name}({', '.join(_parameter(each) for each in function.parameters)})"


def _parameter(parameter: Parameter) -> str:
    name = f"{parameter.name}, …" if parameter.repeats else parameter.name
    return f"[{name}]" if parameter.is_optional else name


def shape_of(suggestion: Suggestion, shapes: Shapes) -> FieldShape | None:
    """Of a field that is suggested."""
    known = shapes.globals if suggestion.owner in shapes.globals else shapes.objects
    return known[suggestion.owner].fields.get(suggestion.field) if suggestion.field else None
