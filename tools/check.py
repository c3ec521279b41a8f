"""Runs every check that needs no running server; all of them, so that one answer tells everything."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from tools.build_assets import install_node_packages

ROOT = Path(__file__).resolve().parent.parent
FRONT_END = ROOT / "platform" / "runtime" / "web" / "assets"
BIN = Path(sys.executable).parent


def checks() -> Mapping[str, Sequence[str]]:
    """Name -> command."""
    commands = {
        "style": [f"{BIN}/ruff", "check", "--quiet", "."],
        "layout": [f"{BIN}/ruff", "format", "--check", "--quiet", "."],
        "types": [f"{BIN}/mypy"],
        "types of tests and tools": [f"{BIN}/mypy", "tests", "tools"],
        "import contracts": [f"{BIN}/lint-imports"],
        "house rules": [sys.executable, "-m", "tools.house"],
        "templates": [sys.executable, "-m", "tools.templates"],
        "catalogues": [sys.executable, "-m", "tools.catalogues", "check"],
        "generated documentation": [sys.executable, "-m", "tools.generated_docs", "check"],
    }
    if any(FRONT_END.rglob("*.ts")):
        compiler = str(ROOT / "node_modules" / "typescript" / "bin" / "tsc")
        commands["types of the front end"] = [*install_node_packages(), compiler, "--noEmit"]
    return commands


def main() -> int:
    failed = [name for name, command in checks().items() if not passes(name, command)]
    if failed:
        print(f"\nFailed: {', '.join(failed)}")
        return 1
    print("\nEvery check passed")
    return 0


def passes(name: str, command: Sequence[str]) -> bool:
    """Run one check; print its output only when it fails."""
    started = time.monotonic()
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    verdict = "failed" if answer.returncode else "passed"
    print(f"{name:<26} {verdict} in {time.monotonic() - started:.1f} s", flush=True)
    if answer.returncode:
        print(answer.stdout, answer.stderr, sep="\n", flush=True)
    return answer.returncode == 0


if __name__ == "__main__":
    raise SystemExit(main())
