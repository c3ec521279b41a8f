"""Keys: a file key wraps each organisation's key, which wraps a key per record.

A record's key makes the leaf hash of each of its facts and seals its sensitive
values; destroying it erases them. Wrapping and sealing are AES-256-GCM, the
keyed hashes of exact match HMAC-SHA256, leaf hashes keyed BLAKE2b (RFC 7693:
four times as fast here as HMAC, and a save makes one for every answer).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from amparo.runtime.durability import made_folder, sync_folder

KEY_BYTES = 32
#: Among an organisation's keys: what makes the hashes of exact match, once it is kept apart from the first key.
MATCH_NUMBER = 0
#: A wrapped key begins with a byte that names the key around it.
_LAST_NUMBER = 255
#: A BLAKE2b state keyed for one record; each leaf hash begins with a copy of it.
LeafKey = hashlib.blake2b
_NONCE_BYTES = 12


class KeyProblem(Exception):
    """A key is missing, unreadable or not the one that sealed the data."""


def seal(key: bytes, content: bytes, bound_to: bytes) -> bytes:
    """Nonce and AES-GCM ciphertext of ``content``; opens only with the same ``bound_to``."""
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, content, bound_to)


def unseal(key: bytes, sealed: bytes, bound_to: bytes) -> bytes:
    """Raises :class:`KeyProblem` when the key or what it was bound to is another."""
    try:
        return AESGCM(key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], bound_to)
    except InvalidTag:
        raise KeyProblem("The key does not open this value: another key sealed it, or it was changed.") from None


def _derived(key: bytes, purpose: bytes) -> bytes:
    return hmac.digest(key, b"amparo:" + purpose, "sha256")


def keyed_mark(key: bytes, purpose: bytes, text: str) -> bytes:
    """A keyed hash: equal texts are known again, and nobody without the key can guess one."""
    return hmac.digest(_derived(key, purpose), text.encode(), "sha256")


@dataclass(frozen=True, slots=True)
class RecordKey:
    """The key of one record. ``wrapped`` is what the store keeps."""

    record: uuid.UUID
    secret: bytes = field(repr=False)
    wrapped: bytes = field(repr=False)

    @property
    def leaf_key(self) -> LeafKey:
        return hashlib.blake2b(key=self.secret, digest_size=32, person=b"amparo:leaf")

    @property
    def file_secret(self) -> bytes:
        """What the contents of the record's files are sealed under; each file derives a key of its own from it."""
        return _derived(self.secret, b"file")

    def seal_text(self, text: str, field_id: str) -> str:
        """Base64 of the sealed text, bound to this record and field."""
        sealed = seal(_derived(self.secret, b"seal"), text.encode(), self._place(field_id))
        return base64.b64encode(sealed).decode("ascii")

    def unseal_text(self, sealed: str, field_id: str) -> str:
        """Raises :class:`KeyProblem` when the text was moved from another record or field."""
        return unseal(_derived(self.secret, b"seal"), base64.b64decode(sealed), self._place(field_id)).decode()

    def _place(self, field_id: str) -> bytes:
        return self.record.bytes + field_id.encode()


