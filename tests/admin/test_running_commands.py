"""The demonstration, the server and the worker by command."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from urllib.request import urlopen

import pytest

from amparo.admin.installation import DEMO_SIGN_INS
from amparo.runtime.access import operator_actor
from amparo.runtime.jobs.queueing import enqueue
from amparo.runtime.jobs.states import JobState
from amparo.runtime.people import sign_in
from amparo.runtime.settings import Settings
from amparo.runtime.stores.organisations import Organisations
from amparo.runtime.transfer.jobs import import_submission
from amparo.runtime.transfer.mapping import ColumnMapping, ImportMapping
from factories.command_line import Amparo, command_line
from servers.processes import PATIENCE_SECONDS
from servers.programs import ROOT


def test_a_worker_does_what_waits(amparo: Amparo, clinic: str, organisations: Organisations) -> None:
    store = organisations.open(clinic)
    mapping = ImportMapping({"name": ColumnMapping("name")})
    submission = import_submission(operator_actor(), "person", b"name\nDara\nMali\n", mapping)
    with store.engine.begin() as connection:
        job = enqueue(connection, store, operator_actor(), *submission)
    amparo("worker", "--burst")
    table = store.tables.job
    with store.engine.connect() as connection:
        row = connection.execute(table.select().where(table.c.id == job)).one()
    assert (row.state, row.done) == (JobState.DONE, 2)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


#: The server that waits for a silent visitor one second.
IMPATIENT = "import amparo.serving as serving; serving.LONGEST_SILENCE_SECONDS = 1; serving.serve()"


@contextmanager
def serving(home: Path, *program: str) -> Iterator[tuple[subprocess.Popen[str], list[str]]]:
    """The server's process and what it printed up to its address."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "AMPARO_HOME": str(home), "AMPARO_DATABASE_URL": ""}
    command = [sys.executable, *(program or ("-m", "amparo", "serve")), "--port", "0"]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True, start_new_session=True)
    assert process.stdout is not None
    try:
        lines: list[str] = []
        while not lines or not lines[-1].startswith("Amparo is at "):
            line = process.stdout.readline()
            assert line, lines
            lines.append(line.rstrip())
        yield process, lines
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate(timeout=PATIENCE_SECONDS)


def test_a_new_home_is_served_and_the_server_stops_when_asked(home: Path) -> None:
    with serving(home) as (process, lines):
        address = lines[-1].split()[-1]
        with urlopen(f"{address}/sign-in", timeout=PATIENCE_SECONDS) as page:
            assert page.status == 200
        process.terminate()
        assert process.wait(timeout=PATIENCE_SECONDS) == 0


def test_an_address_with_many_conditions_in_khmer_is_taken(home: Path) -> None:
    with serving(home) as (_, lines):
        address = lines[-1].split()[-1]
        with urlopen(f"{address}/sign-in?asked={'x' * 8000}", timeout=PATIENCE_SECONDS) as page:
            assert page.status == 200


@pytest.mark.parametrize(
    "begun",
    [
        "GET /sign-in HTTP/1.1\r\nHost: x\r\nX-Begun: ",
        "POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=x\r\n"
        "Content-Length: 500\r\n\r\n--x",
    ],
    ids=["head", "body"],
)
def test_phones_that_fall_silent_in_the_middle_of_a_form_hold_nobody_up(home: Path, begun: str) -> None:
    threads = Settings(home).workers * Settings(home).threads
    with serving(home, "-c", IMPATIENT) as (_, lines), ExitStack() as phones:
        address = lines[-1].split()[-1]
        host, _, port = address.split("//")[1].partition(":")
        for _ in range(2 * threads):
            phone = phones.enter_context(socket.create_connection((host, int(port)), timeout=PATIENCE_SECONDS))
            phone.sendall(begun.encode())
        with urlopen(f"{address}/sign-in", timeout=PATIENCE_SECONDS) as page:
            assert page.status == 200


def test_a_port_that_is_taken_is_refused_with_what_would_do(home: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        refused = command_line(Settings(home=home))("serve", "--host", "127.0.0.1", "--port", str(port), status=1)
    assert f"Cannot listen on 127.0.0.1:{port}" in refused.stderr
    assert "--port" in refused.stderr


def test_an_organisation_whose_store_is_lost_does_not_keep_the_others_from_being_served(home: Path) -> None:
    organisations = Organisations(Settings(home=home))
    lost, whole = organisations.create("lost", "Lost"), organisations.create("whole", "Whole")
    organisations.close()
    shutil.rmtree(home / "organisations" / lost.id.hex)
    with serving(home) as (_, lines), urlopen(f"{lines[-1].split()[-1]}/health", timeout=PATIENCE_SECONDS) as page:
        assert page.status == 200
    shutil.rmtree(home / "organisations" / whole.id.hex)
    refused = command_line(Settings(home=home))("serve", "--port", "0", status=1).stderr
    assert [line.partition(": The store")[0] for line in refused.splitlines()] == ["Error: lost", "whole"]


@pytest.mark.slow
def test_the_demonstration_says_how_to_sign_in_and_the_server_says_it_again(home: Path) -> None:
    settings = Settings(home=home)
    amparo = command_line(settings)
    printed = amparo("demo", "--cases", "9").stdout.splitlines()
    rows = [line.split() for line in printed[3:]]
    assert len(rows) == 8
    kept = home / DEMO_SIGN_INS
    assert kept.read_text(encoding="utf-8").splitlines() == printed
    assert kept.stat().st_mode & 0o777 == 0o600
    organisations = Organisations(settings)
    *_, login, password = rows[0]
    assert isinstance(sign_in(organisations, login, password).id, uuid.UUID)
    organisations.close()
    assert "already an organisation" in amparo("demo", status=1).stderr
    with serving(home) as (_, lines):
        assert lines[: len(printed)] == printed


def test_an_upload_that_is_too_large_is_refused_before_it_is_sent(home: Path) -> None:
    """100 MB are announced and nothing of them is sent: the answer is there all the same."""
    with serving(home) as (_, lines):
        host, _, port = lines[-1].split("//")[1].partition(":")
        with socket.create_connection((host, int(port)), timeout=PATIENCE_SECONDS) as connection:
            head = f"POST /sign-in HTTP/1.1\r\nHost: {host}\r\nContent-Length: {100 * 1024 * 1024}\r\n"
            connection.sendall(f"{head}Content-Type: multipart/form-data; boundary=x\r\n\r\n--x\r\n".encode())
            answer = b""
            while b"</html>" not in answer:
                piece = connection.recv(65536)
                assert piece, answer
                answer += piece
        assert answer.startswith(b"HTTP/1.1 413 ")
        assert b"At most 50 MB can be sent at once." in answer


def test_a_browser_that_sends_it_all_the_same_still_gets_the_answer(home: Path) -> None:
    with serving(home) as (_, lines):
        host, _, port = lines[-1].split("//")[1].partition(":")
        connection = HTTPConnection(host, int(port), timeout=PATIENCE_SECONDS)
        connection.request("POST", "/sign-in", bytes(100 * 1024 * 1024), {"Content-Type": "multipart/form-data"})
        answer = connection.getresponse()
        assert answer.status == 413
        assert b"what you typed is kept in this tab" in answer.read()
        connection.close()
