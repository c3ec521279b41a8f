"""The page about the standard template, written from the template itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from amparo.metadata.building import application_from
from amparo.metadata.model import Application, FieldDefinition, ObjectDefinition
from amparo.metadata.reading import read_template
from amparo.metadata.rules.definitions import Severity, ValidationRule

_INTRODUCTION = """# The standard template

Every new organisation starts from these definitions (`objects/` and `layouts/` of the package). The template is
small on purpose: what it asks, partners ask too, so figures add up. Start by taking away what you do not need and
add fields only where your work differs.

To shape a copy of your own:

```
amparo org create riverside --name "Riverside Shelter"
amparo definitions export riverside ./riverside
amparo definitions check ./riverside
amparo definitions publish riverside ./riverside
```

- Keep each `id`: answers, translations and figures hang on it. Labels and helps are yours to change.
- *Standard code* is the name of the field in IOM's Human Trafficking Case Data Standard 2.0. Keep it on the field
  that holds that answer, whatever you call the field.
- *Encrypted* answers can be shown and compared exactly, and never searched, sorted or grouped.
- *Reasons* are what may be said instead of an answer. A survivor may leave every question about what happened
  unanswered, and no question needs to be asked twice.
- Rules and fields that depend on other answers are told below each object. What they can say, and how to write your
  own: [rules and conditions](rules.md).
- Codes of options stay as they are; retire an option with `"active": false` instead of removing it.
- Everything is translated into Arabic and Khmer. When you add a label, add its translations.
"""


def template_page() -> str:
    """The whole text of ``docs/implementers/standard-template.md``."""
    template = application_from(read_template().document)
    sections = (_object_section(template, definition) for definition in template.objects.values())
    return "\n".join([_INTRODUCTION, *sections, _picklists(template)])


def _object_section(template: Application, definition: ObjectDefinition) -> str:
    lines = [f"## {definition.plural}", "", definition.help, ""]
    if definition.record_types:
        lines += [_list("Record types", (f"{each.label}: {each.help}" for each in definition.record_types)), ""]
    lines += [
        "| field | label | type | standard code | personal | encrypted | reasons |",
        "|---|---|---|---|---|---|---|",
    ]
    lines += [_field_row(field) for field in definition.active_fields]
    lines.append("")
    for heading, entries in (
        ("Rules that records keep", (_rule(template, definition, each) for each in definition.validation_rules)),
        ("Fields that depend on other answers", _conditions(template, definition)),
        ("Lists", (each.label for each in template.views_of(definition.name))),
        ("Reports", (f"{each.label}: {each.help}" for each in template.reports_of(definition.name))),
    ):
        lines += [text, ""] if (text := _list(heading, entries)) else []
    return "\n".join(lines)


def _field_row(field: FieldDefinition) -> str:
    kind = field.options.get("picklist") or " or ".join(field.targets)
    cells = (
        f"`{field.name}`{' (required)' if field.required else ''}",
        field.label,
        f"{field.type} of {kind}" if kind else field.type,
        ", ".join(f"`{code}`" for code in field.standard_codes),
        field.personal or "",
        "yes" if field.sensitive else "",
        ", ".join(str(reason).replace("_", " ") for reason in field.missing_reasons),
    )
    return f"| {' | '.join(cells)} |"


def _rule(template: Application, definition: ObjectDefinition, rule: ValidationRule) -> str:
    note = " A warning." if rule.severity is Severity.WARNING else ""
    if rule.completion:
        field = definition.by_name[rule.completion.field]
        options = template.picklists[field.options["picklist"]].by_code
        reached = " or ".join(options[code].label for code in rule.completion.options)
        note = f" Asked when {field.label} becomes {reached}."
    return f"{rule.message}{note} `{rule.condition}`"


def _conditions(template: Application, definition: ObjectDefinition) -> Iterator[str]:
    for field in definition.active_fields:
        for formula, what in (
            (field.visible_when, "is shown"),
            (field.required_when, "is required"),
            (field.read_only_when, "cannot be changed"),
        ):
            if formula:
                yield f"{field.label} (`{field.name}`) {what} while `{formula}`"
        options = template.picklists[field.options["picklist"]].by_code if "options_when" in field.options else {}
        for code, formula in field.options.get("options_when", {}).items():
            yield f"{field.label} (`{field.name}`) offers {options[code].label} while `{formula}`"


def _list(heading: str, entries: Iterable[str]) -> str:
    items = [f"- {entry}" for entry in entries]
    return "\n".join([f"{heading}:", "", *items]) if items else ""


def _picklists(template: Application) -> str:
    lines = ["## Picklists", "", "| picklist | options |", "|---|---|"]
    for name, picklist in template.picklists.items():
        lines.append(f"| `{name}` | {', '.join(_shown_options([each.label for each in picklist.options]))} |")
    return "\n".join([*lines, ""])


def _shown_options(labels: list[str]) -> Iterator[str]:
    """Long lists, such as countries, are counted instead."""
    if len(labels) > 40:
        yield f"{len(labels)} in all, from {labels[0]} to {labels[-1]}"
    else:
        yield from labels
