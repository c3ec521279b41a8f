"""What makes SQL of a call."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from amparo.metadata.formulas.tree import Call, Node
from amparo.metadata.formulas.value_types import Blanks, ValueType
from amparo.runtime.formulas.clock import Clock
from amparo.runtime.formulas.numbers import Numbers
from amparo.runtime.formulas.parts import Part
from amparo.runtime.formulas.steps import Expression, Steps
from amparo.runtime.formulas.words import Words


class Compiler(Protocol):
    """What :class:`~amparo.runtime.formulas.compiling.SqlCompiler` is to a function."""

    steps: Steps
    numbers: Numbers
    words: Words
    clock: Clock
    blanks: Blanks

    def part(self, node: Node) -> Part: ...

    def parts(self, nodes: Sequence[Node]) -> list[Part]: ...

    def shared(self, part: Part) -> Part: ...

    def converted(self, part: Part, type_: ValueType) -> Part: ...

    def text(self, expression: Expression, length: int | None, *errors: Expression | None) -> Part: ...

    def condition(self, expression: Expression, *errors: Expression | None) -> Part: ...

    def reason(self, key: str) -> Expression | None: ...


#: The part that a call is. Arguments may still be of the type BLANK.
Builder = Callable[[Call, Compiler], Part]
