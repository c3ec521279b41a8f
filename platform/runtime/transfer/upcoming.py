"""The rows of a file that were understood and wait to be saved."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from amparo.runtime.records.changes import Change
from amparo.runtime.transfer.translating import TranslatedRow


class UpcomingRows:
    """Rows in the order of the file, read a block at a time; some are looked at before they are taken."""

    def __init__(self, blocks: Iterator[list[TranslatedRow]], change_of: Callable[[TranslatedRow], Change]) -> None:
        self._blocks = blocks
        self._change_of = change_of
        self._waiting: list[TranslatedRow] = []
        self._looked_at = 0

    def chunks(self, size: Callable[[], int]) -> Iterator[list[TranslatedRow]]:
        """Lists of at most ``size()`` rows, asked anew before each."""
        while chunk := self._take(size()):
            yield chunk

    def _take(self, count: int) -> list[TranslatedRow]:
        while len(self._waiting) < count and (block := next(self._blocks, None)):
            self._waiting += block
        taken = self._waiting[:count]
        del self._waiting[:count]
        self._looked_at = max(0, self._looked_at - count)
        return taken

    def look_ahead(self, count: int) -> list[Change]:
        """The next rows that were read and not looked at; none when another block must be read first."""
        looked_at = self._waiting[self._looked_at : self._looked_at + count]
        self._looked_at += len(looked_at)
        return [self._change_of(row) for row in looked_at if not row.problems]
