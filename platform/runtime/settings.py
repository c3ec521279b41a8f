"""Settings: read once from the environment, documented in one table (``docs/administrators/settings.md``)."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any


class SettingError(Exception):
    """A setting has a value that cannot be used."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One row of the settings table."""

    variable: str
    default: str
    meaning: str
    least: int = 0


#: attribute of :class:`Settings` -> its row.
TABLE: Mapping[str, Setting] = {
    "home": Setting("AMPARO_HOME", "./amparo-home", "Folder of the embedded stores, files and keys."),
    "database_url": Setting(
        "AMPARO_DATABASE_URL", "", "PostgreSQL 15 to 18 (`postgresql://…`). Empty: one SQLite file per organisation."
    ),
    "redis_url": Setting("AMPARO_REDIS_URL", "", "Redis for RQ workers. Empty: jobs run in a thread of the server."),
    "file_key": Setting(
        "AMPARO_FILE_KEY", "", "File of the key that wraps all organisations' keys. Empty: `keys/file.key` in the home."
    ),
    "files": Setting(
        "AMPARO_FILES",
        "",
        "Folder of the files that records hold, encrypted; one that all machines share. Empty: `files` in the home.",
    ),
    "secret_key": Setting(
        "AMPARO_SECRET_KEY", "", "Signs session cookies. Empty: made once, kept in `keys/session.key` in the home."
    ),
    "host": Setting("AMPARO_HOST", "127.0.0.1", "Address that `amparo serve` listens on."),
    "port": Setting("AMPARO_PORT", "8000", "Port that `amparo serve` listens on."),
    "workers": Setting("AMPARO_WORKERS", "2", "Web server processes of `amparo serve`."),
    "threads": Setting("AMPARO_THREADS", "4", "Threads in each web server process."),
    "engine_limit": Setting("AMPARO_ENGINE_LIMIT", "64", "Organisation stores a process keeps open."),
    "secure_cookies": Setting(
        "AMPARO_SECURE_COOKIES",
        "auto",
        "`yes`: cookies over HTTPS only; `no`; `auto`: yes unless listening on loopback.",
    ),
    "upload_limit": Setting(
        "AMPARO_UPLOAD_LIMIT", "52428800", "Largest upload in bytes; what is larger is refused before it is read."
    ),
    "session_idle_minutes": Setting(
        "AMPARO_SESSION_IDLE_MINUTES", "120", "Somebody who opens no page for so long has to sign in again.", least=1
    ),
    "session_hours": Setting(
        "AMPARO_SESSION_HOURS", "12", "Everybody signs in again after so long, however busy they are.", least=1
    ),
    "trusted_proxies": Setting(
        "AMPARO_TRUSTED_PROXIES",
        "0",
        "Web servers in front, one after the other, that write `X-Forwarded-For`; the address it names is slowed down "
        "when it guesses passwords. With 0 the header is not believed.",
    ),
}


@dataclass(frozen=True, slots=True)
class Settings:
    """Values of the settings. Build with :meth:`from_environment`."""

    home: Path
    database_url: str | None = None
    redis_url: str | None = None
    file_key: Path | None = None
    files: Path | None = None
    secret_key: str | None = None
    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 2
    threads: int = 4
    engine_limit: int = 64
    secure_cookies: str = "auto"
    upload_limit: int = 52_428_800
    session_idle_minutes: int = 120
    session_hours: int = 12
    trusted_proxies: int = 0

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Settings:
        """Raises :class:`SettingError` naming the variable, its value and what would do."""
        values: dict[str, Any] = {}
        for attribute in fields(cls):
            row = TABLE[attribute.name]
            text = environment.get(row.variable, "") or row.default
            values[attribute.name] = _convert(row, str(attribute.type), text)
        return cls(**values)


def _convert(row: Setting, kind: str, text: str) -> Any:
    if kind == "int":
        if not text.strip().isdecimal() or int(text) < row.least:
            raise SettingError(
                f"{row.variable}: {text!r} is not a whole number of {row.least} or more. Use one like {row.default}."
            )
        return int(text)
    if kind.startswith("Path"):
        return Path(text).expanduser() if text else None
    if row.variable == "AMPARO_SECURE_COOKIES" and text not in {"yes", "no", "auto"}:
        raise SettingError(f"{row.variable}: {text!r} is not one of yes, no, auto.")
    if row.variable == "AMPARO_DATABASE_URL" and text and not text.startswith(("postgresql://", "postgres://")):
        scheme = text.split(":")[0]
        raise SettingError(f"{row.variable}: {scheme!r} is not supported. Use postgresql://…, or leave it empty.")
    return text or None
