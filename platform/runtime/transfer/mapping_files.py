"""Mappings as JSON files, so that they can be kept and used again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from amparo.metadata.calendars import Calendar
from amparo.metadata.json_text import BrokenJson, parse_json
from amparo.metadata.missing import Missing
from amparo.metadata.problems import Problem
from amparo.runtime.errors import InvalidAnswers
from amparo.runtime.transfer.dates import DateOrder
from amparo.runtime.transfer.mapping import (
    ColumnMapping,
    ImportMapping,
    Match,
    OtherObject,
    WhenFound,
    WhenMissing,
)
from amparo.runtime.transfer.opened_table import TableChoice

_TEXTS = {"type": "object", "additionalProperties": {"type": ["string", "null"]}}
_COLUMN: dict[str, Any] = {
    "type": "object",
    "description": "What one column means.",
    "required": ["field"],
    "additionalProperties": False,
    "properties": {
        "field": {
            "type": "string",
            "description": "A field's name, or owner or record_type; of another object with its name before it, "
            "as person.name.",
        },
        "by": {
            "type": "string",
            "description": "Lookups only: the name of the other object's field that the cells hold, such as its name "
            "field, its number or a unique field; of a lookup to several objects name, or object.field. Without it "
            "the cells hold identifiers.",
        },
        "values": {
            **_TEXTS,
            "description": "Text in a cell -> the code (or other text) it stands for; null leaves the field blank. "
            "A text that is not listed is taken as a code, else as a label in any language.",
        },
        "missing": {
            "type": "object",
            "additionalProperties": {"enum": [reason.value for reason in Missing]},
            "description": 'Text in a cell -> the reason why there is no answer; "" stands for an empty cell.',
        },
        "dates": {
            "enum": [order.value for order in DateOrder],
            "description": "Dates only: how days are written when not as 2026-03-31.",
        },
        "calendar": {
            "enum": [calendar.value for calendar in Calendar],
            "description": "Dates only: the calendar in which days are written. Default: gregorian.",
        },
        "two_digit_years_until": {
            "type": "integer",
            "minimum": 1000,
            "maximum": 9999,
            "description": "Dates only: the last of the hundred years that years with two digits mean, in the calendar "
            "of the column. 2026 reads 26 as 2026 and 27 as 1927. Without it such days are refused.",
        },
        "decimal_comma": {
            "type": "boolean",
            "description": "Numbers with decimals only: whether a comma stands before the decimals, as in 1.250,5.",
        },
        "also": {
            "type": "object",
            "description": "Text in a cell -> what it says of other fields of the same record: field -> code or text. "
            "It fills what no column fills.",
            "additionalProperties": {"type": "object", "additionalProperties": {"type": "string"}},
        },
    },
}

_MATCH: dict[str, Any] = {
    "type": "object",
    "description": "How rows find records that are there already. Without it they make new records.",
    "required": ["field"],
    "additionalProperties": False,
    "properties": {
        "field": {
            "type": "string",
            "description": "A unique field, the record's number, or id; a column must hold it.",
        },
        "when_found": {
            "enum": [each.value for each in WhenFound],
            "description": "What a row does whose record is there. update_unchanged, for exports of codes, "
            "refuses the row where the record was changed since. Default: update.",
        },
        "when_missing": {
            "enum": [each.value for each in WhenMissing],
            "description": "What a row does whose record is not there. Default: create.",
        },
        "blank_clears": {
            "type": "boolean",
            "description": "Whether an empty cell empties the answer. Default: it leaves the answer alone.",
        },
    },
}

_LINKS: dict[str, Any] = {
    "type": "object",
    "description": "Lookup of this object -> the object of the same line it points to. Needed only where several fit.",
    "additionalProperties": {"type": "string"},
}

_RECORD_TYPE: dict[str, Any] = {
    "type": "string",
    "description": "The record type, by its name, of new records whose row names none.",
}

MAPPING_SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Mapping of an import",
    "description": "Says what each column of a table means. Every column is in one of the two lists.",
    "type": "object",
    "required": ["columns"],
    "additionalProperties": False,
    "properties": {
        "$schema": {"type": "string"},
        "columns": {
            "type": "object",
            "description": "Header of a column -> what it means.",
            "additionalProperties": _COLUMN,
        },
        "ignore": {
            "type": "array",
            "description": "Headers of columns that are left out.",
            "items": {"type": "string"},
            "uniqueItems": True,
        },
        "match": _MATCH,
        "links": _LINKS,
        "record_type": _RECORD_TYPE,
        "objects": {
            "type": "object",
            "description": "Name of another object of which the lines hold records -> how they are found and linked.",
            "additionalProperties": {
                "type": "object",
                "additionalProperties": False,
                "properties": {"match": _MATCH, "links": _LINKS, "record_type": _RECORD_TYPE},
            },
        },
        "joined": {
            "type": "object",
            "description": "Field -> headers of the columns whose texts fill it together, parted by spaces.",
            "additionalProperties": {"type": "array", "items": {"type": "string"}, "minItems": 1},
        },
        "table": {
            "type": "object",
            "description": "Where the table lies in the file, when it is not found by itself.",
            "additionalProperties": False,
            "properties": {
                "sheet": {"type": "string", "description": "The name of the workbook's sheet."},
                "header_row": {
                    "type": "integer",
                    "minimum": 1,
                    "description": "The number of the row that names the columns.",
                },
                "keep_total": {
                    "type": "boolean",
                    "description": "Whether a total at the end, and what stands below it, are records.",
                },
            },
        },
    },
}


def mapping_schema_text() -> str:
    """``docs/schemas/mapping.schema.json``."""
    return json.dumps(MAPPING_SCHEMA, indent=2, ensure_ascii=False) + "\n"


def read_mapping(text: bytes) -> ImportMapping:
    """A mapping file. Raises :class:`InvalidAnswers` with every problem and its place."""
    try:
        document = parse_json(text)
    except BrokenJson as fault:
        place = f"line {fault.line}, column {fault.column}"
        raise InvalidAnswers([Problem(fault.kind, place, None, fault.advice, fault.params)]) from None
    return mapping_from(document)


def mapping_from(document: Any) -> ImportMapping:
    """A mapping as JSON. Raises :class:`InvalidAnswers`."""
    from amparo.runtime.transfer.mapping_schema_problems import mapping_problems  # noqa: PLC0415 - it loads jsonschema

    problems = mapping_problems(document, MAPPING_SCHEMA)
    if problems:
        raise InvalidAnswers(problems)
    columns = {
        header: ColumnMapping(
            field=written["field"],
            by=written.get("by"),
            values=dict(written.get("values", {})),
            missing={text: Missing(reason) for text, reason in written.get("missing", {}).items()},
            dates=DateOrder(written["dates"]) if "dates" in written else None,
            calendar=Calendar(written.get("calendar", Calendar.GREGORIAN)),
            two_digit_years_until=written.get("two_digit_years_until"),
            decimal_comma=written.get("decimal_comma", False),
            also={text: dict(said) for text, said in written.get("also", {}).items()},
        )
        for header, written in document["columns"].items()
    }
    return ImportMapping(
        columns,
        tuple(document.get("ignore", ())),
        TableChoice(**document.get("table", {})),
        _match_from(document),
        dict(document.get("links", {})),
        {
            name: OtherObject(_match_from(other), dict(other.get("links", {})), other.get("record_type"))
            for name, other in document.get("objects", {}).items()
        },
        {field: tuple(headers) for field, headers in document.get("joined", {}).items()},
        document.get("record_type"),
    )


def _match_from(document: Mapping[str, Any]) -> Match | None:
    written = document.get("match")
    return written and Match(
        written["field"],
        WhenFound(written.get("when_found", WhenFound.UPDATE)),
        WhenMissing(written.get("when_missing", WhenMissing.CREATE)),
        written.get("blank_clears", False),
    )


def mapping_document(mapping: ImportMapping) -> dict[str, Any]:
    """The mapping as JSON, without what is left at its default."""
    columns = {header: _column_document(column) for header, column in mapping.columns.items()}
    document: dict[str, Any] = {"columns": columns, "ignore": list(mapping.ignore)}
    document |= _object_document(mapping)
    if mapping.others:
        document["objects"] = {name: _object_document(other) for name, other in mapping.others.items()}
    if mapping.joined:
        document["joined"] = {field: list(headers) for field, headers in mapping.joined.items()}
    table = {name: value for name, value in asdict(mapping.table).items() if value}
    return document | ({"table": table} if table else {})


def _column_document(column: ColumnMapping) -> dict[str, Any]:
    written: dict[str, Any] = {"field": column.field}
    if column.by:
        written["by"] = column.by
    if column.values:
        written["values"] = dict(column.values)
    if column.missing:
        written["missing"] = {text: reason.value for text, reason in column.missing.items()}
    if column.dates:
        written["dates"] = column.dates.value
    if column.calendar is not Calendar.GREGORIAN:
        written["calendar"] = column.calendar.value
    if column.two_digit_years_until is not None:
        written["two_digit_years_until"] = column.two_digit_years_until
    if column.decimal_comma:
        written["decimal_comma"] = True
    if column.also:
        written["also"] = {text: dict(said) for text, said in column.also.items()}
    return written


def _object_document(written: ImportMapping | OtherObject) -> dict[str, Any]:
    document: dict[str, Any] = {}
    if written.match is not None:
        document["match"] = asdict(written.match)
    if written.links:
        document["links"] = dict(written.links)
    if written.record_type:
        document["record_type"] = written.record_type
    return document
