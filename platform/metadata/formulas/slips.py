"""What people write who come from a spreadsheet, another language or another keyboard, and what would do here."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

from amparo.metadata.wording import N_


@dataclass(frozen=True, slots=True)
class Slip:
    """An advice, what fills its slots, and how many characters it is about."""

    advice: str
    params: Mapping[str, str] = field(default_factory=dict)
    length: int = 1


_INSTEAD = N_("Write {sign} instead of {found}.")
_WORDS: Mapping[str, str] = {"AND": "&&", "OR": "||"}
_BETWEEN: Mapping[str, str] = {
    "DIV": "/", "MOD": "MOD(a, b)", "XOR": "<>", "LIKE": "CONTAINS(a, b)", "IN": "IN(a, b, c)", "IS": "ISBLANK(a)",
    "BETWEEN": "a >= b && a <= c", "THEN": "IF(a, b, c)", "EQ": "=", "NE": "<>",
}  # fmt: skip
_SIGNS: Mapping[str, str] = {
    **dict.fromkeys("“”„‟«»″`", '"'), **dict.fromkeys("‘’‚‛′", "'"), **dict.fromkeys(";؛،、", ","),
    **dict.fromkeys("−–—", "-"), "≥": ">=", "≤": "<=", "≠": "<>", "×": "*", "÷": "/", "|": "||",
}  # fmt: skip
#: Functions of spreadsheets, of Salesforce and of XLSForm that have another name here.
_FUNCTIONS: Mapping[str, str] = {
    **dict.fromkeys(("CONCAT", "CONCATENATE", "TEXTJOIN"), "a & b"), "SUM": "a + b", "POWER": "a ^ b",
    "INT": "MFLOOR(…)", "ROUNDDOWN": "FLOOR(…)", "ROUNDUP": "CEILING(…)",
    **dict.fromkeys(("DATEDIF", "DATEDIFF", "YEARFRAC"), "AGE(born, TODAY())"), "EDATE": "ADDMONTHS(…)",
    "EOMONTH": "ADDMONTHS(DATE(YEAR(day), MONTH(day), 1), 1) - 1", "WEEKNUM": "ISOWEEK(…)",
    **dict.fromkeys(("LENGTH", "STRLEN"), "LEN(…)"), **dict.fromkeys(("SEARCH", "INSTR"), "FIND(…)"),
    **dict.fromkeys(("REPLACE", "TRANSLATE"), "SUBSTITUTE(…)"), "PROPER": "INITCAP(…)",
    **dict.fromkeys(("CHAR", "UNICHAR"), "CHR(…)"), **dict.fromkeys(("CODE", "UNICODE"), "ASCII(…)"),
    **dict.fromkeys(("SWITCH", "DECODE"), "CASE(…)"), "CEIL": "MCEILING(…)",
    **dict.fromkeys(("COALESCE", "IFBLANK", "IFNULL", "NVL"), "BLANKVALUE(…)"), "IFNA": "IFERROR(…)",
    **dict.fromkeys(("ISNOTBLANK", "ISNOTNULL"), "NOT(ISBLANK(…))"), "EXCLUDES": "NOT(INCLUDES(…))",
    **dict.fromkeys(("SELECTED", "ISSELECTED"), "INCLUDES(…)"),
    "XOR": "a <> b", "ISTEXT": "NOT(ISNUMBER(…))", "IMAGEPROXYURL": "IMAGE(…)", "IIF": "IF(…)",
    "MROUND": "ROUND(a / b, 0) * b", "SUBSTRING": "MID(…)",
}  # fmt: skip
_NOT_SEARCHED = N_("Here a formula searches no other records. Read across a lookup with a point, as in {sign}.")
_NO_PAGES = N_("{found} is for Salesforce's own pages, and has no meaning here.")
_NO_RATES = N_("Here amounts are not converted from one currency to another.")
_NO_MARKUP = N_("Here texts hold no markup, so nothing needs {found}. Leave it out.")
_NO_ROLES = N_("Who may do what is set by permissions, not in formulas. $User.email is the person who acts.")
_NO_LABELS = N_("Write the text itself in quotes. The message of a rule is translated beside it.")
_NO_SETTINGS = N_("Write the value itself: there are no settings that formulas read.")
_NO_GROUPS = N_("{found} is for reports. Here a formula reads one record.")
_SALESFORCE: Mapping[str, str] = {
    "VLOOKUP": _NOT_SEARCHED, "$OBJECTTYPE": _NOT_SEARCHED,
    **dict.fromkeys(("CURRENCYRATE", "CONVERTCURRENCY"), _NO_RATES),
    **dict.fromkeys(("HTMLENCODE", "JSENCODE", "JSINHTMLENCODE", "URLENCODE"), _NO_MARKUP),
    **dict.fromkeys(("PARENTGROUPVAL", "PREVGROUPVAL"), _NO_GROUPS),
    **dict.fromkeys(("$PROFILE", "$PERMISSION", "$USERROLE"), _NO_ROLES), "$LABEL": _NO_LABELS,
    **dict.fromkeys(("$SETUP", "$CUSTOMMETADATA"), _NO_SETTINGS),
    **dict.fromkeys(
        "GETRECORDIDS GETSESSIONID INCLUDE JUNCTIONIDLIST LINKTO PREDICT REQUIRESCRIPT URLFOR $ACTION $API $COMPONENT"
        " $CLIENT $CURRENTPAGE $FLOW $NETWORK $PAGE $REQUEST $RESOURCE $SITE $SYSTEM".split(), _NO_PAGES,
    ),
}  # fmt: skip
_TURNED: Mapping[str, str] = {"=>": ">=", "=<": "<=", "><": "<>"}
_USED = frozenset("()=<>+-*/&^!,'\"")


def advice_for_character(text: str, at: int) -> Slip | None:
    """What to do about a character that formulas do not have; ``None`` for no idea."""
    char = text[at]
    sign = _SIGNS.get(char) or _plain(char)
    if sign is not None:
        return Slip(_INSTEAD, {"sign": sign, "found": char})
    if char in "{}[]":
        found = "{!" if text.startswith("{!", at) else char
        return Slip(N_("Write a name alone, without {found}."), {"found": found}, len(found))
    if char == ".":
        return Slip(N_("Behind the point a name or a digit is missing."))
    if char == "%":
        return Slip(N_("Write 0.1 for ten percent."))
    if unicodedata.category(char)[0] in "LM":
        advice = N_("Only texts have other letters than a to z: write a field's name, not its label.")
        return Slip(advice, length=_length_of_word(text, at))
    if not char.isprintable():
        advice = N_("There is an invisible character here, {code}. Delete it.")
        return Slip(advice, {"code": f"U+{ord(char):04X}"})
    return None


def advice_for_token(text: str, start: int, found: str) -> Slip | None:
    """What to do about something that stands where it cannot; ``None`` for no idea."""
    sign = _WORDS.get(found.upper())
    if sign is not None:
        advice = N_("Write {sign} between two conditions, or {function}(…) around them.")
        return Slip(advice, {"sign": sign, "function": found.upper()})
    sign = _BETWEEN.get(found.upper())
    if sign is not None:
        return Slip(_INSTEAD, {"sign": sign, "found": found})
    turned = text[max(start - 1, 0) : start] + found
    if turned in _TURNED:
        return Slip(_INSTEAD, {"sign": _TURNED[turned], "found": turned})
    if found == "/" and "//" in text[max(start - 1, 0) : start + 2]:
        return Slip(N_("A remark stands between /* and */."))
    if found == "=" and not text[:start].strip():
        return Slip(N_("A formula begins without =."))
    return None


def advice_for_name(name: str) -> Slip | None:
    """What to do about a function or a ``$Name`` that others have; ``None`` for one that nobody has."""
    advice = _SALESFORCE.get(name.upper())
    if advice is not None:
        return Slip(advice, {"found": name, "sign": "case.client"})
    sign = _FUNCTIONS.get(name.upper())
    return None if sign is None else Slip(_INSTEAD, {"sign": sign, "found": name})


def advice_for_bare_function(name: str, *, takes_arguments: bool) -> Slip:
    """What to do about the name of a function without brackets behind it, where there is no such field."""
    return Slip(_INSTEAD, {"sign": f"{name.upper()}({'…' if takes_arguments else ''})", "found": name})


def _plain(char: str) -> str | None:
    """The sign or digit of which a character is another form, such as a wide bracket or a Khmer digit."""
    digit = unicodedata.digit(char, None)
    if digit is not None:
        return str(digit)
    plain = unicodedata.normalize("NFKC", char)
    return plain if plain in _USED else None


def _length_of_word(text: str, start: int) -> int:
    end = start
    while end < len(text) and (text[end].isalnum() or unicodedata.category(text[end])[0] == "M"):
        end += 1
    return end - start
