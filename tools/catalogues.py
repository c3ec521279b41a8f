"""The interface's strings: collected from the code, compared with the catalogues, kept complete.

``python -m tools.catalogues update`` writes the template and carries every language along;
``python -m tools.catalogues check`` changes nothing and reports what is out of date.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
TRANSLATIONS = ROOT / "platform" / "runtime" / "translations"
TEMPLATE = TRANSLATIONS / "messages.pot"
#: The rooms by their real folders: through the links each message would be found twice.
ROOMS = ("platform", "admin", "plugins", "src/amparo")
LINKED = ("metadata", "runtime", "admin", "plugins", "objects", "layouts")
METHODS = [("**/templates/**.html", "jinja2"), ("**/templates/**.txt", "jinja2"), ("**.py", "python")]
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "_l": None,
    "lazy_gettext": None,
    "lazy_ngettext": (1, 2),
    "lazy_pgettext": ((1, "c"), 2),
    "N_": None,
    "NN_": (1, 2),
}
HEADER = "# The interface of Amparo.\n# Distributed under the licence of Amparo, Apache-2.0."

#: Days and phone numbers behind letters that run from right to left, where no mark keeps them together: readers would
#: see 31-03-2026 for 2026-03-31.
TURNED = re.compile(r"[\u0590-\u08ff][^A-Za-z\u2066]*(?:[0-9]{2,4}-[0-9]{2}\b|\+[0-9]+ [0-9])")

#: A message's identity: its context and its text, or its texts where it has a plural.
Identity = tuple[str | None, tuple[str, ...]]


def main(arguments: list[str]) -> int:
    if arguments == ["update"]:
        update()
        return 0
    if arguments == ["check"]:
        findings = list(find_faults())
        print(*findings, sep="\n" if findings else "")
        return 1 if findings else 0
    print(__doc__)
    return 2


def collect() -> Catalog:
    """Every message that the code, the pages and the commands mark."""
    catalogue = Catalog(project="Amparo", charset="utf-8", header_comment=HEADER)
    for room in ROOMS:
        folder = ROOT / room
        skips_links = room.startswith("src")
        found = extract_from_dir(
            folder,
            method_map=METHODS,
            options_map={"**/templates/**": {"silent": "false"}},
            keywords=KEYWORDS,
            comment_tags=("Translators:",),
            strip_comment_tags=True,
            directory_filter=(lambda path: Path(path).name not in LINKED) if skips_links else None,
        )
        for name, _line, message, comments, context in found:
            catalogue.add(message, None, [(f"{room}/{name}", 0)], auto_comments=comments, context=context)
    return catalogue


def identity(message: Message) -> Identity:
    texts = (message.id,) if isinstance(message.id, str) else tuple(message.id)
    return (message.context, texts)


def messages_of(catalogue: Catalog) -> dict[Identity, Message]:
    return {identity(message): message for message in catalogue if message.id}


def language_files() -> list[Path]:
    return sorted(TRANSLATIONS.glob("*/LC_MESSAGES/messages.po"))


def read_catalogue(path: Path, language: str | None = None) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=language)


def find_faults() -> Iterator[str]:
    """What is out of date, incomplete or broken, one sentence each."""
    collected = messages_of(collect())
    if not TEMPLATE.is_file():
        yield f"{TEMPLATE.relative_to(ROOT)} is missing; run: make messages"
        return
    yield from compare(TEMPLATE, collected, messages_of(read_catalogue(TEMPLATE)))
    for path in language_files():
        catalogue = read_catalogue(path, path.parent.parent.name)
        yield from compare(path, collected, messages_of(catalogue))
        yield from find_incomplete(path, catalogue)


def compare(path: Path, expected: dict[Identity, Message], present: dict[Identity, Message]) -> Iterator[str]:
    name = path.relative_to(ROOT)
    for _, texts in sorted(expected.keys() - present.keys(), key=str):
        yield f"{name}: lacks {texts[0]!r}; run: make messages"
    for _, texts in sorted(present.keys() - expected.keys(), key=str):
        yield f"{name}: {texts[0]!r} is no longer used; run: make messages"


def find_incomplete(path: Path, catalogue: Catalog) -> Iterator[str]:
    name = path.relative_to(ROOT)
    for message in catalogue:
        if not message.id:
            continue
        text = identity(message)[1][0]
        translations = (message.string,) if isinstance(message.string, str) else message.string
        if message.fuzzy:
            yield f"{name}: the translation of {text!r} is only a guess (fuzzy); read it and remove the mark"
        elif not translations or not all(translations):
            yield f"{name}: {text!r} is not translated"
        for error in (*message.check(catalogue), *find_turned(translations or ())):
            yield f"{name}: {text!r}: {error}"


def find_turned(translations: Sequence[str]) -> Iterator[str]:
    if any(TURNED.search(each) for each in translations if each):
        yield "a day or a phone number would turn round; put U+2066 before it and U+2069 behind it"


def update() -> None:
    """Write the template from the code, and carry each language along; nothing translated is lost."""
    collected = collect()
    TRANSLATIONS.mkdir(parents=True, exist_ok=True)
    if TEMPLATE.is_file():
        collected.creation_date = read_catalogue(TEMPLATE).creation_date
    write_catalogue(TEMPLATE, collected)
    for path in language_files():
        catalogue = read_catalogue(path, path.parent.parent.name)
        catalogue.update(collected, no_fuzzy_matching=True, update_creation_date=False)
        write_catalogue(path, catalogue)


def write_catalogue(path: Path, catalogue: Catalog) -> None:
    """Write in the order of the messages and without line numbers, so that a change shows only itself."""
    with path.open("wb") as file:
        write_po(file, catalogue, width=120, sort_output=True, include_lineno=False, ignore_obsolete=True)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
