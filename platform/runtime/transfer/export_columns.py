"""The columns of an export: what stands in each cell, as text and as a typed value."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum

from amparo.metadata.addresses import Address
from amparo.metadata.fields.base import Answer
from amparo.metadata.filters import Subject
from amparo.metadata.geolocations import Geolocation
from amparo.metadata.missing import Missing
from amparo.metadata.model import SYSTEM_FIELDS
from amparo.runtime.planner.queries import subject_of
from amparo.runtime.releases.live import LiveObject, LiveRelease
from amparo.runtime.serializer import Record, export_text, name_for_people, words_for_file
from amparo.runtime.serializer.wording import SYSTEM_LABELS, translated
from amparo.runtime.transfer.cells import MARKER, VERSION_HEADER, Cell, protected, reason_cell, unprotected


class ExportForm(StrEnum):
    """``LABELS`` is for people to read; ``CODES`` loses nothing and is the one to import again.

    ``HTCDS`` is the case sheet of the data standard, a workbook with columns of its own.
    """

    LABELS = "labels"
    CODES = "codes"
    HTCDS = "htcds"


class ExportColumns:
    """The columns of one table, as texts for CSV and as typed cells for workbooks."""

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
            return list(self._subjects)
        labels = {name: self._label(subject) for name, subject in self._subjects.items()}
        shared = Counter(labels.values())
        return [label if shared[label] == 1 else f"{label} ({name})" for name, label in labels.items()]

    def own_header(self) -> list[str]:
        """The program's own columns, which stand behind the others."""
        return [VERSION_HEADER, MARKER] if self._has_versions else [MARKER]

    def own_cells(self, record: Record) -> list[int | None]:
        return [record.version, None] if self._has_versions else [None]

    @property
    def _has_versions(self) -> bool:
        """Only where rows find their records again."""
        return self._form is ExportForm.CODES and "id" in self._subjects

    def _label(self, subject: Subject) -> str:
        if isinstance(subject, str):
            return translated(SYSTEM_LABELS[subject], self._language)
        return self._release.application.text(subject.id, "label", subject.label, self._language)

    def cells(self, record: Record) -> list[str]:
        return [self._cell(record, name, subject) for name, subject in self._subjects.items()]

    def typed_cells(self, record: Record) -> list[Cell | None]:
        """Numbers, days and truths as they are; texts as :meth:`cells` has them, but unprotected."""
        return [self._typed(record, name, subject) for name, subject in self._subjects.items()]

    def _typed(self, record: Record, name: str, subject: Subject) -> Cell | None:
        answer: Answer = getattr(record, name) if name in SYSTEM_FIELDS else record.answers.get(name)
        if answer is None or isinstance(answer, (Missing, bool, int, Decimal)):
            return answer
        if isinstance(answer, dt.datetime) and self._form is ExportForm.LABELS:
            local = answer.astimezone(self._release.time_zone)
            return local_time(local) if is_twice(local) else local.replace(tzinfo=None, fold=0)
        if isinstance(answer, dt.date) and not isinstance(answer, dt.datetime):
            return answer
        text = unprotected(self._cell(record, name, subject))
        return str(text)

    def _cell(self, record: Record, name: str, subject: Subject) -> str:
        answer: Answer = getattr(record, name) if name in SYSTEM_FIELDS else record.answers.get(name)
        if isinstance(answer, Missing):
            return reason_cell(answer)
        if isinstance(answer, (str, Address, Geolocation)):
            is_for_people = self._form is ExportForm.LABELS
            return protected(self._words(answer, subject) if is_for_people else export_text(answer))
        if self._form is ExportForm.LABELS:
            if isinstance(answer, uuid.UUID) and name != "id":
                name = record.labels.get(answer, str(answer))
                return protected(name_for_people(name, subject, self._release, self._language))
            if isinstance(answer, tuple):
                return protected(";".join(self._words(code, subject) for code in answer))
            if isinstance(answer, dt.datetime):
                return local_time(answer.astimezone(self._release.time_zone))
        return export_text(answer)

    def _words(self, answer: str | Address | Geolocation, subject: Subject) -> str:
        return words_for_file(answer, subject, self._release, self._language, self._live.name)


def local_time(moment: dt.datetime) -> str:
    """A local time as spreadsheets read it; with its offset where that time happens twice."""
    return moment.isoformat(" ") if is_twice(moment) else moment.replace(tzinfo=None, fold=0).isoformat(" ")


def is_twice(moment: dt.datetime) -> bool:
    """Whether a local time happens twice, because clocks go back."""
    return moment.fold == 1 or moment.replace(fold=1).utcoffset() != moment.replace(fold=0).utcoffset()
