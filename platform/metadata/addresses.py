"""A postal address in parts, of which any may be unknown."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields


@dataclass(frozen=True, slots=True)
class Address:
    """Parts as text; one that is not known is empty.

    ``lines`` are the street and house, in one line or several; ``country`` is a code of ISO 3166-1.
    """

    lines: str = ""
    city: str = ""
    region: str = ""
    postcode: str = ""
    country: str = ""

    def __str__(self) -> str:
        """The canonical text: JSON of the known parts, sorted, without blanks."""
        known = {name: text for name, text in asdict(self).items() if text}
        return json.dumps(known, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @classmethod
    def parse(cls, text: str) -> Address:
        """The address of a canonical text."""
        return cls(**json.loads(text))

    def in_lines(self, country: str) -> list[str]:
        """As people write it on an envelope, with the country's name for its code."""
        town = f"{self.city} {self.postcode}".strip()
        return [line for line in (*self.lines.split("\n"), town, self.region, country) if line]


PARTS = tuple(each.name for each in fields(Address))
