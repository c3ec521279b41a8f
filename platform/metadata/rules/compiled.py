"""The formulas of one object, compiled: when fields are shown, needed, open; what answers them; what is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from graphlib import TopologicalSorter

from amparo.metadata.formulas.failures import FormulaError
from amparo.metadata.formulas.scope import Scope
from amparo.metadata.formulas.signatures import Evaluator
from amparo.metadata.formulas.tree import Node
from amparo.metadata.rules.definitions import Severity, ValidationRule

Path = tuple[str, ...]
#: What is known of who acts without asking the store.
_KNOWN_OF_USER = frozenset({"id", "name"})


@dataclass(frozen=True)
class Condition:
    """A formula with what it reads; most are true, false, or neither."""

    tree: Node
    evaluate: Evaluator
    reads: frozenset[Path]

    @cached_property
    def own(self) -> frozenset[str]:
        """The fields of the record itself that it reads, lookups that it crosses included."""
        return frozenset(path[0] for path in self.reads if not path[0].startswith("$"))

    @cached_property
    def beyond(self) -> frozenset[Path]:
        """What it reads of other records, and of who acts."""
        return frozenset(path for path in self.reads if len(path) > 1)

    @cached_property
    def reads_kind(self) -> bool:
        """It reads of which kind the record is."""
        return any(path[0] == "$RecordType" for path in self.reads)

    @cached_property
    def asks_the_store(self) -> bool:
        """It reads more than the record itself, the release, and who acts."""
        return any(
            not path[0].startswith("$") or (path[0] == "$User" and path[1] not in _KNOWN_OF_USER)
            for path in self.beyond
        )

    def verdict(self, scope: Scope) -> bool | None:
        """``None`` where it is neither, and where it cannot be computed."""
        try:
            value = self.evaluate(scope)
        except FormulaError:
            return None
        return None if value is None else bool(value)


@dataclass(frozen=True, slots=True)
class CompiledRule:
    rule: ValidationRule
    condition: Condition


@dataclass(frozen=True)
class ObjectRules:
    """Conditions by field; ``visible`` in the order in which they are asked. Made by ``rules.compiling``."""

    visible: Mapping[str, Condition]
    required: Mapping[str, Condition]
    read_only: Mapping[str, Condition]
    rules: tuple[CompiledRule, ...]
    #: Fields that are always needed, where they are shown.
    required_when_shown: tuple[str, ...] = ()
    #: Formulas that answer fields of new records, in the order in which they are computed.
    defaults: Mapping[str, Condition] = field(default_factory=dict)
    #: By field and code: while which an option may be chosen.
    offered: Mapping[str, Mapping[str, Condition]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        """Whether there is anything to judge."""
        conditional = self.visible or self.required or self.read_only or self.offered
        return bool(conditional or self.rules or self.required_when_shown)

    @cached_property
    def conditions(self) -> tuple[Condition, ...]:
        named = (self.visible, self.required, self.read_only, *self.offered.values())
        return (*(each for conditions in named for each in conditions.values()), *(r.condition for r in self.rules))

    @cached_property
    def concerned(self) -> frozenset[str]:
        """The fields whose answers have to be known."""
        return self.own.union(self.visible, self.required, self.read_only, self.required_when_shown, self.offered)

    @cached_property
    def own(self) -> frozenset[str]:
        """The fields of the record itself that anything reads."""
        return frozenset(name for each in self.conditions for name in each.own) | {
            each.rule.completion.field for each in self.rules if each.rule.completion
        }

    @cached_property
    def beyond(self) -> frozenset[Path]:
        """What anything reads of other records, and of who acts."""
        return frozenset(path for each in self.conditions for path in each.beyond)

    @cached_property
    def asks_the_store(self) -> bool:
        return any(each.asks_the_store for each in self.conditions)

    @cached_property
    def has_warnings(self) -> bool:
        return any(each.rule.severity is Severity.WARNING for each in self.rules)


def order_of(formulas: Mapping[str, Condition]) -> list[str]:
    """Each field after those that its formula reads. Raises :class:`graphlib.CycleError`, whose second argument is the
    loop.
    """
    graph = {name: sorted(each.own & formulas.keys()) for name, each in formulas.items()}
    return list(TopologicalSorter(graph).static_order())
