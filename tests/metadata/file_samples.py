"""What the types that hold files take and refuse."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from hypothesis import strategies as st

from amparo.metadata.file_references import FileReference
from metadata.sample_parts import SOMEBODY, Sample, plain_text

LETTER = FileReference(SOMEBODY, "letter ខ្មែរ.pdf", "application/pdf", 5, "a" * 64)
LETTER_TEXT = f'{{"hash":"{"a" * 64}","id":"{SOMEBODY}","name":"letter ខ្មែរ.pdf","size":5,"type":"application/pdf"}}'
PHOTO = FileReference(SOMEBODY, "photo.jpg", "image/jpeg", 1024, "0123456789abcdef" * 4)
TYPED = FileReference(SOMEBODY, "ស្រី មុំ", "text/plain", 22, "b" * 64)


def references(types: list[str]) -> st.SearchStrategy[FileReference]:
    hashes = st.text("0123456789abcdef", min_size=64, max_size=64)
    sizes = st.integers(1, 1024 * 1024)
    return st.builds(FileReference, st.uuids(), plain_text, st.sampled_from(types), sizes, hashes)


FILES: Mapping[str, Sample] = {
    "file": Sample(
        taken=[(LETTER, LETTER, LETTER_TEXT), (LETTER_TEXT, LETTER, LETTER_TEXT)],
        refused=[
            *((text, "not_a_file") for text in ("letter.pdf", "{}", "[]", "null", LETTER_TEXT[:-1])),
            (LETTER_TEXT.replace("{", "{ "), "not_a_file"),
            (LETTER_TEXT.replace('"size":5', '"size":-5'), "not_a_file"),
            (LETTER_TEXT.replace('"name":"letter ខ្មែរ.pdf"', '"name":["a"]'), "not_a_file"),
            (LETTER_TEXT.replace("a" * 64, "A" * 64), "not_a_file"),
            (b"%PDF-", "not_a_file"),
            (replace(LETTER, type="text/html"), "not_a_kind"),
            (replace(LETTER, type="video/mp4"), "not_a_kind"),
            (replace(LETTER, size=20 * 1024 * 1024 + 1), "too_large"),
        ],
        values=references(["application/pdf", "image/png", "text/csv"]),
        options={"kinds": ["pdf", "image", "text"]},
    ),
    "image": Sample(
        taken=[(PHOTO, PHOTO, PHOTO.text)],
        refused=[(LETTER, "not_a_kind"), (replace(PHOTO, type="image/heic"), "not_a_kind"), (5, "not_a_file")],
        values=references(["image/jpeg", "image/png", "image/gif", "image/webp"]),
    ),
    "signature": Sample(
        taken=[(PHOTO, PHOTO, PHOTO.text), (TYPED, TYPED, TYPED.text)],
        refused=[(replace(PHOTO, type="image/gif"), "not_a_kind"), ("Srey Mom", "not_a_file")],
        values=references(["image/jpeg", "image/png", "text/plain"]),
    ),
}
