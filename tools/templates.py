"""Reads every page template and reports what a browser, a translator or the security policy would trip over.

Rules: tags are balanced; no script, style or event handler inside a page; no text or label outside gettext;
nothing switches escaping off.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

from jinja2 import Environment
from jinja2.exceptions import TemplateSyntaxError

ROOMS = ("platform", "admin", "plugins")
VOID_ELEMENTS = frozenset("area base br col embed hr img input link meta source track wbr".split())
#: Elements of SVG that draw and hold nothing; they may close themselves.
EMPTY_SHAPES = frozenset("circle ellipse image line path polygon polyline rect stop use".split())
#: Attributes that a person reads or hears.
SPOKEN_ATTRIBUTES = frozenset(
    "alt aria-label aria-description aria-placeholder aria-roledescription aria-valuetext placeholder title".split()
)
#: What stands in these is the same in every language, or judged by another rule.
SILENT_ELEMENTS = frozenset({"code", "kbd", "samp", "script", "style"})
PRODUCT_NAME = "Amparo"
LETTER = re.compile(r"[^\W\d_]")
UNESCAPED = re.compile(r"(?:(\w+)\[[^]]+\])?\s*\|\s*safe\b")


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    line: int
    message: str


class PageReader(HTMLParser):
    """Follows the elements of one template; the parts written in Jinja are told to it, not fed."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.findings: list[Finding] = []
        self.open_elements: list[str] = []
        self.branches: list[list[str]] = []
        self.is_in_translation = False
        self.is_in_attribute = False

    def report(self, message: str) -> None:
        self.findings.append(Finding(self.getpos()[0], message))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.judge_attributes(tag, attrs)
        if tag == "style":
            self.report("<style>: put it into a style sheet; the security policy refuses it here")
        if tag not in VOID_ELEMENTS:
            self.open_elements.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.judge_attributes(tag, attrs)
        if tag not in VOID_ELEMENTS | EMPTY_SHAPES:
            self.report(f"<{tag}/> does not close itself in HTML; write <{tag}></{tag}>")

    def handle_endtag(self, tag: str) -> None:
        if not self.open_elements or self.open_elements[-1] != tag:
            expected = f"</{self.open_elements[-1]}>" if self.open_elements else "no closing tag"
            self.report(f"</{tag}> where {expected} belongs")
            return
        self.open_elements.pop()

    def judge_attributes(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = {name for name, _ in attrs}
        for name, value in attrs:
            if name == "style" or name.startswith("on"):
                self.report(f'{name}="…": the security policy refuses it; use a class or a module')
            if (value or "").strip().lower().startswith("javascript:"):
                self.report(f"{name}: a script in an address; the security policy refuses it")
            if is_spoken(tag, name, dict(attrs)) and LETTER.search(value or ""):
                self.report(f'{name}="{value}" is not translated; write {{{{ _("{value}") }}}}')
        kind = dict(attrs).get("type") or ""
        if tag == "script" and "src" not in names and kind != "application/json":
            self.report("<script> with its text in the page; the security policy refuses it")

    def handle_data(self, data: str) -> None:
        if self.is_in_translation or self.is_in_attribute:
            return
        if SILENT_ELEMENTS.intersection(self.open_elements[-1:]):
            return
        text = data.strip()
        if LETTER.search(text.replace(PRODUCT_NAME, "")):
            self.report(f'"{text[:40]}" is not translated; write {{{{ _("…") }}}} or {{% trans %}}')

    @property
    def is_inside_tag(self) -> bool:
        """Whether what was fed last stopped in the middle of a tag."""
        return self.rawdata.startswith("<")

    def enter_statement(self, keyword: str) -> None:
        """Follow a statement: each branch of a condition has to leave the same elements open."""
        if keyword in ("trans", "endtrans"):
            self.is_in_translation = keyword == "trans"
        if keyword == "endblock":
            self.is_in_attribute = False
        if self.is_inside_tag:
            return
        if keyword in ("if", "for"):
            self.branches.append(list(self.open_elements))
        elif keyword in ("elif", "else") and self.branches:
            self.open_elements = list(self.branches[-1])
        elif keyword in ("endif", "endfor") and self.branches:
            self.branches.pop()


def is_spoken(tag: str, name: str, attributes: dict[str, str | None]) -> bool:
    if name in SPOKEN_ATTRIBUTES:
        return True
    if name == "label":
        return tag in ("optgroup", "option", "track")
    return name == "value" and tag == "input" and attributes.get("type") in ("submit", "button", "reset")


def find_faults(source: str) -> list[Finding]:
    """What is wrong with one template, by line."""
    reader = PageReader()
    try:
        feed_template(reader, source)
    except TemplateSyntaxError as error:
        return [Finding(error.lineno, f"Jinja cannot read it: {error.message}")]
    reader.close()
    reader.findings.extend(find_unescaped(source))
    for tag in reader.open_elements:
        reader.report(f"<{tag}> is never closed")
    return sorted(set(reader.findings))


def find_unescaped(source: str) -> Iterator[Finding]:
    """Uses of ``|safe``, but for drawings that the same template holds in a table: ``shapes[name]|safe``."""
    for number, line in enumerate(source.splitlines(), start=1):
        for use in UNESCAPED.finditer(line):
            table = use.group(1)
            if table is None or not re.search(rf"{{%-?\s*set\s+{table}\s*=", source):
                yield Finding(number, "|safe switches escaping off; return Markup from the code that made the text")


def feed_template(reader: PageReader, source: str) -> None:
    """Feed ``reader`` the text of ``source`` and tell it the statements; lines keep their numbers."""
    expects_keyword, keyword = False, ""
    for line, kind, value in Environment(autoescape=True).lex(source):
        if kind == "data":
            reader.feed("\n" * max(0, line - reader.getpos()[0] - reader.rawdata.count("\n")))
            reader.feed(value)
        elif kind == "block_begin":
            expects_keyword = True
        elif kind == "name" and expects_keyword:
            keyword, expects_keyword = value, False
            reader.enter_statement(keyword)
        elif kind == "name" and keyword == "block":
            # A block of this name is filled into the attribute of the page that is extended.
            reader.is_in_attribute = value.endswith("_class")
            keyword = ""


def template_paths(root: Path) -> Iterator[Path]:
    for room in ROOMS:
        yield from sorted((root / room).rglob("templates/**/*.html"))


def report_faults(root: Path, paths: Iterable[Path]) -> int:
    """Print every finding; return their number."""
    count = 0
    for path in paths:
        for finding in find_faults(path.read_text(encoding="utf-8")):
            print(f"{path.relative_to(root)}:{finding.line}: {finding.message}")
            count += 1
    return count


if __name__ == "__main__":
    checkout = Path(__file__).resolve().parent.parent
    raise SystemExit(1 if report_faults(checkout, template_paths(checkout)) else 0)
