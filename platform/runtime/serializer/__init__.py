"""What leaves the store: records without what their reader may not see, and the text forms of answers."""

from amparo.runtime.serializer.labels import AFTER_OBJECT, Labels, Name, labels_of, name_for_people, wanted_by
from amparo.runtime.serializer.records import MEMBER_COLUMNS, Record, columns_beside, serialise
from amparo.runtime.serializer.texts import display, export_text, json_form, words_for_file

__all__ = [
    "AFTER_OBJECT",
    "MEMBER_COLUMNS",
    "Labels",
    "Name",
    "Record",
    "columns_beside",
    "display",
    "export_text",
    "json_form",
    "labels_of",
    "name_for_people",
    "serialise",
    "wanted_by",
    "words_for_file",
]
