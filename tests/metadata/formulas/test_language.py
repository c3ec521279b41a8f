"""The text of formulas: reading it, printing it, and its tree as JSON."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amparo.metadata.formulas.parsing import parse
from amparo.metadata.formulas.printing import formula_text
from amparo.metadata.formulas.tree import Call, Literal, Node, Reference
from amparo.metadata.formulas.tree_json import tree_from_json, tree_to_json


def tree(text: str) -> Node:
    result = parse(text)
    assert not isinstance(result, list), result
    return result


def fault(text: str) -> Any:
    result = parse(text)
    assert isinstance(result, list)
    return result[0]


def test_what_was_read_once_is_not_read_again() -> None:
    assert parse("born > TODAY() && debt > 12345") is parse("born > TODAY() && debt > 12345")


@pytest.mark.parametrize(
    ("formula", "means"),
    [
        ("1 + 2 * 3", "1 + (2 * 3)"),
        ("1 - 2 - 3", "(1 - 2) - 3"),
        ("8 / 4 / 2", "(8 / 4) / 2"),
        # Salesforce's own surprise, which it acknowledges: a power binds looser than a product.
        ("2 * 2 ^ 3", "(2 * 2) ^ 3"),
        ("2 ^ 3 ^ 2", "(2 ^ 3) ^ 2"),
        ("-2 ^ 2", "(-2) ^ 2"),
        ("- - 2", "-(-2)"),
        ("1 + 2 ^ 3", "1 + (2 ^ 3)"),
        ('"a" & "b" + "c"', '("a" & "b") + "c"'),
        ('"a" + "b" & "c"', '("a" + "b") & "c"'),
        ("a + 1 < b", "(a + 1) < b"),
        ("a < b = c > d", "(a < b) = (c > d)"),
        ("a || b && c", "OR(a, AND(b, c))"),
        ("a && b && c", "AND(a, b, c)"),
        ("!a && b", "AND(NOT(a), b)"),
        ("not a && b", "AND(NOT(a), b)"),
        ("NOT NOT a = b", "NOT(NOT(a)) = b"),
        ("AND(NOT ISNEW(), NOT (a))", "AND(NOT(ISNEW()), NOT(a))"),
        ("not + 1", "not + 1"),
        ("a == b", "a = b"),
        ("a != b", "a <> b"),
        ("a = b && c <> d", "AND((a = b), (c <> d))"),
        ("if(a, true, Null)", "IF(a, TRUE, NULL)"),
        ("/* one */ a /* two \n lines */ + /***/ b", "a + b"),
    ],
)
def test_operators_bind_as_in_salesforce(formula: str, means: str) -> None:
    assert tree(formula) == tree(means)


def test_texts_joined_one_after_another_are_one_call() -> None:
    assert tree("a & b & c") == Call("&", (Reference(("a",)), Reference(("b",)), Reference(("c",))))
    assert tree("a & (b & c)") != tree("a & b & c") != tree("(a & b) & c")


def test_a_text_stands_in_either_quotes_with_escapes() -> None:
    assert tree(r'"it is \"so\"\n"') == Literal('it is "so"\n')
    assert tree(r"'it\'s \\d'") == Literal("it's \\d")
    assert tree("'say \"a\"'") == Literal('say "a"')


def test_names_go_across_lookups_and_begin_with_a_dollar_sign_for_what_is_global() -> None:
    assert tree("client.birth_date") == Reference(("client", "birth_date"))
    assert tree("$User.Id") == Reference(("$User", "Id"))
    assert tree("Owner:User.Id") == Reference(("Owner:User", "Id"))


def test_every_part_knows_its_place() -> None:
    formula = 'IF(age < 18, "Child", client.name)'
    call = tree(formula)
    assert isinstance(call, Call)
    assert [formula[each.start : each.end] for each in (call, *call.arguments)] == [
        formula, "age < 18", '"Child"', "client.name",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("formula", "kind", "column"),
    [
        ("", "blank_formula", None),
        ("   ", "blank_formula", None),
        ("1 +", "unfinished", 4),
        ("IF(a, 1", "unfinished", 8),
        ("a b", "unexpected", 3),
        ("(a))", "unexpected", 4),
        ("a @ b", "unexpected", 3),
        ('a & "b', "open_text", 5),
        ("a /* b", "open_comment", 3),
        (r'"\d"', "bad_escape", 2),
        ("a..b", "unexpected", 2),
        ("1e5", "unexpected", 2),
    ],
)
def test_an_error_of_syntax_says_where_it_is(formula: str, kind: str, column: int | None) -> None:
    problem = fault(formula)
    assert (problem.kind, problem.params.get("column")) == (kind, column)


def test_an_error_on_a_later_line_says_which_and_what_was_expected() -> None:
    problem = fault("IF(a,\n  1\n  2)")
    assert str(problem) == ("line 3, column 3: 2 cannot stand here. Expected: an operator, “)”, “,”. [unexpected]")


@pytest.mark.parametrize(
    ("formula", "column", "said"),
    [
        ("a > 1 AND b", 7, "Write && between two conditions, or AND(…) around them."),
        ("a or b", 3, "Write || between two conditions, or OR(…) around them."),
        ("a div 2", 3, "Write / instead of div."),
        ("a IN (1, 2)", 3, "Write IN(a, b, c) instead of IN."),
        ("a => 5", 4, "Write >= instead of =>."),
        ("a ≥ 5", 3, "Write >= instead of ≥."),
        ("IF(a; 1; 2)", 5, "Write , instead of ;."),
        ("a = “b”", 5, 'Write " instead of “.'),
        ("a = ٣", 5, "Write 3 instead of ٣."),
        ("LEN（a）", 4, "Write ( instead of （."),
        ("{!a} > 5", 1, "Write a name alone, without {!."),
        ("=a + 1", 1, "A formula begins without =."),
        ("a > 1 // b", 8, "A remark stands between /* and */."),
        ("// a", 1, "A remark stands between /* and */."),
        ("client. > 1", 7, "Behind the point a name or a digit is missing."),
        ("a > 10%", 7, "Write 0.1 for ten percent."),
        ("a\u200f = 1", 2, "There is an invisible character here, U+200F. Delete it."),
        ("a & \x00", 5, "There is an invisible character here, U+0000. Delete it."),
        ("a = \ud800", 5, "There is an invisible character here, U+D800. Delete it."),
        ("a = 1 + ឈ្មោះ", 9, "Only texts have other letters than a to z: write a field's name, not its label."),
        ("a ~ b", 3, "The character ~ has no meaning here."),
    ],
)
def test_who_writes_as_elsewhere_is_told_what_would_do(formula: str, column: int, said: str) -> None:
    problem = fault(formula)
    assert (problem.params["column"], problem.message) == (column, said)


def test_a_word_in_other_letters_is_pointed_at_as_a_whole() -> None:
    assert fault("a = ឈ្មោះ + 1").value == "ឈ្មោះ"


def test_a_bracket_is_expected_only_where_one_is_open() -> None:
    assert fault("a b").message == "b cannot stand here. Expected: an operator, the end, “(”."
    assert fault("AND(a b").message == "b cannot stand here. Expected: an operator, “(”, “)”, “,”."
    assert fault("AND(").message.endswith("Expected: a field or a function, a number, a text in quotes, “(”, “)”.")


NAMES = st.sampled_from(["age", "client", "name", "Owner:User", "a1__c"])
LITERALS = st.one_of(
    st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=8),
    st.decimals(min_value=0, max_value=10**12, allow_nan=False, places=3),
    st.booleans(),
    st.none(),
).map(Literal)
PATHS = st.one_of(
    st.lists(NAMES, min_size=1, max_size=4).map(lambda names: Reference(tuple(names))),
    st.just(Reference(("$User", "id"))),
)


def calls(parts: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    two = st.tuples(parts, parts)
    return st.one_of(
        st.builds(Call, st.sampled_from(["=", "<>", "<", "<=", ">", ">=", "+", "-", "^", "*", "/"]), two),
        st.builds(Call, st.just("-"), st.tuples(parts)),
        st.lists(parts, min_size=2, max_size=4).map(lambda each: joined(tuple(each))),
        st.builds(Call, st.sampled_from(["IF", "AND", "NOT", "TODAY"]), st.lists(parts, max_size=3).map(tuple)),
    )


def joined(parts: tuple[Node, ...]) -> Node:
    """As the parser makes it: a run of & never begins with another one of more than two parts by itself."""
    return Call("&", parts)


TREES = st.recursive(st.one_of(LITERALS, PATHS), calls, max_leaves=20)


@given(TREES)
def test_a_printed_tree_is_read_as_the_same_tree(original: Node) -> None:
    assert parse(formula_text(original)) == original


@given(TREES)
def test_a_tree_goes_through_json_unchanged(original: Node) -> None:
    again = tree_from_json(json.loads(json.dumps(tree_to_json(original))))
    assert again == original
    assert tree_to_json(again) == tree_to_json(original)


def test_json_keeps_places_types_and_every_decimal() -> None:
    content = tree_to_json(tree("1.50 + a"))
    assert content == {
        "call": "+",
        "arguments": [{"literal": {"number": "1.50"}, "at": [0, 4]}, {"reference": ["a"], "at": [7, 8]}],
        "at": [0, 8],
    }
    assert tree_from_json(content) == Call("+", (Literal(Decimal("1.50")), Reference(("a",))))


@given(st.text(max_size=60))
def test_any_text_gives_a_tree_or_a_problem(text: str) -> None:
    result = parse(text)
    assert isinstance(result, (Literal, Reference, Call)) or result[0].kind


@given(st.text(alphabet="IF(a,1.\"'\\&|!=<>^*/+-) \n$:#", max_size=60))
def test_any_text_of_the_language_s_own_signs_gives_a_tree_or_a_problem(text: str) -> None:
    result = parse(text)
    assert isinstance(result, (Literal, Reference, Call)) or result[0].kind
