"""The published schema files, one per kind."""

from __future__ import annotations

import json
from collections.abc import Mapping

from amparo.metadata.kinds import APPLICATION_KIND, KINDS


def schema_files() -> Mapping[str, str]:
    """File name -> text, for ``docs/schemas``."""
    return {
        f"{kind.name}.schema.json": json.dumps(kind.schema, indent=2, ensure_ascii=False) + "\n"
        for kind in (APPLICATION_KIND, *KINDS)
    }
