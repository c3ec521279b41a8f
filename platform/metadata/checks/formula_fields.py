"""Formula fields: what they may be, read and yield; and the formulas that lists and reports ask by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from amparo.metadata.checks.scope import Definition, Scope
from amparo.metadata.formulas.checking import Checked, check_formula
from amparo.metadata.formulas.dependencies import Dependencies, paths_read
from amparo.metadata.formulas.formula_fields import FormulaFields
from amparo.metadata.formulas.limits import MOST_LEVELS, MOST_PARTS, price, too_dear
from amparo.metadata.formulas.naming import fields_crossed
from amparo.metadata.formulas.sayable import reason_not_sayable
from amparo.metadata.formulas.tree import Call, Node, nodes
from amparo.metadata.formulas.value_types import NUMBERS, ValueType
from amparo.metadata.problems import Path, Problem
from amparo.metadata.wording import N_

#: Type of a formula field -> what its formula may yield.
RESULTS: Mapping[str, frozenset[ValueType]] = {
    **dict.fromkeys(("integer", "decimal", "percent", "currency"), NUMBERS),
    **dict.fromkeys(("text", "long_text"), frozenset({ValueType.TEXT, ValueType.PICKLIST})),
    "checkbox": frozenset({ValueType.BOOLEAN}),
    "date": frozenset({ValueType.DATE}),
    "date_time": frozenset({ValueType.DATE_TIME}),
}
#: What a field that nobody answers has no use for.
_USELESS = (
    "required", "unique", "indexed", "searchable", "default", "sensitive", "missing_reasons",
    "visible_when", "required_when", "read_only_when", "default_formula",
)  # fmt: skip
_OF_A_CHANGE = frozenset({"PRIORVALUE", "ISCHANGED", "ISNEW"})
_TYPES = N_("A formula computes fields of these types: {choices}.")
_NEEDLESS = N_("Remove “{key}”: the field is computed, and nobody answers it.")
#: What is known while a list is read, beside its records.
_KNOWN = ("$User.id", "$User.name", "$Organization.id", "$Organization.name", "$RecordType.name")
_PERSONAL = N_(
    "Leave {name} out: a formula field says the same to everybody, in reports too. $Organization and $RecordType.name "
    "can be read."
)
_SENSITIVE = N_("Leave “{name}” out: it is sensitive, and everybody could tell it from what this shows.")
_CHANGE = N_("Leave {name} out: a formula field is read when nothing changes.")
_FAR = N_("With the formulas that it reads, this crosses {value} lookups in a row; {limit} is the most.")


def check_formula_fields(scope: Scope, fields: FormulaFields) -> Iterator[Problem]:
    """Of what can be read. Loops are told once, at the first field by name, and the rest when there are none."""
    trees: dict[str, dict[str, Node]] = {}
    places: dict[str, Path] = {}
    for definition in scope.readable("object"):
        owner = definition.content["name"]
        for index, written in enumerate(definition.content["fields"]):
            path = definition.path / "fields" / index
            yield from _attributes(written, path)
            if "formula" in written and not written.get("retired"):
                checked = _checked(written, fields, owner, path / "formula")
                yield from checked.problems
                if checked.tree is not None:
                    yield from too_many_parts(fields, checked.tree, owner, path / "formula")
                    places[f"{owner}.{written['name']}"] = path / "formula"
                    trees.setdefault(owner, {})[written["name"]] = checked.tree
    loops = list(_loops(trees, places, fields))
    yield from loops
    for owner, names in trees.items() if not loops else ():
        for name in names:
            tree = fields.tree(owner, name)
            if tree is not None:
                yield from _read(scope, fields, owner, tree, places[f"{owner}.{name}"])


def _checked(written: Mapping[str, Any], fields: FormulaFields, owner: str, place: Path) -> Checked:
    wanted = RESULTS.get(written["type"], frozenset())
    return check_formula(written["formula"], fields.shapes, owner, str(place), wanted)


def _loops(
    trees: Mapping[str, Mapping[str, Node]], places: Mapping[str, Path], fields: FormulaFields
) -> Iterator[Problem]:
    for problem in Dependencies.of(trees, fields.shapes).cycles():
        first = min(problem.params["loop"].split(" → "))
        yield replace(problem, path=str(places[first]))


def too_many_parts(fields: FormulaFields, tree: Node, owner: str, place: Path) -> Iterator[Problem]:
    """Of a formula that with those that it reads is larger than any may be."""
    parts = fields.parts(tree, owner)
    if parts > MOST_PARTS:
        advice = N_("With the formulas that it reads, this has {value} parts; {limit} is the most.")
        yield Problem("too_many_parts", str(place), parts, advice, {"value": parts, "limit": MOST_PARTS})


def _attributes(written: Mapping[str, Any], path: Path) -> Iterator[Problem]:
    if "formula" not in written and "roll_up" not in written:
        if "blanks" in written:
            advice = N_("Remove “blanks”: it belongs to a formula.")
            yield Problem("not_allowed", str(path / "blanks"), written["blanks"], advice)
        return
    for key in _USELESS:
        if written.get(key):
            yield Problem("not_allowed", str(path / key), written[key], _NEEDLESS, {"key": key})
    if "roll_up" in written:
        for key in ("formula", "blanks"):
            if key in written:
                advice = N_("Remove “{key}”, or the roll-up.")
                yield Problem("not_allowed", str(path / key), written[key], advice, {"key": key})
    elif written["type"] not in RESULTS:
        yield Problem("wrong_type", str(path / "type"), written["type"], _TYPES, {"choices": ", ".join(RESULTS)})


def _read(scope: Scope, fields: FormulaFields, owner: str, tree: Node, place: Path) -> Iterator[Problem]:
    """What the formula reads, together with the formulas of the fields that it reads."""
    yield from too_dear(price(tree), str(place))
    for path in sorted(paths_read(tree)):
        if path[0] in ("$User", "$RecordType"):
            yield Problem("not_allowed", str(place), ".".join(path), _PERSONAL, {"name": ".".join(path)})
        elif len(path) > MOST_LEVELS + 1:
            levels = {"value": len(path) - 1, "limit": MOST_LEVELS}
            yield Problem("too_many_levels", str(place), ".".join(path), _FAR, levels)
    yield from sensitive_read(scope, fields, owner, tree, place)
    for name in sorted({each.name for each, _ in nodes(tree) if isinstance(each, Call)} & _OF_A_CHANGE):
        yield Problem("not_allowed", str(place), name, _CHANGE, {"name": name})


def sensitive_read(scope: Scope, fields: FormulaFields, owner: str, tree: Node, place: Path) -> Iterator[Problem]:
    """Of a formula whose outcome everybody sees."""
    crossed = {name for path in paths_read(tree) for name in fields_crossed(path, fields.shapes, owner)}
    for name in sorted(crossed):
        object_name, _, field_name = name.partition(".")
        field = scope.application.objects[object_name].by_name.get(field_name)
        if field is not None and field.sensitive:
            yield Problem("sensitive", str(place), name, _SENSITIVE, {"name": name})


def check_asked_formulas(scope: Scope, fields: FormulaFields) -> Iterator[Problem]:
    """Lists and reports: their own formula, and whether a database computes the fields that they ask by."""
    for kind in ("list_view", "report"):
        for definition in scope.readable(kind):
            if definition.content["object"] in fields.shapes.objects:
                yield from _asked(definition, fields)
                if "only_when" in definition.content:
                    yield from _only_when(scope, definition, fields)


def _asked(definition: Definition, fields: FormulaFields) -> Iterator[Problem]:
    content = definition.content
    for key in ("filters", "sort", "groupings", "measures"):
        for index, row in enumerate(content.get(key, ())):
            tree = fields.tree(content["object"], row["field"]) if "field" in row else None
            reason = None if tree is None else reason_not_sayable(tree)
            if reason is not None:
                advice = N_("Show “{name}” as a column only: no database computes its formula. {reason}")
                place = str(definition.path / key / index / "field")
                yield Problem("not_sayable", place, row["field"], advice, {"name": row["field"], "reason": reason})


def _only_when(scope: Scope, definition: Definition, fields: FormulaFields) -> Iterator[Problem]:
    content, place = definition.content, definition.path / "only_when"
    checked = check_formula(content["only_when"], fields.shapes, content["object"], str(place), RESULTS["checkbox"])
    yield from checked.problems
    if checked.tree is None:
        return
    if large := list(too_many_parts(fields, checked.tree, content["object"], place)):
        yield from large
        return
    tree = fields.expanded(checked.tree, content["object"])
    yield from too_dear(price(tree), str(place))
    yield from sensitive_read(scope, fields, content["object"], tree, place)
    for path in sorted(paths_read(tree)):
        if path[0].startswith("$") and ".".join(path) not in _KNOWN:
            advice = N_("Leave {name} out: a list knows {known}.")
            known = {"name": ".".join(path), "known": ", ".join(_KNOWN)}
            yield Problem("not_allowed", str(place), ".".join(path), advice, known)
    if (reason := reason_not_sayable(tree)) is not None:
        advice = N_("No database computes this. {reason}")
        yield Problem("not_sayable", str(place), content["only_when"], advice, {"reason": reason})
