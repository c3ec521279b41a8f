"""Whether this process can do its work, for whoever watches the server."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from amparo.runtime.web.routing import Pages
from amparo.runtime.web.sessions import organisations

pages = Pages("health", __name__)


@pages.route("/health", public=True)
def health() -> ResponseReturnValue:
    """503 comes from the table of errors, when the control store does not answer."""
    organisations().list()
    return {"state": "well"}
