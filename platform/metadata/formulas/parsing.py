"""From the text of a formula to its tree."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from typing import Any, cast

from lark import Lark, Token, Transformer
from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken

from amparo.metadata.formulas.decimals import written
from amparo.metadata.formulas.grammar import GRAMMAR, TOKEN_WORDS
from amparo.metadata.formulas.limits import MOST_CHARACTERS, price, too_dear
from amparo.metadata.formulas.positions import Located
from amparo.metadata.formulas.slips import advice_for_character, advice_for_token
from amparo.metadata.formulas.tree import Call, Literal, LiteralValue, Node, Reference
from amparo.metadata.problems import Problem
from amparo.metadata.wording import N_, Words

_WORDS: dict[str, LiteralValue] = {"true": True, "false": False, "null": None}
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "'": "'", "\\": "\\"}
_SAME = {"==": "=", "!=": "<>"}


def parse(text: str, path: str = "") -> Node | list[Problem]:
    """The tree of a formula, within the limits; or what is wrong with its text.

    The first error of syntax only: what stands behind it cannot be told. Its time and memory grow with the text,
    whatever stands in it.
    """
    place = Located(text, path)
    if len(text) > MOST_CHARACTERS:
        advice = N_("A formula has at most {limit} characters; this one has {value}.")
        return [Problem("too_long", path, len(text), advice, {"limit": MOST_CHARACTERS, "value": len(text)})]
    if not text.strip():
        return [Problem("blank_formula", path, text, N_("Write a formula."))]
    try:
        tree = _tree(text)
    except _BadText as error:
        advice = N_("There is no \\{escape} in a text. Write \\\\ for a backslash.")
        return [place.problem("bad_escape", error.at, error.at + 2, advice, escape=error.escape)]
    except UnexpectedInput as error:
        return [_syntax_problem(error, place)]
    return list(too_dear(price(tree), path)) or tree


class _BadText(Exception):
    """An escape that there is none of, in a text."""

    def __init__(self, at: int, escape: str) -> None:
        super().__init__(escape)
        self.at = at
        self.escape = escape


class _Builder(Transformer[Token, Node]):
    """Makes nodes while the parser reduces, so that no recursion is as deep as the formula."""

    def start(self, children: list[Node]) -> Node:
        return children[0]

    def any_of(self, children: list[Node]) -> Node:
        return _joined("OR", children)

    def all_of(self, children: list[Node]) -> Node:
        return _joined("AND", children)

    def addition(self, children: list[Any]) -> Node:
        return _from_left(children)

    equality = comparison = power = product = addition

    def signed(self, children: list[Any]) -> Node:
        *signs, node = children
        for sign in reversed(signs):
            name = "NOT" if sign.type in ("NOT", "NOT_WORD") else str(sign)
            node = Call(name, (node,), sign.start_pos, node.end)
        return cast("Node", node)

    def call(self, children: list[Any]) -> Node:
        name, *arguments, close = children
        return Call(name.upper(), tuple(each for each in arguments if each is not None), name.start_pos, close.end_pos)

    def primary(self, children: list[Any]) -> Node:
        child = children[0]
        return _leaf(child) if isinstance(child, Token) else cast("Node", child)


@lru_cache(maxsize=256)
def _tree(text: str) -> Node:
    """Kept, because trees never change, and definitions are checked, published and put in force one after another."""
    return cast("Node", _parser().parse(text))


@cache
def _parser() -> Lark:
    return Lark(GRAMMAR, parser="lalr", lexer="contextual", transformer=_Builder(), maybe_placeholders=False)


def _leaf(token: Token) -> Node:
    start, end = token.start_pos or 0, token.end_pos or 0
    if token.type == "NUMBER":
        return Literal(written(token), start, end)
    if token.type == "TEXT":
        return Literal(_unescaped(token, start), start, end)
    if token.lower() in _WORDS:
        return Literal(_WORDS[token.lower()], start, end)
    return Reference(tuple(token.split(".")), start, end)


def _unescaped(quoted: str, start: int) -> str:
    parts: list[str] = []
    place = 1
    while place < len(quoted) - 1:
        char = quoted[place]
        if char == "\\":
            place += 1
            char = _ESCAPES.get(quoted[place], "")
            if not char:
                raise _BadText(start + place - 1, quoted[place])
        parts.append(char)
        place += 1
    return "".join(parts)


def _joined(name: str, children: Sequence[Node]) -> Node:
    if len(children) == 1:
        return children[0]
    return Call(name, tuple(children), children[0].start, children[-1].end)


def _from_left(children: Sequence[Any]) -> Node:
    """Operands with operators between them. Neighbours joined by ``&`` become one call: people join dozens."""
    node: Node = children[0]
    is_run = False
    for operator, right in zip(children[1::2], children[2::2], strict=True):
        name = _SAME.get(operator, str(operator))
        earlier = node.arguments if is_run and name == "&" and isinstance(node, Call) else (node,)
        node = Call(name, (*earlier, right), node.start, right.end)
        is_run = name == "&"
    return node


def _syntax_problem(error: UnexpectedInput, place: Located) -> Problem:
    if isinstance(error, UnexpectedCharacters):
        return _odd_character(error.pos_in_stream or 0, place)
    if not isinstance(error, UnexpectedToken):
        raise error
    wanted = _in_words(_accepted(error))
    if error.token.type == "$END":
        end = len(place.text)
        advice = N_("The formula ends too early. Expected: {expected}.")
        return place.problem("unfinished", end, end, advice, expected=wanted)
    start, end = error.token.start_pos or 0, error.token.end_pos or 0
    slip = advice_for_token(place.text, start, str(error.token))
    if slip is not None:
        return place.problem("unexpected", start, end, slip.advice, **slip.params)
    advice = N_("{found} cannot stand here. Expected: {expected}.")
    return place.problem("unexpected", start, end, advice, found=str(error.token)[:40], expected=wanted)


def _accepted(error: UnexpectedToken) -> Iterable[str]:
    """What can stand there. The parser alone knows of no brackets that are not open."""
    return cast("Iterable[str]", error.accepts or error.expected)


def _odd_character(at: int, place: Located) -> Problem:
    char = place.text[at]
    if char in "\"'":
        return place.problem("open_text", at, len(place.text), N_("This text has no closing quote."))
    if place.text.startswith("/*", at):
        return place.problem("open_comment", at, len(place.text), N_("This comment has no closing */."))
    slip = advice_for_character(place.text, at)
    if slip is not None:
        return place.problem("unexpected", at, at + slip.length, slip.advice, **slip.params)
    return place.problem("unexpected", at, at + 1, N_("The character {found} has no meaning here."), found=char)


def _in_words(expected: Iterable[str]) -> Words:
    names = {TOKEN_WORDS[name] for name in expected if name in TOKEN_WORDS}
    return Words(sorted(names, key=lambda name: (not name[0].isalpha(), name)), ", ")
