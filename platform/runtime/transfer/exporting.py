"""Exporting a list as CSV: streamed, safe in a spreadsheet, and understood by the import."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum

from amparo.metadata.addresses import Address
from amparo.metadata.fields.base import Answer
from amparo.metadata.filters import Subject
from amparo.metadata.geolocations import Geolocation
from amparo.metadata.missing import Missing
from amparo.metadata.model import SYSTEM_FIELDS
from amparo.runtime.access import Actor, Permission
from amparo.runtime.planner.lists import stream
from amparo.runtime.planner.queries import ListQuery, subject_of
from amparo.runtime.releases.live import LiveObject, LiveRelease
from amparo.runtime.serializer import Record, export_text, words_for_file
from amparo.runtime.serializer.wording import SYSTEM_LABELS, translated
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.transfer.cells import MARKER, protected, reason_cell
from amparo.runtime.transfer.problem_file import CsvLines

#: Called with the rows written so far; may raise to stop.
Progress = Callable[[int], None]

_ROWS_A_BLOCK = 200


class ExportForm(StrEnum):
    """``LABELS`` is for people to read; ``CODES`` loses nothing and is the one to import again."""

    LABELS = "labels"
    CODES = "codes"


def export_csv(
    store: OrganisationStore,
    actor: Actor,
    query: ListQuery,
    *,
    form: ExportForm = ExportForm.LABELS,
    language: str | None = None,
    progress: Progress | None = None,
) -> Iterator[bytes]:
    """The file block by block, in constant memory: UTF-8 with its mark, one header line, CR LF.

    ``query.columns`` are the columns; ``query.limit`` does not count. Raises
    :class:`NotPermitted`, :class:`InvalidAnswers`, :class:`NotFound`, before
    the first block.
    """
    actor.require(Permission.RECORDS_EXPORT)
    release = store.newest_release()
    columns = _Columns(release, release.object(query.object), query.columns, form, language)
    return _blocks(store, actor, query, columns, progress)


def _blocks(
    store: OrganisationStore, actor: Actor, query: ListQuery, columns: _Columns, progress: Progress | None
) -> Iterator[bytes]:
    lines = CsvLines()
    block = bytearray("\ufeff".encode()) + lines.line([*columns.header(), MARKER])
    count = 0
    for count, record in enumerate(stream(store, actor, query), start=1):
        block += lines.line([*columns.cells(record), ""])
        if count % _ROWS_A_BLOCK == 0:
            yield bytes(block)
            block.clear()
            if progress is not None:
                progress(count)
    if progress is not None:
        progress(count)
    yield bytes(block)


class _Columns:
    """The columns of one export."""

    def __init__(
        self, release: LiveRelease, live: LiveObject, names: tuple[str, ...], form: ExportForm, language: str | None
    ) -> None:
        self._release = release
        self._live = live
        self._form = form
        self._language = language or release.application.default_language
        self._subjects: Mapping[str, Subject] = {name: subject_of(live, name) for name in names}

    def header(self) -> list[str]:
        if self._form is ExportForm.CODES:
            return [protected(name) for name in self._subjects]
        labels = {name: self._label(subject) for name, subject in self._subjects.items()}
        shared = Counter(labels.values())
        return [protected(label if shared[label] == 1 else f"{label} ({name})") for name, label in labels.items()]

    def _label(self, subject: Subject) -> str:
        if isinstance(subject, str):
            return translated(SYSTEM_LABELS[subject], self._language)
        return self._release.application.text(subject.id, "label", subject.label, self._language)

    def cells(self, record: Record) -> list[str]:
        return [self._cell(record, name, subject) for name, subject in self._subjects.items()]

    def _cell(self, record: Record, name: str, subject: Subject) -> str:
        answer: Answer = getattr(record, name) if name in SYSTEM_FIELDS else record.answers.get(name)
        if isinstance(answer, Missing):
            return reason_cell(answer)
        if isinstance(answer, (str, Address, Geolocation)):
            is_for_people = self._form is ExportForm.LABELS
            return protected(self._words(answer, subject) if is_for_people else export_text(answer, subject))
        if self._form is ExportForm.LABELS:
            if isinstance(answer, uuid.UUID) and name != "id":
                return protected(record.labels.get(answer, str(answer)))
            if isinstance(answer, tuple):
                return protected(";".join(self._words(code, subject) for code in answer))
            if isinstance(answer, dt.datetime):
                return local_time(answer.astimezone(self._release.time_zone))
        return export_text(answer, subject)

    def _words(self, answer: str | Address | Geolocation, subject: Subject) -> str:
        return words_for_file(answer, subject, self._release, self._language, self._live.name)


def local_time(moment: dt.datetime) -> str:
    """A local time as spreadsheets read it; with its offset where that time happens twice."""
    plain = moment.replace(tzinfo=None, fold=0)
    is_twice = moment.fold == 1 or moment.replace(fold=1).utcoffset() != moment.replace(fold=0).utcoffset()
    return moment.isoformat(" ") if is_twice else plain.isoformat(" ")
