"""Compiled templates, kept in the home from one start to the next: compiling them took a third of a second."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket, FileSystemBytecodeCache

from amparo.runtime.durability import made_folder


class CompiledTemplates(FileSystemBytecodeCache):
    """One file a template; what was compiled from other text, or by another version, is compiled again."""

    def __init__(self, folder: Path) -> None:
        super().__init__(str(made_folder(folder)))

    def dump_bytecode(self, bucket: Bucket) -> None:
        # A full disk must not cost anybody a page.
        with suppress(OSError):
            super().dump_bytecode(bucket)


def kept_templates(folder: Path) -> BytecodeCache | None:
    """None where nothing can be written, as with a home that another account owns."""
    try:
        return CompiledTemplates(folder)
    except OSError:
        return None
