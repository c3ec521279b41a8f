"""What the field types of places take and refuse."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from hypothesis import strategies as st

from amparo.metadata.addresses import Address
from amparo.metadata.geolocations import Geolocation
from metadata.sample_parts import Sample, line


@st.composite
def addresses(draw: st.DrawFn) -> Address:
    """At least one part, each without white space around it."""
    stripped = line.map(str.strip).filter(lambda text: bool(text) and len(text) < 200)
    parts = {name: draw(st.just("") | stripped) for name in ("lines", "city", "region", "postcode")}
    address = Address(**parts, country=draw(st.sampled_from(["", "KH", "ET"])))
    return address if address != Address() else Address(city=draw(stripped))


def point(latitude: str | Decimal, longitude: str | Decimal) -> Geolocation:
    return Geolocation(Decimal(latitude), Decimal(longitude))


def degrees(most: int) -> st.SearchStrategy[Decimal]:
    """With six decimals, and never -0."""
    return st.decimals(-most, most, places=6).map(lambda each: each + 0)


PLACE_SAMPLES: Mapping[str, Sample] = {
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
    "location": Sample(
        taken=[("0201", "0201", "0201"), (" KH-12 ", "KH-12", "KH-12")],
        refused=[
            ("a|b", "not_a_place"),
            ("a;b", "not_a_place"),
            ("x" * 61, "not_a_place"),
            ("a\nb", "line_break"),
            ("a\0", "bad_character"),
            (12, "not_text"),
        ],
        values=st.from_regex(r"[A-Z0-9](?:[A-Z0-9 .-]{0,20}[A-Z0-9])?", fullmatch=True),
        options={"root": "02", "levels": ["district"]},
    ),
}
