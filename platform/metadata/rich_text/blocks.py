"""What a formatted text is made of: blocks of lines, lines of runs. Equal texts have equal blocks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple
from urllib.parse import quote, urlsplit

_SCHEMES = frozenset({"http", "https", "mailto"})
#: What HTML takes for white space; a no-break space is a letter.
WHITE = " \t\n\f\r"
_SOME_WHITE = re.compile(f"[{WHITE}]+")
#: Everything an address may hold but white space, quotes and round brackets, which the typed form needs.
_ADDRESS_SIGNS = "!#$%&'*+,/:;=?@[]~-._"
LISTS = ("ul", "ol")


class Run(NamedTuple):
    """Letters of one kind. ``href`` is the address of a link, else empty."""

    text: str
    strong: bool = False
    em: bool = False
    href: str = ""

    @property
    def style(self) -> tuple[bool, bool, str]:
        return self.strong, self.em, self.href


Line = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """``kind`` is p, h3, blockquote, ul or ol; ``lines`` are the items of a list, else lines separated by breaks."""

    kind: str
    lines: tuple[Line, ...]


def sound_href(href: str) -> str:
    """The address as a link may have it; empty for one that a reader must not be led to."""
    try:
        scheme = urlsplit(href.strip()).scheme
    except ValueError:
        return ""
    return quote(href.strip(), safe=_ADDRESS_SIGNS) if scheme in _SCHEMES else ""


def sound_blocks(blocks: Iterable[Block]) -> list[Block]:
    """White space put in order, empty lines taken as ends of blocks, lists that follow each other made one."""
    sound: list[Block] = []
    for block in blocks:
        for part in _parts(block):
            if sound and part.kind in LISTS and sound[-1].kind == part.kind:
                sound[-1] = Block(part.kind, sound[-1].lines + part.lines)
            else:
                sound.append(part)
    return sound


def _parts(block: Block) -> Iterator[Block]:
    lines = [_sound_line(line) for line in block.lines]
    if block.kind in (*LISTS, "h3"):
        yield from (Block(block.kind, (line,)) for line in lines if line)
        return
    for is_filled, group in groupby(lines, key=bool):
        if is_filled:
            yield Block(block.kind, tuple(group))


def _sound_line(line: Sequence[Run]) -> Line:
    """One space between words, none at the ends, none at the edges of what is strong or emphasised."""
    runs: list[Run] = []
    for run in _merged(_without_styled_edges(_merged(line))):
        text = _SOME_WHITE.sub(" ", run.text)
        if not runs or runs[-1].text.endswith(" "):
            text = text.removeprefix(" ")
        if text:
            runs.append(run._replace(text=text))
    while runs and runs[-1].text.endswith(" "):
        last = runs.pop()
        if kept := last.text.rstrip(" "):
            runs.append(last._replace(text=kept))
    return tuple(_merged(runs))


def _merged(runs: Iterable[Run]) -> list[Run]:
    filled = (run for run in runs if run.text)
    return [
        Run("".join(run.text for run in group), *style) for style, group in groupby(filled, key=lambda run: run.style)
    ]


def _without_styled_edges(runs: Iterable[Run]) -> Iterator[Run]:
    for run in runs:
        if not (run.strong or run.em):
            yield run
            continue
        inner = run.text.strip(WHITE)
        before, _, after = run.text.partition(inner) if inner else (run.text, "", "")
        yield Run(before, href=run.href)
        yield run._replace(text=inner)
        yield Run(after, href=run.href)
