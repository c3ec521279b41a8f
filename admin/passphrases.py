"""Where a backup's passphrase comes from: a file, the environment, or whoever types the command."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

_Command = TypeVar("_Command", bound=Callable[..., Any])
VARIABLE = "AMPARO_PASSPHRASE"


def passphrase_options(command: _Command) -> _Command:
    """Gives the command ``passphrase``, which is None when it is to be asked for, and ``passphrase_file``."""
    from_file = click.option(
        "--passphrase-file",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        help="File whose first line is the passphrase.",
    )
    # Never on the command line itself, where every user of the machine could read it.
    from_environment = click.option("--passphrase", envvar=VARIABLE, hidden=True, callback=_only_from_environment)
    return from_file(from_environment(command))


def _only_from_environment(context: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    """Raises :class:`click.BadParameter`."""
    given = context.get_parameter_source(str(parameter.name))
    if value is not None and given is click.core.ParameterSource.COMMANDLINE:
        raise click.BadParameter(f"Other users could read it here. Use {VARIABLE}, --passphrase-file, or type it.")
    return value


def chosen_passphrase(passphrase: str | None, passphrase_file: Path | None, *, is_new: bool) -> str:
    """``is_new``: it is asked for twice."""
    if passphrase_file is not None:
        return passphrase_file.read_text(encoding="utf-8").partition("\n")[0].rstrip("\r")
    if passphrase is not None:
        return passphrase
    return str(click.prompt("Passphrase of the backup", hide_input=True, confirmation_prompt=is_new))
