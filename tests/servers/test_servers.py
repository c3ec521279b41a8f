"""The servers and the browser that the other tests stand on."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest
import redis
from playwright.sync_api import Page

from factories.axe import violations
from servers.databases import POSTGRES_MAJORS, NewDatabase
from servers.network import ForeignConnectionError
from servers.processes import (
    ServerDidNotStartError,
    ServerProcess,
    make_server_folder,
    remove_server_folder,
)
from servers.programs import ROOT, find_postgres

INSTALLED = [kind for kind, major in POSTGRES_MAJORS.items() if find_postgres(major)]


@pytest.mark.parametrize("kind", INSTALLED)
def test_a_database_is_empty_and_gone_afterwards_with_its_roles(kind: str, new_database: NewDatabase) -> None:
    with new_database(kind) as url:
        assert url is not None
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("CREATE ROLE org_one LOGIN PASSWORD 'right'")
            connection.execute("CREATE SCHEMA org_one AUTHORIZATION org_one")
            tables = connection.execute("SELECT 1 FROM pg_tables WHERE schemaname = 'public'").fetchall()
    assert tables == []
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        psycopg.connect(url)
    with new_database(kind) as second, psycopg.connect(str(second)) as connection:
        assert connection.execute("SELECT 1 FROM pg_roles WHERE rolname = 'org_one'").fetchall() == []


def test_postgresql_checks_passwords(postgres_url: str) -> None:
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute("CREATE ROLE org_two LOGIN PASSWORD 'right'")
        target = connection.info.dsn
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(target, user="org_two", password="wrong")


def test_postgresql_is_of_the_version_that_the_kind_names(postgres_url: str) -> None:
    with psycopg.connect(postgres_url) as connection:
        assert connection.info.server_version // 10000 == 18


def test_a_database_is_given_in_every_kind(database_kind: str, database: str | None) -> None:
    assert (database is None) == (database_kind == "sqlite")


def test_redis_forgets_what_another_test_left(redis_url: str) -> None:
    with redis.Redis.from_url(redis_url) as client:
        assert client.dbsize() == 0
        client.set("left", "over")


def test_redis_forgot(redis_url: str) -> None:
    with redis.Redis.from_url(redis_url) as client:
        assert client.exists("left") == 0


def test_the_browser_shapes_a_page_and_axe_finds_a_planted_fault(page: Page, axe: Path) -> None:
    page.set_content("<!doctype html><title>Case</title><main><img src='data:,'></main>")
    assert any(each.startswith("image-alt: <img") for each in violations(page, axe))


def test_a_socket_that_would_leave_this_machine_is_refused() -> None:
    with socket.socket() as outward, pytest.raises(ForeignConnectionError, match=r"203\.0\.113\.1"):
        outward.connect(("203.0.113.1", 80))


def test_a_server_that_ends_at_once_shows_its_log(tmp_path: Path) -> None:
    server = ServerProcess(["sh", "-c", "echo no disk; exit 1"], tmp_path, keeps_root=True)
    with pytest.raises(ServerDidNotStartError, match="no disk"):
        server.wait_until(lambda: False)


def test_a_server_ends_with_tests_that_are_killed_and_its_folder_goes_at_the_next_start() -> None:
    code = (
        "import os, signal\n"
        "from servers.programs import find_redis\n"
        "from servers.redis_server import RedisServer\n"
        "server = RedisServer(find_redis())\n"
        "print(server.folder, flush=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    killed = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT / "tests", check=False
    )
    folder = Path(killed.stdout.strip())
    deadline = time.monotonic() + 60
    while listens(folder / "redis.sock") and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not listens(folder / "redis.sock")
    remove_server_folder(make_server_folder("next"))
    assert not folder.exists()


def listens(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as client:
        return client.connect_ex(str(path)) == 0
