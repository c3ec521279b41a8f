"""Documentation that the code writes itself, so that it cannot go out of date.

``python -m tools.generated_docs write`` writes every file anew; ``check`` changes nothing and names
those that differ. To add one, name it and its whole text in ``generated_files``.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

from amparo.metadata.schemas.files import schema_files
from amparo.runtime.settings import TABLE
from amparo.runtime.transfer.mapping_files import mapping_schema_text
from tools.command_reference import command_page
from tools.field_type_page import field_type_page
from tools.formula_functions_page import formula_functions_page
from tools.standard_codes_page import standard_codes_page
from tools.template_page import template_page

ROOT = Path(__file__).resolve().parent.parent


def settings_page() -> str:
    rows = [
        f"| `{setting.variable}` | {f'`{setting.default}`' if setting.default else ''} | {setting.meaning} |"
        for setting in TABLE.values()
    ]
    return "\n".join(
        [
            "# Settings",
            "",
            "Amparo reads its settings from the environment when it starts. Every default works.",
            "",
            "| variable | default | meaning |",
            "|---|---|---|",
            *rows,
            "",
        ]
    )


def generated_files() -> Mapping[str, str]:
    """File, from the root of the repository -> its whole text."""
    return {
        "docs/administrators/commands.md": command_page(),
        "docs/administrators/settings.md": settings_page(),
        "docs/implementers/field-types.md": field_type_page(),
        "docs/implementers/formula-functions.md": formula_functions_page(),
        "docs/implementers/standard-codes.md": standard_codes_page(),
        "docs/implementers/standard-template.md": template_page(),
        **{f"docs/schemas/{name}": text for name, text in schema_files().items()},
        "docs/schemas/mapping.schema.json": mapping_schema_text(),
    }


def main(arguments: list[str]) -> int:
    if arguments == ["write"]:
        write_all()
        return 0
    if arguments == ["check"]:
        stale = find_stale()
        for name in stale:
            print(f"{name} is out of date; run: make docs")
        return 1 if stale else 0
    print(__doc__)
    return 2


def write_all() -> None:
    for name, text in generated_files().items():
        path = ROOT / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def find_stale() -> list[str]:
    """The generated files whose text is not what the code would write today."""
    return [name for name, text in generated_files().items() if read_if_there(ROOT / name) != text]


def read_if_there(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.is_file() else None


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
