"""Files that were sent and are not saved with a record yet.

An upload belongs to a person, a field and a record (or a new one); nobody else
can save it and no other form can. It is sealed under a secret of its own that
lies beside it, sealed under the organisation's key. A save adopts it
(``records.adopting``); what no save adopted is gone after a day.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import uuid
from collections.abc import Collection, Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from amparo.metadata.fields.base import Rejected
from amparo.metadata.fields.file import File, refused_type, require_size
from amparo.metadata.fields.registry import field_type
from amparo.metadata.fields.signature import TYPED
from amparo.metadata.file_references import FileReference
from amparo.metadata.model import FieldDefinition
from amparo.metadata.wording import N_
from amparo.runtime.access import Actor, Permission
from amparo.runtime.durability import made_folder, written_aside
from amparo.runtime.errors import NotPossible
from amparo.runtime.files.areas import Part
from amparo.runtime.files.contents import PIECE_BYTES, keep_content, read_content
from amparo.runtime.files.names import clean_name
from amparo.runtime.files.picture_metadata import BrokenPicture, without_metadata
from amparo.runtime.files.pictures import DRAWABLE, NotDrawable, TooManyPixels, small_picture
from amparo.runtime.files.recognising import recognise
from amparo.runtime.keys import KEY_BYTES, KeyProblem
from amparo.runtime.room import has_no_room
from amparo.runtime.stores.organisation import OrganisationStore

#: An upload that no save adopted is removed after so long.
KEEP_SECONDS = 24 * 3600.0
#: Uploads of one person that may wait at once.
MOST_WAITING = 100
_ABOUT = ".about"


@dataclass(frozen=True, slots=True)
class Place:
    """Where an upload may be saved. ``record`` is None for one that is to be made."""

    field_id: str
    record: uuid.UUID | None


@dataclass(frozen=True, slots=True)
class Upload:
    """A whole upload, with the secret its contents are sealed under."""

    path: Path
    place: Place
    reference: FileReference
    secret: bytes

    def parts(self) -> Iterator[Part]:
        return (part for part in Part if self.part_path(part).exists())

    def part_path(self, part: Part) -> Path:
        return self.path.with_name(self.path.name + part)

    def read(self, part: Part) -> Generator[bytes, None, None]:
        return read_content(self.part_path(part), self.secret, self.reference.id, part)

    def forget(self) -> None:
        """What it was sealed under goes first, so that nothing can be read in between."""
        for path in (self.path.with_name(self.path.name + _ABOUT), *(self.part_path(part) for part in Part)):
            path.unlink(missing_ok=True)


def stage(
    store: OrganisationStore, actor: Actor, definition: FieldDefinition, place: Place, name: str, content: BinaryIO
) -> FileReference:
    """Keeps what somebody sent for a field. ``content`` can be read from its beginning more than once.

    Raises :class:`Rejected` with what would do: for a content of a kind or size
    that the field does not take, an empty or broken one, a disk that is full.
    """
    _require_may_save(actor, place)
    kind = _file_type(definition)
    try:
        require_size(_size_of(content), kind.most_bytes(definition))
        media_type = recognise(content, name)
        if media_type is None or media_type not in kind.uploads(definition):
            raise refused_type(kind.uploads(definition))
        small, content = _picture(content, media_type, kind, definition)
        return _keep(store, actor, place, clean_name(name, definition.name), media_type, content, small)
    except OSError as error:
        raise _no_room(error) from None


def stage_typed(store: OrganisationStore, actor: Actor, place: Place, text: str) -> FileReference:
    """Keeps a name that was typed in place of a signature. Raises :class:`Rejected`."""
    _require_may_save(actor, place)
    name = clean_name(text, "")
    if not name:
        raise Rejected("empty_file", N_("Type the full name, or draw the signature."))
    try:
        return _keep(store, actor, place, name, TYPED, io.BytesIO(name.encode()), None)
    except OSError as error:
        raise _no_room(error) from None


def _require_may_save(actor: Actor, place: Place) -> None:
    actor.require(Permission.RECORDS_UPDATE if place.record else Permission.RECORDS_CREATE)


def _file_type(definition: FieldDefinition) -> File:
    kind = field_type(definition.type)
    if not isinstance(kind, File):
        raise NotPossible(N_("This field takes no files."))
    return kind


def _no_room(error: OSError) -> Exception:
    """What to raise for an error of the disk."""
    if not has_no_room(error):
        return error
    advice = N_("There is no room for this file on the server. Save without it, and tell whoever looks after it.")
    return Rejected("no_room", advice)


def _size_of(content: BinaryIO) -> int:
    size = content.seek(0, os.SEEK_END)
    content.seek(0)
    if size == 0:
        raise Rejected("empty_file", N_("Choose another file: this one is empty."))
    return size


def _picture(
    content: BinaryIO, media_type: str, kind: File, definition: FieldDefinition
) -> tuple[bytes | None, BinaryIO]:
    """The small picture, where one can be drawn, and the content, without metadata where the field says so."""
    strips = kind.strips_metadata(definition)
    if media_type not in DRAWABLE:
        return None, content
    try:
        small, orientation = small_picture(content)
        if strips:
            content = io.BytesIO(without_metadata(content.read(), media_type, orientation))
    except TooManyPixels as refusal:
        if not kind.is_picture:
            return None, content
        advice = N_("Choose a smaller picture: at most {maximum} million pixels.")
        raise Rejected("too_many_pixels", advice, maximum=refusal.millions) from None
    except (NotDrawable, BrokenPicture):
        if not kind.is_picture:
            return None, content
        raise Rejected("broken_picture", N_("Choose another picture: this one is broken.")) from None
    return small, content


def _keep(
    store: OrganisationStore,
    actor: Actor,
    place: Place,
    name: str,
    media_type: str,
    content: BinaryIO,
    small: bytes | None,
) -> FileReference:
    """The note about it is written last: an upload that has one is whole."""
    folder = made_folder(store.files.uploads(actor.member))
    if sum(1 for _ in folder.glob(f"*{_ABOUT}")) >= MOST_WAITING:
        raise Rejected("too_many_uploads", N_("Save the files you sent before, then add this one."))
    identifier, secret = uuid.uuid4(), os.urandom(KEY_BYTES)
    path = folder / identifier.hex
    digest, size = hashlib.sha256(), 0

    def pieces() -> Iterator[bytes]:
        nonlocal size
        while piece := content.read(PIECE_BYTES):
            digest.update(piece)
            size += len(piece)
            yield piece

    keep_content(path, pieces(), secret, identifier, Part.CONTENT)
    if small is not None:
        keep_content(path.with_name(f"{path.name}{Part.SMALL}"), [small], secret, identifier, Part.SMALL)
    reference = FileReference(identifier, name, media_type, size, digest.hexdigest())
    _write_about(store, Upload(path, place, reference, secret))
    return reference


def _write_about(store: OrganisationStore, upload: Upload) -> None:
    about = {
        "field": upload.place.field_id,
        "record": str(upload.place.record) if upload.place.record else None,
        "reference": upload.reference.text,
        "secret": upload.secret.hex(),
    }
    sealed = store.keys.seal_content(json.dumps(about).encode(), _bound_to(upload.path))
    with written_aside(upload.path.with_name(upload.path.name + _ABOUT)) as file:
        file.write(sealed)


def find_upload(store: OrganisationStore, actor: Actor, identifier: uuid.UUID) -> Upload | None:
    """An upload of this person that is still there."""
    return _read_upload(store, store.files.uploads(actor.member) / identifier.hex)


def find_picture(store: OrganisationStore, actor: Actor, place: Place, identifier: uuid.UUID) -> Upload | None:
    """An upload of this person for that field and record, if it can be shown small."""
    upload = find_upload(store, actor, identifier)
    return upload if upload and upload.place == place and Part.SMALL in upload.parts() else None


def _read_upload(store: OrganisationStore, path: Path) -> Upload | None:
    try:
        sealed = path.with_name(path.name + _ABOUT).read_bytes()
        about = json.loads(store.keys.unseal_content(sealed, _bound_to(path)))
    except (FileNotFoundError, KeyProblem):
        return None
    record = uuid.UUID(about["record"]) if about["record"] else None
    reference = FileReference.from_text(about["reference"])
    return Upload(path, Place(about["field"], record), reference, bytes.fromhex(about["secret"]))


def _bound_to(path: Path) -> bytes:
    """The member and the upload."""
    return f"upload:{path.parent.name}:{path.name}".encode()


def forget_uploads_for(store: OrganisationStore, records: Collection[uuid.UUID]) -> None:
    """What anybody sent for these records and did not save."""
    for path in list(store.files.all_uploads()):
        if path.suffix == _ABOUT:
            upload = _read_upload(store, path.with_suffix(""))
            if upload is not None and upload.place.record in records:
                upload.forget()


def remove_old_uploads(store: OrganisationStore, before: float) -> None:
    """Those that were sent before an instant (seconds since 1970) and not saved."""
    for path in list(store.files.all_uploads()):
        if is_older(path, before):
            path.unlink(missing_ok=True)


def is_older(path: Path, before: float) -> bool:
    """Whether it was written before an instant (seconds since 1970). One that is gone meanwhile is not."""
    try:
        return path.stat().st_mtime < before
    except FileNotFoundError:
        return False
