"""What each field type takes and refuses, for every test that goes through all types."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal

from hypothesis import strategies as st

from amparo.metadata.fields.registry import FIELD_TYPES
from amparo.metadata.partial_dates import PartialDate
from metadata.file_samples import FILES
from metadata.place_samples import PLACE_SAMPLES
from metadata.sample_parts import NOON, SOMEBODY, Sample, itself
from metadata.text_samples import TEXT_SAMPLES


@st.composite
def partial_dates(draw: st.DrawFn) -> PartialDate:
    """Days, months, years and stretches after 1900, estimated or not."""
    day = draw(st.dates(min_value=dt.date(1901, 1, 1)))
    length = draw(st.sampled_from([4, 7, 10]))
    date = PartialDate.parse(day.isoformat()[:length] + draw(st.sampled_from(["", "~"])))
    if draw(st.booleans()):
        return date
    return PartialDate(day, max(day, draw(st.dates(min_value=day))), date.is_estimated)


#: Input in a zone without summer time, and the instant it is.
INSTANTS = [
    ("2026-11-22T11:35:49.123456Z", "2026-11-22T11:35:49.123456Z"),
    ("2026-11-22 11:35", "2026-11-22T11:35:00.000000Z"),
    ("2026-11-22T18:35+07:00", "2026-11-22T11:35:00.000000Z"),
    ("2026-11-22t18:35+0700", "2026-11-22T11:35:00.000000Z"),
    ("២០២៦-១១-២២ ១១:៣៥", "2026-11-22T11:35:00.000000Z"),
    ("0001-01-01T00:00", "0001-01-01T00:00:00.000000Z"),
]


_OTHER_SAMPLES: Mapping[str, Sample] = {
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
    "currency": Sample(
        taken=[
            ("USD 1,250.5", Decimal("1250.50"), "1250.50"),
            ("us$1,250.50", Decimal("1250.50"), "1250.50"),
            ("1250.5 $", Decimal("1250.50"), "1250.50"),
            ("-$5", Decimal("-5.00"), "-5.00"),
            ("١٢٥٠٫٥", Decimal("1250.50"), "1250.50"),
            (3, Decimal("3.00"), "3.00"),
        ],
        refused=[
            ("1250,5", "ambiguous_number"),
            ("EUR 5", "not_a_number"),
            ("€5", "not_a_number"),
            ("1.2551", "too_many_decimals"),
            (True, "not_a_number"),
        ],
        values=st.decimals("-9999999999999999.99", "9999999999999999.99", places=2),
        options={"currency": "USD"},
    ),
    "percent": Sample(
        taken=[
            ("12.5 %", Decimal("12.50"), "12.50"),
            ("%7", Decimal("7.00"), "7.00"),
            ("١٢٫٥٪\u061c", Decimal("12.50"), "12.50"),
            ("100", Decimal("100.00"), "100.00"),
            ("-0%", Decimal("0.00"), "0.00"),
        ],
        refused=[
            ("12,5%", "ambiguous_number"),
            ("101", "out_of_range"),
            ("-1", "out_of_range"),
            ("5%%", "not_a_number"),
            ("%", "not_a_number"),
        ],
        values=st.decimals(0, 100, places=2),
    ),
    "rating": Sample(
        taken=[(" 4 ", 4, "4"), (1, 1, "1"), ("៤", 4, "4"), (Decimal("5.0"), 5, "5")],
        refused=[("0", "out_of_range"), (6, "out_of_range"), ("4.5", "too_many_decimals"), (True, "not_a_number")],
        values=st.integers(1, 5),
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
    "time": Sample(
        taken=[
            (" 9:05 ", *itself("09:05")),
            ("14.30", *itself("14:30")),
            ("1430", *itself("14:30")),
            ("14h30", *itself("14:30")),
            ("2:30 pm", *itself("14:30")),
            ("2 P.M.", *itself("14:00")),
            ("12:15 am", *itself("00:15")),
            ("٢:٣٠ م", *itself("14:30")),
            ("២:៣០", *itself("02:30")),
            ("14:30:15", *itself("14:30:15")),
            ("14:30:00", *itself("14:30")),
            (dt.time(8, 5), *itself("08:05")),
        ],
        refused=[
            *((text, "not_a_time") for text in ("24:00", "14:60", "14", "2:3", "noon", "14:30 pm", "0 am", "2:30 xm")),
            (1430, "not_a_time"),
            (NOON, "not_a_time"),
        ],
        values=st.times().map(lambda time: time.strftime("%H:%M:%S" if time.second else "%H:%M")),
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
    "country": Sample(
        taken=[("KH", *itself("KH")), (" kh ", *itself("KH"))],
        refused=[
            ("VN", "option_inactive"),
            ("XX", "not_an_option"),
            ("Cambodia", "not_an_option"),
            (1, "not_an_option"),
        ],
        values=st.sampled_from(["KH", "TH"]),
        options={"codes": ["KH", "TH"]},
    ),
    "countries": Sample(
        taken=[
            (["TH", "kh", "TH"], ("KH", "TH"), "|KH|TH|"),
            (" th ; kh ;", ("KH", "TH"), "|KH|TH|"),
            ("|TH|KH|", ("KH", "TH"), "|KH|TH|"),
        ],
        refused=[
            ("KH;VN", "option_inactive"),
            ("KH;XX", "not_an_option"),
            ("KH,TH", "not_an_option"),
            (["KH", 3], "not_an_option"),
            (7, "not_an_option"),
        ],
        values=st.lists(st.sampled_from(["KH", "TH"]), min_size=1).map(lambda codes: tuple(sorted(set(codes)))),
        options={"codes": ["KH", "TH"]},
    ),
    "language": Sample(
        taken=[("km", *itself("km")), (" SHN ", *itself("shn"))],
        refused=[("xx", "not_an_option"), ("Khmer", "not_an_option"), (["km"], "not_an_option")],
        values=st.sampled_from(["km", "my", "shn"]),
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
}
_ALL = {**TEXT_SAMPLES, **PLACE_SAMPLES, **FILES, **_OTHER_SAMPLES}
#: In the order of the registry.
SAMPLES: Mapping[str, Sample] = {name: _ALL[name] for name in FIELD_TYPES if name in _ALL}
