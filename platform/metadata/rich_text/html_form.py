"""Blocks read from HTML and written as HTML, as typed text and as plain text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from html.parser import HTMLParser

import nh3

from amparo.metadata.rich_text.blocks import LISTS, Block, Line, Run, sound_blocks, sound_href
from amparo.metadata.rich_text.typed_form import read_typed, write_typed

#: Tags that are read, and what they become.
_BLOCKS = {"p": "p", "div": "p", **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), "h3")}
_INLINE = {"strong": "strong", "b": "strong", "em": "em", "i": "em"}
_READ = frozenset({*_BLOCKS, *_INLINE, *LISTS, "li", "blockquote", "a", "br"})
#: A text in which one of these stands is HTML; a backslash before it says that it is not meant.
_TAG = re.compile(rf"(?<!\\)</?(?:{'|'.join(sorted(_READ | {'span', 'table', 'td'}))})(?:\s[^<>]*)?/?>", re.IGNORECASE)


def canonical_html(text: str) -> str:
    """HTML or typed text made into canonical HTML; the empty string where no letter is left."""
    return "".join(_written(block) for block in (_blocks_of(text) if _TAG.search(text) else read_typed(text)))


def typed_text(html: str) -> str:
    """HTML as people type it; made into HTML again it is the same."""
    return write_typed(_blocks_of(html))


def plain_text(html: str) -> str:
    """The letters alone, line by line; items of lists after a hyphen or their number."""
    return "\n\n".join(_plain(block) for block in _blocks_of(html))


def _blocks_of(html: str) -> list[Block]:
    clean = nh3.clean(
        html, tags=set(_READ), attributes={"a": {"href"}}, url_schemes={"http", "https", "mailto"}, link_rel=None
    )
    reader = _Reader()
    reader.feed(clean)
    reader.close()
    reader.end_block()
    return sound_blocks(reader.blocks)


class _Reader(HTMLParser):
    """Lists inside lists and paragraphs inside quotations are made flat."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[Block] = []
        self._lines: list[list[Run]] = [[]]
        self._kind = "p"
        self._quotations = 0
        self._lists: list[str] = []
        self._styles = {"strong": 0, "em": 0}
        self._href = ""

    def end_block(self) -> None:
        """What was read since the last end becomes a block of the kind that holds now."""
        kind = self._lists[-1] if self._lists else "blockquote" if self._quotations else self._kind
        self.blocks.append(Block(kind, tuple(tuple(line) for line in self._lines)))
        self._lines = [[]]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "br" or (tag in _BLOCKS and (self._lists or self._quotations)):
            self._break_line()
        elif tag in _INLINE:
            self._styles[_INLINE[tag]] += 1
        elif tag == "a":
            self._href = sound_href(dict(attrs).get("href") or "")
        else:
            self.end_block()
            self._begin(tag)

    def _begin(self, tag: str) -> None:
        self._kind = _BLOCKS.get(tag, "p")
        self._quotations += tag == "blockquote"
        if tag in LISTS:
            self._lists.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS and (self._lists or self._quotations):
            self._break_line()
        elif tag in _INLINE:
            self._styles[_INLINE[tag]] -= 1
        elif tag == "a":
            self._href = ""
        elif tag != "br":
            self.end_block()
            self._end(tag)

    def _end(self, tag: str) -> None:
        self._kind = "p"
        self._quotations -= tag == "blockquote"
        if tag in LISTS and self._lists:
            self._lists.pop()

    def _break_line(self) -> None:
        if self._lists:
            # An item is one line.
            self._lines[-1].append(Run(" "))
        elif self._lines != [[]] or not self._quotations:
            self._lines.append([])

    def handle_data(self, data: str) -> None:
        self._lines[-1].append(Run(data, self._styles["strong"] > 0, self._styles["em"] > 0, self._href))


def _written(block: Block) -> str:
    lines = [_written_line(line) for line in block.lines]
    if block.kind in LISTS:
        return f"<{block.kind}>{''.join(f'<li>{line}</li>' for line in lines)}</{block.kind}>"
    return f"<{block.kind}>{'<br>'.join(lines)}</{block.kind}>"


def _written_line(line: Line) -> str:
    return "".join(_written_run(run) for run in line)


def _written_run(run: Run) -> str:
    html = escape(run.text, quote=False)
    if run.em:
        html = f"<em>{html}</em>"
    if run.strong:
        html = f"<strong>{html}</strong>"
    return f'<a href="{escape(run.href)}">{html}</a>' if run.href else html


def _plain(block: Block) -> str:
    lines = ["".join(run.text for run in line) for line in block.lines]
    return "\n".join(_marked(block.kind, lines))


def _marked(kind: str, lines: Sequence[str]) -> list[str]:
    if kind == "ul":
        return [f"- {line}" for line in lines]
    return [f"{number}. {line}" for number, line in enumerate(lines, start=1)] if kind == "ol" else list(lines)
