"""``make bench``: the figures of docs/benchmarks.md, measured on this machine in one run.

Absolute times say little (machines differ and are busy); the ratio to a
hand-made native table, taken turn and turn about, says what the platform costs.
"""

from __future__ import annotations

import argparse
import datetime
import os
import platform
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from amparo.runtime.access import operator_actor
from amparo.runtime.collecting import collect_seldom
from amparo.runtime.releases.publishing import publish
from amparo.runtime.settings import Settings
from amparo.runtime.stores.engines import without_transactions
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.organisations import Organisations
from servers.postgres import PostgresServer
from servers.programs import find_postgres
from tools.bench import cases, native
from tools.bench.filling import fill, searched_document
from tools.bench.finding import finding_figures
from tools.bench.history import YEARS, Clock, write_past
from tools.bench.measuring import Figure, table
from tools.bench.reading import Reads
from tools.bench.serving import page_figures
from tools.bench.writing import create_figure, import_figures

#: The one that every cluster has.
_DATABASE = "postgres"


def main() -> None:
    arguments = _arguments()
    # As every process of Amparo does when it has loaded.
    collect_seldom()
    print(f"# {_machine()}\n", flush=True)
    for kind in arguments.database:
        for count in arguments.cases:
            began = time.monotonic()
            with _installation(kind) as organisations:
                if arguments.only_finding:
                    figures = measure_finding(organisations, count)
                else:
                    figures = measure(organisations, count, only_reads=arguments.only_reads)
            print(f"## {_version(kind)}, {count:,} cases of 40 fields\n\n{table(figures)}\n")
            print(f"(The whole took {time.monotonic() - began:.0f} s.)\n", flush=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--cases", type=int, nargs="+", default=[40_000, 200_000])
    parser.add_argument("--database", nargs="+", choices=["sqlite", "postgresql"], default=["sqlite", "postgresql"])
    parser.add_argument("--only-reads", action="store_true", help="leave out the import and the creates")
    parser.add_argument("--only-finding", action="store_true", help="leave out all but the search, and the ledger")
    return parser.parse_args()


def measure_finding(organisations: Organisations, count: int) -> list[Figure]:
    """The search alone, over rows and search entries that have no ledger."""
    actor = operator_actor()
    store = organisations.create("bench", "Benchmark")
    publish(store, actor, searched_document())
    fill(store, count)
    _settle(store)
    return finding_figures(store, actor)


def measure(organisations: Organisations, count: int, *, only_reads: bool) -> list[Figure]:
    """Writes five years of work, then asks and saves beside the hand-made table."""
    actor = operator_actor()
    today = datetime.datetime.now(datetime.UTC)
    clock = Clock(today - datetime.timedelta(days=365 * YEARS))
    store = organisations.create("bench", "Benchmark", clock=clock)
    publish(store, actor, cases.document())
    rows = list(cases.rows(count))
    hand_made = native.make(store.engine, store.schema)
    figures = [] if only_reads else _imported(organisations, rows, today)
    with store.engine.begin() as connection:
        native.load(connection, hand_made, rows, today)
    records = write_past(store, actor, rows, clock, today)
    store.clock = None
    _settle(store)
    reads = Reads(store, actor, hand_made, today)
    figures += reads.figures(records) + finding_figures(store, actor)
    if not only_reads:
        figures.append(create_figure(store, actor, hand_made, today))
    return figures + page_figures(organisations, store, records)


def _imported(organisations: Organisations, rows: list[dict[str, object]], today: datetime.datetime) -> list[Figure]:
    actor = operator_actor()
    store = organisations.create("import", "Import")
    publish(store, actor, cases.document())
    with tempfile.TemporaryDirectory() as folder:
        figures = import_figures(store, actor, rows, Path(folder), today)
    organisations.remove("import")
    return figures


def _settle(store: OrganisationStore) -> None:
    """What a database does by itself in a quiet hour."""
    with without_transactions(store.engine).connect() as connection:
        connection.exec_driver_sql("VACUUM ANALYZE" if store.is_postgres else "ANALYZE")


@contextmanager
def _installation(kind: str) -> Iterator[Organisations]:
    with tempfile.TemporaryDirectory() as folder:
        server = _start_postgres() if kind == "postgresql" else None
        try:
            organisations = Organisations(
                Settings(home=Path(folder), database_url=server.url(_DATABASE) if server else None)
            )
            yield organisations
            organisations.close()
        finally:
            if server:
                server.stop()


def _start_postgres() -> PostgresServer:
    program = find_postgres(18)
    if program is None:
        raise SystemExit("PostgreSQL 18 is missing. Run: make test")
    server = PostgresServer(program, durable=True)
    with psycopg.connect(server.url(_DATABASE)) as connection:
        # For the hand-made table; Amparo makes its terms itself.
        connection.execute("CREATE EXTENSION pg_trgm")
    return server


def _machine() -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    today = datetime.datetime.now(datetime.UTC).date()
    return f"{today}: {os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()}, Python {platform.python_version()}"


def _version(kind: str) -> str:
    if kind == "sqlite":
        return f"SQLite {sqlite3.sqlite_version}"
    program = find_postgres(18)
    return f"PostgreSQL {program.version if program else ''}"


if __name__ == "__main__":
    main()
