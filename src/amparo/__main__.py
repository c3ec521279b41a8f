"""The ``amparo`` command."""

from __future__ import annotations

import click

from amparo import __version__


@click.group()
@click.version_option(__version__, prog_name="amparo")
def main() -> None:
    """Run and look after Amparo."""


if __name__ == "__main__":
    main()
