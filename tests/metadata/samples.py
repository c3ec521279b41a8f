"""What each field type takes and refuses, for every test that goes through all types."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal

from hypothesis import strategies as st

from amparo.metadata.addresses import Address
from amparo.metadata.geolocations import Geolocation
from amparo.metadata.partial_dates import PartialDate
from metadata.file_samples import FILES
from metadata.sample_parts import NOON, SOMEBODY, Sample, line, plain_text


@st.composite
def partial_dates(draw: st.DrawFn) -> PartialDate:
    """Days, months, years and stretches after 1900, estimated or not."""
    day = draw(st.dates(min_value=dt.date(1901, 1, 1)))
    length = draw(st.sampled_from([4, 7, 10]))
    date = PartialDate.parse(day.isoformat()[:length] + draw(st.sampled_from(["", "~"])))
    if draw(st.booleans()):
        return date
    return PartialDate(day, max(day, draw(st.dates(min_value=day))), date.is_estimated)


def point(latitude: str | Decimal, longitude: str | Decimal) -> Geolocation:
    return Geolocation(Decimal(latitude), Decimal(longitude))


def degrees(most: int) -> st.SearchStrategy[Decimal]:
    """With six decimals, and never -0."""
    return st.decimals(-most, most, places=6).map(lambda each: each + 0)


@st.composite
def addresses(draw: st.DrawFn) -> Address:
    """At least one part, each without white space around it."""
    stripped = line.map(str.strip).filter(lambda text: bool(text) and len(text) < 200)
    parts = {name: draw(st.just("") | stripped) for name in ("lines", "city", "region", "postcode")}
    address = Address(**parts, country=draw(st.sampled_from(["", "KH", "ET"])))
    return address if address != Address() else Address(city=draw(stripped))


#: Input in a zone without summer time, and the instant it is.
INSTANTS = [
    ("2026-11-22T11:35:49.123456Z", "2026-11-22T11:35:49.123456Z"),
    ("2026-11-22 11:35", "2026-11-22T11:35:00.000000Z"),
    ("2026-11-22T18:35+07:00", "2026-11-22T11:35:00.000000Z"),
    ("2026-11-22t18:35+0700", "2026-11-22T11:35:00.000000Z"),
    ("២០២៦-១១-២២ ១១:៣៥", "2026-11-22T11:35:00.000000Z"),
    ("0001-01-01T00:00", "0001-01-01T00:00:00.000000Z"),
]

SAMPLES: Mapping[str, Sample] = {
    "text": Sample(
        taken=[
            ("  Srey ", "  Srey ", "  Srey "),
            ("e\u0301", "e\u0301", "e\u0301"),
            (" \t", " \t", " \t"),
            ("សុខ\u200bដារ៉ា", "សុខ\u200bដារ៉ា", "សុខ\u200bដារ៉ា"),
            ("=1+1", "=1+1", "=1+1"),
        ],
        refused=[
            ("a\0b", "bad_character"),
            ("\ud800", "bad_character"),
            *((f"a{char}b", "line_break") for char in "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"),
            ("x" * 11, "too_long"),
            (5, "not_text"),
            (["a"], "not_text"),
            (b"a", "not_text"),
        ],
        values=line,
        options={"max_length": 10},
    ),
    "long_text": Sample(
        taken=[("a\r\nb\rc\nd\u2028e", "a\r\nb\rc\nd\u2028e", "a\r\nb\rc\nd\u2028e"), ("\n", "\n", "\n")],
        refused=[("a\0", "bad_character"), ("\udfff", "bad_character"), ("x" * 21, "too_long"), (1.5, "not_text")],
        values=plain_text,
        options={"max_length": 20},
    ),
    "integer": Sample(
        taken=[
            (" 1,250 ", 1250, "1250"),
            ("-3", -3, "-3"),
            ("−3", -3, "-3"),
            (7.0, 7, "7"),
            (Decimal("7.00"), 7, "7"),
            ("+0007", 7, "7"),
            ("١٬٢٥٠", 1250, "1250"),
            ("۱۲۵۰", 1250, "1250"),
            ("१,२५,०००", 125000, "125000"),
            ("១២៥០", 1250, "1250"),
            ("၁၂၅၀", 1250, "1250"),
            ("๑๒๕๐", 1250, "1250"),
            ("1 250", 1250, "1250"),
            ("1\u202f250", 1250, "1250"),
            ("2'000'000", 2000000, "2000000"),
            ("12.0", 12, "12"),
            (str(2**63 - 1), 2**63 - 1, "9223372036854775807"),
        ],
        refused=[
            ("1.250", "ambiguous_number"),
            ("1.000", "ambiguous_number"),
            ("1.5", "too_many_decimals"),
            ("1,5", "ambiguous_number"),
            ("12,34", "ambiguous_number"),
            ("1,2345", "ambiguous_number"),
            ("1, 250", "not_a_number"),
            ("1e3", "not_a_number"),
            ("twelve", "not_a_number"),
            ("0x10", "not_a_number"),
            ("9" * 10_000, "not_a_number"),
            (2**63, "out_of_range"),
            ("-9223372036854775809", "out_of_range"),
            (1e300, "too_large"),
            (float("nan"), "not_a_number"),
            (float("inf"), "not_a_number"),
            (True, "not_a_number"),
            ([1], "not_a_number"),
        ],
        values=st.integers(-(2**63), 2**63 - 1),
    ),
    "decimal": Sample(
        taken=[
            (" 1,250.5 ", Decimal("1250.50"), "1250.50"),
            (1250.5, Decimal("1250.50"), "1250.50"),
            (3, Decimal("3.00"), "3.00"),
            ("-0", Decimal("0.00"), "0.00"),
            ("-0.00", Decimal("0.00"), "0.00"),
            (".5", Decimal("0.50"), "0.50"),
            ("7.", Decimal("7.00"), "7.00"),
            ("١٢٥٠٫٥", Decimal("1250.50"), "1250.50"),
            ("\u200f१२.५", Decimal("12.50"), "12.50"),
            ("1.5000", Decimal("1.50"), "1.50"),
            (Decimal("1E+2"), Decimal("100.00"), "100.00"),
        ],
        refused=[
            ("1.250,5", "ambiguous_number"),
            ("1250,5", "ambiguous_number"),
            ("1.250", "ambiguous_number"),
            ("1.255", "ambiguous_number"),
            ("1.2551", "too_many_decimals"),
            (0.1 + 0.2, "too_many_decimals"),
            (Decimal("NaN"), "not_a_number"),
            (Decimal("sNaN"), "not_a_number"),
            (Decimal("1E+30"), "too_large"),
            (10**16, "out_of_range"),
            ("abc", "not_a_number"),
            (False, "not_a_number"),
        ],
        values=st.decimals("-9999999999999999.99", "9999999999999999.99", places=2),
    ),
    "checkbox": Sample(
        taken=[
            (True, True, "true"),
            (" Yes ", True, "true"),
            ("ON", True, "true"),
            ("1", True, "true"),
            (1, True, "true"),
            ("false", False, "false"),
            ("no", False, "false"),
            ("off", False, "false"),
            (0, False, "false"),
        ],
        refused=[("maybe", "not_yes_or_no"), (2, "not_yes_or_no"), (1.0, "not_yes_or_no"), ([], "not_yes_or_no")],
        values=st.booleans(),
    ),
    "date": Sample(
        taken=[
            (" 2026-03-31 ", dt.date(2026, 3, 31), "2026-03-31"),
            (dt.date(1, 1, 1), dt.date(1, 1, 1), "0001-01-01"),
            ("9999-12-31", dt.date(9999, 12, 31), "9999-12-31"),
            ("២០២៦-០៣-៣១", dt.date(2026, 3, 31), "2026-03-31"),
            ("2024-02-29", dt.date(2024, 2, 29), "2024-02-29"),
        ],
        refused=[
            ("31/03/2026", "not_a_date"),
            ("2026-02-29", "not_a_date"),
            ("20260331", "not_a_date"),
            ("2026-W14-2", "not_a_date"),
            ("0000-01-01", "not_a_date"),
            ("2026-3-31", "not_a_date"),
            ("2026-03-31T00:00", "not_a_date"),
            (NOON, "not_a_date"),
            (20260331, "not_a_date"),
        ],
        values=st.dates(),
    ),
    "date_time": Sample(
        taken=[(text, dt.datetime.fromisoformat(instant), instant) for text, instant in INSTANTS],
        refused=[
            ("2026-11-22", "not_a_date_time"),
            ("2026-11-22 25:00", "not_a_date_time"),
            ("22.11.2026 10:00", "not_a_date_time"),
            ("2026-11-22T10:00:00.1234567", "not_a_date_time"),
            ("0001-01-01T00:00+10:00", "not_a_date_time"),
            (dt.date(2026, 11, 22), "not_a_date_time"),
            (1700000000, "not_a_date_time"),
        ],
        values=st.datetimes(timezones=st.just(dt.UTC)),
    ),
    "partial_date": Sample(
        taken=[
            ("2026", PartialDate.parse("2026"), "2026"),
            (" 2026-05 ", PartialDate.parse("2026-05"), "2026-05"),
            ("2026-05-03", PartialDate.parse("2026-05-03"), "2026-05-03"),
            ("២០២៦-០៥", PartialDate.parse("2026-05"), "2026-05"),
            ("2026~", PartialDate.parse("2026~"), "2026~"),
            ("2026-01-01/2026-12-31", PartialDate.parse("2026"), "2026"),
            ("2024-02-01/2024-02-29", PartialDate.parse("2024-02"), "2024-02"),
            ("2008-03-02/2009-03-01~", PartialDate.parse("2008-03-02/2009-03-01~"), "2008-03-02/2009-03-01~"),
            (dt.date(2026, 5, 3), PartialDate.parse("2026-05-03"), "2026-05-03"),
        ],
        refused=[
            ("26", "not_a_date"),
            ("2026-13", "not_a_date"),
            ("2026-02-30", "not_a_date"),
            ("2026--03", "not_a_date"),
            ("20260503", "not_a_date"),
            ("2026-W14", "not_a_date"),
            ("0000", "not_a_date"),
            ("2026-05-03/2026-05-01", "not_a_date"),
            ("2026/2027", "not_a_date"),
            (2026, "not_a_date"),
            ("1899", "out_of_range"),
        ],
        values=partial_dates(),
        options={"minimum": "1900-06-01"},
    ),
    "birth_date": Sample(
        taken=[
            ("2001-05", PartialDate.parse("2001-05"), "2001-05"),
            ("age 12 on 2026-05-01", PartialDate.parse("2013-05-02/2014-05-01"), "2013-05-02/2014-05-01"),
            ("Age ១២ on 2026-05-01~", PartialDate.parse("2013-05-02/2014-05-01~"), "2013-05-02/2014-05-01~"),
            ("age 0 on 2026-05-01", PartialDate.parse("2025-05-02/2026-05-01"), "2025-05-02/2026-05-01"),
            ("age 1 on 2024-02-29", PartialDate.parse("2022-03-01/2023-02-28"), "2022-03-01/2023-02-28"),
        ],
        refused=[
            ("age 12", "not_a_date"),
            ("age 151 on 2026-05-01", "not_an_age"),
            ("age 12 on 2026-02-30", "not_an_age"),
            ("2001 age 12 on 2026-05-01", "two_answers"),
            ("age 30 on 0020-01-01", "not_an_age"),
        ],
        values=partial_dates(),
    ),
    "picklist": Sample(
        taken=[("low", "low", "low"), (" high ", "high", "high")],
        refused=[
            ("old", "option_inactive"),
            ("Low", "not_an_option"),
            ("lo", "not_an_option"),
            (1, "not_an_option"),
            (["low"], "not_an_option"),
            ({"a": 1}, "not_an_option"),
        ],
        values=st.sampled_from(["low", "high"]),
        options={"picklist": "risk"},
    ),
    "multi_select": Sample(
        taken=[
            (["vi", "km", "vi"], ("km", "vi"), "|km|vi|"),
            ("|vi|km|", ("km", "vi"), "|km|vi|"),
            (" vi ; km ;", ("km", "vi"), "|km|vi|"),
            ("km", ("km",), "|km|"),
            ({"my"}, ("my",), "|my|"),
        ],
        refused=[
            ("km;xx", "not_an_option"),
            (["km", 3], "not_an_option"),
            (7, "not_an_option"),
            ("km,vi", "not_an_option"),
        ],
        values=st.lists(st.sampled_from(["km", "my", "vi"]), min_size=1).map(lambda codes: tuple(sorted(set(codes)))),
        options={"picklist": "language"},
    ),
    "lookup": Sample(
        taken=[
            (SOMEBODY, SOMEBODY, str(SOMEBODY)),
            (f" {str(SOMEBODY).upper()} ", SOMEBODY, str(SOMEBODY)),
        ],
        refused=[
            (SOMEBODY.hex, "not_a_record"),
            (f"{{{SOMEBODY}}}", "not_a_record"),
            (f"urn:uuid:{SOMEBODY}", "not_a_record"),
            ("Srey", "not_a_record"),
            (SOMEBODY.int, "not_a_record"),
        ],
        values=st.uuids(),
        options={"object": "resident"},
    ),
    "master_detail": Sample(
        taken=[(str(SOMEBODY), SOMEBODY, str(SOMEBODY))],
        refused=[("1", "not_a_record")],
        values=st.uuids(),
        options={"object": "resident"},
    ),
    "address": Sample(
        taken=[
            ("12 Street 240", Address("12 Street 240"), '{"lines":"12 Street 240"}'),
            (
                " 12 Street 240\r\nDoun Penh ",
                Address("12 Street 240\nDoun Penh"),
                r'{"lines":"12 Street 240\nDoun Penh"}',
            ),
            (
                ' {"region": "Battambang", "country": "kh", "postcode": " 02000 ", "lines": "ផ្លូវ ៣"}',
                Address("ផ្លូវ ៣", region="Battambang", postcode="02000", country="KH"),
                '{"country":"KH","lines":"ផ្លូវ ៣","postcode":"02000","region":"Battambang"}',
            ),
            (Address(city='"Gondar"'), Address(city='"Gondar"'), r'{"city":"\"Gondar\""}'),
        ],
        refused=[
            ('{"town": "Pursat"}', "unknown_name"),
            ('{"country": "Cambodia"}', "not_an_option"),
            ('{"city": "a\\nb"}', "line_break"),
            ('{"city": 5}', "not_text"),
            ('{"city": "Pursat"', "not_json"),
            ('{"city": "a", "city": "b"}', "duplicate_key"),
            ("a\0", "bad_character"),
            ("x" * 1001, "too_long"),
            (5, "not_text"),
            (["Pursat"], "not_text"),
        ],
        values=addresses(),
    ),
    "geolocation": Sample(
        taken=[
            ("11.5564, 104.9282", point("11.5564", "104.9282"), "11.556400,104.928200"),
            ("11.5564 104.9282", point("11.5564", "104.9282"), "11.556400,104.928200"),
            ("១១.៥៥៦៤, ១០៤.៩២៨២", point("11.5564", "104.9282"), "11.556400,104.928200"),
            ("١١٫٥٥٦٤، ١٠٤٫٩٢٨٢", point("11.5564", "104.9282"), "11.556400,104.928200"),
            ("11.55641234567891, 104.92821999", point("11.556412", "104.928220"), "11.556412,104.928220"),
            ("−33.9249,18.4241", point("-33.9249", "18.4241"), "-33.924900,18.424100"),
            ("33.9249° S, 18.4241° E", point("-33.9249", "18.4241"), "-33.924900,18.424100"),
            ("N11.5564 E104.9282", point("11.5564", "104.9282"), "11.556400,104.928200"),
            ("104.9282e 11.5564n", point("11.5564", "104.9282"), "11.556400,104.928200"),
            ("11°33'23\"N 104°55'41.5\"W", point("11.556389", "-104.928194"), "11.556389,-104.928194"),
            ("11°33′23″N104°55′41.5″W", point("11.556389", "-104.928194"), "11.556389,-104.928194"),
            ("11° 33.384' N 104° 55.692' E", point("11.5564", "104.9282"), "11.556400,104.928200"),
            ("-0.0000001, 180", point("0", "180"), "0.000000,180.000000"),
            (point("11.5564", "104.9282"), point("11.5564", "104.9282"), "11.556400,104.928200"),
        ],
        refused=[
            ("104.9282, 11.5564", "out_of_range"),
            ("90.0000001, 0", "out_of_range"),
            ("11.5, 180.1", "out_of_range"),
            ("300, 300", "out_of_range"),
            ("11,5564, 104,9282", "not_a_point"),
            ("11.5564", "not_a_point"),
            ("115564", "not_a_point"),
            ("11°60'N 104°E", "not_a_point"),
            ("11.5N 104.9N", "not_a_point"),
            ("-11.5S 104.9E", "not_a_point"),
            ("N11.5N 104.9E", "not_a_point"),
            ("Phnom Penh", "not_a_point"),
            (11.5, "not_a_point"),
            ([11.5, 104.9], "not_a_point"),
        ],
        values=st.builds(point, degrees(90), degrees(180)),
    ),
    "auto_number": Sample(
        taken=[(" C-1 ", "C-1", "C-1")],
        refused=[(5, "not_text"), ("a\0", "bad_character")],
        values=line.filter(lambda text: text == text.strip()),
        options={"format": {"style": "sequence"}},
    ),
    **FILES,
}
