"""Names of files as people gave them, made safe to show and to send."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote

from amparo.metadata.content_types import fitting_name

LONGEST_NAME = 150
#: Controls, and signs that turn the direction of text so that ``cod.exe`` reads as ``exe.doc``.
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
#: Joiners that Indic and Arabic names need.
_JOINERS = "\u200c\u200d"


def clean_name(name: str, fallback: str) -> str:
    """The last part of a path, without what cannot be seen; ``fallback`` where nothing is left."""
    last = re.split(r"[/\\]", name)[-1]
    seen = "".join(char for char in last if char in _JOINERS or unicodedata.category(char) not in _UNSEEN)
    text = " ".join(seen.split()).strip(". ")
    if len(text) > LONGEST_NAME:
        stem, dot, ending = text.rpartition(".")
        keeps_ending = bool(stem) and len(ending) < 10
        text = f"{stem[: LONGEST_NAME - 11]}{dot}{ending}" if keeps_ending else text[:LONGEST_NAME]
    return text or fallback


def disposition(name: str, media_type: str, *, inline: bool = False) -> str:
    """The Content-Disposition of RFC 6266: a plain name for old programs, and the real one (RFC 8187)."""
    fitting = fitting_name(name, media_type)
    plain = unicodedata.normalize("NFKD", fitting).encode("ascii", "ignore").decode()
    plain = re.sub(r'["\\%;]', "", plain).strip()
    if not plain or plain.startswith("."):
        plain = f"file{plain}"
    return f"{'inline' if inline else 'attachment'}; filename=\"{plain}\"; filename*=UTF-8''{quote(fitting, safe='')}"
