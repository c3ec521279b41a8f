"""The organisations of an installation: made, listed, opened and removed.

Embedded, each is a SQLite file. On a server each is a PostgreSQL schema with a
login role of its own that is member of no other role, so that a statement
smuggled into one organisation's connection cannot reach another (DESIGN D2).
"""

from __future__ import annotations

import re
import secrets
import shutil
import threading
import uuid
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, delete, insert, select, text

from amparo.runtime.errors import NotFound, NotPossible
from amparo.runtime.identifiers import new_identifier
from amparo.runtime.keys import OrganisationKeys, file_key, seal, unseal
from amparo.runtime.ledger.facts import GENESIS
from amparo.runtime.ledger.writing import clock_microseconds
from amparo.runtime.settings import Settings
from amparo.runtime.stores.control import ControlTables
from amparo.runtime.stores.engines import postgres_engine, postgres_url, sqlite_engine
from amparo.runtime.stores.migrating import migrate_control, migrate_organisation
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.tables import OrganisationTables

_SLUG = re.compile(r"[a-z][a-z0-9-]{1,30}")
CONTROL_SCHEMA = "amparo"


@dataclass(frozen=True, slots=True)
class Organisation:
    id: uuid.UUID
    slug: str
    name: str
    database_role: str | None
    sealed_password: bytes | None


