"""Every package that the product imports is declared, so that an installation never lacks one."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

from servers.programs import ROOT

ROOMS = ("platform", "admin", "plugins")


def imported_packages() -> Iterator[tuple[str, Path]]:
    paths = [*(ROOT / "src" / "amparo").glob("*.py")]
    paths += [path for room in ROOMS for path in (ROOT / room).rglob("*.py")]
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                yield from ((alias.name.partition(".")[0], path) for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                yield str(node.module).partition(".")[0], path


def declared_distributions() -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    return {normalise(re.split(r"[^\w.-]", line, maxsplit=1)[0]) for line in project["dependencies"]}


def normalise(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_every_imported_package_is_a_declared_dependency() -> None:
    declared = declared_distributions()
    providers = packages_distributions()
    undeclared = {
        f"{package} in {path.relative_to(ROOT)}"
        for package, path in imported_packages()
        if package not in sys.stdlib_module_names
        and package != "amparo"
        and not declared.intersection(normalise(name) for name in providers.get(package, []))
    }
    assert undeclared == set()
