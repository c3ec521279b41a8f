"""The ``amparo`` command."""

from __future__ import annotations

import click

from amparo import __version__
from amparo.admin.program import COMMANDS, LoadedCommands, Program
from amparo.runtime.collecting import collect_seldom


@click.group(
    cls=Program,
    commands=LoadedCommands({"serve": "amparo.serving:serve", **COMMANDS}),
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="amparo")
def main() -> None:
    """Run and look after Amparo.

    Where it keeps things, and which servers it uses, is said by settings in the
    environment (docs/administrators/settings.md).
    """
    collect_seldom()


if __name__ == "__main__":
    main(prog_name="amparo")
