"""Runs a command with an empty database of the newest PostgreSQL there is: ``python -m servers.lending COMMAND``.

From the root of the repository, with ``tests`` on the path. A database that AMPARO_DATABASE_URL names is used instead.
"""

from __future__ import annotations

import os
import subprocess
import sys

from servers.databases import Databases


def main() -> int:
    command = sys.argv[1:]
    if os.environ.get("AMPARO_DATABASE_URL"):
        return subprocess.call(command)
    databases = Databases()
    try:
        with databases.open("postgresql18") as url:
            return subprocess.call(command, env={**os.environ, "AMPARO_DATABASE_URL": str(url)})
    finally:
        databases.stop()


if __name__ == "__main__":
    sys.exit(main())
