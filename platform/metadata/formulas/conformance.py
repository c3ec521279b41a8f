"""Salesforce's own cases, put to an engine.

The file is a list of instances: a formula, the fields it may read, the type of its result, and cases, each with the
inputs as one text and the result expected when blanks count as zero and when they stay blank. Inputs are positional
over the fields, where a field that is a formula takes the place of what it reads.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from itertools import chain
from typing import Any

from amparo.metadata.formulas.checking import check_formula
from amparo.metadata.formulas.conformance_values import is_expected, read_input
from amparo.metadata.formulas.dependencies import paths_read
from amparo.metadata.formulas.evaluation import compile_formula
from amparo.metadata.formulas.failures import FormulaError
from amparo.metadata.formulas.parsing import parse
from amparo.metadata.formulas.scope import Scope
from amparo.metadata.formulas.shapes import FieldShape, ObjectShape, Shapes
from amparo.metadata.formulas.signatures import Evaluator
from amparo.metadata.formulas.tree import Node, Reference, nodes
from amparo.metadata.formulas.value_types import Blanks, ValueType

#: Of the fields' values. It raises :class:`FormulaError`, and :class:`Unsupported` for a case that is to be skipped.
Evaluate = Callable[[Mapping[str, Any]], Any]
#: Makes one of the formulas, each after those it reads, the last one being asked for.
Engine = Callable[[Sequence[tuple[str, Node]], Blanks], Evaluate]

_OBJECT = "record"
_RESULT = "result"
_SUFFIX = "__c"
_EXPECTED = {Blanks.AS_ZERO: "expected", Blanks.AS_BLANK: "expected_null_as_null"}
#: As the file calls them, and as Salesforce's definitions of fields do.
_TYPES: Mapping[str, ValueType] = {
    **dict.fromkeys(("double", "integer", "number"), ValueType.NUMBER),
    "currency": ValueType.CURRENCY,
    "percent": ValueType.PERCENT,
    **dict.fromkeys(("boolean", "checkbox"), ValueType.BOOLEAN),
    **dict.fromkeys(("dateonly", "date"), ValueType.DATE),
    "datetime": ValueType.DATE_TIME,
    **dict.fromkeys(("timeonly", "time"), ValueType.TIME),
    **dict.fromkeys("text textarea longtextarea email phone url string".split(), ValueType.TEXT),
    **dict.fromkeys(("entityid", "lookup"), ValueType.LOOKUP),
    **dict.fromkeys(("picklist", "staticenum", "dynamicenum"), ValueType.PICKLIST),
    **dict.fromkeys(("multiselectpicklist", "multienum"), ValueType.MULTI_SELECT),
}


class Unsupported(Exception):
    """Why a case cannot be put to an engine. What raises it may be an instance, making an engine of it, or a value."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one case under one treatment of blanks: ``passed``, ``failed`` or ``skipped``."""

    status: str
    name: str
    formula: str
    blanks: Blanks
    inputs: str
    expected: str
    #: What the engine gave; of a case that was skipped the reason.
    found: str = ""


@dataclass(frozen=True, slots=True)
class _Field:
    name: str
    type: ValueType
    code: str | None


@dataclass(frozen=True, slots=True)
class _Instance:
    content: Mapping[str, Any]
    result: ValueType
    fields: Mapping[str, _Field]
    #: Names of the fields that the instance lists, in its order.
    listed: tuple[str, ...]
    #: Checked, in the order in which they are computed.
    formulas: tuple[tuple[str, Node], ...]

    def orders(self) -> Iterator[list[str]]:
        """In which order the inputs may stand: over the fields, and by first appearance in the formula."""
        trees = dict(self.formulas)
        appearing = _unrepeated(name for each in _names(trees[_RESULT]) for name in self._leaves(each, trees))
        over_fields = _unrepeated(
            chain((name for each in self.listed for name in self._leaves(each, trees)), appearing)
        )
        yield over_fields
        if appearing != over_fields and set(appearing) == set(over_fields):
            yield appearing

    def _leaves(self, name: str, trees: Mapping[str, Node]) -> Iterator[str]:
        if self.fields[name].code is None:
            yield name
            return
        for read in _names(trees[name]):
            yield from self._leaves(read, trees)


