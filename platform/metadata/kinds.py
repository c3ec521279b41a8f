"""The kinds of definition file: where they lie and where they stand in the document."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from amparo.metadata.schemas.application import APPLICATION, TRANSLATION
from amparo.metadata.schemas.objects import OBJECT, PICKLIST
from amparo.metadata.schemas.pages import LAYOUT, LIST_VIEW, REPORT
from amparo.metadata.schemas.parts import Schema


@dataclass(frozen=True, slots=True)
class Kind:
    """``name`` is the kind; ``folder`` its folder and its key in the document; ``key`` names one among its like."""

    name: str
    folder: str
    schema: Schema
    key: str = "name"


#: The one file that lies anywhere and stands alone in the document.
APPLICATION_KIND = Kind("application", "application", APPLICATION)
#: The kinds with many files, in the order of the document.
KINDS = (
    Kind("object", "objects", OBJECT),
    Kind("picklist", "picklists", PICKLIST),
    Kind("layout", "layouts", LAYOUT),
    Kind("list_view", "list_views", LIST_VIEW),
    Kind("report", "reports", REPORT),
    Kind("translation", "translations", TRANSLATION, key="language"),
)
KIND_OF_FOLDER: Mapping[str, Kind] = {kind.folder: kind for kind in KINDS}


#: The order in which people expect the keys of a definition; used wherever definitions are written to files.
KEY_ORDER = (
    *("$schema", "id", "language", "name", "code", "function", "object", "objects", "field", "of", "type", "label"),
    *("plural", "help", "name_field", "number_field", "icon", "record_types", "roles", "path", "highlights", "tabs"),
    *("languages", "default_language", "time_zone", "navigation", "home"),
    *("required", "unique", "indexed", "searchable", "default", "sensitive", "personal", "standard_code"),
    *("missing_reasons", "retired", "picklist", "depends_on", "options_when", "format", "prefix", "style", "digits"),
    *("codes", "country", "currency", "currency_field", "decimals_kept", "root", "levels"),
    *("max_length", "decimals", "precision", "minimum", "maximum", "lowest_label", "highest_label", "grouped"),
    *("kinds", "megabytes", "strip_metadata"),
    *("visible_when", "required_when", "read_only_when", "default_formula", "formula", "roll_up"),
    *("active", "group", "state", "severity", "completion", "existing", "warn_until", "blanks", "condition", "message"),
    *("examples", "on", "is_broken", "before", "record"),
    *(
        "of",
        "columns",
        "groupings",
        "measures",
        "filters",
        "match",
        "only_when",
        "sort",
        "descending",
        "by",
        "operator",
        "value",
    ),
    *("in_form", "fields", "sections", "related_lists", "options", "validation_rules", "labels"),
)
