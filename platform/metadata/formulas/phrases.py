"""How formulas read in words: whole phrases with slots, each a message of its own, because word orders differ.

What yields a value reads as a part of a sentence; what is true or false as a sentence, and as its opposite.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from amparo.metadata.wording import N_, NN_


class Claim(NamedTuple):
    """A sentence, and its opposite."""

    holds: str
    fails: str


class Counted(NamedTuple):
    """A phrase of one, and of several."""

    one: str
    several: str


#: Values, by function; arguments fill ``first``, ``second`` and ``third``.
VALUES: Mapping[str, str] = {
    "TODAY": N_("today"),
    "NOW": N_("this moment"),
    "DATEVALUE": N_("the day of {first}"),
    "YEAR": N_("the year of {first}"),
    "MONTH": N_("the month of {first}"),
    "DAY": N_("the day of the month of {first}"),
    "WEEKDAY": N_("the day of the week of {first}"),
    "HOUR": N_("the hour of {first}"),
    "MINUTE": N_("the minute of {first}"),
    "AGE": N_("the full years from {first} to {second}"),
    "EARLIEST": N_("the first day that {first} may be"),
    "LATEST": N_("the last day that {first} may be"),
    "LEN": N_("the length of {first}"),
    "LEFT": N_("the first {second} characters of {first}"),
    "RIGHT": N_("the last {second} characters of {first}"),
    "UPPER": N_("{first} in capitals"),
    "LOWER": N_("{first} in small letters"),
    "VALUE": N_("{first} as a number"),
    "ABS": N_("{first} without its sign"),
    "ROUND": N_("{first} rounded to {second} decimals"),
    "MOD": N_("what remains of {first} divided by {second}"),
    "IF": N_("{second} if {first}, otherwise {third}"),
    "BLANKVALUE": N_("{first}, or {second} where that is blank"),
    "NULLVALUE": N_("{first}, or {second} where that is blank"),
    "IFERROR": N_("{first}, or {second} where that cannot be computed"),
    "PICKLISTCOUNT": N_("the number of answers in {first}"),
    "PRIORVALUE": N_("{first} before this change"),
    "MISSINGREASON": N_("the reason why {first} has no answer"),
    "GEOLOCATION": N_("the point {first}, {second}"),
    "DISTANCE": N_("the distance between {first} and {second}"),
    "+": N_("{first} plus {second}"),
    "-": N_("{first} minus {second}"),
    "*": N_("{first} times {second}"),
    "/": N_("{first} divided by {second}"),
    "^": N_("{first} to the power of {second}"),
}
#: Values of any number of arguments.
OF_SEVERAL: Mapping[str, str] = {
    "MAX": N_("the largest of {values}"),
    "MIN": N_("the smallest of {values}"),
    "&": N_("the text of {values}"),
}
#: Any other function, by its name.
OTHER_VALUE = N_("{function} of {values}")
DAYS_BETWEEN = N_("the days from {second} to {first}")
DAYS_AFTER = N_("{first} plus {second} days")
DAYS_BEFORE = N_("{first} minus {second} days")
MONTHS_AFTER = N_("{first} plus {second} months")
OPPOSITE = N_("minus {first}")
COUNTED_DAYS_AFTER = Counted(*NN_("{number} day after {first}", "{number} days after {first}"))
COUNTED_DAYS_BEFORE = Counted(*NN_("{number} day before {first}", "{number} days before {first}"))
COUNTED_MONTHS_AFTER = Counted(*NN_("{number} month after {first}", "{number} months after {first}"))
COUNTED_MONTHS_BEFORE = Counted(*NN_("{number} month before {first}", "{number} months before {first}"))
COUNTED_YEARS_AFTER = Counted(*NN_("{number} year after {first}", "{number} years after {first}"))
COUNTED_YEARS_BEFORE = Counted(*NN_("{number} year before {first}", "{number} years before {first}"))

#: Sentences, by function.
CLAIMS: Mapping[str, Claim] = {
    "ISNEW": Claim(N_("the record is new"), N_("the record is not new")),
    "ISCLONE": Claim(N_("the record is a copy"), N_("the record is not a copy")),
    "ISCHANGED": Claim(N_("{first} was changed"), N_("{first} was not changed")),
    "INCLUDES": Claim(N_("{first} includes {second}"), N_("{first} does not include {second}")),
    "BEGINS": Claim(N_("{first} begins with {second}"), N_("{first} does not begin with {second}")),
    "ENDS": Claim(N_("{first} ends with {second}"), N_("{first} does not end with {second}")),
    "CONTAINS": Claim(N_("{first} contains {second}"), N_("{first} does not contain {second}")),
    "REGEX": Claim(N_("{first} has the form {second}"), N_("{first} does not have the form {second}")),
    "ISNUMBER": Claim(N_("{first} is a number"), N_("{first} is not a number")),
}
BLANK = Claim(N_("{first} is blank"), N_("{first} is not blank"))
NO_REASON = Claim(N_("no reason is given why {first} has no answer"), N_("a reason is given why {first} has no answer"))
EQUAL = Claim(N_("{first} is {second}"), N_("{first} is not {second}"))
SAME = Claim(N_("{first} is the same as {second}"), N_("{first} is not the same as {second}"))
ONE_OF = Claim(N_("{first} is one of {values}"), N_("{first} is none of {values}"))
TICKED = Claim(N_("{first} is Yes"), N_("{first} is not Yes"))
CONSTANT = Claim(N_("always"), N_("never"))
ANY_CLAIM = Claim(N_("{value} holds"), N_("{value} does not hold"))
#: Comparisons of days and moments, and of anything else.
OF_MOMENTS: Mapping[str, Claim] = {
    "<": Claim(N_("{first} is before {second}"), N_("{first} is not before {second}")),
    "<=": Claim(N_("{first} is not after {second}"), N_("{first} is after {second}")),
    ">": Claim(N_("{first} is after {second}"), N_("{first} is not after {second}")),
    ">=": Claim(N_("{first} is not before {second}"), N_("{first} is before {second}")),
}
OF_NUMBERS: Mapping[str, Claim] = {
    "<": Claim(N_("{first} is less than {second}"), N_("{first} is not less than {second}")),
    "<=": Claim(N_("{first} is at most {second}"), N_("{first} is not at most {second}")),
    ">": Claim(N_("{first} is more than {second}"), N_("{first} is not more than {second}")),
    ">=": Claim(N_("{first} is at least {second}"), N_("{first} is not at least {second}")),
}

AND, OR = N_("{first} and {second}"), N_("{first} or {second}")
GROUPED = N_("({sentence})")
ALL_OF, ANY_OF = N_("All of these hold:"), N_("At least one of these holds:")
#: Of IFS and CASE.
WHERE = N_("{result} if {condition}")
OTHERWISE = N_("{results}, otherwise {other}")

#: A field of a record that a lookup leads to, and what is known of who acts.
ACROSS = N_("{field} of {record}")
GLOBALS: Mapping[tuple[str, ...], str] = {
    ("$User", "id"): N_("whoever saves"),
    ("$User", "name"): N_("the name of whoever saves"),
    ("$User", "email"): N_("the e-mail address of whoever saves"),
    ("$User", "language"): N_("the language of whoever saves"),
    ("$Organization", "id"): N_("the organisation"),
    ("$Organization", "name"): N_("the name of the organisation"),
    ("$RecordType", "id"): N_("the kind of the record"),
    ("$RecordType", "name"): N_("the kind of the record"),
    ("$RecordType", "label"): N_("the name of the record's kind"),
}
NOTHING = N_("blank")
YES, NO = N_("Yes"), N_("No")
QUOTED = N_("“{text}”")
