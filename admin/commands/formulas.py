"""``amparo formula``."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import click

from amparo.admin.installation import organisation_store
from amparo.admin.javascript_engine import javascript_evaluator
from amparo.admin.printing import format_option, print_json
from amparo.admin.refusals import ProblemsFound
from amparo.admin.sql_engines import postgres_formulas, sqlite_formulas
from amparo.metadata.formulas.checking import check_formula
from amparo.metadata.formulas.conformance import Engine, Outcome, engine_of, python_engine, run_cases
from amparo.metadata.formulas.reading_aloud import read_aloud
from amparo.runtime.errors import NotPossible
from amparo.runtime.serializer.readings import ReadingWords


@contextmanager
def _python(now: dt.datetime, url: str | None) -> Iterator[Engine]:
    yield python_engine(now)


@contextmanager
def _javascript(now: dt.datetime, url: str | None) -> Iterator[Engine]:
    with javascript_evaluator() as evaluator:
        yield engine_of(evaluator.compile, now)


#: Each made with the moment that is now and the URL of a PostgreSQL, and closed after its cases.
_ENGINES: Mapping[str, Callable[[dt.datetime, str | None], AbstractContextManager[Engine]]] = {
    "python": _python,
    "javascript": _javascript,
    "sqlite": lambda now, url: sqlite_formulas(now),
    "postgresql": postgres_formulas,
}
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
#: Of an instance in the file.
_KEYS = {"name", "formula", "returntype", "fields", "cases"}


@click.group("formula")
def formula_commands() -> None:
    """Read formulas aloud, and prove the engines of the language."""


@formula_commands.command("conformance")
@click.argument("file", type=_FILE)
@click.option(
    "--engine", type=click.Choice(tuple(_ENGINES)), default="python", show_default=True, help="Which to prove."
)
@click.option("--database-url", envvar="AMPARO_DATABASE_URL", help="Of the PostgreSQL to prove: postgresql://…")
@format_option("table", "json")
def conformance(file: Path, engine: str, database_url: str | None, form: str) -> None:
    """Put the cases in FILE, in the form of Salesforce's goldfiles.json, to an engine.

    Every case counts twice: with blanks as zero and with blanks as blank. Prints every failure, and every case that
    was skipped with the reason. Ends with 1 when a case fails. The engine of browsers, javascript, runs on Node;
    sqlite and postgresql compute columns of a row, and write nothing.

    \b
    Example:
      amparo formula conformance goldfiles.json --engine javascript
    """
    try:
        with _ENGINES[engine](dt.datetime.now(dt.UTC), database_url) as prepare:
            outcomes = run_cases(_cases(file), prepare)
    except KeyError as missing:
        raise NotPossible(
            f"{file}: a field or a case has no {missing}. Give a list as goldfiles.json has it."
        ) from None
    counts = Counter(outcome.status for outcome in outcomes)
    shown = [outcome for outcome in outcomes if outcome.status != "passed"]
    if form == "json":
        numbers = {status: counts[status] for status in ("passed", "failed", "skipped")}
        print_json({"engine": engine, **numbers, "outcomes": [_content(outcome) for outcome in shown]})
    else:
        for outcome in shown:
            click.echo(_line(outcome))
        click.echo(f"{counts['passed']} passed, {counts['failed']} failed, {counts['skipped']} skipped")
    if counts["failed"]:
        raise ProblemsFound


@formula_commands.command("explain")
@click.argument("slug")
@click.argument("object_name", metavar="OBJECT")
@click.argument("formula")
@click.option("--language", default="en", show_default=True, help="Of the interface, in which it reads.")
def explain(slug: str, object_name: str, formula: str, language: str) -> None:
    """Say in words what a FORMULA on records of an OBJECT means, and what it yields.

    Labels are those of the release in force. Every problem is told with its line and column, and ends it with 1.

    \b
    Example:
      amparo formula explain riverside case 'AND(ISPICKVAL(status, "closed"), ISBLANK(closing_date))'
    """
    with organisation_store(slug) as store:
        release = store.newest_release()
    definition = release.object(object_name).definition
    checked = check_formula(formula, release.shapes, definition.name)
    for problem in checked.problems:
        click.echo(str(problem))
    tree = checked.faultless_tree
    if tree is None or tree.type is None:
        raise ProblemsFound
    words = ReadingWords(release.application, language)
    for line in read_aloud(tree, release.shapes, definition.name, words).lines():
        click.echo(line)
    click.echo(f"It yields: {tree.type.words}")


def _cases(file: Path) -> Sequence[Mapping[str, Any]]:
    """Raises :class:`NotPossible` for a file of another form."""
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except ValueError:
        raise NotPossible(f"{file} is not JSON. Give a file in the form of Salesforce's goldfiles.json.") from None
    if not isinstance(content, list) or not all(isinstance(each, dict) and each.keys() >= _KEYS for each in content):
        raise NotPossible(f"{file} holds no cases. Give a list of objects with {', '.join(sorted(_KEYS))}.")
    for place, each in enumerate(content, 1):
        if not _is_instance(each):
            advice = "Give texts, and lists of fields and cases, as goldfiles.json has them."
            raise NotPossible(f"{file}: object {place} holds something else than a formula with cases. {advice}")
    return content


def _is_instance(content: Mapping[str, Any]) -> bool:
    """Whether what has to be a text is one, and what has to be a list of objects."""
    lists = [content["fields"], content["cases"]]
    if not all(isinstance(each, list) and all(isinstance(one, dict) for one in each) for each in lists):
        return False
    texts = [content["formula"], content["returntype"]]
    texts += [each[key] for each in content["fields"] for key in ("devName", "dataType") if key in each]
    texts += [each.get("code") or "" for each in content["fields"]]
    texts += [each.get("inputs", "") for each in content["cases"]]
    return all(isinstance(text, str) for text in texts)


def _content(outcome: Outcome) -> Mapping[str, Any]:
    return {name: getattr(outcome, name) for name in outcome.__slots__}


def _line(outcome: Outcome) -> str:
    about = f"{outcome.status}: {outcome.name} {outcome.formula} with {outcome.inputs}, {outcome.blanks.value}"
    result = outcome.found if outcome.status == "skipped" else f"expected {outcome.expected}, found {outcome.found}"
    # Half a surrogate pair, which a file of cases may hold, cannot be printed.
    return f"{about}: {result}".encode(errors="backslashreplace").decode()
