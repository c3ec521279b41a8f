"""What lies in the database's own files, where a thief of the disk would look."""

from __future__ import annotations

from sqlalchemy import text

from amparo.runtime.stores.engines import without_transactions
from amparo.runtime.stores.organisations import Organisations


def _files(organisations: Organisations) -> dict[str, bytes]:
    """Everything the database keeps of this installation, by file."""
    if not organisations.settings.database_url:
        paths = [path for path in organisations.settings.home.rglob("*") if path.is_file()]
        # Read twice: between the first reading of one file and of the next a page may move from the log to the store.
        return {f"{path} {turn}": path.read_bytes() for turn in ("first", "again") for path in paths}
    with without_transactions(organisations.engine).connect() as connection:
        # Files of tables that were written anew are removed by the next checkpoint.
        connection.execute(text("CHECKPOINT"))
        folder = connection.scalar(text("SELECT 'base/' || oid FROM pg_database WHERE datname = current_database()"))
        names = connection.scalars(text("SELECT pg_ls_dir(:folder)"), {"folder": folder}).all()
        read = text("SELECT pg_read_binary_file(:path, true)")
        return {name: bytes(connection.scalar(read, {"path": f"{folder}/{name}"}) or b"") for name in names}


def found_in_files(organisations: Organisations, needles: list[bytes]) -> list[tuple[str, bytes]]:
    """Each file that holds one of them, and which."""
    files = _files(organisations)
    return [(name, needle) for name, content in files.items() for needle in needles if needle in content]
