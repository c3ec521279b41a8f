"""What axe-core finds wrong with a page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

#: What is right is not told place by place, nor how to select a place: that took up to a third of axe's time.
_TOLD = {"resultTypes": ["violations"], "selectors": False}
_ASK = """options => axe.run(options).then(
    found => found.violations.flatMap(each => each.nodes.map(node => [each.id, node.html])))"""


def violations(page: Page, script: Path, **options: Any) -> list[str]:
    """One line for each place, the rule first; ``options`` are those of ``axe.run``, every rule without any."""
    if not page.evaluate("'axe' in window"):
        # Not as a tag of the page, whose security policy would refuse it.
        page.evaluate(script.read_text())
    return [f"{rule}: {html[:300]}" for rule, html in page.evaluate(_ASK, {**_TOLD, **options})]
