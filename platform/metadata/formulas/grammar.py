"""The grammar of formulas, with Salesforce's precedence.

From loose to tight: ``||``; ``&&``; ``=`` and ``<>``; ``<`` and its like; ``+``, ``-`` and ``&``; ``^``; ``*`` and
``/``; signs and ``!``. All but the last are read from left to right. That ``^`` binds looser than ``*``, so that
``2 * 2 ^ 3`` is 64, is Salesforce's own surprise, acknowledged there and kept: a formula that is brought along must
go on giving the result it gave. The word NOT is a sign where no bracket follows it, as there. Names and numbers are
read as one token each, so a dot needs no rule.
"""

from __future__ import annotations

from amparo.metadata.wording import N_

GRAMMAR = r"""
start: _any
_any: any_of
any_of: all_of ("||" all_of)*
all_of: equality ("&&" equality)*
equality: comparison (EQUALITY comparison)*
comparison: addition (COMPARISON addition)*
addition: power ((PLUS | MINUS | JOIN) power)*
power: product (POWER product)*
product: signed (PRODUCT signed)*
signed: (PLUS | MINUS | NOT | NOT_WORD)* primary
primary: NAME | NUMBER | TEXT | call | "(" _any ")"
call: NAME "(" [_any ("," _any)*] CLOSE

EQUALITY: "==" | "=" | "<>" | "!="
COMPARISON: "<=" | ">=" | "<" | ">"
PLUS: "+"
MINUS: "-"
JOIN: "&"
POWER: "^"
PRODUCT: /\*|\/(?!\*)/
NOT: "!"
NOT_WORD.1: /not(?=\s+[A-Za-z0-9$."'!])/i
CLOSE: ")"
NAME: /[A-Za-z$][A-Za-z0-9_$:#]*(?:\.[A-Za-z0-9_$:#]+)*/
NUMBER: /[0-9]+(?:\.[0-9]+)?|\.[0-9]+/
TEXT: /"(?:[^"\\]|\\[\s\S])*"|'(?:[^'\\]|\\[\s\S])*'/
COMMENT: /\/\*[\s\S]*?\*\//
WHITE: /\s+/
%ignore COMMENT
%ignore WHITE
"""

#: How a token is named in a sentence.
TOKEN_WORDS = {
    "NAME": N_("a field or a function"),
    "NUMBER": N_("a number"),
    "TEXT": N_("a text in quotes"),
    # Of the operators only this one stands wherever any may.
    "EQUALITY": N_("an operator"),
    "LPAR": "“(”",
    "RPAR": "“)”",
    "CLOSE": "“)”",
    "COMMA": "“,”",
    "$END": N_("the end"),
}
