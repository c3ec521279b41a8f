"""What templates are rendered in."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any

from flask.templating import Environment


class PageEnvironment(Environment):
    """All templates share one dictionary of globals.

    Jinja gives each template a chain of two, and a page imports macros from a dozen templates: each time it compared
    their globals name by name, which took a twentieth of a page.
    """

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return super().make_globals(d) if d else self.globals
