"""Pictures lose what cameras write into them, are drawn small, and cannot eat the machine."""

from __future__ import annotations

import io
import random
import struct
import zlib

import pytest
from PIL import Image, ImageChops

from amparo.runtime.files.picture_metadata import BrokenPicture, without_metadata
from amparo.runtime.files.pictures import SMALL_SIDE, NotDrawable, TooManyPixels, small_picture
from factories import files

PICTURES = [
    ("image/jpeg", files.jpeg()),
    ("image/jpeg", files.jpeg(progressive=True, restart_marker_blocks=1)),
    ("image/png", files.png()),
    ("image/png", files.png(mode="RGBA")),
    ("image/webp", files.webp()),
    ("image/gif", files.gif()),
]


@pytest.mark.parametrize(("media_type", "content"), PICTURES)
def test_nothing_of_the_metadata_is_left_and_the_picture_is_untouched(media_type: str, content: bytes) -> None:
    assert files.PLACE in content
    stripped = without_metadata(content, media_type)
    assert files.PLACE not in stripped
    before, after = files.opened(content), files.opened(stripped)
    assert ImageChops.difference(before.convert("RGBA"), after.convert("RGBA")).getbbox(alpha_only=False) is None
    assert dict(after.getexif()) == {}
    assert "xmp" not in after.info
    assert "comment" not in after.info
    assert without_metadata(stripped, media_type) == stripped


def test_a_moving_picture_still_moves() -> None:
    after = files.opened(without_metadata(files.gif(), "image/gif"))
    assert getattr(after, "n_frames", 1) == 2
    assert after.info["loop"] == 0


def test_how_a_photograph_is_to_be_turned_is_all_that_stays_of_its_exif() -> None:
    stripped = without_metadata(files.jpeg(orientation=6), "image/jpeg", 6)
    assert dict(files.opened(stripped).getexif()) == {0x0112: 6}
    assert files.PLACE not in stripped


@pytest.mark.parametrize(("media_type", "content"), PICTURES)
def test_a_broken_picture_is_refused_wherever_it_breaks(media_type: str, content: bytes) -> None:
    whole = without_metadata(content, media_type)
    for length in range(0, len(whole) - 1, 3):
        with pytest.raises(BrokenPicture):
            without_metadata(whole[:length], media_type)


@pytest.mark.parametrize(("media_type", "content"), PICTURES)
def test_a_picture_changed_anywhere_is_taken_or_refused_and_never_breaks(media_type: str, content: bytes) -> None:
    chance = random.Random(7)
    for _ in range(200):
        changed = bytearray(content)
        for _ in range(3):
            changed[chance.randrange(len(changed))] = chance.randrange(256)
        try:
            without_metadata(bytes(changed), media_type)
            small_picture(io.BytesIO(bytes(changed)))
        except (BrokenPicture, NotDrawable):
            continue


@pytest.mark.parametrize(("_media_type", "content"), PICTURES)
def test_the_small_picture_is_small_and_has_no_metadata(_media_type: str, content: bytes) -> None:
    small, _ = small_picture(io.BytesIO(content))
    drawn = files.opened(small)
    assert drawn.format == "JPEG"
    assert max(drawn.size) <= SMALL_SIDE
    assert files.PLACE not in small
    assert dict(drawn.getexif()) == {}


def test_a_large_photograph_is_made_smaller_and_turned_upright() -> None:
    small, orientation = small_picture(io.BytesIO(files.jpeg((3000, 2000), orientation=6)))
    drawn = files.opened(small)
    assert orientation == 6
    assert drawn.size == (320, SMALL_SIDE)
    top, bottom = drawn.getpixel((160, 50)), drawn.getpixel((160, 430))
    assert isinstance(top, tuple)
    assert isinstance(bottom, tuple)
    assert top[0] > 200 > top[2]
    assert bottom[2] > 200 > bottom[0]


def test_what_is_drawn_on_nothing_is_shown_on_white() -> None:
    written = io.BytesIO()
    Image.new("RGBA", (20, 20), (0, 0, 0, 0)).save(written, "PNG")
    assert files.opened(small_picture(written)[0]).getpixel((10, 10)) == (255, 255, 255)


def claiming_png(width: int, height: int) -> bytes:
    """A picture that says it is huge, in a few bytes."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(b"\0" * 100)), (b"IEND", b""))
    written = b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + written


def test_a_picture_that_would_fill_the_memory_is_refused_before_it_is_drawn() -> None:
    with pytest.raises(TooManyPixels) as caught:
        small_picture(io.BytesIO(claiming_png(60_000, 60_000)))
    assert caught.value.millions == 40


def test_other_formats_are_not_opened_at_all() -> None:
    written = io.BytesIO()
    files.picture().save(written, "TIFF")
    with pytest.raises(NotDrawable):
        small_picture(written)
