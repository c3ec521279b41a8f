"""Keys open what they sealed, where they sealed it, and nothing else."""

from __future__ import annotations

import threading
import uuid
from pathlib import Path

import pytest

from amparo.runtime.identifiers import new_identifier
from amparo.runtime.keys import KeyProblem, OrganisationKeys, file_key


def test_a_sealed_text_opens_only_in_its_record_and_field() -> None:
    keys = OrganisationKeys.new()
    one, two = keys.new_record_key(new_identifier()), keys.new_record_key(new_identifier())
    sealed = one.seal_text("ማርታ", "person.name")
    assert one.unseal_text(sealed, "person.name") == "ማርታ"
    for key, field in ((one, "person.code"), (two, "person.name")):
        with pytest.raises(KeyProblem):
            key.unseal_text(sealed, field)


def test_a_record_key_moved_to_another_record_does_not_open() -> None:
    keys = OrganisationKeys.new()
    key = keys.new_record_key(new_identifier())
    assert keys.open_record_key(key.record, key.wrapped).secret == key.secret
    with pytest.raises(KeyProblem):
        keys.open_record_key(new_identifier(), key.wrapped)


def test_rotation_rewraps_record_keys_and_keeps_exact_match() -> None:
    keys = OrganisationKeys({1: bytes(32)})
    rotated = OrganisationKeys({1: bytes(32), 2: b"x" * 32})
    key = keys.new_record_key(new_identifier())
    again = rotated.rewrap(rotated.open_record_key(key.record, key.wrapped))
    assert again.wrapped[0] == 2
    assert rotated.open_record_key(key.record, again.wrapped).secret == key.secret
    assert rotated.match_hash("f", "N 1") == keys.match_hash("f", "N 1")


def test_keys_travel_wrapped_by_another_key() -> None:
    keys, organisation = OrganisationKeys.new(), uuid.uuid4()
    wrapped = keys.wrapped_by(b"p" * 32, organisation)
    same = OrganisationKeys.unwrapped(b"p" * 32, organisation, wrapped)
    assert same.match_hash("f", "x") == keys.match_hash("f", "x")
    with pytest.raises(KeyProblem):
        OrganisationKeys.unwrapped(b"q" * 32, organisation, wrapped)
    with pytest.raises(KeyProblem):
        OrganisationKeys.unwrapped(b"p" * 32, uuid.uuid4(), wrapped)


def test_the_file_key_is_made_once_and_is_private(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "file.key"
    found: list[bytes] = []
    threads = [threading.Thread(target=lambda: found.append(file_key(path))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(found)) == 1
    assert path.stat().st_mode & 0o077 == 0
    assert [each.name for each in path.parent.iterdir()] == ["file.key"]


@pytest.mark.parametrize("content", ["", "zz", "00" * 31, "00" * 33])
def test_a_damaged_key_file_is_refused_and_left_alone(tmp_path: Path, content: str) -> None:
    path = tmp_path / "file.key"
    path.write_text(content)
    with pytest.raises(KeyProblem, match="64 hexadecimal digits"):
        file_key(path)
    assert path.read_text() == content
