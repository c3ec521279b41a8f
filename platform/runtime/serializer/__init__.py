"""What leaves the store: records without what their reader may not see, and the text forms of answers."""

from amparo.runtime.serializer.labels import Labels, member_names, record_names
from amparo.runtime.serializer.records import Record, serialise
from amparo.runtime.serializer.texts import display, export_text, json_form

__all__ = [
    "Labels",
    "Record",
    "display",
    "export_text",
    "json_form",
    "member_names",
    "record_names",
    "serialise",
]
