"""Real servers, a real browser and shared inputs for every test.

Each test process starts what its tests ask for, once, and stops it at the end.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from argon2 import PasswordHasher
from jinja2 import BytecodeCache

from amparo.runtime import people
from amparo.runtime.backups import sealed_file
from amparo.runtime.collecting import collect_seldom, without_collecting
from amparo.runtime.stores import engines
from amparo.runtime.web import compiled_templates
from factories.shared_inputs import shared_folder
from factories.templates import TemplatesOfTheRun
from servers.absence import report_absence
from servers.browser import CHROMIUM_ARGUMENTS, lend_node_to_playwright, unwanted_arguments
from servers.databases import Databases, NewDatabase
from servers.network import refuse_foreign_connections
from servers.processes import memory_folder
from servers.programs import ROOT, Program, find_chromium, find_fonts, find_postgres, find_redis
from servers.redis_server import RedisServer, start_redis

# The servers share the cores with the tests, so how long an example takes says nothing about the code.
hypothesis.settings.register_profile(
    "amparo", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow], print_blob=True
)
hypothesis.settings.load_profile("amparo")

#: Of most tests; what a test takes that is marked slow and does not say, and one in a browser, in seconds.
_TESTS_PER_SECOND = 4
_SLOW_SECONDS = 10.0
_BROWSER_SECONDS = 2.5


def pytest_report_header() -> list[str]:
    programs = {
        "PostgreSQL 18": find_postgres(18),
        "PostgreSQL 15": find_postgres(15),
        "Redis": find_redis(),
        "Chromium": find_chromium(),
        "Fonts": find_fonts(),
    }
    return [f"{name:<14} {describe(program)}" for name, program in programs.items()]


def describe(program: Program | None) -> str:
    if program is None:
        return "absent"
    return f"{program.version:<15} {program.origin}: {program.path}"


def pytest_configure() -> None:
    """Homes of tests lie in memory where there is room. Of the programs that tests kill none loses what the system
    holds, on a disk or not; and a disk made all tests wait for every file that is forced to it or taken away.
    """
    folder = memory_folder()
    if folder is not None:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(folder))


def pytest_sessionstart() -> None:
    lend_node_to_playwright()
    refuse_foreign_connections()


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Nearly all that collecting makes stays; looking for garbage meanwhile took a sixth of its time."""
    with without_collecting():
        return (yield)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that asks for a database on SQLite and PostgreSQL 18, and on 15 too where it is marked."""
    if "database_kind" not in metafunc.fixturenames:
        return
    kinds = ["sqlite", "postgresql18"]
    if metafunc.definition.get_closest_marker("every_database") and find_postgres(15):
        kinds.append("postgresql15")
    metafunc.parametrize("database_kind", kinds, indirect=True, scope="session")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Where workers share the modules out: long ones first, so that none is left to one worker at the end."""
    if not hasattr(config, "workerinput"):
        return
    weights: defaultdict[Path, float] = defaultdict(float)
    for item in items:
        weights[item.path] += _seconds(item)
    items.sort(key=lambda item: -weights[item.path])


def pytest_collection_finish() -> None:
    """From here on as in a process that serves: looking for garbage took a tenth of the time of the tests."""
    collect_seldom()


def _seconds(item: pytest.Item) -> float:
    """About what a test takes of a core."""
    if (marker := item.get_closest_marker("slow")) is not None:
        return float(marker.kwargs.get("seconds", _SLOW_SECONDS))
    in_browser = isinstance(item, pytest.Function) and "browser" in item.fixturenames
    return _BROWSER_SECONDS if in_browser else 1 / _TESTS_PER_SECOND


