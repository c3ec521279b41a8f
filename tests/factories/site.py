"""A server with the demonstration in it, as tests in a browser see it."""

from __future__ import annotations

from dataclasses import dataclass

from amparo.runtime.access import Role
from amparo.runtime.demo.loading import SignIn


@dataclass(frozen=True)
class Site:
    """The server's address, and how each member of the demonstration's first organisation signs in."""

    url: str
    slug: str
    sign_ins: dict[Role, SignIn]

    def at(self, path: str) -> str:
        """The address of a page of the organisation."""
        return f"{self.url}/o/{self.slug}/{path}"