class OrganisationKeys:
    """The keys of one organisation by number; the highest wraps new record keys.

    Keys are added while other processes work (:mod:`amparo.runtime.rotating`):
    ``read_again`` gives those of the store when one is met that is not known.
    """

    def __init__(self, secrets_by_number: dict[int, bytes]) -> None:
        self.read_again: Callable[[], dict[int, bytes]] | None = None
        self._take(secrets_by_number)

    def _take(self, secrets_by_number: dict[int, bytes]) -> None:
        wrapping = {number: secret for number, secret in secrets_by_number.items() if number != MATCH_NUMBER}
        # Exact match must find values sealed before a rotation, so the first key makes the hashes for good; a rotation
        # keeps what it made beside the keys, and the first key itself may go.
        self._match_key = secrets_by_number.get(MATCH_NUMBER) or _derived(wrapping[min(wrapping)], b"match")
        self._secrets = secrets_by_number
        self._ciphers = {number: AESGCM(secret) for number, secret in wrapping.items()}
        # Last: another thread may wrap with it at once.
        self.current = max(wrapping)

    def learn(self) -> None:
        """Reads the keys again: another process has added one."""
        if self.read_again is not None:
            self._take(self.read_again())

    def _known(self, number: int) -> bool:
        if number not in self._ciphers:
            self.learn()
        return number in self._ciphers

    def with_another(self) -> OrganisationKeys:
        """These keys and a new one that wraps from now on. Raises :class:`KeyProblem` when no number is left."""
        if self.current == _LAST_NUMBER:
            raise KeyProblem("This organisation has had 255 keys and can have no more.")
        added = {MATCH_NUMBER: self._match_key, self.current + 1: os.urandom(KEY_BYTES)}
        return OrganisationKeys(self._secrets | added)

    def new_record_key(self, record: uuid.UUID) -> RecordKey:
        secret = os.urandom(KEY_BYTES)
        return RecordKey(record, secret, self._wrap(secret, record))

    def _wrap(self, secret: bytes, record: uuid.UUID) -> bytes:
        nonce = os.urandom(_NONCE_BYTES)
        return bytes([self.current]) + nonce + self._ciphers[self.current].encrypt(nonce, secret, record.bytes)

    def rewrap(self, key: RecordKey) -> RecordKey:
        """The same record key under the current organisation key."""
        return RecordKey(key.record, key.secret, self._wrap(key.secret, key.record))

    def open_record_key(self, record: uuid.UUID, wrapped: bytes) -> RecordKey:
        """Raises :class:`KeyProblem` when the organisation key is another."""
        nonce, content = wrapped[1 : 1 + _NONCE_BYTES], wrapped[1 + _NONCE_BYTES :]
        if not self._known(wrapped[0]):
            raise KeyProblem(f"The organisation has no key number {wrapped[0]}.")
        try:
            secret = self._ciphers[wrapped[0]].decrypt(nonce, content, record.bytes)
        except InvalidTag:
            raise KeyProblem(f"The organisation's key number {wrapped[0]} does not open record {record}.") from None
        return RecordKey(record, secret, wrapped)

    def match_hash(self, field_id: str, text: str) -> str:
        """Keyed hash of a sensitive value's canonical text, for exact match and uniqueness."""
        return hmac.digest(self._match_key, f"{field_id}\0{text}".encode(), "sha256").hex()

    def seal_content(self, content: bytes, bound_to: bytes) -> bytes:
        """Seals a file's bytes under the current organisation key."""
        return bytes([self.current]) + seal(self._secrets[self.current], content, bound_to)

    def unseal_content(self, sealed: bytes, bound_to: bytes) -> bytes:
        """Raises :class:`KeyProblem`."""
        if not self._known(sealed[0]):
            raise KeyProblem(f"The organisation has no key number {sealed[0]}.")
        return unseal(self._secrets[sealed[0]], sealed[1:], bound_to)

    def wrapped_by(self, outer: bytes, organisation: uuid.UUID) -> dict[int, bytes]:
        """Every organisation key, wrapped by a file key or a backup's key."""
        return {number: seal(outer, secret, organisation.bytes) for number, secret in self._secrets.items()}

    @classmethod
    def unwrapped(cls, outer: bytes, organisation: uuid.UUID, wrapped: dict[int, bytes]) -> OrganisationKeys:
        return cls(unwrapped_secrets(outer, organisation, wrapped))

    @classmethod
    def new(cls) -> OrganisationKeys:
        return cls({1: os.urandom(KEY_BYTES)})


def unwrapped_secrets(outer: bytes, organisation: uuid.UUID, wrapped: dict[int, bytes]) -> dict[int, bytes]:
    """Raises :class:`KeyProblem` when ``outer`` did not wrap them."""
    return {number: unseal(outer, content, organisation.bytes) for number, content in wrapped.items()}


def file_key(path: Path) -> bytes:
    """The key in a file, made on first use and readable by its owner only. Raises :class:`KeyProblem`."""
    try:
        text = path.read_text(encoding="ascii")
    except FileNotFoundError:
        return _make_secret(path)
    except (OSError, UnicodeDecodeError) as error:
        raise KeyProblem(f"The key file {path} cannot be read: {error}.") from None
    try:
        secret = bytes.fromhex(text.strip())
    except ValueError:
        secret = b""
    if len(secret) != KEY_BYTES:
        raise KeyProblem(f"The key file {path} does not hold 64 hexadecimal digits. Restore it from your copy.")
    return secret


def session_key(home: Path) -> str:
    """The secret that signs session cookies, made on first use."""
    return file_key(home / "keys" / "session.key").hex()


def _make_secret(path: Path) -> bytes:
    """Written aside and linked into place: two processes that start together end with one key."""
    made_folder(path.parent)
    aside = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(KEY_BYTES) + "\n")
            file.flush()
            os.fsync(file.fileno())
        os.link(aside, path)
        sync_folder(path.parent)
    except FileExistsError:
        pass  # Another process made the key first; its key counts.
    finally:
        aside.unlink()
    return file_key(path)
