"""Runs a command with an empty database of PostgreSQL 18: ``python -m servers.lending COMMAND``.

From the root of the repository, with ``tests`` on the path. A database that AMPARO_DATABASE_URL names is used instead.
"""

from __future__ import annotations

import os
import subprocess
import sys

from servers.databases import start_postgres
from servers.programs import find_postgres


def main() -> int:
    command = sys.argv[1:]
    if os.environ.get("AMPARO_DATABASE_URL") or find_postgres(18) is None:
        return subprocess.call(command)
    server = start_postgres(18)
    try:
        with server.new_database() as url:
            return subprocess.call(command, env={**os.environ, "AMPARO_DATABASE_URL": url})
    finally:
        server.stop()


if __name__ == "__main__":
    sys.exit(main())
