"""What the field types of text take and refuse."""

from __future__ import annotations

from collections.abc import Mapping

from hypothesis import strategies as st

from amparo.metadata.rich_text import canonical_html
from metadata.sample_parts import Sample, itself, line, plain_text

TEXT_SAMPLES: Mapping[str, Sample] = {
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
    "rich_text": Sample(
        taken=[
            ("one\ntwo\n\nthree", *itself("<p>one<br>two</p><p>three</p>")),
            ("- a\n- **b**", *itself("<ul><li>a</li><li><strong>b</strong></li></ul>")),
            ("<b>x</b><script>alert(1)</script>", *itself("<p><strong>x</strong></p>")),
            ("<p onclick='x()'>a <a href='javascript:x()'>b</a></p>", *itself("<p>a b</p>")),
            ("1 < 2 & *3", *itself("<p>1 &lt; 2 &amp; *3</p>")),
            ("សុខ\u200bដារ៉ា", *itself("<p>សុខ\u200bដារ៉ា</p>")),
        ],
        refused=[("a\0", "bad_character"), ("\ud800", "bad_character"), ("x" * 200, "too_long"), (5, "not_text")],
        values=plain_text.map(canonical_html).filter(bool),
        options={"max_length": 60},
    ),
    "email": Sample(
        taken=[
            (" Sok.Dara+1@Example.ORG ", *itself("Sok.Dara+1@example.org")),
            ("សុខ@Bücher.example", *itself("សុខ@xn--bcher-kva.example")),
            ("o'neil@mail.example.org", *itself("o'neil@mail.example.org")),
        ],
        refused=[
            *((text, "not_an_email") for text in ("Sok", "a@b", "@example.org", "a b@example.org", "a..b@example.org")),
            ("Sok <a@example.org>", "not_an_email"),
            ("a@example.org, b@example.org", "not_an_email"),
            ("a@-x-.example", "not_an_email"),
            ("x" * 65 + "@example.org", "not_an_email"),
            ("a@example.org\0", "bad_character"),
            (5, "not_text"),
        ],
        values=st.from_regex(r"[a-zA-Z0-9]{1,9}@[a-z]{1,9}\.(?:org|com)", fullmatch=True),
    ),
    "phone": Sample(
        taken=[
            ("012 345 678", *itself("+85512345678")),
            ("+855 (0)12-345-678", *itself("+85512345678")),
            ("០១២ ៣៤៥ ៦៧៨", *itself("+85512345678")),
            ("tel:+66-2-123-4567", *itself("+6621234567")),
            ("+1 415 555 0132 ext. 7", *itself("+14155550132x7")),
            ("023 123 456 x12", *itself("+85523123456x12")),
        ],
        refused=[
            *(
                (text, "not_a_phone")
                for text in ("12", "call 012 345 678", "012 345 678 / 099 111 222", "+999 12345678")
            ),
            ("+855 1234567890123456", "not_a_phone"),
            ("012345678\0", "bad_character"),
            (12345678, "not_text"),
        ],
        values=st.integers(10_000_000, 99_999_999).map(lambda number: f"+855{number}"),
        options={"country": "KH"},
    ),
    "url": Sample(
        taken=[
            (" HTTPS://Example.ORG/Path?q=1#Top ", *itself("https://example.org/Path?q=1#Top")),
            ("http://bücher.example:8080/ខ្មែរ", *itself("http://xn--bcher-kva.example:8080/ខ្មែរ")),
            ("http://192.0.2.1/", *itself("http://192.0.2.1/")),
            ("http://[2001:db8::1]/", *itself("http://[2001:db8::1]/")),
        ],
        refused=[
            *((text, "not_a_url") for text in ("example.org", "javascript:alert(1)", "ftp://example.org", "https://")),
            ("https://user:secret@example.org/", "not_a_url"),
            ("https://example.org/a b", "not_a_url"),
            ("https://exa\nmple.org/", "not_a_url"),
            ("https://example.org:99999/", "not_a_url"),
            ("https://example.org/\u202egnp", "not_a_url"),
            ("https://example.org/" + "x" * 50, "too_long"),
            (5, "not_text"),
        ],
        values=st.from_regex(r"https?://[a-z]{1,9}\.org/[A-Za-z0-9/_.-]{0,9}", fullmatch=True),
        options={"max_length": 60},
    ),
    "auto_number": Sample(
        taken=[(" C-1 ", "C-1", "C-1")],
        refused=[(5, "not_text"), ("a\0", "bad_character")],
        values=line.filter(lambda text: text == text.strip()),
        options={"format": {"style": "sequence"}},
    ),
    "external_id": Sample(
        taken=[(" Ab-1 ", *itself("Ab-1")), ("A\u0301 b", *itself("A\u0301 b"))],
        refused=[("a\nb", "line_break"), ("x" * 11, "too_long"), ("a\0", "bad_character"), (5, "not_text")],
        values=line.map(str.strip).filter(lambda text: 0 < len(text) <= 120),
        options={"max_length": 10},
    ),
}
