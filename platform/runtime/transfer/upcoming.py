"""The lines of a file that were understood and wait to be saved."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from amparo.runtime.records.changes import Change
from amparo.runtime.transfer.lines import Line, change_of

#: Lines of one master that are not parted.
_MOST_TOGETHER = 100


class UpcomingLines:
    """Lines in the order of the file, read a block at a time; some are looked at before they are taken."""

    def __init__(self, blocks: Iterator[list[Line]]) -> None:
        self._blocks = blocks
        self._waiting: list[Line] = []
        self._looked_at = 0

    def chunks(self, size: Callable[[], int]) -> Iterator[list[Line]]:
        """Lists of at most ``size()`` lines, asked anew before each."""
        while chunk := self._take(size()):
            yield chunk

    def _take(self, count: int) -> list[Line]:
        self._read(count)
        while count <= len(self._waiting) and self._goes_on_at(count):
            count += 1
            self._read(count)
        taken = self._waiting[:count]
        del self._waiting[:count]
        self._looked_at = max(0, self._looked_at - count)
        return taken

    def _read(self, count: int) -> None:
        while len(self._waiting) <= count and (block := next(self._blocks, None)):
            self._waiting += block

    def _goes_on_at(self, place: int) -> bool:
        """Whether a line speaks of a record that the first line of it, which waits too, would make.

        Such lines stay together: where the first is refused the next one makes the record, and it is known which
        record that is when the refused one is written down. Not for long, or others would have to wait.
        """
        if place >= len(self._waiting):
            return False
        before, line = self._waiting[place - 1], self._waiting[place]
        first = min((entry.row.number for entry in line.entries if entry in before.entries), default=line.number)
        return first < line.number and line.number - first < _MOST_TOGETHER

    def look_ahead(self, count: int) -> list[Change]:
        """The next records, of lines of one each, that were not looked at; none when a block must be read first."""
        looked_at = self._waiting[self._looked_at : self._looked_at + count]
        self._looked_at += len(looked_at)
        return [change_of(entry) for line in looked_at for entry in line.entries if not line.is_refused]
