"""``amparo worker``."""

from __future__ import annotations

import click

from amparo.runtime.settings import Settings


@click.command("worker")
@click.option("--burst", is_flag=True, help="Stop when nothing waits.")
def worker(burst: bool) -> None:
    """Work on imports and exports beside the server, until it is stopped.

    With Redis, as many workers as wanted share the work. Without, the server
    does it too and a worker is one more helping hand.

    \b
    Example:
      AMPARO_REDIS_URL=redis://127.0.0.1:6379/0 amparo worker
    """
    from amparo.runtime.jobs.worker import run_worker  # noqa: PLC0415 - it loads the clients of Redis

    run_worker(Settings.from_environment(), burst=burst)