class Organisations:
    """Keeps at most ``settings.engine_limit`` stores open. Make one per process, after workers fork."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.control = ControlTables(CONTROL_SCHEMA if settings.database_url else None)
        self.engine = self._control_engine()
        self._file_key = file_key(settings.file_key or settings.home / "keys" / "file.key")
        self._open: OrderedDict[str, OrganisationStore] = OrderedDict()
        self._lock = threading.Lock()

    def _control_engine(self) -> Engine:
        if self.settings.database_url:
            return postgres_engine(postgres_url(self.settings.database_url))
        return sqlite_engine(self.settings.home / "control.sqlite")

    def migrate(self) -> None:
        """Brings the control store and every organisation's store to this program's tables."""
        migrate_control(self.engine, self.control.schema)
        for organisation in self.list():
            migrate_organisation(self.open(organisation.slug).engine, _schema_name(organisation, self._on_postgres))

    @property
    def _on_postgres(self) -> bool:
        return self.settings.database_url is not None

    @contextmanager
    def _controlling(self) -> Iterator[Connection]:
        with self.engine.begin() as connection:
            yield connection

    def list(self) -> list[Organisation]:
        table = self.control.organisation
        with self._controlling() as connection:
            rows = connection.execute(select(table).where(table.c.state == "active").order_by(table.c.slug)).all()
        return [Organisation(r.id, r.slug, r.name, r.database_role, r.sealed_password) for r in rows]

    def find(self, slug: str) -> Organisation:
        """Raises :class:`NotFound`."""
        for organisation in self.list():
            if organisation.slug == slug:
                return organisation
        raise NotFound(f"There is no organisation {slug!r}.")

    def create(
        self,
        slug: str,
        name: str,
        *,
        identifier: uuid.UUID | None = None,
        keys: OrganisationKeys | None = None,
    ) -> OrganisationStore:
        """A new, empty store. ``identifier`` and ``keys`` are given when one is restored."""
        if not _SLUG.fullmatch(slug):
            raise NotPossible(
                f"{slug!r} cannot be an organisation's short name: use 2 to 31 small letters, digits and hyphens, "
                "beginning with a letter."
            )
        migrate_control(self.engine, self.control.schema)
        if any(organisation.slug == slug for organisation in self.list()):
            raise NotPossible(f"There is already an organisation {slug!r}.")
        organisation = self._prepare(identifier or new_identifier(), slug, name)
        keys = keys or OrganisationKeys.new()
        store = self._connect(organisation, keys)
        migrate_organisation(store.engine, store.schema)
        self._begin(store, keys)
        self._register(organisation)
        return self._keep(store)

    def _prepare(self, identifier: uuid.UUID, slug: str, name: str) -> Organisation:
        if not self._on_postgres:
            return Organisation(identifier, slug, name, None, None)
        role = f"amparo_{identifier.hex}"
        password = secrets.token_urlsafe(32)
        with self._controlling() as connection:
            database = connection.scalar(text("SELECT current_database()"))
            # Both parts are made here from hexadecimal and URL-safe characters only.
            connection.exec_driver_sql(f"CREATE ROLE {role} LOGIN PASSWORD '{password}'")
            connection.exec_driver_sql(f'GRANT CREATE, CONNECT ON DATABASE "{database}" TO {role}')
        organisation = Organisation(
            identifier, slug, name, role, seal(self._file_key, password.encode(), identifier.bytes)
        )
        engine = postgres_engine(self._role_url(organisation))
        with engine.begin() as connection:
            connection.exec_driver_sql(f"CREATE SCHEMA {_schema_name(organisation, True)}")
        engine.dispose()
        with self._controlling() as connection:
            connection.exec_driver_sql(f'REVOKE CREATE ON DATABASE "{database}" FROM {role}')
        return organisation

    def _role_url(self, organisation: Organisation) -> URL:
        sealed = organisation.sealed_password or b""
        password = unseal(self._file_key, sealed, organisation.id.bytes).decode()
        return self.engine.url.set(username=organisation.database_role, password=password)

    def _begin(self, store: OrganisationStore, keys: OrganisationKeys) -> None:
        tables = store.tables
        now = clock_microseconds()
        with store.engine.begin() as connection:
            connection.execute(insert(tables.head), {"one": 1, "tx": 0, "at": now, "release": 0, "hash": GENESIS})
            for number, wrapped in keys.wrapped_by(self._file_key, store.id).items():
                connection.execute(insert(tables.key), {"number": number, "wrapped": wrapped, "created_at": now})

    def _register(self, organisation: Organisation) -> None:
        with self._controlling() as connection:
            connection.execute(
                insert(self.control.organisation),
                {
                    "id": organisation.id,
                    "slug": organisation.slug,
                    "name": organisation.name,
                    "database_role": organisation.database_role,
                    "sealed_password": organisation.sealed_password,
                    "created_at": clock_microseconds(),
                    "state": "active",
                },
            )

    def open(self, slug: str) -> OrganisationStore:
        """The store of an organisation; the least recently used one is closed beyond the limit. Raises NotFound."""
        with self._lock:
            if slug in self._open:
                self._open.move_to_end(slug)
                return self._open[slug]
        organisation = self.find(slug)
        return self._keep(self._connect(organisation, None))

    def _keep(self, store: OrganisationStore) -> OrganisationStore:
        """Another thread may have opened it meanwhile; the first one counts."""
        with self._lock:
            kept = self._open.setdefault(store.slug, store)
            surplus = [self._open.popitem(last=False)[1] for _ in range(len(self._open) - self.settings.engine_limit)]
        for closed in (*surplus, *([store] if kept is not store else [])):
            closed.close()
        return kept

    def _connect(self, organisation: Organisation, keys: OrganisationKeys | None) -> OrganisationStore:
        schema = _schema_name(organisation, self._on_postgres)
        if self._on_postgres:
            engine = postgres_engine(self._role_url(organisation))
        else:
            engine = sqlite_engine(self._folder(organisation) / "store.sqlite")
        return OrganisationStore(
            organisation.id, organisation.slug, engine, schema, keys or self._read_keys(engine, organisation, schema)
        )

    def _read_keys(self, engine: Engine, organisation: Organisation, schema: str | None) -> OrganisationKeys:
        table = OrganisationTables(schema).key
        with engine.connect() as connection:
            wrapped = {row.number: bytes(row.wrapped) for row in connection.execute(select(table))}
        return OrganisationKeys.unwrapped(self._file_key, organisation.id, wrapped)

    def _folder(self, organisation: Organisation) -> Path:
        # By identifier: a new organisation with an old one's short name never meets its files.
        return self.settings.home / "organisations" / organisation.id.hex

    def remove(self, slug: str) -> None:
        """Drops the store and everything in it. There is no way back but a backup."""
        organisation = self.find(slug)
        store = self.open(slug)
        if self._on_postgres:
            with store.engine.begin() as connection:
                connection.exec_driver_sql(f"DROP SCHEMA {store.schema} CASCADE")
        with self._lock:
            self._open.pop(slug, None)
        store.close()
        with self._controlling() as connection:
            connection.execute(
                delete(self.control.membership).where(self.control.membership.c.organisation == organisation.id)
            )
            connection.execute(
                delete(self.control.organisation).where(self.control.organisation.c.id == organisation.id)
            )
            if organisation.database_role:
                connection.exec_driver_sql(f"DROP OWNED BY {organisation.database_role}")
                connection.exec_driver_sql(f"DROP ROLE {organisation.database_role}")
        if not self._on_postgres:
            shutil.rmtree(self._folder(organisation), ignore_errors=True)

    def close(self) -> None:
        with self._lock:
            stores = list(self._open.values())
            self._open.clear()
        for store in stores:
            store.close()
        self.engine.dispose()


def _schema_name(organisation: Organisation, on_postgres: bool) -> str | None:
    return f"org_{organisation.id.hex}" if on_postgres else None
