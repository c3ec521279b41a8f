"""What people see when a command cannot do what it was asked: one plain sentence, and an exit status.

0: done. 1: problems were found, or the command was refused. 2: the command was typed wrongly.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click
from sqlalchemy.exc import DBAPIError

from amparo.admin.printing import print_problems
from amparo.runtime.errors import AmparoError, DefinitionProblems, InvalidAnswers
from amparo.runtime.outages import OUTAGES, is_outage_of_database, sentence_of
from amparo.runtime.settings import SettingError

PROBLEMS = 1


class ProblemsFound(Exception):
    """The command did its work and what it printed is bad news."""


@contextmanager
def told_plainly(context: click.Context) -> Iterator[None]:
    """Refusals of what is done meanwhile end the command with a sentence instead of a traceback."""
    try:
        yield
    except ProblemsFound:
        context.exit(PROBLEMS)
    except (DefinitionProblems, InvalidAnswers) as error:
        print_problems(error.problems, as_error=True)
        context.exit(PROBLEMS)
    except BrokenPipeError:
        # Whoever read the output has read enough; click ends the command quietly.
        raise
    except (AmparoError, SettingError) as error:
        refuse(context, str(error))
    except OUTAGES as error:
        # Faults of the program keep their traceback.
        if isinstance(error, DBAPIError) and not is_outage_of_database(error):
            raise
        refuse(context, sentence_of(error))


def refuse(context: click.Context, sentence: str) -> None:
    click.echo(f"Error: {sentence}", err=True)
    context.exit(PROBLEMS)


class GroupWithDefault(click.Group):
    """``amparo import ORG …`` is ``amparo import records ORG …``: one of the group's commands need not be named."""

    def __init__(self, *args: Any, default: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.default = default

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if args and args[0] not in (*self.commands, *ctx.help_option_names):
            args = [self.default, *args]
        return super().parse_args(ctx, args)
