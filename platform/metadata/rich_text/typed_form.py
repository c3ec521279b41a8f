r"""Blocks as people type them: the small part of Markdown that is guessed without being told.

An empty line parts paragraphs; ``- `` and ``1. `` begin the items of lists,
``### `` a heading, ``> `` a quotation; ``**strong**``, ``*emphasised*``,
``[text](https://…)``. A backslash before a sign makes it a plain letter. What
has no partner, or white space on both sides, is a plain letter too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from amparo.metadata.rich_text.blocks import WHITE, Block, Line, Run, sound_blocks, sound_href

_MARKS = {"ul": re.compile(r"[-*•] +"), "ol": re.compile(r"[0-9]{1,3}[.)] +"), "h3": re.compile(r"#{1,6} +"),
          "blockquote": re.compile(r"> ?")}  # fmt: skip
_TOKEN = re.compile(
    r"(?P<plain>\\[!-/:-@\[-`{-~•]|\*{4,})|(?P<mark>\*\*?)|(?P<open>\[)|(?P<close>\]\((?P<href>[^()\s]+)\))"
)
#: In running text, and at the beginning of a line.
_SIGNS = re.compile(r"[\\*\[\]<]")
_BEGINNING = re.compile(r"([-•>#])|([0-9]{1,3})([.)])")


def read_typed(text: str) -> list[Block]:
    blocks: list[Block] = []
    for written in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        line = written.strip(WHITE)
        kind, rest = _kind_of(line)
        if blocks and blocks[-1].kind == kind and kind in ("p", "blockquote"):
            blocks[-1] = Block(kind, (*blocks[-1].lines, _runs(rest)))
        else:
            blocks.append(Block(kind, (_runs(rest),)))
    return sound_blocks(blocks)


def _kind_of(line: str) -> tuple[str, str]:
    """The kind of block a line belongs to, and what follows its mark."""
    for kind, mark in _MARKS.items():
        if found := mark.match(line):
            return kind, line[found.end() :]
    return "p", line


def _runs(line: str) -> Line:
    tokens = list(_TOKEN.finditer(line))
    marks = _paired(line, tokens)
    runs: list[Run] = []
    opened: list[int] = []
    style = {"**": False, "*": False}
    at = 0

    def add(text: str) -> None:
        runs.append(Run(text, style["**"], style["*"]))

    for token in tokens:
        add(line[at : token.start()])
        at = token.end()
        if token["plain"]:
            add(token["plain"].removeprefix("\\"))
        elif token["mark"] and token.start() in marks:
            style[token["mark"]] = not style[token["mark"]]
        elif token["close"] and opened and (href := sound_href(token["href"])):
            _link(runs, opened.pop(), href)
        else:
            if token["open"]:
                opened.append(len(runs))
            add(token.group())
    add(line[at:])
    return tuple(runs)


def _link(runs: list[Run], begin: int, href: str) -> None:
    """The runs after the bracket at ``begin`` become a link; without a letter in them nothing does."""
    if any(run.text for run in runs[begin + 1 :]) and not any(run.href for run in runs[begin + 1 :]):
        runs[begin:] = [run._replace(href=href) for run in runs[begin + 1 :]]


def _paired(line: str, tokens: Sequence[re.Match[str]]) -> set[int]:
    """Where marks stand that have a partner; with an odd number of them the last has none."""
    found: set[int] = set()
    for mark in ("**", "*"):
        places = [each.start() for each in tokens if each["mark"] == mark and not _is_alone(line, each)]
        found.update(places[: len(places) // 2 * 2])
    return found


def _is_alone(line: str, token: re.Match[str]) -> bool:
    before, after = line[: token.start()][-1:], line[token.end() :][:1]
    return (not before or before in WHITE) and (not after or after in WHITE)


def write_typed(blocks: Iterable[Block]) -> str:
    return "\n\n".join("\n".join(_typed_lines(block)) for block in blocks)


def _typed_lines(block: Block) -> list[str]:
    lines = [_typed_line(line) for line in block.lines]
    if block.kind == "p":
        return [_BEGINNING.sub(_escaped_beginning, line, count=1) if _BEGINNING.match(line) else line for line in lines]
    if block.kind == "ol":
        return [f"{number}. {line}" for number, line in enumerate(lines, start=1)]
    mark = {"ul": "- ", "h3": "### ", "blockquote": "> "}[block.kind]
    return [mark + line for line in lines]


def _escaped_beginning(found: re.Match[str]) -> str:
    return f"\\{found[1]}" if found[1] else f"{found[2]}\\{found[3]}"


def _typed_line(line: Line) -> str:
    written: list[str] = []
    before = Run("")
    for run in (*line, Run("")):
        if before.href and run.href != before.href:
            written.append(_switch(before, run, closes=before.href))
        else:
            written.append(_switch(before, run))
        if run.href and run.href != before.href:
            written.append("[")
        written.append(_SIGNS.sub(r"\\\g<0>", run.text))
        before = run
    return "".join(written)


def _switch(before: Run, run: Run, closes: str = "") -> str:
    link = f"]({closes})" if closes else ""
    return link + "**" * (before.strong != run.strong) + "*" * (before.em != run.em)
