"""How large an application may be. Each limit was chosen so that pages and tables stay fast."""

from __future__ import annotations

from amparo.metadata.fields.base import Storage
from amparo.metadata.fields.registry import field_type
from amparo.metadata.model import FieldDefinition

MOST_OBJECTS = 60
#: PostgreSQL keeps about 380 filled columns in one row; companions count.
MOST_COLUMNS = 300
#: PostgreSQL indexes values of up to 2,704 bytes; a character takes up to four.
LONGEST_INDEXED_TEXT = 600
MOST_PICKLISTS = 500
MOST_OPTIONS = 2000
MOST_RECORD_TYPES = 30
MOST_RULES = 200
MOST_LAYOUTS = 300
MOST_LIST_VIEWS = 600
MOST_REPORTS = 600
MOST_TABS = 12
MOST_SECTIONS = 30
MOST_SECTION_FIELDS = 100
MOST_RELATED_LISTS = 12
MOST_HIGHLIGHTS = 7
MOST_LIST_COLUMNS = 20
MOST_FILTERS = 20
MOST_SORTS = 3
MOST_GROUPINGS = 2
MOST_MEASURES = 6
MOST_NAVIGATION = 12
MOST_HOME = 3
MOST_LANGUAGES = 20
LONGEST_LABEL = 120
LONGEST_HELP = 1000
MOST_EXAMPLES = 20
#: Of one object.
MOST_ROLL_UPS = 25
#: Lookups of one object over which others roll it up: each costs a save of its records one statement.
MOST_ROLLED_UP = 8


def columns_of(definition: FieldDefinition) -> int:
    """Columns that a field takes in its object's table; one that is computed has none.

    One for the value; one each for a reason for a missing value, for the keyed
    hash of a sensitive value, and for the search key of text; two for the
    first and last day of a partly known date.
    """
    if definition.is_computed:
        return 0
    kind = field_type(definition.type)
    columns = 1 + bool(definition.missing_reasons)
    if definition.sensitive:
        return columns + 1
    return columns + has_search_key(definition, kind.storage) + 2 * (kind.storage is Storage.DAYS)


def has_search_key(definition: FieldDefinition, storage: Storage) -> bool:
    """Whether a normalised form of the text stands beside it: it is searched, or looked for in no other way."""
    is_wanted = definition.searchable or field_type(definition.type).is_found_by_form
    return is_wanted and storage.is_searchable and not definition.sensitive
