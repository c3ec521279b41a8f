"""The formulas of definitions, read, checked and compiled: once per release, by what loads the parser."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from graphlib import CycleError

from amparo.metadata.formulas.checking import check_formula
from amparo.metadata.formulas.dependencies import paths_read
from amparo.metadata.formulas.evaluation import compile_formula
from amparo.metadata.formulas.formula_fields import FormulaFields
from amparo.metadata.formulas.tree import Node
from amparo.metadata.formulas.value_types import Blanks
from amparo.metadata.model import ObjectDefinition
from amparo.metadata.rules.compiled import CompiledRule, Condition, ObjectRules, order_of


def compile_condition(
    text: str, fields: FormulaFields, object_name: str, blanks: Blanks = Blanks.AS_BLANK
) -> Condition | None:
    """None for what cannot be read."""
    tree = check_formula(text, fields.shapes, object_name).tree
    return None if tree is None else compiled(fields.expanded(tree, object_name, blanks))


def compiled(tree: Node) -> Condition:
    """A checked formula that reads no formula field, and leaves blanks blank."""
    return Condition(tree, compile_formula(tree), paths_read(tree))


def compile_rules(definition: ObjectDefinition, fields: Callable[[], FormulaFields]) -> ObjectRules:
    """``fields`` is asked only where there is a formula.

    Formulas that cannot be read are left out: they were published before formulas were checked, and the next
    publishing tells them.
    """

    def condition(text: str | None, blanks: Blanks = Blanks.AS_BLANK) -> Condition | None:
        return compile_condition(text, fields(), definition.name, blanks) if text else None

    def conditions(texts: Iterable[tuple[str, str | None]]) -> dict[str, Condition]:
        return {name: found for name, text in texts if (found := condition(text)) is not None}

    active = definition.active_fields
    visible = conditions((each.name, each.visible_when) for each in active)
    defaults = conditions((each.name, each.default_formula) for each in active)
    rules = ((each, condition(each.condition, each.blanks)) for each in definition.validation_rules if each.active)
    return ObjectRules(
        visible={name: visible[name] for name in _in_order(visible)},
        required=conditions((each.name, each.required_when) for each in active),
        read_only=conditions((each.name, each.read_only_when) for each in active),
        rules=tuple(CompiledRule(rule, found) for rule, found in rules if found is not None),
        required_when_shown=tuple(each.name for each in active if each.required and each.visible_when),
        defaults={name: defaults[name] for name in _in_order(defaults)},
        offered={
            each.name: conditions(each.options["options_when"].items())
            for each in active
            if "options_when" in each.options
        },
    )


def _in_order(formulas: Mapping[str, Condition]) -> Iterator[str]:
    """Loops are refused when definitions are checked."""
    try:
        yield from order_of(formulas)
    except CycleError:
        yield from formulas
