"""A real PostgreSQL for the length of a test run, reached by a Unix socket only."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from servers.processes import (
    ServerProcess,
    account_without_root,
    make_server_folder,
    memory_folder,
    remove_server_folder,
)
from servers.programs import Program

SUPERUSER = "postgres"


class PostgresServer:
    """One cluster in a folder of its own.

    ``durable`` turns fsync on, for tests and benchmarks that measure or break a disk write. Passwords are
    checked (SCRAM), so a login role that may not open a schema is refused here as in production; only a durable
    server hashes them as often as in production, which takes longer than everything else about a connection,
    and only a durable one is sure to keep its data on a disk.
    """

    def __init__(self, program: Program, *, durable: bool = False) -> None:
        self.folder = make_server_folder(program.name)
        self._kept = make_server_folder(program.name, None if durable else memory_folder())
        self.password = secrets.token_hex(16)
        programs = copy_programs(program.path, self.folder)
        self._create_cluster(programs, int(program.version.split(".")[0]), durable)
        self._command = [str(programs / "postgres"), "-D", str(self._kept / "data"), *self._settings(durable)]
        self.start()

    def start(self) -> None:
        """Again too, after :meth:`shut_down`, with what it holds."""
        self._server = ServerProcess(self._command, self.folder)
        self._server.wait_until(self._answers)

    def _create_cluster(self, programs: Path, major: int, durable: bool) -> None:
        password_file = self.folder / "password"
        password_file.write_text(self.password)
        if major >= 17:
            locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        else:
            locale = ["--locale=C.UTF-8"]
        command = [
            str(programs / "initdb"),
            f"--pgdata={self._kept / 'data'}",
            f"--username={SUPERUSER}",
            f"--pwfile={password_file}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--no-sync",
            *locale,
            *(["--set=scram_iterations=1"] if major >= 16 and not durable else []),
        ]
        subprocess.run(
            command,
            cwd=self.folder,
            check=True,
            stdout=subprocess.DEVNULL,
            env={"PATH": os.environ["PATH"], "LANG": "C"},
            **account_without_root(),
        )

    def _settings(self, durable: bool) -> list[str]:
        flush = "on" if durable else "off"
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.folder),
            "max_connections": "200",
            "shared_buffers": "128MB",
            "max_wal_size": "256MB",
            "fsync": flush,
            "synchronous_commit": flush,
            "full_page_writes": flush,
            "timezone": "UTC",
        }
        return [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.url("postgres"), connect_timeout=5).close()
        except psycopg.OperationalError:
            return False
        return True

    def url(self, database: str) -> str:
        """The URL of ``database`` for the superuser, as AMPARO_DATABASE_URL would hold it."""
        return f"postgresql://{SUPERUSER}:{self.password}@/{database}?host={quote(str(self.folder))}"

    @contextmanager
    def new_database(self) -> Iterator[str]:
        """The URL of an empty database. Afterwards it is gone, with the roles that were made meanwhile."""
        name = f"test_{secrets.token_hex(6)}"
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            roles_before = self._roles(connection)
            connection.execute(sql.SQL("CREATE DATABASE {} STRATEGY FILE_COPY").format(sql.Identifier(name)))
        try:
            yield self.url(name)
        finally:
            with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
                connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
                for role in self._roles(connection) - roles_before:
                    drop_unused_role(connection, role)

    def _roles(self, connection: psycopg.Connection) -> set[str]:
        return {row[0] for row in connection.execute("SELECT rolname FROM pg_roles")}

    def shut_down(self) -> None:
        """Ends it and every connection; nothing it holds is lost."""
        self._server.stop()

    def stop(self) -> None:
        self.shut_down()
        remove_server_folder(self._kept)
        remove_server_folder(self.folder)


def drop_unused_role(connection: psycopg.Connection, role: str) -> None:
    """Drop ``role`` unless another database, made in the meantime and still in use, needs it."""
    try:
        connection.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(role)))
    except psycopg.errors.DependentObjectsStillExist:
        return


def copy_programs(folder: Path, target: Path) -> Path:
    """The folder of executables to start: a copy when root's own packages are closed to other accounts."""
    package = folder.parent.parent
    libraries = package.with_name(f"{package.name}.libs")
    if os.geteuid() != 0 or not libraries.is_dir():
        return folder
    copied = target / package.name / folder.parent.name
    for part in ("lib", "share"):
        shutil.copytree(folder.parent / part, copied / part, symlinks=True)
    (copied / folder.name).mkdir()
    for name in ("initdb", "postgres"):
        shutil.copy2(folder / name, copied / folder.name / name)
    shutil.copytree(libraries, target / libraries.name, symlinks=True)
    return copied / folder.name
