"""Imports and exports as jobs.

What a job is told and what came of it stand in the job's row in the clear, so
they hold names of objects and counts; whatever comes from a record goes into
the job's sealed files.
"""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from amparo.metadata.model import FilterRow, Sort
from amparo.runtime.access import Actor, Permission
from amparo.runtime.jobs.kinds import JobKind, JobRun, Outcome
from amparo.runtime.planner.queries import ListQuery
from amparo.runtime.transfer.export_columns import ExportForm
from amparo.runtime.transfer.export_packages import ExportFormat, export_tables
from amparo.runtime.transfer.importing import import_file
from amparo.runtime.transfer.mapping import ImportMapping
from amparo.runtime.transfer.mapping_files import mapping_document, mapping_from
from amparo.runtime.transfer.opening import open_file
from amparo.runtime.transfer.problem_file import CsvLines, problem_ending, problem_file
from amparo.runtime.transfer.undoing import KeptRecord, undo_import

#: Files of an import: what was given, and what came of it with the rows it names.
INPUT, MAPPING, REPORT = "input.csv", "mapping.json", "report.json"
#: The refused rows, by the kind of file they came in.
PROBLEM_FILES = ("problems.csv", "problems.xlsx")
#: Records that undoing left alone: object, identifier, why.
KEPT = "kept.csv"
#: In a report: the number of the release under which the import began.
RELEASE = "release"
#: What an export was asked for.
QUERY = "query.json"

#: Parts of a report that hold values of records, and so stand in its sealed file alone.
_OF_RECORDS = frozenset({"causes", "problems", "previews"})

#: What :meth:`amparo.runtime.jobs.announcing.Jobs.submit` is given: kind, payload, files.
Submission = tuple[JobKind, Mapping[str, Any], Mapping[str, Iterable[bytes]]]


def import_submission(
    actor: Actor,
    object_name: str,
    content: bytes,
    mapping: ImportMapping,
    *,
    dry_run: bool = False,
    accept_warnings: bool | None = None,
) -> Submission:
    """An import to be done as a job. Raises :class:`NotPermitted`."""
    actor.require(Permission.RECORDS_IMPORT)
    payload = {
        "object": object_name,
        "dry_run": dry_run,
        "accept_warnings": accept_warnings,
    }
    files = {INPUT: [content], MAPPING: [_json(mapping_document(mapping))]}
    return IMPORT, payload, files


def export_submission(
    actor: Actor,
    tables: Sequence[ListQuery],
    *,
    kind: ExportFormat = ExportFormat.CSV,
    form: ExportForm = ExportForm.LABELS,
    language: str | None = None,
) -> Submission:
    """Tables to be exported into one file as a job. Raises :class:`NotPermitted`."""
    actor.require(Permission.RECORDS_EXPORT)
    payload = {
        "objects": [query.object for query in tables],
        "kind": kind.value,
        "form": form.value,
        "language": language,
    }
    return EXPORT, payload, {QUERY: [_json([_asked(query) for query in tables])]}


def _asked(query: ListQuery) -> dict[str, Any]:
    return {
        "object": query.object,
        "columns": list(query.columns),
        "filters": [{"field": row.field, "operator": row.operator, "value": row.value} for row in query.filters],
        "match": query.match,
        "sort": [{"field": each.field, "descending": each.descending} for each in query.sort],
        "search": query.search,
        "search_names": list(query.search_names),
        "as_of": query.as_of.isoformat() if query.as_of else None,
        "deleted": query.deleted,
        "only_when": query.only_when,
    }


def run_import(run: JobRun) -> Outcome:
    """Safe to run again after an interruption: what was saved is recognised, the error file is made anew."""
    payload = run.payload
    content = b"".join(run.read_file(INPUT))
    mapping = mapping_from(json.loads(b"".join(run.read_file(MAPPING))))
    release = run.store.newest_release().number
    file = open_file(run.store, payload["object"], content, mapping.table)
    name = f"problems.{problem_ending(file.format)}"
    with run.writing_file(name) as write, problem_file(file.format, file.header, write) as problems:
        outcome = import_file(
            run.store,
            run.actor,
            payload["object"],
            file,
            mapping,
            dry_run=payload["dry_run"],
            # Jobs of earlier versions do not say.
            accept_warnings=payload.get("accept_warnings"),
            progress=run.progress,
            refused=problems.take,
            identity=run.id,
            is_again=run.is_again,
        )
    report = outcome.document()
    with run.writing_file(REPORT) as write:
        write(_json({**report, RELEASE: release}))
    return {name: value for name, value in report.items() if name not in _OF_RECORDS}


def run_export(run: JobRun) -> Outcome:
    tables = [_query_from(asked) for asked in json.loads(b"".join(run.read_file(QUERY)))]
    kind, form = ExportFormat(run.payload["kind"]), ExportForm(run.payload["form"])
    language: str | None = run.payload["language"]
    with run.writing_file(exported_name(kind)) as write:
        rows = export_tables(
            run.store, run.actor, tables, kind, write, form=form, language=language, progress=run.progress
        )
    return {"rows": rows}


def exported_name(kind: ExportFormat) -> str:
    """The name of the file that an export makes."""
    return f"export.{kind.value}"


def _query_from(asked: Mapping[str, Any]) -> ListQuery:
    return ListQuery(
        asked["object"],
        tuple(asked["columns"]),
        tuple(FilterRow(row["field"], row["operator"], row["value"]) for row in asked["filters"]),
        asked["match"],
        tuple(Sort(each["field"], each["descending"]) for each in asked["sort"]),
        asked["search"],
        tuple(asked["search_names"]),
        as_of=dt.datetime.fromisoformat(asked["as_of"]) if asked["as_of"] else None,
        deleted=asked["deleted"],
        # Jobs of earlier versions do not say.
        only_when=asked.get("only_when"),
    )


def _json(document: Any) -> bytes:
    return json.dumps(document, ensure_ascii=False, default=str).encode()


def undo_submission(actor: Actor, object_name: str, imported: uuid.UUID) -> Submission:
    """An import to be undone as a job. Raises :class:`NotPermitted`."""
    actor.require(Permission.RECORDS_IMPORT)
    actor.require(Permission.RECORDS_DELETE)
    return UNDO_IMPORT, {"object": object_name, "import": str(imported)}, {}


def run_undo(run: JobRun) -> Outcome:
    """Safe to run again after an interruption: what is undone already is as it should be."""
    lines = CsvLines()
    with run.writing_file(KEPT) as write:

        def take(kept: KeptRecord) -> None:
            write(lines.line([kept.object, str(kept.record), kept.why.value]))

        outcome = undo_import(
            run.store, run.actor, uuid.UUID(run.payload["import"]), progress=run.progress, take_kept=take
        )
    return outcome.document()


IMPORT = JobKind("import", run_import)
UNDO_IMPORT = JobKind("undo_import", run_undo)
EXPORT = JobKind("export", run_export)
