"""What formulas read, in which order they are computed, and loops."""

from __future__ import annotations

from itertools import pairwise

from amparo.metadata.formulas.dependencies import Dependencies, asks_the_clock, paths_read, paths_read_before
from amparo.metadata.formulas.parsing import parse
from amparo.metadata.formulas.tree import Node


def tree(text: str) -> Node:
    result = parse(text)
    assert not isinstance(result, list)
    return result


def graph(**formulas: str) -> Dependencies:
    return Dependencies.of({name: tree(text) for name, text in formulas.items()})


def test_a_formula_names_what_it_reads() -> None:
    formula = tree("IF(age > PRIORVALUE(age), client.name, $User.name) & name & name")
    assert paths_read(formula) == {("age",), ("client", "name"), ("$User", "name"), ("name",)}
    assert paths_read_before(formula) == {("age",)}
    assert paths_read_before(tree("ISCHANGED(status) && ISBLANK(name)")) == {("status",)}


def test_a_formula_may_ask_the_clock() -> None:
    assert asks_the_clock(tree("1 + (TODAY() - opened_on)"))
    assert not asks_the_clock(tree("closed_on - opened_on"))


def test_each_formula_is_computed_after_those_it_reads() -> None:
    formulas = graph(total="fee + tax", tax="fee * 0.1", fee="nights * price", label='TEXT(total) & " USD"')
    order = formulas.order()
    assert order.index("fee") < order.index("tax") < order.index("total") < order.index("label")


def test_a_change_touches_only_what_reads_it_near_or_far() -> None:
    formulas = graph(total="fee + tax", tax="fee * rate", fee="nights * price", age="YEAR(TODAY()) - born")
    assert formulas.affected_by(["rate"]) == ["tax", "total"]
    assert formulas.affected_by(["nights"]) == ["fee", "tax", "total"]
    assert formulas.affected_by(["nothing"]) == []


def test_a_loop_is_refused_and_named() -> None:
    (problem,) = graph(a="b + 1", b="c + 1", c="a + 1", d="a").cycles("objects/case.json: fields")
    assert problem.kind == "loop"
    assert problem.path == "objects/case.json: fields"
    loop = problem.value.split(" → ")
    assert loop[0] == loop[-1]
    reads = {"a": "b", "b": "c", "c": "a"}
    assert all(reads[one] == next_ for one, next_ in pairwise(loop))
    assert list(graph(a="b", b="1").cycles()) == []
    assert next(graph(a="a + 1").cycles()).value == "a → a"


def test_what_is_read_across_a_lookup_is_no_loop() -> None:
    assert list(graph(total="parent.total + 1").cycles()) == []
