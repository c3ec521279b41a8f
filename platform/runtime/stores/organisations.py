"""The organisations of an installation: made, listed, opened and removed."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial

from sqlalchemy import ColumnElement, Connection, Engine, delete, insert, inspect, or_, select, true, update
from sqlalchemy.exc import DatabaseError, DBAPIError

from amparo.runtime.errors import NotFound, NotPossible, StoreProblem, StoresLeft
from amparo.runtime.file_keys import FileKey
from amparo.runtime.files.areas import FileArea
from amparo.runtime.identifiers import new_identifier
from amparo.runtime.keys import KeyProblem, OrganisationKeys, keyed_mark, unwrapped_secrets
from amparo.runtime.ledger.facts import GENESIS
from amparo.runtime.ledger.writing import clock_microseconds
from amparo.runtime.outages import OUTAGES, is_outage_of_database, sentence_of
from amparo.runtime.settings import Settings
from amparo.runtime.stores.control import ControlTables
from amparo.runtime.stores.engines import without_transactions
from amparo.runtime.stores.open_stores import OpenStores
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.provisioning import (
    Organisation,
    control_engine,
    drop_place,
    planned,
    prepare_place,
    schema_name,
    store_engine,
)
from amparo.runtime.stores.revisions import CONTROL, ORGANISATION, bring_up_to_date, require_current
from amparo.runtime.stores.tables import organisation_tables

_SLUG = re.compile(r"[a-z][a-z0-9-]{1,30}")
CONTROL_SCHEMA = "amparo"


class Organisations:
    """Keeps at most ``settings.engine_limit`` stores open. Make one per process, after workers fork."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.control = ControlTables(CONTROL_SCHEMA if settings.database_url else None)
        self.engine = control_engine(settings)
        self._alone = without_transactions(self.engine)
        self.file_key = self._kept_file_key()
        self._open = OpenStores(settings.engine_limit)

    def _kept_file_key(self) -> FileKey:
        """Made at the first start only: a new key would open nothing of the organisations that are there."""
        path = self.settings.file_key or self.settings.home / "keys" / "file.key"
        if not path.exists() and self._has_organisations():
            self.engine.dispose()
            raise KeyProblem(f"The key file {path} is missing, and it opens every organisation here. Put it back.")
        return FileKey(path)

    @contextmanager
    def asking(self) -> Iterator[Connection]:
        """The control store for reads of one statement, without a transaction."""
        with self._alone.connect() as connection:
            yield connection

    def address_mark(self, address: str) -> bytes:
        """What is kept of an address that somebody signs in from: enough to know it again, not to tell it."""
        return keyed_mark(self.file_key.newest, b"address", address)

    def _has_organisations(self) -> bool:
        table = self.control.organisation
        with self.asking() as connection:
            if not inspect(connection).has_table(table.name, table.schema):
                return False
            return connection.execute(select(table.c.id).limit(1)).first() is not None

    def migrate(self) -> None:
        """Brings the control store and every organisation's store to this program's tables.

        Raises :class:`StoreProblem` for the control store, and :class:`StoresLeft` when all others are done.
        """
        bring_up_to_date(self.engine, self.control.schema, CONTROL)
        left: dict[str, str] = {}
        organisations = self.list()
        for organisation in organisations:
            try:
                self._migrate(organisation)
            except OUTAGES as error:
                if isinstance(error, DBAPIError) and not is_outage_of_database(error):
                    raise
                left[organisation.slug] = sentence_of(error)
        if left:
            raise StoresLeft(left, are_all=len(left) == len(organisations))

    def _migrate(self, organisation: Organisation) -> None:
        engine = store_engine(self.settings, self.file_key, organisation)
        try:
            bring_up_to_date(engine, schema_name(organisation), ORGANISATION, may_be_new=False)
        finally:
            engine.dispose()

    def list(self) -> list[Organisation]:
        """By short name."""
        return [*self._rows(self.control.organisation.c.state == "active")]

    def every(self) -> Sequence[Organisation]:
        """Those that are being made or removed, too."""
        return self._rows(true())

    def _rows(self, condition: ColumnElement[bool]) -> Sequence[Organisation]:
        table = self.control.organisation
        with self.asking() as connection:
            rows = connection.execute(select(table).where(condition).order_by(table.c.slug)).all()
        return [Organisation(r.id, r.slug, r.name, r.database_role, r.sealed_password) for r in rows]

    def find(self, slug: str) -> Organisation:
        """Raises :class:`NotFound`."""
        for organisation in self.list():
            if organisation.slug == slug:
                return organisation
        if self._rows(self.control.organisation.c.slug == slug):
            raise NotFound(_half_there(slug))
        raise self._unknown(slug)

    def _unknown(self, slug: str) -> NotFound:
        """Says where was looked: a command that was given other settings than the server sees another installation."""
        if self.settings.database_url:
            return NotFound(f"There is no organisation {slug!r} in the database that AMPARO_DATABASE_URL names.")
        home = self.settings.home.absolute()
        return NotFound(f"There is no organisation {slug!r} in {home}. AMPARO_HOME says where to look.")

    def create(self, slug: str, name: str, *, clock: Callable[[], int] | None = None) -> OrganisationStore:
        """A new, empty store. Raises :class:`NotPossible` for a short name that is taken or cannot be one.

        ``clock`` (microseconds since 1970) stays with the store until its owner takes it away.
        """
        with self._new(slug, name, new_identifier(), OrganisationKeys.new(), clock) as (store, registered_at):
            pass
        return self._open.keep(store, registered_at)

    @contextmanager
    def making(
        self,
        slug: str,
        name: str,
        identifier: uuid.UUID,
        keys: OrganisationKeys,
        *,
        clock: Callable[[], int] | None = None,
    ) -> Iterator[OrganisationStore]:
        """An organisation that nobody sees before the block ends well; otherwise nothing of it stays.

        Raises :class:`NotPossible` when short name or identifier are taken.
        """
        with self._new(slug, name, identifier, keys, clock) as (store, _):
            yield store
        store.close()

    @contextmanager
    def _new(
        self,
        slug: str,
        name: str,
        identifier: uuid.UUID,
        keys: OrganisationKeys,
        clock: Callable[[], int] | None,
    ) -> Iterator[tuple[OrganisationStore, int]]:
        """As :meth:`making`, and the store is open afterwards; beside it when it was registered, as kept."""
        if not _SLUG.fullmatch(slug):
            raise NotPossible(
                f"{slug!r} cannot be an organisation's short name: use 2 to 31 small letters, digits and hyphens, "
                "beginning with a letter."
            )
        bring_up_to_date(self.engine, self.control.schema, CONTROL)
        self._require_free(slug, identifier)
        organisation = planned(self.settings, self.file_key, identifier, slug, name)
        registered_at = self._register(organisation)
        try:
            engine = prepare_place(self.settings, self.file_key, self.engine, organisation)
            # One engine for all of it: each would connect to the server anew, and ask it what it is.
            store = self._store(organisation, engine, keys)
            store.clock = clock
            try:
                bring_up_to_date(engine, store.schema, ORGANISATION)
                self._begin(store, keys)
                yield store, registered_at
                self._set_state(organisation, "active")
            except BaseException:
                store.close()
                raise
        except BaseException:
            self._drop(organisation)
            raise

    def _require_free(self, slug: str, identifier: uuid.UUID) -> None:
        table = self.control.organisation
        active = {organisation.id for organisation in self.list()}
        for taken in self._rows(or_(table.c.slug == slug, table.c.id == identifier)):
            if taken.id not in active:
                raise NotPossible(_half_there(taken.slug))
            if taken.slug == slug:
                raise NotPossible(f"There is already an organisation {slug!r}.")
            raise NotPossible(f"This organisation is here already, as {taken.slug!r}. Remove it first.")

    def _begin(self, store: OrganisationStore, keys: OrganisationKeys) -> None:
        tables = store.tables
        now = (store.clock or clock_microseconds)()
        with store.engine.begin() as connection:
            connection.execute(insert(tables.head), {"one": 1, "tx": 0, "at": now, "release": 0, "hash": GENESIS})
            for number, wrapped in self.wrapped_keys(store.id, keys).items():
                connection.execute(insert(tables.key), {"number": number, "wrapped": wrapped, "created_at": now})

    def _register(self, organisation: Organisation) -> int:
        """Gives the moment, in microseconds since 1970."""
        now = clock_microseconds()
        with self.engine.begin() as connection:
            connection.execute(
                insert(self.control.organisation),
                {
                    "id": organisation.id,
                    "slug": organisation.slug,
                    "name": organisation.name,
                    "database_role": organisation.database_role,
                    "sealed_password": organisation.sealed_password,
                    "created_at": now,
                    "state": "making",
                },
            )
        return now

    def _set_state(self, organisation: Organisation, state: str) -> None:
        """``active``, or ``making`` and ``removing`` of one that nobody is to see."""
        table = self.control.organisation
        with self.engine.begin() as connection:
            connection.execute(update(table).where(table.c.id == organisation.id).values(state=state))

    def open(self, slug: str) -> OrganisationStore:
        """The store of an organisation; the least recently used one is closed beyond the limit.

        Raises :class:`NotFound`, and :class:`StoreProblem` for tables of another version of this program or a store
        that is not whole.
        """
        if (store := self._open.trusted(slug)) is not None:
            return store
        registered_at = self._registered_at(slug)
        if (store := self._open.looked_up(slug, registered_at)) is not None:
            return store
        self._open.forget(slug)
        return self._open.keep(self._connect(self.find(slug)), registered_at)

    def _registered_at(self, slug: str) -> int | None:
        """Microseconds since 1970; None of one that is not there."""
        table = self.control.organisation
        query = select(table.c.created_at).where(table.c.slug == slug, table.c.state == "active")
        with self.asking() as connection:
            return connection.scalar(query)

    def _connect(self, organisation: Organisation) -> OrganisationStore:
        engine = store_engine(self.settings, self.file_key, organisation)
        try:
            require_current(engine, schema_name(organisation), ORGANISATION)
            store = self._store(organisation, engine, self._read_keys(engine, organisation))
            store.require_head()
            return store
        except BaseException:
            engine.dispose()
            raise

    def _store(self, organisation: Organisation, engine: Engine, keys: OrganisationKeys) -> OrganisationStore:
        keys.read_again = partial(self._read_secrets, engine, organisation)
        return OrganisationStore(
            organisation.id,
            organisation.slug,
            engine,
            schema_name(organisation),
            keys,
            self._file_area(organisation.id),
        )

    def _file_area(self, organisation: uuid.UUID) -> FileArea:
        return FileArea(self.settings.files or self.settings.home / "files", organisation)

    def _read_keys(self, engine: Engine, organisation: Organisation) -> OrganisationKeys:
        return OrganisationKeys(self._read_secrets(engine, organisation))

    def _read_secrets(self, engine: Engine, organisation: Organisation) -> dict[int, bytes]:
        """The organisation's keys by number, as its store has them now."""
        table = organisation_tables(schema_name(organisation)).key
        with without_transactions(engine).connect() as connection:
            wrapped = {row.number: bytes(row.wrapped) for row in connection.execute(select(table))}
        return self.file_key.opening(lambda key: unwrapped_secrets(key, organisation.id, wrapped))

    def wrapped_keys(self, organisation: uuid.UUID, keys: OrganisationKeys) -> dict[int, bytes]:
        """As the organisation's store keeps them."""
        return keys.wrapped_by(self.file_key.newest, organisation)

    def wrap_anew(self, organisation: Organisation) -> None:
        """Whatever the file key wraps of an organisation, under the newest one. Raises :class:`KeyProblem`."""
        schema = schema_name(organisation)
        engine = store_engine(self.settings, self.file_key, organisation)
        try:
            require_current(engine, schema, ORGANISATION)
            keys = self._read_keys(engine, organisation)
            table = organisation_tables(schema).key
            with engine.begin() as connection:
                for number, wrapped in self.wrapped_keys(organisation.id, keys).items():
                    connection.execute(update(table).where(table.c.number == number).values(wrapped=wrapped))
        finally:
            engine.dispose()
        if organisation.sealed_password is not None:
            password = self.file_key.unseal(organisation.sealed_password, organisation.id.bytes)
            sealed = self.file_key.seal(password, organisation.id.bytes)
            row = self.control.organisation
            with self.engine.begin() as connection:
                connection.execute(update(row).where(row.c.id == organisation.id).values(sealed_password=sealed))

    def remove(self, slug: str) -> None:
        """Drops the store and everything in it, one left half made too. There is no way back but a backup."""
        found = self._rows(self.control.organisation.c.slug == slug)
        if not found:
            raise self._unknown(slug)
        # First of all: of one that is killed half-way, nobody opens what is left.
        self._set_state(found[0], "removing")
        self._refuse_writers(found[0])
        self._drop(found[0])

    def _refuse_writers(self, organisation: Organisation) -> None:
        """A process that has a removed SQLite file open could go on saving into nowhere; without a head it cannot."""
        engine = store_engine(self.settings, self.file_key, organisation)
        try:
            with engine.begin() as connection:
                connection.execute(delete(organisation_tables(schema_name(organisation)).head))
        except (DatabaseError, StoreProblem):
            # Half made, damaged or missing: nobody can save in it either.
            pass
        finally:
            engine.dispose()

    def _drop(self, organisation: Organisation) -> None:
        self._open.forget(organisation.slug)
        drop_place(self.settings, self.file_key, self.engine, organisation)
        self._file_area(organisation.id).remove()
        table, membership = self.control.organisation, self.control.membership
        with self.engine.begin() as connection:
            connection.execute(delete(membership).where(membership.c.organisation == organisation.id))
            connection.execute(delete(table).where(table.c.id == organisation.id))

    def close(self) -> None:
        self._open.close()
        self.engine.dispose()


def _half_there(slug: str) -> str:
    return f"Organisation {slug!r} is being made or removed. If that was interrupted, run: amparo org remove {slug}"
