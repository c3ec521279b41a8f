"""What a function of the language is: data, from which the checker, the reference page and completion are made."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from amparo.metadata.formulas.scope import Scope
from amparo.metadata.formulas.tree import Call, Node
from amparo.metadata.formulas.value_types import Blanks, ValueType

Evaluator = Callable[[Scope], Any]


class Compiler(Protocol):
    """Makes evaluators of the parts of a formula."""

    @property
    def blanks(self) -> Blanks: ...

    def __call__(self, node: Node) -> Evaluator: ...


class Mismatch(Exception):
    """Types that do not go together. ``place`` is the argument's, ``None`` for the whole call."""

    def __init__(self, place: int | None, advice: str, **params: Any) -> None:
        super().__init__(advice)
        self.place = place
        self.advice = advice
        self.params = params


@dataclass(frozen=True, slots=True)
class Parameter:
    """One argument. ``types`` may be empty: any type will do, and the result's rule judges."""

    name: str
    types: frozenset[ValueType] = frozenset()
    is_optional: bool = False
    #: The last parameters that repeat may be given again and again.
    repeats: bool = False
    #: A text that stands in the formula itself, because other engines need to know it beforehand.
    is_literal: bool = False
    #: The code of an option of the picklist that is the first argument, or, of an operator, the other one as a text.
    is_option: bool = False
    #: A field of the record itself or across lookups, because more than its value is asked.
    is_field: bool = False
    #: And only of the record itself: of others the version before is not known.
    is_own: bool = False


Result = ValueType | Callable[[Sequence[ValueType]], ValueType]


@dataclass(frozen=True, slots=True)
class Function:
    """A function or an operator.

    ``apply`` computes a result from values and is not called when one of them is blank, for then the result is
    blank, unless ``takes_blanks``; with ``asks_scope`` its first argument is the scope. ``build`` makes the
    evaluator where arguments are not all computed first. A function has one of the two.
    """

    name: str
    family: str
    summary: str
    example: str
    parameters: tuple[Parameter, ...]
    result: Result
    apply: Callable[..., Any] | None = None
    build: Callable[[Call, Compiler], Evaluator] | None = None
    takes_blanks: bool = False
    asks_scope: bool = False
    #: It stands between its arguments.
    is_operator: bool = False
    #: Beside the types: counts that no list of parameters says. Raises :class:`Mismatch`.
    check: Callable[[Call], None] | None = None
    #: Whether the arguments' types go together, where the result's does not depend on them. Raises :class:`Mismatch`.
    judge: Callable[[Sequence[ValueType]], None] | None = None

    @property
    def fewest(self) -> int:
        return sum(not each.is_optional for each in self.parameters)

    @property
    def most(self) -> int | None:
        """How many arguments at most; ``None`` for any number."""
        return None if any(each.repeats for each in self.parameters) else len(self.parameters)

    def parameter(self, place: int, count: int) -> Parameter:
        """The parameter of the argument at a place, of so many arguments."""
        repeated = [each for each in self.parameters if each.repeats]
        first = next((at for at, each in enumerate(self.parameters) if each.repeats), len(self.parameters))
        behind = len(self.parameters) - first - len(repeated)
        if repeated and place >= first:
            if place >= count - behind:
                return self.parameters[place - count]
            return repeated[(place - first) % len(repeated)]
        return self.parameters[place]
