"""The manual leads nowhere that is not there: links, pictures, commands, settings and verbs all exist."""

from __future__ import annotations

import json
import re
import shlex
import textwrap
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from amparo.__main__ import main
from amparo.admin.refusals import GroupWithDefault
from servers.programs import ROOT

PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
PICTURES = ROOT / "docs" / "pictures"
FENCE = re.compile(r"^([ ]*)```(\w*)\n(.*?)^\1```", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"\]\(([^)\s]+)\)")
INLINE_CODE = re.compile(r"`([^`\n]+)`")
COMMAND = re.compile(r"(?:^(?:\w+=\S+\s+)*|/bin/)amparo\s+([a-z].*)")
PLACES_OF_CODE = ("platform", "admin", "src", "tests", "tools")
MOST_PICTURE_BYTES, MOST_PICTURES_BYTES = 150_000, 2_000_000


def name_of(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def prose(page: Path) -> str:
    return FENCE.sub("", page.read_text("utf-8"))


def pieces_of_code(page: Path) -> Iterator[str]:
    """Each line of a block, and each piece of code within a sentence."""
    for _, _, block in FENCE.findall(page.read_text("utf-8")):
        yield from map(str.strip, block.splitlines())
    yield from INLINE_CODE.findall(prose(page))


def anchors_of(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.*)$", prose(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def complaint_about(words: str) -> str | None:
    """What is wrong with the words after ``amparo``, asked of the program itself."""
    command: click.Command = main
    rest = shlex.split(re.sub(r"\$\([^)]*\)", "x", re.split(r" [>|#&]", words)[0]))
    while isinstance(command, click.Group) and rest and not rest[0].startswith("-"):
        found = command.commands.get(rest[0])
        if found is None and isinstance(command, GroupWithDefault):
            command = command.commands[command.default]
            continue
        if found is None:
            return f"there is no command {rest[0]!r}"
        command, rest = found, rest[1:]
    return complaint_about_arguments(command, rest)


def complaint_about_arguments(command: click.Command, words: list[str]) -> str | None:
    context = click.Context(command)
    options = {name: each for each in command.get_params(context) for name in each.opts if name.startswith("-")}
    given = 0
    queue = iter(words)
    for word in queue:
        if not word.startswith("-"):
            given += 1
            continue
        option = options.get(word.partition("=")[0])
        if option is None:
            return f"{command.name} has no option {word}"
        if isinstance(option, click.Option) and not option.is_flag and "=" not in word and option.nargs == 1:
            next(queue, None)
    wanted = sum(isinstance(each, click.Argument) for each in command.params)
    return f"{command.name} takes {wanted} arguments, not {given}" if given > wanted else None


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_link_and_picture_of_a_page_is_there(page: Path) -> None:
    missing = []
    for target in LINK.findall(prose(page)):
        path, _, anchor = target.partition("#")
        if "://" in path:
            continue
        there = (page.parent / path).resolve() if path else page
        if not there.exists() or (anchor and anchor not in anchors_of(there)):
            missing.append(target)
    assert missing == []


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_command_a_page_names_exists_with_its_options(page: Path) -> None:
    named = [match.group(1) for piece in pieces_of_code(page) if (match := COMMAND.search(piece))]
    assert [f"{words}: {wrong}" for words in named if (wrong := complaint_about(words))] == []


def test_a_command_that_is_not_there_would_be_found() -> None:
    assert complaint_about("orgg list") == "there is no command 'orgg'"
    assert complaint_about("restore x.backup --into y") == "restore has no option --into"
    assert complaint_about("backup riverside x.backup y.backup") == "backup takes 2 arguments, not 3"
    assert complaint_about("backup riverside x-$(date +%F).backup --passphrase-file /etc/p") is None


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_verb_of_make_that_a_page_names_exists(page: Path) -> None:
    verbs = set(re.findall(r"^([a-z]+):.*## ", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = {
        word
        for piece in pieces_of_code(page)
        if piece.startswith("make ")
        for word in shlex.split(piece)[1:]
        if "=" not in word
    }
    assert named - verbs == set()


def test_every_setting_the_manual_names_is_known_to_the_code() -> None:
    code = "\n".join(
        path.read_text("utf-8") for place in PLACES_OF_CODE for path in (ROOT / place).rglob("*.py") if path.is_file()
    )
    named = {(name_of(page), name) for page in PAGES for name in re.findall(r"\bAMPARO_[A-Z_]+\b", page.read_text())}
    assert len(named) > 10
    assert {(page, name) for page, name in named if not re.search(rf"\b{name}\b", code)} == set()


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_example_in_json_can_be_read(page: Path) -> None:
    for _, kind, block in FENCE.findall(page.read_text("utf-8")):
        if kind == "json":
            json.loads(textwrap.dedent(block))


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_a_page_names_no_machine_and_no_registry(page: Path) -> None:
    foreign = re.findall(r"(?<![\w.])/(?:work|root|home|tmp)/\S*|\b(?:pypi|npmjs|pythonhosted)\b\S*", page.read_text())
    assert foreign == []


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_a_page_speaks_calmly(page: Path) -> None:
    assert re.findall(r"(?i)\bplease\b|\boops\b|\bsimply\b|\w!(?:\s|$)", INLINE_CODE.sub("", prose(page))) == []


@pytest.mark.parametrize(
    ("page", "room", "prefix"),
    [
        ("architecture.md", "metadata", "metadata."),
        ("architecture.md", "runtime", "runtime."),
        ("pages.md", "runtime/web", ""),
    ],
)
def test_the_map_names_every_module_of_a_room_and_no_other(page: str, room: str, prefix: str) -> None:
    folder = ROOT / "platform" / room
    there = {each.stem for each in folder.iterdir() if each.suffix in ("", ".py") and not each.name.startswith("_")}
    first_cells = "\n".join(re.findall(r"^\| (.*?) \|", prose(ROOT / "docs" / "developers" / page), re.MULTILINE))
    named = {name for name in INLINE_CODE.findall(first_cells) if re.fullmatch(rf"{re.escape(prefix)}[\w.]+", name)}
    assert {name.removeprefix(prefix).split(".")[0] for name in named} == there


def test_every_picture_is_shown_on_a_page() -> None:
    shown = {
        (page.parent / target).resolve()
        for page in PAGES
        for target in LINK.findall(prose(page))
        if "pictures" in target
    }
    assert set(PICTURES.glob("*")) == shown


def test_the_pictures_are_small_enough_to_load() -> None:
    sizes = [path.stat().st_size for path in PICTURES.glob("*.png")]
    assert sizes
    assert max(sizes) < MOST_PICTURE_BYTES
    assert sum(sizes) < MOST_PICTURES_BYTES