@pytest.fixture(scope="session", autouse=True)
def production_hasher() -> Iterator[PasswordHasher]:
    """What hashes people's passwords when no test runs.

    Each of its hashes takes a quarter of a second of a core, and very many tests sign somebody in: theirs are cheap.
    """
    hasher = people.hasher
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(people, "hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        yield hasher


@pytest.fixture(scope="session", autouse=True)
def production_backup_cost() -> Iterator[tuple[int, int, int]]:
    """What a passphrase costs when no test runs; that of the tests is small, and stands in each file as ever."""
    cost = sealed_file.COST
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sealed_file, "COST", (1, 8, 1))
        yield cost


@pytest.fixture(scope="session", autouse=True)
def production_synchronous() -> Iterator[str]:
    """How SQLite saves when no test runs. Of what this process saves, no test cuts the power, so that it is not
    forced to the disk, as on the PostgreSQL of the tests; programs that tests start and kill save as ever.
    """
    synchronous = engines.SQLITE_SYNCHRONOUS
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engines, "SQLITE_SYNCHRONOUS", "OFF")
        yield synchronous


@pytest.fixture(scope="session", autouse=True)
def production_templates() -> Iterator[type[BytecodeCache]]:
    """What keeps compiled templates when no test runs. Each test module has a home of its own, and would compile
    them for a second of a core: what one of them compiled, the others take from memory.
    """
    kept = compiled_templates.CompiledTemplates
    of_the_run = TemplatesOfTheRun()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(compiled_templates, "CompiledTemplates", lambda folder: of_the_run)
        yield kept


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of large public inputs beside the checkout, or where AMPARO_SHARED says."""
    folder = shared_folder()
    if not folder.is_dir():
        report_absence(f"the folder of shared inputs ({folder})")
    return folder


@pytest.fixture(scope="session")
def new_database() -> Iterator[NewDatabase]:
    """Makes an empty store of a kind: ``with new_database("postgresql18") as url``."""
    databases = Databases()
    yield databases.open
    databases.stop()


@pytest.fixture(scope="session")
def database_kind(request: pytest.FixtureRequest) -> str:
    """``sqlite``, ``postgresql18`` or ``postgresql15``; a test that uses it runs once for each."""
    return str(request.param)


@pytest.fixture
def database(database_kind: str, new_database: NewDatabase) -> Iterator[str | None]:
    """An empty store for one test: the value of AMPARO_DATABASE_URL, None for embedded SQLite."""
    with new_database(database_kind) as url:
        yield url


@pytest.fixture(scope="module")
def module_database(database_kind: str, new_database: NewDatabase) -> Iterator[str | None]:
    """As ``database``, for the tests of one module together."""
    with new_database(database_kind) as url:
        yield url


@pytest.fixture
def postgres_url(new_database: NewDatabase) -> Iterator[str]:
    """An empty database on PostgreSQL 18, for tests of what only PostgreSQL does."""
    with new_database("postgresql18") as url:
        assert url is not None
        yield url


@pytest.fixture(scope="session")
def redis_server() -> Iterator[RedisServer]:
    server = start_redis()
    yield server
    server.stop()


@pytest.fixture
def redis_url(redis_server: RedisServer) -> str:
    """The value of AMPARO_REDIS_URL for a server that holds nothing."""
    redis_server.empty()
    return redis_server.url


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Makes the fixtures of pytest-playwright (``browser``, ``new_context``, ``page``) use this Chromium."""
    program = find_chromium()
    if program is None:
        report_absence("Chromium")
    return {
        **browser_type_launch_args,
        "executable_path": str(program.path),
        "args": list(CHROMIUM_ARGUMENTS),
        "ignore_default_args": unwanted_arguments(),
    }


@pytest.fixture(scope="session")
def base_url() -> str | None:
    """No page address is assumed. (The plugin's own fixture warns under this pytest; ours replaces it.)"""
    return None


@pytest.fixture(scope="session")
def axe() -> Path:
    """The script of axe-core, for :func:`factories.axe.violations`."""
    script = ROOT / "node_modules" / "axe-core" / "axe.min.js"
    if not script.is_file():
        report_absence("axe-core (run: make assets)")
    return script
