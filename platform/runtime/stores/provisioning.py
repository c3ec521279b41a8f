"""Where an organisation's store lies: its place is prepared, reached and dropped here.

Embedded, it is a SQLite file in a folder named by the organisation's
identifier, so that a new organisation with an old one's short name never meets
its files. On a server it is a PostgreSQL schema owned by a login role that is
member of no other role: a statement smuggled into one organisation's
connection cannot reach another (DESIGN D2).
"""

from __future__ import annotations

import secrets
import shutil
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, text

from amparo.runtime.file_keys import FileKey
from amparo.runtime.settings import Settings
from amparo.runtime.stores.engines import new_sqlite_engine, postgres_engine, postgres_url, sqlite_engine
from amparo.runtime.stores.sqlite_files import has_log, is_there

#: In the home: the folders of embedded organisations.
_ORGANISATIONS = "organisations"
#: What would do where the control store is lost.
_CONTROL_BACK = (
    "It knows the organisations of this home and who signs in: put it back with all files that lay beside it. If it is "
    f"lost, move the folder {_ORGANISATIONS} to another place and restore every organisation from its backup."
)


@dataclass(frozen=True, slots=True)
class Organisation:
    """A row of the control store."""

    id: uuid.UUID
    slug: str
    name: str
    database_role: str | None
    sealed_password: bytes | None


def schema_name(organisation: Organisation) -> str | None:
    """None on SQLite."""
    return f"org_{organisation.id.hex}" if organisation.database_role else None


def planned(settings: Settings, file_key: FileKey, identifier: uuid.UUID, slug: str, name: str) -> Organisation:
    """An organisation with the role and password that :func:`prepare_place` will make."""
    if not settings.database_url:
        return Organisation(identifier, slug, name, None, None)
    password = secrets.token_urlsafe(32)
    # Roles belong to the whole server: a copy of the organisation in another database needs another one.
    role = f"amparo_{identifier.hex}_{secrets.token_hex(4)}"
    return Organisation(identifier, slug, name, role, file_key.seal(password.encode(), identifier.bytes))


def control_engine(settings: Settings) -> Engine:
    """An engine that reaches the control store. Embedded, the first process in a new home makes its file."""
    if settings.database_url:
        return postgres_engine(postgres_url(settings.database_url))
    path = settings.home / "control.sqlite"
    folder = settings.home / _ORGANISATIONS
    is_lost = has_log(path) or (folder.is_dir() and any(folder.iterdir()))
    if is_there(path) or is_lost:
        return sqlite_engine(path, _CONTROL_BACK)
    return new_sqlite_engine(path, _CONTROL_BACK)


def prepare_place(settings: Settings, file_key: FileKey, control: Engine, organisation: Organisation) -> Engine:
    """The role and the empty schema, or SQLite's file. Gives the engine that reaches them."""
    role = organisation.database_role
    if role is None:
        return new_sqlite_engine(_file(settings, organisation), _way_back(organisation))
    password = _password(file_key, organisation)
    with control.begin() as connection:
        database = _database(connection)
        # Hexadecimal characters, and base64 with dollars and colons, only.
        connection.exec_driver_sql(f"CREATE ROLE {role} LOGIN PASSWORD '{_verifier(connection, role, password)}'")
        connection.exec_driver_sql(f"GRANT CREATE, CONNECT ON DATABASE {database} TO {role}")
    engine = store_engine(settings, file_key, organisation)
    try:
        with engine.begin() as connection:
            connection.exec_driver_sql(f"CREATE SCHEMA {schema_name(organisation)}")
        with control.begin() as connection:
            connection.exec_driver_sql(f"REVOKE CREATE ON DATABASE {database} FROM {role}")
    except BaseException:
        engine.dispose()
        raise
    return engine


def _verifier(connection: Connection, role: str, password: str) -> str:
    """What the server keeps of a password: statements stand in its log where it logs them, and among its activity."""
    driver: Any = connection.connection.driver_connection
    return bytes(driver.pgconn.encrypt_password(password.encode(), role.encode())).decode("ascii")


def store_engine(settings: Settings, file_key: FileKey, organisation: Organisation) -> Engine:
    """An engine that reaches this organisation's store and no other."""
    if organisation.database_role is None:
        return sqlite_engine(_file(settings, organisation), _way_back(organisation))
    return postgres_engine(_role_url(settings, file_key, organisation))


def drop_place(settings: Settings, file_key: FileKey, control: Engine, organisation: Organisation) -> None:
    """Everything :func:`prepare_place` made and what was put there, also when it was only half made."""
    role = organisation.database_role
    if role is None:
        shutil.rmtree(_folder(settings, organisation), ignore_errors=True)
        return
    with control.connect() as connection:
        known = text("SELECT 1 FROM pg_roles WHERE rolname = :role")
        if connection.scalar(known, {"role": role}) is None:
            return
    engine = store_engine(settings, file_key, organisation)
    with engine.begin() as connection:
        connection.exec_driver_sql(f"DROP SCHEMA IF EXISTS {schema_name(organisation)} CASCADE")
    engine.dispose()
    with control.begin() as connection:
        connection.exec_driver_sql(f"REVOKE ALL ON DATABASE {_database(connection)} FROM {role}")
        connection.exec_driver_sql(f"DROP ROLE {role}")


def _database(connection: Connection) -> str:
    name = connection.scalar(text("SELECT current_database()"))
    return connection.dialect.identifier_preparer.quote_identifier(str(name))


def _role_url(settings: Settings, file_key: FileKey, organisation: Organisation) -> URL:
    password = _password(file_key, organisation)
    return postgres_url(settings.database_url or "").set(username=organisation.database_role, password=password)


def _password(file_key: FileKey, organisation: Organisation) -> str:
    return file_key.unseal(organisation.sealed_password or b"", organisation.id.bytes).decode()


def _way_back(organisation: Organisation) -> str:
    slug = organisation.slug
    return (
        "Put it back with all files that lay beside it. If it is lost, restore the organisation from its backup, "
        f"after: amparo org remove {slug}"
    )


def _file(settings: Settings, organisation: Organisation) -> Path:
    return _folder(settings, organisation) / "store.sqlite"


def _folder(settings: Settings, organisation: Organisation) -> Path:
    return settings.home / _ORGANISATIONS / organisation.id.hex
