"""A real Redis (or Valkey) for the length of a test run, reached by a Unix socket only."""

from __future__ import annotations

import redis

from servers.absence import report_absence
from servers.processes import ServerProcess, make_server_folder, remove_server_folder
from servers.programs import Program, find_redis


class RedisServer:
    def __init__(self, program: Program) -> None:
        self.folder = make_server_folder("redis")
        socket = self.folder / "redis.sock"
        self.url = f"unix://{socket}"
        options = ["--port", "0", "--unixsocket", str(socket), "--save", "", "--appendonly", "no"]
        self._command = [str(program.path), *options]
        self.start()

    def start(self) -> None:
        """Again too, after :meth:`shut_down`, with nothing in it."""
        self._server = ServerProcess(self._command, self.folder, keeps_root=True)
        self._server.wait_until(self._answers)

    def _answers(self) -> bool:
        with redis.Redis.from_url(self.url) as client:
            try:
                return bool(client.ping())
            except redis.ConnectionError:
                return False

    def empty(self) -> None:
        """Forget everything, so that no test sees the jobs of another."""
        with redis.Redis.from_url(self.url) as client:
            client.flushall()

    def shut_down(self) -> None:
        self._server.stop()

    def stop(self) -> None:
        self.shut_down()
        remove_server_folder(self.folder)


def start_redis() -> RedisServer:
    program = find_redis()
    if program is None:
        report_absence("a Redis or Valkey server")
    return RedisServer(program)
