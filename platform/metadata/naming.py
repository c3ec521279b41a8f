"""What definitions may be called."""

from __future__ import annotations

from amparo.metadata.model import SYSTEM_FIELDS
from amparo.metadata.wording import N_

#: Names stand in formulas, files, addresses and column names, so they are plain and short.
NAME_PATTERN = "^[a-z](?:[a-z0-9_]{0,38}[a-z0-9])?$"
NAME_ADVICE = N_("Write a name of small letters a to z, digits and _, like birth_date: at most 40, no _ at the end.")
#: Identifiers are for machines: any short word will do, as long as it stays.
ID_PATTERN = "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"
ID_ADVICE = N_("Write an identifier of letters, digits and . _ - like case.status: at most 64 characters.")
#: No bar or semicolon, which part several codes; no space at the ends, which nobody sees.
CODE_PATTERN = r"^[^\s|;\u0000-\u001f](?:[^|;\u0000-\u001f]{0,78}[^\s|;\u0000-\u001f])?$"
CODE_ADVICE = N_("Write a code without | and ; and without spaces at its ends: at most 80 characters.")
ICON_PATTERN = "^[a-z][a-z0-9-]{0,39}$"
ICON_ADVICE = N_("Write the name of an icon, like folder.")
LANGUAGE_PATTERN = "^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$"
LANGUAGE_ADVICE = N_("Write a language code, like en or km.")

#: Words of the store and the planner that no field may be called, beside the system fields.
_STORE_WORDS = (
    "version",
    "deleted",
    "deleted_tx",
    "created_tx",
    "updated_tx",
    "search",
    "rowid",
    "oid",
    "ctid",
    "xmin",
    "xmax",
    "cmin",
    "cmax",
    "tableoid",
    "object",
    "missing",
    "me",
    "user",
    "organization",
    "true",
    "false",
    "null",
    "and",
    "or",
    "not",
    "in",
    "is",
)
RESERVED_FIELD_NAMES = frozenset((*SYSTEM_FIELDS, *_STORE_WORDS))
#: Words that stand in addresses where an object's name would.
RESERVED_OBJECT_NAMES = frozenset({"jobs", "reports"})
