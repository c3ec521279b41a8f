"""The published schema files, one per kind."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from amparo.metadata.kinds import APPLICATION_KIND, KINDS


def schema_files() -> Mapping[str, str]:
    """File name -> text, for ``docs/schemas``."""
    return {
        f"{kind.name}.schema.json": json.dumps(kind.schema, indent=2, ensure_ascii=False) + "\n"
        for kind in (APPLICATION_KIND, *KINDS)
    }


def write_schemas(folder: Path) -> None:
    """Write every schema into ``folder``, which is made when it is not there."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in schema_files().items():
        (folder / name).write_text(text, encoding="utf-8")
