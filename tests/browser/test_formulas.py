"""Formulas computed inside a page, under the policy that every page has."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from amparo.admin.javascript_engine import scope_to_json
from amparo.metadata.formulas.checking import check_formula
from amparo.metadata.formulas.tree_json import tree_to_json
from amparo.runtime.settings import Settings
from amparo.runtime.web.manifest import BUILT, STATIC_FOLDER, built_name
from factories.formula_vectors import Vector, vectors
from factories.formulas import SHAPES
from factories.site import serving

_MOST_BYTES = 25_000
#: The modules that pages may import; what they import is found by the browser.
_LOADING = """async ([address, tree]) => {
    const { load } = await import(address);
    await load(tree, "as_blank");
}"""
_COMPUTING = """async ([address, asked]) => {
    const { load, valueToJson } = await import(address);
    const compute = async ({ tree, blanks, scope }) => {
        const outcome = (await load(tree, blanks))(scope);
        return "value" in outcome ? valueToJson(outcome.value) : outcome;
    };
    return Promise.all(asked.map(compute));
}"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(Settings(home=tmp_path_factory.mktemp("formulas") / "home")) as url:
        yield url


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """One whose browser stands in another time zone and language, neither of which may matter."""
    context = browser.new_context(timezone_id="America/New_York", locale="tr-TR")
    page = context.new_page()
    page.goto(f"{address}/sign-in")
    yield page
    context.close()


@pytest.fixture
def module(address: str) -> str:
    return f"{address}/static/{BUILT}/{built_name('formulas.js')}"


def tree_of(formula: str) -> Any:
    checked = check_formula(formula, SHAPES, "case")
    assert checked.tree is not None, checked.problems
    return tree_to_json(checked.tree)


def asked(vector: Vector) -> dict[str, Any]:
    return {
        "tree": tree_to_json(vector.tree),
        "blanks": vector.blanks.value,
        "scope": scope_to_json(vector.scope),
    }


def shown(outcome: Any) -> Any:
    return {"error": outcome["error"]} if isinstance(outcome, dict) and "error" in outcome else outcome


def test_a_page_gives_what_every_vector_expects(page: Page, module: str) -> None:
    chosen = [vector for vector in vectors() if "javascript" not in vector.left_by]
    outcomes = page.evaluate(_COMPUTING, [module, [asked(vector) for vector in chosen]])
    found = {
        (vector.formula, str(vector.values)): shown(outcome) for vector, outcome in zip(chosen, outcomes, strict=True)
    }
    assert found == {(vector.formula, str(vector.values)): vector.expected for vector in chosen}
    assert len(chosen) > 250


def test_the_policy_of_the_page_forbids_to_make_code_of_texts(page: Page) -> None:
    # What the test itself sends may; what runs after it may not, as the evaluator behind its import.
    made = "try { resolve(new Function('return 1')()); } catch (error) { resolve(error.name); }"
    assert page.evaluate(f"() => new Promise((resolve) => setTimeout(() => {{ {made} }}))") == "EvalError"


def test_functions_load_when_a_formula_uses_one_of_their_family(page: Page, module: str) -> None:
    loaded: list[str] = []
    page.on("request", lambda request: loaded.append(re.sub(r"-[A-Z0-9]+\.js$", "", Path(request.url).name)))
    page.evaluate(_LOADING, [module, tree_of('AND(age >= 18, ISPICKVAL(status, "open"))')])
    assert [name for name in loaded if name != "chunk"] == ["formulas"]
    page.evaluate(_LOADING, [module, tree_of("LEN(summary) > 3")])
    assert loaded[-1] == "text"
    page.evaluate(_LOADING, [module, tree_of("IF(REGEX(phone, '[0-9]+'), TODAY() - opened_on, ROUND(costs, 2))")])
    assert {"regular_expressions", "dates", "math"} <= set(loaded)
    assert not {"geolocation", "json_values"} & set(loaded)


def test_a_page_knows_which_answers_a_formula_reads(page: Page, module: str) -> None:
    formulas = {
        "AND(opened_on < TODAY(), owner <> $User.id)": ["opened_on", "owner", "$User.id"],
        "LEN(summary & summary) > PRIORVALUE(age)": ["summary", "age"],
    }
    asking = """async ([address, trees]) => {
        const { fieldsRead } = await import(address);
        return trees.map((tree) => [...fieldsRead(tree)]);
    }"""
    found = page.evaluate(asking, [module, [tree_of(formula) for formula in formulas]])
    assert found == list(formulas.values())


def test_all_of_it_is_small() -> None:
    own = [path for path in (STATIC_FOLDER / BUILT).glob("*.js") if path.name != built_name("app.js")]
    assert len(own) > 6
    assert sum(len(gzip.compress(path.read_bytes(), 9)) for path in own) <= _MOST_BYTES
