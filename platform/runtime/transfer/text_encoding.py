"""Which encoding a file of text is in: by its marks, by its validity, at last by a guess that is shown."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from amparo.metadata.problems import Problem
from amparo.metadata.wording import N_
from amparo.runtime.errors import InvalidAnswers
from amparo.runtime.transfer.legacy_encodings import GUESSED, likely_encoding

#: Opens the same content from its beginning, as often as asked.
OpenContent = Callable[[], BinaryIO]

BLOCK_BYTES = 1 << 20
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
ENCODINGS = ("utf-8", "utf-16", *GUESSED)
#: A file with fewer broken than sound sequences than this is damaged UTF-8, not another encoding.
_MOST_DAMAGE = 0.2


@dataclass(frozen=True, slots=True)
class Encoding:
    """``is_guess``: nothing in the file proves it, so a person should look whether names read right."""

    name: str
    is_guess: bool = False


def find_encoding(content: OpenContent) -> Encoding:
    """Raises :class:`InvalidAnswers` with the line that no encoding explains."""
    with content() as file:
        beginning = file.read(4096)
    for mark, name in _MARKS:
        if beginning.startswith(mark):
            return Encoding(name)
    if (wide := _wide_without_mark(beginning)) is not None:
        return Encoding(wide, is_guess=True)
    broken = first_undecodable(content, "utf-8")
    if broken is None:
        return Encoding("utf-8")
    sample = broken.sample
    if _is_damaged_utf8(sample):
        raise _refusal("utf-8", broken)
    guess = likely_encoding(sample)
    if guess is None:
        raise _refusal("utf-8", broken)
    return Encoding(guess, is_guess=True)


def stated_encoding(name: str) -> Encoding:
    """An encoding that somebody names. Raises :class:`InvalidAnswers` for one that does not exist."""
    try:
        "".encode(name)
    except LookupError:
        advice = N_("There is no encoding “{name}”. Use one of these: {encodings}.")
        params = {"name": name, "encodings": ", ".join(ENCODINGS)}
        raise InvalidAnswers([Problem("unknown_encoding", "encoding", name, advice, params)]) from None
    # A mark at the beginning is none of the text.
    return Encoding("utf-8-sig" if codecs.lookup(name).name == "utf-8" else name)


def require_decodable(content: OpenContent, encoding: str) -> None:
    """Raises :class:`InvalidAnswers` with the first line that holds NUL or is not of this encoding."""
    broken = first_undecodable(content, encoding)
    if broken is not None:
        raise _refusal(encoding, broken)
    line = 1
    for text in _blocks(content, encoding):
        if (position := text.find("\0")) >= 0:
            line += text.count("\n", 0, position)
            advice = N_("Remove the NUL character in line {line}. Files that hold any are not text.")
            raise InvalidAnswers([Problem("nul", f"line {line}", None, advice, {"line": line})])
        line += text.count("\n")


@dataclass(frozen=True, slots=True)
class Undecodable:
    """Where decoding stopped: the line, the byte, and what stands around it."""

    line: int
    byte: int
    sample: bytes


def first_undecodable(content: OpenContent, encoding: str) -> Undecodable | None:
    decoder = codecs.getincrementaldecoder(encoding)()
    line = 1
    with content() as file:
        while True:
            block = file.read(BLOCK_BYTES)
            try:
                line += decoder.decode(block, final=not block).count("\n")
            except UnicodeDecodeError as error:
                before = error.object[: error.start].decode(encoding, errors="ignore")
                sample = error.object[max(0, error.start - 2000) :] + file.read(BLOCK_BYTES // 4)
                return Undecodable(line + before.count("\n"), error.object[error.start], bytes(sample))
            if not block:
                return None


def _blocks(content: OpenContent, encoding: str) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(encoding)()
    with content() as file:
        while block := file.read(BLOCK_BYTES):
            yield decoder.decode(block)
    yield decoder.decode(b"", final=True)


def _refusal(encoding: str, broken: Undecodable) -> InvalidAnswers:
    advice = N_(
        "Line {line} holds the byte {byte}, which is not {encoding} text. "
        "Save the file as CSV UTF-8, or say its encoding."
    )
    params = {"line": broken.line, "byte": f"0x{broken.byte:02X}", "encoding": encoding}
    return InvalidAnswers([Problem("undecodable", f"line {broken.line}", None, advice, params)])


def _wide_without_mark(beginning: bytes) -> str | None:
    """UTF-16 without a mark shows by zero bytes in every second place of its ASCII part."""
    half = len(beginning) // 2
    if half < 4:
        return None
    even, odd = beginning[0::2].count(0), beginning[1::2].count(0)
    if odd > half * 0.3 and not even:
        return "utf-16-le"
    if even > half * 0.3 and not odd:
        return "utf-16-be"
    return None


def _is_damaged_utf8(sample: bytes) -> bool:
    text = sample.decode("utf-8", errors="replace")
    broken = text.count("\ufffd")
    sound = sum(1 for char in text if char >= "\x80") - broken
    return broken < sound * _MOST_DAMAGE