def run_cases(instances: Sequence[Mapping[str, Any]], engine: Engine) -> list[Outcome]:
    """Every case under both treatments of blanks. Raises :class:`KeyError` for a file of another shape."""
    listed = {each["devName"].lower(): each["dataType"] for content in instances for each in content["fields"]}
    return [outcome for content in instances for outcome in _run_instance(content, engine, listed)]


def _run_instance(content: Mapping[str, Any], engine: Engine, listed: Mapping[str, str]) -> list[Outcome]:
    try:
        instance = _read(content, listed)
        prepared = {blanks: engine(instance.formulas, blanks) for blanks in Blanks}
    except Unsupported as reason:
        return [
            Outcome("skipped", *_about(content, case, blanks), found=str(reason))
            for case in content["cases"]
            for blanks in Blanks
        ]
    # Some instances are others with the operands changed over, and their inputs too. Which order is theirs they do
    # not say; it is one for the whole instance, and the one over the fields unless that is wrong more often.
    runs = [
        _run_in_order(instance, order, is_joined, prepared)
        for order in instance.orders()
        for is_joined in _ways_to_split(instance, order)
    ]
    return max(runs, key=lambda outcomes: sum(each.status == "passed" for each in outcomes))


def _ways_to_split(instance: _Instance, order: Sequence[str]) -> Sequence[bool]:
    """Whether inputs beyond those that are read belong to the last, which a comma in a text may look like."""
    if not order or instance.fields[order[-1]].type is not ValueType.TEXT:
        return (False,)
    surplus = (_inputs(case["inputs"])[len(order) :] for case in instance.content["cases"])
    return (False, True) if any(map(any, surplus)) else (False,)


def _run_in_order(
    instance: _Instance, order: Sequence[str], is_joined: bool, prepared: Mapping[Blanks, Evaluate]
) -> list[Outcome]:
    return [
        _run_case(instance, order, is_joined, case, blanks, evaluate)
        for blanks, evaluate in prepared.items()
        for case in instance.content["cases"]
    ]


def _run_case(
    instance: _Instance,
    order: Sequence[str],
    is_joined: bool,
    case: Mapping[str, Any],
    blanks: Blanks,
    evaluate: Evaluate,
) -> Outcome:
    about = _about(instance.content, case, blanks)
    found: Any
    try:
        found = evaluate(_values(instance, order, is_joined, case["inputs"]))
    except Unsupported as reason:
        return Outcome("skipped", *about, found=str(reason))
    except FormulaError as error:
        found = error
    except ValueError as error:
        # An input that its field cannot have.
        return Outcome("failed", *about, found=str(error))
    passed = is_expected(about[-1], found, instance.result)
    return Outcome("passed" if passed else "failed", *about, found=_shown(found))


def _about(content: Mapping[str, Any], case: Mapping[str, Any], blanks: Blanks) -> tuple[str, str, Blanks, str, str]:
    return content["name"], content["formula"], blanks, case["inputs"], _expected(case[_EXPECTED[blanks]])


def _expected(result: Any) -> str:
    """As the file writes results, also where one stands as JSON has it."""
    if isinstance(result, str):
        return result
    return str(result).lower() if isinstance(result, bool) else "null" if result is None else str(result)


def _shown(found: Any) -> str:
    return f"Error: {found.kind}" if isinstance(found, FormulaError) else str(found)


def _inputs(inputs: str) -> list[str]:
    return inputs.removeprefix("[").removesuffix("]").split(", ") if inputs.startswith("[") else []


def _values(instance: _Instance, order: Sequence[str], is_joined: bool, inputs: str) -> Mapping[str, Any]:
    """Inputs beyond those the formulas read are passed over; those that are not given are blank."""
    given = _inputs(inputs)
    if is_joined and any(given[len(order) :]):
        given[len(order) - 1 :] = [", ".join(given[len(order) - 1 :])]
    return {name: read_input(text, instance.fields[name].type) for name, text in zip(order, given, strict=False)}


