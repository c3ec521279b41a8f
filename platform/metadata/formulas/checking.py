"""Whether a formula makes sense: all errors at once, each with its place, what was expected, and the near name."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TypeGuard, cast

from amparo.metadata.formulas.functions.registry import FUNCTIONS
from amparo.metadata.formulas.naming import NotFound, found_field
from amparo.metadata.formulas.parsing import parse
from amparo.metadata.formulas.positions import Located
from amparo.metadata.formulas.shapes import FieldShape, Shapes
from amparo.metadata.formulas.signatures import Function, Mismatch, Parameter
from amparo.metadata.formulas.slips import advice_for_bare_function, advice_for_name
from amparo.metadata.formulas.tree import Call, Literal, Node, Reference
from amparo.metadata.formulas.value_types import NUMBERS, TEXTS, ValueType, accepts
from amparo.metadata.problems import Problem, near_name
from amparo.metadata.wording import N_, Words

#: Problems for which a near name is looked for.
_MOST_SUGGESTIONS = 10
_UNKNOWN_OPTION = "unknown_option"
#: What gives a date or a time of a date-time.
_PARTS_OF_MOMENTS = {ValueType.DATE: "DATEVALUE(…)", ValueType.TIME: "TIMEVALUE(…)"}


@dataclass(frozen=True, slots=True)
class Checked:
    """``tree`` has names as they are defined and a type at every node; ``None`` when it cannot be computed.

    It can where the only problem is the code of no option: no answer equals that. What was published before such
    codes were told goes on as it did.
    """

    tree: Node | None
    problems: tuple[Problem, ...] = ()

    @property
    def type(self) -> ValueType | None:
        return self.tree.type if self.tree else None

    @property
    def faultless_tree(self) -> Node | None:
        """The tree where there is no problem at all: a formula that somebody still writes is held to more."""
        return None if self.problems else self.tree


def check_formula(
    text: str, shapes: Shapes, object_name: str, path: str = "", wanted: frozenset[ValueType] = frozenset()
) -> Checked:
    """Reads and checks a formula on records of an object; ``wanted`` are the types its value may have, any if empty."""
    tree = parse(text, path)
    if isinstance(tree, list):
        return Checked(None, tuple(tree))
    checker = _Checker(Located(text, path), shapes, object_name)
    typed = checker.typed(tree)
    if wanted and typed.type is not None and not accepts(wanted, typed.type):
        expected = _words(wanted)
        advice = N_("The formula yields {found}; {expected} is wanted here.")
        checker.report("wrong_type", typed, advice, found=typed.type.words, expected=expected)
    problems = tuple(sorted(checker.problems, key=lambda each: (each.params["start"], each.kind)))
    return Checked(None if checker.faults else typed, problems)


@dataclass(slots=True)
class _Checker:
    """A node without a type has been reported, and is not judged again by what stands around it."""

    place: Located
    shapes: Shapes
    object_name: str
    problems: list[Problem] = field(default_factory=list)
    #: How many of them say that it cannot be computed.
    faults: int = 0

    @property
    def suggests(self) -> bool:
        """Looking for a near name takes long enough that a formula of nothing but wrong names would hang."""
        return len(self.problems) < _MOST_SUGGESTIONS

    def report(self, kind: str, node: Node, advice: str, **params: object) -> None:
        self.faults += kind != _UNKNOWN_OPTION
        self.problems.append(self.place.problem(kind, node.start, node.end, advice, **params))

    def typed(self, node: Node) -> Node:
        if isinstance(node, Literal):
            return replace(node, type=_literal_type(node))
        return self._reference(node) if isinstance(node, Reference) else self._call(node)

    def _reference(self, node: Reference) -> Reference:
        try:
            path, shape = found_field(node.path, self.shapes, self.object_name, suggests=self.suggests)
        except NotFound as error:
            function = FUNCTIONS.get(node.key.upper())
            if function is None or "near" in error.params:
                self.report(error.kind, node, error.advice, **error.params)
            else:
                slip = advice_for_bare_function(node.key, takes_arguments=bool(function.parameters))
                self.report(error.kind, node, slip.advice, **slip.params)
            return node
        return replace(node, path=path, type=shape.type)

    def _call(self, node: Call) -> Call:
        node = replace(node, arguments=tuple(self.typed(argument) for argument in node.arguments))
        function = FUNCTIONS.get(node.name)
        if function is None:
            self._unknown_function(node)
            return node
        if not self._count_is_right(function, node):
            return node
        faults = self.faults
        for place, argument in enumerate(node.arguments):
            self._argument(function, node, place, argument)
        if self.faults > faults or any(argument.type is None for argument in node.arguments):
            # Of most functions the type is known all the same, and what stands around it can be judged.
            return replace(node, type=function.result if isinstance(function.result, ValueType) else None)
        return replace(node, type=self._result(function, node))

    def _unknown_function(self, node: Call) -> None:
        slip = advice_for_name(node.name)
        if slip is not None:
            self.report("unknown_function", node, slip.advice, **slip.params)
            return
        names = (each.name for each in FUNCTIONS.values() if not each.is_operator)
        near = near_name(node.name, names) if self.suggests else None
        if near:
            self.report("unknown_function", node, N_("There is no function {name}; did you mean {near}?"),
                        name=node.name[:60], near=near)  # fmt: skip
        else:
            self.report("unknown_function", node, N_("There is no function {name}."), name=node.name[:60])

    def _count_is_right(self, function: Function, node: Call) -> bool:
        given, most = len(node.arguments), function.most
        if given < function.fewest:
            advice = N_("{function} needs {count} or more arguments; given: {given}.")
            self.report("too_few", node, advice, function=function.name, count=function.fewest, given=given)
            return False
        if most is not None and given > most:
            advice = N_("{function} takes {count} or fewer arguments; given: {given}.")
            self.report("too_many", node, advice, function=function.name, count=most, given=given)
            return False
        try:
            if function.check is not None:
                function.check(node)
        except Mismatch as error:
            self._mismatch(error, node)
            return False
        return True

    def _argument(self, function: Function, node: Call, place: int, argument: Node) -> None:
        parameter = function.parameter(place, len(node.arguments))
        if argument.type is None:
            return
        if parameter.is_field and not isinstance(argument, Reference):
            self.report("not_a_field", argument, N_("{function} needs a field here."), function=function.name)
        elif parameter.is_own and len(cast("Reference", argument).path) > 1:
            advice = N_("{function} needs a field of the record itself.")
            self.report("not_a_field", argument, advice, function=function.name)
        elif parameter.is_field and self._shape(cast("Reference", argument)).is_computed:
            advice = N_("{function} needs a field that people answer; this one is computed.")
            self.report("not_a_field", argument, advice, function=function.name)
        elif parameter.is_literal and not _is_text_literal(argument):
            self.report("not_a_text", argument, N_("{function} needs a text in quotes here."), function=function.name)
        elif parameter.types and not accepts(parameter.types, argument.type):
            self._wrong_type(function, parameter, argument, argument.type)
        elif parameter.is_option and isinstance(argument, Literal):
            self._option(node, argument)

    def _wrong_type(self, function: Function, parameter: Parameter, argument: Node, found: ValueType) -> None:
        expected = _words(parameter.types)
        advice = N_("{function} expects {expected} here, found {found}.")
        if found is ValueType.PICKLIST and ValueType.TEXT in parameter.types:
            advice = N_("{function} expects {expected} here, found {found}; TEXT(…) makes a text of a picklist.")
        elif parameter.types <= TEXTS and accepts(FUNCTIONS["TEXT"].parameter(0, 1).types, found):
            advice = N_("{function} expects {expected} here, found {found}; TEXT(…) makes a text of it.")
        sign = next((sign for type_, sign in _PARTS_OF_MOMENTS.items() if type_ in parameter.types), "")
        if found is ValueType.DATE_TIME and sign:
            advice = N_("{function} expects {expected} here, found {found}; {sign} gives it.")
        params = {"function": function.name, "expected": expected, "found": found.words, "sign": sign}
        self.report("wrong_type", argument, advice, **params)

    def _option(self, node: Call, argument: Literal) -> None:
        """The code of an option that there is, where a picklist whose options are known is asked for it.

        As a text a picklist is compared by its code, too: a label never equals it, and the condition would never hold.
        """
        first = node.arguments[-1] if argument is node.arguments[0] else node.arguments[0]
        if FUNCTIONS[node.name].is_operator and not _is_call(first, "TEXT"):
            return
        for name in ("TEXT", "PRIORVALUE"):
            if _is_call(first, name) and first.arguments:
                first = first.arguments[0]
        if not isinstance(first, Reference) or first.type is None:
            return
        if not isinstance(argument.value, str) or not argument.value:
            return
        shape = self._shape(first)
        if not shape.options or argument.value in shape.options:
            return
        near = near_name(argument.value, shape.options) if self.suggests else None
        if near:
            advice = N_("{field} has no option {code}; did you mean {near}?")
            self.report(_UNKNOWN_OPTION, argument, advice, field=first.key, code=argument.value[:60], near=near)
        else:
            advice = N_("{field} has no option {code}.")
            self.report(_UNKNOWN_OPTION, argument, advice, field=first.key, code=argument.value[:60])

    def _shape(self, reference: Reference) -> FieldShape:
        return found_field(reference.path, self.shapes, self.object_name)[1]

    def _result(self, function: Function, node: Call) -> ValueType | None:
        types = [argument.type or ValueType.BLANK for argument in node.arguments]
        try:
            if function.judge is not None:
                function.judge(types)
            return function.result if isinstance(function.result, ValueType) else function.result(types)
        except Mismatch as error:
            self._mismatch(error, node)
            return function.result if isinstance(function.result, ValueType) else None

    def _mismatch(self, error: Mismatch, node: Call) -> None:
        where: Node = node if error.place is None else node.arguments[error.place]
        kind = "wrong_count" if error.place is None else "wrong_type"
        self.report(kind, where, error.advice, **error.params)


def _literal_type(node: Literal) -> ValueType:
    if node.value is None:
        return ValueType.BLANK
    if isinstance(node.value, bool):
        return ValueType.BOOLEAN
    return ValueType.TEXT if isinstance(node.value, str) else ValueType.NUMBER


def _words(types: frozenset[ValueType]) -> Words:
    """An amount and a percent are numbers, which is what is said where any number will do."""
    said = types - (NUMBERS - {ValueType.NUMBER}) if types >= NUMBERS else types
    return Words(sorted(each.words for each in said))


def _is_call(node: Node, name: str) -> TypeGuard[Call]:
    return isinstance(node, Call) and node.name == name


def _is_text_literal(node: Node) -> bool:
    return isinstance(node, Literal) and isinstance(node.value, str)
