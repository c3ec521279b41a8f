"""``python -m tools.bench.formulas``: the formulas of a large form, computed in a browser as slow as a phone."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from itertools import cycle
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from amparo.metadata.formulas.checking import check_formula
from amparo.metadata.formulas.shapes import FieldShape, ObjectShape, Shapes
from amparo.metadata.formulas.tree_json import tree_to_json
from amparo.metadata.formulas.value_types import ValueType
from amparo.runtime.settings import Settings
from amparo.runtime.web.manifest import BUILT, built_name
from factories.site import serving
from servers.programs import find_chromium

#: Of the processor, as Chromium's own tools do for a phone of the lower middle class.
THROTTLE = 4
FIELDS = 60
_ROUNDS = 60
_TYPES = (ValueType.NUMBER, ValueType.TEXT, ValueType.DATE, ValueType.PICKLIST, ValueType.BOOLEAN, ValueType.CURRENCY)
_VALUES: Mapping[ValueType, Any] = {
    ValueType.NUMBER: "17",
    ValueType.TEXT: "+855 12 345 678",
    ValueType.DATE: "2026-03-01",
    ValueType.PICKLIST: "open",
    ValueType.BOOLEAN: True,
    ValueType.CURRENCY: "1250.50",
}
#: What forms ask: conditions, sums, dates in order, texts in shape. ``{0}`` is a number, ``{1}`` a text and so on.
_KINDS = (
    'AND({0} >= 18, OR(ISPICKVAL({3}, "open"), ISPICKVAL({3}, "new")))',
    "IF(ISBLANK({2}), FALSE, {2} > TODAY())",
    "({0} + {5}) / 3 * 1.07",
    'AND(NOT(ISBLANK({1})), NOT(REGEX({1}, "[+]?[0-9 ]{{6,20}}")))',
    'CASE({3}, "new", 1, "open", 7, 30) + LEN({1})',
    "ROUND({5} * {0} / 12, 2) > 1000",
)
_MEASURING = """async ([address, trees, scope, rounds]) => {
    const { load } = await import(address);
    const formulas = await Promise.all(trees.map((tree) => load(tree, "as_blank")));
    const times = [];
    for (let round = 0; round < rounds; round += 1) {
        await new Promise((resolve) => setTimeout(resolve));
        const began = performance.now();
        const outcomes = formulas.map((formula) => formula(scope));
        times.push(performance.now() - began);
        const broken = outcomes.find((outcome) => !("value" in outcome));
        if (broken) throw new Error(JSON.stringify(broken));
    }
    return times;
}"""


def main() -> None:
    """Prints milliseconds for all formulas once: the first time, the median and the slowest of the others."""
    chromium = find_chromium()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        path = str(chromium.path) if chromium else None
        browser = playwright.chromium.launch(executable_path=path)
        with serving(Settings(home=Path(folder) / "home")) as address:
            page = browser.new_page()
            page.goto(f"{address}/sign-in")
            page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": THROTTLE})
            module = f"{address}/static/{BUILT}/{built_name('formulas.js')}"
            times: list[float] = page.evaluate(_MEASURING, [module, list(trees()), scope(), _ROUNDS])
        browser.close()
    first, *others = times
    median = sorted(others)[len(others) // 2]
    print(f"{FIELDS} formulas of a form of {FIELDS} fields, processor slowed {THROTTLE} times: ", end="")
    print(f"first {first:.1f} ms, then {median:.1f} ms, at most {max(others):.1f} ms")


def _fields() -> Mapping[str, ValueType]:
    return {f"field_{number}": type_ for number, type_ in zip(range(FIELDS), cycle(_TYPES), strict=False)}


def trees() -> Iterator[Any]:
    """Each kind of formula over the fields, six by six."""
    fields = _fields()
    shapes = Shapes({"form": ObjectShape("Form", {name: FieldShape(type_) for name, type_ in fields.items()})})
    names = list(fields)
    for start in range(0, FIELDS, len(_TYPES)):
        for kind in _KINDS:
            checked = check_formula(kind.format(*names[start:]), shapes, "form")
            if checked.tree is None:
                raise ValueError(checked.problems)
            yield tree_to_json(checked.tree)


def scope() -> Mapping[str, Any]:
    values = {name: _VALUES[type_] for name, type_ in _fields().items()}
    return {"values": values, "prior": None, "missing": {}, "now": "2026-03-31T18:30:15Z", "zone": "Asia/Phnom_Penh"}


if __name__ == "__main__":
    main()