def python_engine(now: dt.datetime) -> Engine:
    """The evaluator of :mod:`~amparo.metadata.formulas.evaluation`, with its clock and its days in UTC."""
    return engine_of(compile_formula, now)


def engine_of(compile_: Callable[[Node, Blanks], Evaluator], now: dt.datetime) -> Engine:
    """An engine that evaluates formulas one by one: each is a field of those behind it, an error too."""

    def prepare(formulas: Sequence[tuple[str, Node]], blanks: Blanks) -> Evaluate:
        *read, (_, asked) = [(name, compile_(tree, blanks)) for name, tree in formulas]

        def evaluate(values: Mapping[str, Any]) -> Any:
            known = dict(values)
            scope = Scope(known, now)
            for name, compute in read:
                try:
                    known[name] = compute(scope)
                except FormulaError as error:
                    known[name] = error
            return asked(scope)

        return evaluate

    return prepare


def _read(content: Mapping[str, Any], listed: Mapping[str, str]) -> _Instance:
    """``listed`` are the types of all fields of the file. Raises :class:`Unsupported` with the reason."""
    fields = {field.name: field for field in map(_field, content["fields"])}
    names = tuple(fields)
    codes = [*(field.code for field in fields.values() if field.code is not None), content["formula"]]
    fields |= _unlisted_fields(codes, fields, listed)
    shapes = Shapes({_OBJECT: ObjectShape("Record", {each.name: FieldShape(each.type) for each in fields.values()})})
    formulas: dict[str, Node] = {}
    for name, code in [*((each.name, each.code) for each in fields.values()), (_RESULT, content["formula"])]:
        if code is not None:
            formulas[name] = _checked(code, shapes)
    return _Instance(content, _type(content["returntype"]), fields, names, tuple(_in_order(formulas)))


def _unlisted_fields(
    codes: Sequence[str], fields: Mapping[str, _Field], listed: Mapping[str, str]
) -> Mapping[str, _Field]:
    """The fields that formulas read beside those given, with the type they have elsewhere, or that of their name."""
    known = {name.lower() for name in fields}
    unlisted: dict[str, _Field] = {}
    for code in codes:
        tree = parse(code)
        for key in [] if isinstance(tree, list) else _names(tree):
            if key.lower() not in known and key.lower().endswith(_SUFFIX):
                name = key.lower().removesuffix(_SUFFIX)
                known.add(key.lower())
                unlisted[key] = _Field(key, _type(listed.get(name) or _named_type(name)), None)
    return unlisted


def _named_type(name: str) -> str:
    """``customdate1`` is a date."""
    return name.removeprefix("custom").rstrip("0123456789")


def _checked(code: str, shapes: Shapes) -> Node:
    checked = check_formula(code, shapes, _OBJECT)
    if checked.faultless_tree is None:
        raise Unsupported("; ".join(map(str, checked.problems)))
    return checked.faultless_tree


def _in_order(formulas: Mapping[str, Node]) -> Sequence[tuple[str, Node]]:
    """Each behind those it reads, the result behind all. Raises :class:`Unsupported` for formulas in a circle."""
    reads = {name: [read for (read,) in paths_read(tree) if read in formulas] for name, tree in formulas.items()}
    reads[_RESULT] = [name for name in formulas if name != _RESULT]
    try:
        return [(name, formulas[name]) for name in TopologicalSorter(reads).static_order()]
    except CycleError:
        raise Unsupported("The fields read each other in a circle.") from None


def _field(content: Mapping[str, Any]) -> _Field:
    return _Field(content["devName"] + _SUFFIX, _type(content["dataType"]), content.get("code"))


def _type(name: str) -> ValueType:
    type_ = _TYPES.get(name.lower())
    if type_ is None:
        raise Unsupported(f"There is no type {name}.")
    return type_


def _names(tree: Node) -> list[str]:
    return _unrepeated(node.key for node, _ in nodes(tree) if isinstance(node, Reference))


def _unrepeated(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(names))
