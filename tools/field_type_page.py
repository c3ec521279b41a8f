"""The page about field types, written from the field types themselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from amparo.metadata.building import FIELD_ATTRIBUTES
from amparo.metadata.fields.base import FieldType
from amparo.metadata.fields.registry import FIELD_TYPES
from amparo.metadata.filters import OPERATORS, Shape
from amparo.metadata.model import SYSTEM_FIELDS
from amparo.metadata.naming import RESERVED_FIELD_NAMES
from amparo.metadata.periods import COUNTED_PERIODS, PERIODS
from amparo.metadata.schemas.objects import FIELD

_VALUES: Mapping[Shape, str] = {
    Shape.NONE: "none",
    Shape.ONE: "one value",
    Shape.MANY: "a list of values",
    Shape.PAIR: "a list of two values, the lowest and the highest",
    Shape.DISTANCE: "a list of a point and the kilometres around it",
    Shape.PERIOD: "a period, below",
    Shape.DAYS: "a number of days",
    Shape.REASONS: "a list of reasons; an empty list for any",
}


def field_type_page() -> str:
    """The whole text of ``docs/implementers/field-types.md``."""
    parts = (_opening(), _overview(), *map(_type_section, FIELD_TYPES.values()), _attributes(), _filters(), _names())
    return "\n".join(line for part in parts for line in (*part, ""))


def _opening() -> Iterator[str]:
    yield "# Field types"
    yield ""
    yield "A field's `type` says what its answers are. It cannot change to one that is stored in another way once the"
    yield "field is published: retire the field and add a new one."


def _overview() -> Iterator[str]:
    yield "| type | for | unique | sensitive | searchable | sorts | groups |"
    yield "|---|---|---|---|---|---|---|"
    for each in FIELD_TYPES.values():
        marks = (each.can_be_unique, each.can_be_sensitive, each.searchable, each.sortable, each.groupable)
        yield f"| [`{each.name}`](#{each.name}) | {each.label} | {' | '.join(map(_yes_or_no, marks))} |"


def _type_section(each: FieldType) -> Iterator[str]:
    yield f"## {each.name}"
    yield ""
    yield each.summary
    yield ""
    yield f"What people write: {each.accepts}"
    if each.options:
        yield ""
        yield from _table(each.options, each.required_options)
        for name, option in each.options.items():
            if "properties" in option:
                yield ""
                yield f"`{name}` is written in curly brackets:"
                yield ""
                yield from _table(option["properties"], option.get("required", ()))
    if each.default_words:
        yield ""
        words = " or ".join(f"`{word}`" for word in each.default_words)
        yield f"The `default` may also be {words}: the moment at which the record is made."


def _table(options: Mapping[str, Mapping[str, Any]], required: Sequence[str]) -> Iterator[str]:
    yield "| option | needed | default | meaning |"
    yield "|---|---|---|---|"
    for name, option in options.items():
        default = f"`{option['default']}`" if option.get("default") not in (None, "") else ""
        yield f"| `{name}` | {_yes_or_no(name in required)} | {default} | {option['description']}{_range(option)} |"


def _range(option: Mapping[str, Any]) -> str:
    if "enum" in option:
        return f" One of: {', '.join(f'`{choice}`' for choice in option['enum'])}."
    low, high = option.get("minimum"), option.get("maximum")
    return "" if low is None or high is None else f" From {low} to {high}."


def _attributes() -> Iterator[str]:
    yield "## What every field may say"
    yield ""
    yield "| entry | needed | meaning |"
    yield "|---|---|---|"
    for name in FIELD_ATTRIBUTES:
        meaning = "One of the types above." if name == "type" else FIELD["properties"][name]["description"]
        yield f"| `{name}` | {_yes_or_no(name in FIELD['required'])} | {meaning} |"


def _filters() -> Iterator[str]:
    yield "## Filters"
    yield ""
    yield "A filter row of a list view or a report has a `field`, an `operator` and, for most operators, a `value`."
    yield "Operators that say *not* also find records without an answer. Sensitive fields take only those marked."
    yield ""
    yield "| operator | reads | value | field types | sensitive |"
    yield "|---|---|---|---|---|"
    for each in OPERATORS.values():
        types = [kind.name for kind in FIELD_TYPES.values() if kind.family in each.families]
        asked = SYSTEM_FIELDS.items() if each.shape is not Shape.REASONS else ()
        system = [name for name, family in asked if family in each.families]
        where = ", ".join(f"`{name}`" for name in (*types, *system))
        yield f"| `{each.name}` | {each.label} | {_VALUES[each.shape]} | {where} | {_yes_or_no(each.on_sensitive)} |"
    yield ""
    yield "A period is one of " + ", ".join(f"`{name}`" for name in PERIODS) + ", or"
    yield " or ".join(f"`{name}:30`" for name in COUNTED_PERIODS) + " with any number of days. Weeks begin on Monday."
    yield ""
    yield f"Every record also has the system fields {', '.join(f'`{name}`' for name in SYSTEM_FIELDS)}."
    yield "`owner`, `created_by` and `updated_by` take `$me`, the member who looks."


def _names() -> Iterator[str]:
    yield "## Names that are taken"
    yield ""
    yield ", ".join(f"`{name}`" for name in sorted(RESERVED_FIELD_NAMES)) + "."


def _yes_or_no(value: bool) -> str:
    return "yes" if value else ""
