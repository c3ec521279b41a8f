"""What every command has in common."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from amparo import __version__
from amparo.__main__ import main


def commands(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))
        else:
            yield (*path, name), command


@pytest.mark.parametrize("path", [path for path, _ in commands(main)], ids=" ".join)
def test_every_command_explains_itself_with_an_example(path: tuple[str, ...]) -> None:
    shown = CliRunner().invoke(main, [*path, "--help"], prog_name="amparo")
    assert shown.exit_code == 0
    assert f"amparo {' '.join(path)}" in shown.output.partition("Example:")[2]


def test_every_option_has_a_help_text() -> None:
    silent = [
        (path, option.name)
        for path, command in commands(main)
        for option in command.params
        if isinstance(option, click.Option) and not option.hidden and not option.help
    ]
    assert silent == []


def test_a_command_stands_under_its_own_name() -> None:
    assert [command.name for command in main.commands.values()] == list(main.commands)


def test_the_server_waits_for_nothing_that_only_other_commands_need() -> None:
    ask = "import sys; from amparo.__main__ import main; main.commands['serve']; print(*sys.modules)"
    answer = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True)
    loaded = set(answer.stdout.split())
    assert "amparo.app" in loaded
    assert loaded.isdisjoint({"lark", "re2", "jsonschema", "alembic", "amparo.runtime.demo.loading"})


def test_the_version_is_told() -> None:
    assert CliRunner().invoke(main, ["--version"], prog_name="amparo").output == f"amparo, version {__version__}\n"


def test_a_word_that_is_no_command_is_a_usage_error() -> None:
    assert CliRunner().invoke(main, ["nonsense"]).exit_code == 2
    assert CliRunner().invoke(main, ["org", "create"]).exit_code == 2


@pytest.mark.parametrize(
    ("variable", "value", "sentence"),
    [
        ("AMPARO_PORT", "eighty", "AMPARO_PORT: 'eighty' is not a whole number"),
        ("AMPARO_DATABASE_URL", "postgresql://127.0.0.1:9/none", "The database cannot be used"),
        ("AMPARO_FILE_KEY", __file__, "does not hold 64 hexadecimal digits"),
    ],
)
def test_a_setting_that_cannot_be_used_is_one_sentence(
    tmp_path: Path, variable: str, value: str, sentence: str
) -> None:
    environment = {"AMPARO_HOME": str(tmp_path), "AMPARO_DATABASE_URL": None, variable: value}
    result = CliRunner(env=environment).invoke(main, ["org", "list"])
    assert result.exit_code == 1
    assert sentence in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_a_store_that_is_no_database_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "control.sqlite").write_text("not a database, and longer than a header of one " * 10)
    result = CliRunner(env={"AMPARO_HOME": str(tmp_path), "AMPARO_DATABASE_URL": None}).invoke(main, ["org", "list"])
    assert result.exit_code == 1
    told = "Error: The database cannot be used: file is not a database. A file is damaged. "
    assert result.stderr == f"{told}Keep it, and restore the organisation from its backup.\n"
