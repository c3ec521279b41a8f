"""One organisation's open store: its engine, tables, keys and published definitions."""

from __future__ import annotations

import datetime as dt
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, select

from amparo.runtime.errors import StoreProblem
from amparo.runtime.files.areas import FileArea
from amparo.runtime.keys import OrganisationKeys
from amparo.runtime.releases.live import LiveRelease, load_release
from amparo.runtime.stores.engines import with_snapshots, without_transactions
from amparo.runtime.stores.tables import organisation_tables


class OrganisationStore:
    """Open with :meth:`amparo.runtime.stores.organisations.Organisations.open`."""

    def __init__(
        self,
        identifier: uuid.UUID,
        slug: str,
        engine: Engine,
        schema: str | None,
        keys: OrganisationKeys,
        files: FileArea,
    ) -> None:
        self.id = identifier
        self.slug = slug
        self.engine = engine
        self.tables = organisation_tables(schema)
        self.keys = keys
        #: Where the contents of files lie, outside the database.
        self.files = files
        #: Another clock for new transactions, in microseconds since 1970: the demo plays the past with it.
        self.clock: Callable[[], int] | None = None
        self._snapshots = with_snapshots(engine)
        self._alone = without_transactions(engine)
        self._live: LiveRelease | None = None
        self._live_lock = threading.Lock()

    @property
    def now(self) -> dt.datetime:
        """The moment that counts as now for whoever saves: that of the clock for new transactions."""
        if self.clock is None:
            return dt.datetime.now(dt.UTC)
        return dt.datetime.fromtimestamp(self.clock() / 1_000_000, dt.UTC)

    @property
    def schema(self) -> str | None:
        return self.tables.schema

    @property
    def is_postgres(self) -> bool:
        return self.engine.dialect.name == "postgresql"

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One consistent view of the store for all reads inside."""
        with self._snapshots.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def asking(self) -> Iterator[Connection]:
        """For reads of one statement: each sees the store as it is then, and no transaction is paid for."""
        with self._alone.connect() as connection:
            yield connection

    def live(self, connection: Connection) -> LiveRelease:
        """The definitions in force, as this connection sees them; cached by release number and change of the places."""
        head = connection.execute(select(self.tables.head.c.release, self.tables.head.c.places)).one_or_none()
        if head is None:
            raise self.without_head()
        return self.at_release(connection, head.release, head.places or 0)

    def require_head(self) -> None:
        """Raises :class:`StoreProblem` where the row is missing that every save takes."""
        with self.asking() as connection:
            if connection.scalar(select(self.tables.head.c.one)) is None:
                raise self.without_head()

    def without_head(self) -> StoreProblem:
        """Removing takes the head first; any other way to lose it is damage."""
        return StoreProblem(
            f"Organisation {self.slug}: the store has no head row. If its removal was interrupted, run again: "
            f"amparo org remove {self.slug}. Otherwise restore it from a backup."
        )

    def at_release(self, connection: Connection, number: int, places: int | None = None) -> LiveRelease:
        """``places`` is the transaction that changed them last; without it, whatever places are known here will do."""
        live = self._live
        if live is not None and _is_of(live, number, places):
            return live
        with self._live_lock:
            if self._live is None or not _is_of(self._live, number, places):
                self._live = load_release(connection, self.tables, number)
            return self._live

    def known_release(self) -> LiveRelease:
        """The release this process knows, without asking the store where it can; the head tells whether it is old."""
        return self._live or self.newest_release()

    def newest_release(self) -> LiveRelease:
        with self.reading() as connection:
            return self.live(connection)

    def close(self) -> None:
        self.engine.dispose()


def _is_of(live: LiveRelease, number: int, places: int | None) -> bool:
    return live.number == number and places in (None, live.places.version)
