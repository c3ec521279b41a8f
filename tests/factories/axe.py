"""What axe-core finds wrong with a page."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from pathlib import Path
from typing import Any

from playwright.sync_api import Page


class Part(Enum):
    """What of axe's rules is asked. Widths of one layout and lights of one page share out the rest, to spare time."""

    EVERYTHING = "everything"
    #: Colours change with the light and the layout, and with no language.
    COLOURS = "colours"
    #: Everything else changes with the layout and the language, and with no light.
    STRUCTURE = "structure"


_OPTIONS: Mapping[Part, Mapping[str, Any]] = {
    Part.EVERYTHING: {},
    Part.COLOURS: {"runOnly": {"type": "rule", "values": ["color-contrast"]}},
    Part.STRUCTURE: {"rules": {"color-contrast": {"enabled": False}}},
}
#: What is right is not told place by place, nor how to select a place: that took up to a third of axe's time.
_TOLD = {"resultTypes": ["violations"], "selectors": False}
_ASK = """options => axe.run(options).then(
    found => found.violations.flatMap(each => each.nodes.map(node => [each.id, node.html])))"""


def violations(page: Page, script: Path, part: Part = Part.EVERYTHING, **options: Any) -> list[str]:
    """One line for each place, the rule first; ``options`` are those of ``axe.run``, every rule without any."""
    if not page.evaluate("'axe' in window"):
        # Not as a tag of the page, whose security policy would refuse it.
        page.evaluate(script.read_text())
    asked = {**_TOLD, **_OPTIONS[part], **options}
    return [f"{rule}: {html[:300]}" for rule, html in page.evaluate(_ASK, asked)]
