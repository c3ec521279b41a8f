"""What leaves the store: records without what their reader may not see, and the text forms of answers."""

from amparo.runtime.serializer.labels import Labels, labels_of
from amparo.runtime.serializer.records import MEMBER_COLUMNS, Record, columns_beside, serialise
from amparo.runtime.serializer.texts import display, export_text, json_form, words_for_file

__all__ = [
    "MEMBER_COLUMNS",
    "Labels",
    "Record",
    "columns_beside",
    "display",
    "export_text",
    "json_form",
    "labels_of",
    "serialise",
    "words_for_file",
]
