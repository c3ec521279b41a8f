"""What each field type keeps, finds and shows, for every test that goes through all types with a store."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]

#: An operator, its value, and the numbers of the records it finds.
Question = tuple[str, Any, set[int]]


@dataclass(frozen=True)
class Kept:
    """Three answers of a field type.

    ``typed`` is what a person gives, in the order in which the type sorts,
    where it does; ``shown`` is how each reads in English. ``asked`` are
    conditions on these three, ``searched`` are searches, each with the
    numbers of the records found. ``grouped`` is the order of the groups of a
    report when not that of the answers. ``labelled`` is what a file for
    people holds when not ``shown``.
    """

    typed: tuple[Any, Any, Any]
    shown: tuple[str, str, str]
    asked: tuple[Question, ...]
    searched: tuple[tuple[str, set[int]], ...] = ()
    grouped: tuple[str, ...] | None = None
    labelled: tuple[str, str, str] | None = None
    options: Mapping[str, Any] = field(default_factory=dict)


KEPT: Mapping[str, Kept] = {
    "text": Kept(
        ("anna", "Borey", "ចាន់"),
        ("anna", "Borey", "ចាន់"),
        (
            ("equals", "Borey", {1}),
            ("contains", "AN", {0}),
            ("starts_with", "bor", {1}),
            ("one_of", "anna;ចាន់", {0, 2}),
        ),
        (("ore", {1}), ("ចាន់", {2})),
    ),
    "long_text": Kept(
        ("first\nline", "second <b>", "third"),
        ("first\nline", "second <b>", "third"),
        (("contains", "LINE", {0}), ("not_contains", "s", {2})),
        (("line", {0}),),
    ),
    "rich_text": Kept(
        ("A **bold** word", "- one\n- two & three", "strong tea"),
        ("A bold word", "- one\n- two & three", "strong tea"),
        (("contains", "bold word", {0}), ("contains", "two & three", {1}), ("contains", "strong", {2})),
        (("strong", {2}), ("one", {1})),
    ),
    "email": Kept(
        ("anna@Example.org", "borey@example.org", "chan@bücher.example"),
        ("anna@example.org", "borey@example.org", "chan@bücher.example"),
        (
            ("equals", "anna@EXAMPLE.org", {0}),
            ("contains", "example", {0, 1, 2}),
            ("starts_with", "bor", {1}),
            ("one_of", "borey@example.org;chan@bücher.example", {1, 2}),
        ),
        (("anna@exa", {0}), ("bücher", {2})),
    ),
    "phone": Kept(
        ("+66 2 123 4567 ext. 9", "012 345 678", "+855 23 456 789"),
        ("+66 2 123 4567 ext. 9", "012 345 678", "023 456 789"),
        (
            ("equals", "+855-12-345-678", {1}),
            ("contains", "012 34", {1}),
            ("contains", "៨៥៥២៣", {2}),
            ("not_contains", "(678)", {0}),
        ),
        (("012-345-678", {1}), ("+855 12", {1}), ("(023)456789", {2}), ("២១២៣", {0})),
        labelled=("+66 2 123 4567 ext. 9", "+855 12 345 678", "+855 23 456 789"),
        options={"country": "KH"},
    ),
    "url": Kept(
        ("http://example.org/?q=1", "https://a.example/x", "https://b.example/"),
        ("http://example.org/?q=1", "https://a.example/x", "https://b.example/"),
        (("equals", "HTTPS://a.example/x", {1}), ("contains", "b.example", {2}), ("starts_with", "http://", {0})),
        (("b.example", {2}),),
    ),
    "integer": Kept(
        ("-3", "1,250", 9999),
        ("-3", "1,250", "9,999"),
        (("less_than", "0", {0}), ("between", ["1000", "2000"], {1}), ("one_of", "-3;9999", {0, 2})),
        labelled=("-3", "1250", "9999"),
    ),
    "decimal": Kept(
        ("-3.5", "1,250.50", 9999),
        ("-3.50", "1,250.50", "9,999.00"),
        (("equals", "1250.5", {1}), ("greater_or_equal", "1250.50", {1, 2})),
        labelled=("-3.50", "1250.50", "9999.00"),
    ),
    "currency": Kept(
        ("-$3.50", "1,250.50 USD", 9999),
        ("-$3.50", "$1,250.50", "$9,999.00"),
        (("equals", "USD 1250.5", {1}), ("between", ["0", "$2,000"], {1})),
        labelled=("-3.50", "1250.50", "9999.00"),
        options={"currency": "USD"},
    ),
    "percent": Kept(
        ("0", "12.5%", "100 %"),
        ("0%", "12.5%", "100%"),
        (("equals", "12.5 %", {1}), ("less_than", "150%", {0, 1, 2})),
        labelled=("0.00", "12.50", "100.00"),
    ),
    "rating": Kept(
        (1, "3", "5"),
        ("1/5", "3/5", "5/5"),
        (("equals", "3", {1}), ("greater_than", "2", {1, 2}), ("less_than", "9", {0, 1, 2})),
        labelled=("1", "3", "5"),
        options={"lowest_label": "Not safe", "highest_label": "Safe"},
    ),
    "checkbox": Kept(
        ("no", "no", "yes"),
        ("No", "No", "Yes"),
        (("equals", "yes", {2}), ("not_equals", "yes", {0, 1})),
        grouped=("Yes", "No"),
        labelled=("false", "false", "true"),
    ),
    "date": Kept(
        ("1999-12-31", "2026-02-28", "២០២៦-០៣-០១"),
        ("31 Dec 1999", "28 Feb 2026", "1 Mar 2026"),
        (("less_than", "2000-01-01", {0}), ("in_period", "this_year", {1, 2})),
        labelled=("1999-12-31", "2026-02-28", "2026-03-01"),
    ),
    "date_time": Kept(
        ("1999-12-31T00:00Z", "2026-02-28 10:00", "2026-03-01 10:00"),
        ("31 Dec 1999 07:00", "28 Feb 2026 10:00", "1 Mar 2026 10:00"),
        (("less_than", "2000-01-01", {0}), ("greater_than", "2026-02-28", {2})),
        labelled=("1999-12-31 07:00:00", "2026-02-28 10:00:00", "2026-03-01 10:00:00"),
    ),
    "time": Kept(
        ("9.05", "2:30 pm", "14:30:15"),
        ("09:05", "14:30", "14:30:15"),
        (("less_than", "10:00", {0}), ("between", ["2 pm", "2:30 pm"], {1}), ("equals", "14.30", {1})),
    ),
    "partial_date": Kept(
        ("2025", "2026-02", "2026-03-01~"),
        ("2025", "February 2026", "about 1 Mar 2026"),
        (("less_than", "2026-01-01", {0}), ("in_period", "this_year", {1, 2})),
        labelled=("2025", "2026-02", "2026-03-01~"),
    ),
    "birth_date": Kept(
        ("1999", "2008-05", "age 12 on 2026-03-31"),
        ("1999", "May 2008", "1 Apr 2013 to 31 Mar 2014"),
        (("less_than", "2000-01-01", {0}),),
        labelled=("1999", "2008-05", "2013-04-01/2014-03-31"),
    ),
    "picklist": Kept(
        ("low", "high", "urgent"),
        ("Low", "High", "Urgent"),
        (("equals", "high", {1}), ("not_one_of", "low;high", {2})),
        options={"picklist": "risk"},
    ),
    "multi_select": Kept(
        ("low", "high;low", ["urgent"]),
        ("Low", "High, Low", "Urgent"),
        (("includes_any", "high;urgent", {1, 2}), ("includes_all", "low;high", {1}), ("includes_none", "low", {2})),
        grouped=("Low", "High", "Urgent"),
        labelled=("Low", "High;Low", "Urgent"),
        options={"picklist": "risk"},
    ),
    "country": Kept(
        ("kh", "NP", "TH"),
        ("Cambodia", "Nepal", "Thailand"),
        (("equals", "KH", {0}), ("one_of", "NP;TH", {1, 2})),
    ),
    "countries": Kept(
        ("kh", "NP;kh", ["TH"]),
        ("Cambodia", "Cambodia, Nepal", "Thailand"),
        (("includes_any", "NP;TH", {1, 2}), ("includes_all", "NP;KH", {1}), ("includes_none", "KH", {2})),
        grouped=("Cambodia", "Nepal", "Thailand"),
        labelled=("Cambodia", "Cambodia;Nepal", "Thailand"),
    ),
    "language": Kept(
        ("km", "shn", "vi"),
        ("Khmer", "Shan", "Vietnamese"),
        (("equals", "shn", {1}), ("not_equals", "km", {1, 2})),
        options={"codes": ["km", "shn", "vi"]},
    ),
    "address": Kept(
        ("12 Street 240", '{"city": "Pursat", "country": "KH"}', '{"lines": "House 3", "region": "Battambang"}'),
        ("12 Street 240", "Pursat, Cambodia", "House 3, Battambang"),
        (("contains", "street", {0}), ("not_contains", "3", {0, 1})),
        (("pursat", {1}), ("battam", {2})),
    ),
    "geolocation": Kept(
        ("11.5564, 104.9282", "13.1, 103.2", "-33.9249, 18.4241"),
        ("11.556400, 104.928200", "13.100000, 103.200000", "-33.924900, 18.424100"),
        (("within_distance", ["11.5, 104.9", "20"], {0}),),
    ),
    "location": Kept(
        ("02", "ឈើទាល, បាណន់", "Chamkar Mon"),
        ("Battambang", "Chheu Teal, Banan, Battambang", "Chamkar Mon, Phnom Penh"),
        (
            ("equals", "បាត់ដំបង", {0}),
            ("one_of", "02;1201", {0, 2}),
            ("in_place", "Battambang", {0, 1}),
            ("not_in_place", "12;0201", {0}),
        ),
    ),
    "external_id": Kept(
        ("A-1", "a-10", " b 2 "),
        ("A-1", "a-10", "b 2"),
        (("equals", "A-1", {0}), ("equals", "a-1", set()), ("one_of", "a-10;b 2", {1, 2})),
        (("b 2", {2}),),
    ),
}

PICKLISTS: list[Json] = [
    {
        "id": "list.risk",
        "name": "risk",
        "label": "Risk",
        "options": [{"code": code, "label": code.capitalize()} for code in ("low", "high", "urgent")],
    }
]
