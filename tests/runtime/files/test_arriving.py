"""A file on its way from a browser."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from amparo.runtime.files.arriving import ArrivingFile


@pytest.fixture
def arriving() -> Iterator[ArrivingFile]:
    with ArrivingFile() as file:
        yield file


def test_a_file_that_arrives_is_read_as_it_was_written(arriving: ArrivingFile) -> None:
    content = os.urandom(1_000_003)
    for start in range(0, len(content), 65_536):
        arriving.write(content[start : start + 65_536])
    arriving.seek(0)
    assert arriving.read() == content
    for at in (0, 262_143, 262_144, 786_432, 1_000_000):
        arriving.seek(at)
        assert arriving.read(10) == content[at : at + 10]
    assert arriving.seek(-3, 2) == 1_000_000
