"""The command line as tests type it."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from click.testing import CliRunner, Result

from amparo.__main__ import main
from amparo.runtime.settings import Settings

PASSWORD = "four words of rain"


class Amparo(Protocol):
    """Runs a command as somebody types it."""

    def __call__(self, *arguments: str | Path, typed: str | None = None, status: int = 0) -> Result: ...


def command_line(settings: Settings) -> Amparo:
    """Asserts the exit status, and that no refusal is a traceback."""

    def run(*arguments: str | Path, typed: str | None = None, status: int = 0) -> Result:
        environment = {
            "AMPARO_HOME": str(settings.home),
            "AMPARO_DATABASE_URL": settings.database_url,
            "AMPARO_PASSPHRASE": None,
        }
        words = [str(argument) for argument in arguments]
        result = CliRunner(env=environment).invoke(main, words, input=typed, prog_name="amparo")
        assert result.exit_code == status, result.output
        assert "Traceback" not in result.output
        return result

    return run
