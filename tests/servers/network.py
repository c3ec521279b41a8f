"""Keeps the tests on this machine."""

from __future__ import annotations

import ipaddress
import sys
from typing import Any


class ForeignConnectionError(RuntimeError):
    """A test reached for a host other than this machine."""


def refuse_foreign_connections() -> None:
    """From now on, a Python socket of this process that leaves the machine raises ForeignConnectionError."""
    sys.addaudithook(judge_event)


def judge_event(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "socket.connect" and isinstance(arguments[1], tuple):
        host = str(arguments[1][0])
        if not is_on_this_machine(host):
            raise ForeignConnectionError(f"Tests connect to this machine only, not to {host}")


def is_on_this_machine(host: str) -> bool:
    if host in ("localhost", ""):
        return True
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return False
