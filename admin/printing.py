"""What commands print: tables for people, JSON for programs."""

from __future__ import annotations

import json
import sys
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

import click

from amparo.metadata.problems import Problem

_Command = TypeVar("_Command", bound=Callable[..., Any])


def format_option(*formats: str) -> Callable[[_Command], _Command]:
    """``--format``; the first one is the default."""
    return click.option(
        "--format",
        "form",
        type=click.Choice(formats),
        default=formats[0],
        show_default=True,
        help="Form of the output.",
    )


def print_rows(columns: Sequence[str], rows: Iterable[Sequence[Any]], form: str) -> None:
    """A table with a heading, or a JSON list of objects with the columns' names."""
    if form == "json":
        print_json([dict(zip(columns, row, strict=True)) for row in rows])
        return
    for line in table_lines([list(columns), *([_cell(value) for value in row] for row in rows)]):
        click.echo(line)


def print_json(content: Any) -> None:
    click.echo(json.dumps(content, indent=2, ensure_ascii=False, default=str))


def table_lines(rows: Sequence[Sequence[str]]) -> list[str]:
    """Columns as wide as their widest cell, two spaces between them."""
    widths = [max(_width(row[place]) for row in rows) for place in range(len(rows[0]))]
    return [
        "  ".join(cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)


def _width(text: str) -> int:
    """Places a text takes in a terminal: marks take none, wide characters two."""
    return sum(
        0 if unicodedata.category(char) in ("Mn", "Cf") else 2 if unicodedata.east_asian_width(char) in "WF" else 1
        for char in text
    )


def print_problems(problems: Iterable[Problem], form: str = "table", *, as_error: bool = False) -> None:
    """One line for each: where, what would do, and the kind in brackets."""
    if form == "json":
        print_json([problem_content(problem) for problem in problems])
        return
    for problem in problems:
        click.echo(str(problem), err=as_error)


def problem_content(problem: Problem) -> Mapping[str, Any]:
    return {"kind": problem.kind, "path": problem.path, "value": problem.value, "advice": problem.message}


@contextmanager
def shown_progress(what: str) -> Iterator[Callable[[int, int], None]]:
    """How much of ``what`` is done, for a person at a terminal; nothing where the output is read by a program."""
    is_terminal = sys.stderr.isatty()

    def show(done: int, total: int) -> None:
        if is_terminal:
            click.echo(f"\r{done:,} of {total:,} {what}", nl=False, err=True)

    yield show
    if is_terminal:
        click.echo(err=True)
