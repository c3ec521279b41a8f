"""The page about the Human Trafficking Case Data Standard, written from the template itself."""

from __future__ import annotations

from collections.abc import Iterator

from amparo.metadata.building import application_from
from amparo.metadata.model import Application
from amparo.metadata.reading import read_template

_INTRODUCTION = """# The Human Trafficking Case Data Standard in the template

IOM's Human Trafficking Case Data Standard 2.0 names the fields that organisations have in common. Each of them that
is in force has its place in the standard template. The code stands on the field as `standard_code` and stays there
when you change the label, so that figures of differently shaped organisations add up.

`cas_CaseOwner` is no field of its own: it is who the case is assigned to (`owner`), which every record has.
The standard keeps how something began, the way and the exploitation both as answers of a case and as events with a
place and a date; the template has both, and a case that is written down quickly needs no events.

| code of the standard | object | field | label | type |
|---|---|---|---|---|
"""


def standard_codes_page() -> str:
    """The whole text of ``docs/implementers/standard-codes.md``."""
    return _INTRODUCTION + "\n".join([*_rows(application_from(read_template().document)), ""])


def _rows(template: Application) -> Iterator[str]:
    """In the order of the codes."""
    fields = [
        (field.standard_code, definition, field)
        for definition in template.objects.values()
        for field in definition.active_fields
        if field.standard_code
    ]
    for code, definition, field in sorted(fields, key=lambda each: each[0]):
        yield f"| `{code}` | {definition.label} | `{field.name}` | {field.label} | {field.type} |"
