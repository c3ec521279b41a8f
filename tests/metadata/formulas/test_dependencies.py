"""What formulas read, in which order they are computed, and loops."""

from __future__ import annotations

from itertools import pairwise

from amparo.metadata.formulas.dependencies import Dependencies, paths_read, paths_read_before
from amparo.metadata.formulas.parsing import parse
from amparo.metadata.formulas.shapes import FieldShape, ObjectShape, Shapes
from amparo.metadata.formulas.tree import Node
from amparo.metadata.formulas.value_types import ValueType


def tree(text: str) -> Node:
    result = parse(text)
    assert not isinstance(result, list)
    return result


THING = "total fee tax nights price label rate age born a b c d nothing".split()
SHAPES = Shapes(
    {
        "thing": ObjectShape(
            "Thing",
            {
                **dict.fromkeys(THING, FieldShape(ValueType.NUMBER)),
                "parent": FieldShape(ValueType.LOOKUP, ("thing",)),
                "about": FieldShape(ValueType.LOOKUP, ("person", "place")),
            },
        ),
        "person": ObjectShape("Person", {"score": FieldShape(ValueType.NUMBER)}),
        "place": ObjectShape(
            "Place", {"score": FieldShape(ValueType.NUMBER), "thing": FieldShape(ValueType.LOOKUP, ("thing",))}
        ),
    }
)


def graph(**formulas: str) -> Dependencies:
    return Dependencies.of({"thing": {name: tree(text) for name, text in formulas.items()}}, SHAPES)


def names(fields: list[str]) -> list[str]:
    return [field.removeprefix("thing.") for field in fields]


def test_a_formula_names_what_it_reads() -> None:
    formula = tree("IF(age > PRIORVALUE(age), client.name, $User.name) & name & name")
    assert paths_read(formula) == {("age",), ("client", "name"), ("$User", "name"), ("name",)}
    assert paths_read_before(formula) == {("age",)}
    assert paths_read_before(tree("ISCHANGED(status) && ISBLANK(name)")) == {("status",)}


def test_each_formula_is_computed_after_those_it_reads() -> None:
    formulas = graph(total="fee + tax", tax="fee * 0.1", fee="nights * price", label='TEXT(total) & " USD"')
    order = names(formulas.order())
    assert order.index("fee") < order.index("tax") < order.index("total") < order.index("label")


def test_a_formula_reads_across_a_lookup_the_field_of_each_object_it_may_lead_to() -> None:
    assert graph(total="about.score + 1").reads["thing.total"] == {"thing.about", "person.score", "place.score"}
    assert graph(label="$User.name").reads["thing.label"] == frozenset()


def test_a_loop_is_refused_and_named() -> None:
    (problem,) = graph(a="b + 1", b="c + 1", c="a + 1", d="a").cycles()
    assert problem.kind == "loop"
    loop = names(problem.value.split(" → "))
    assert loop[0] == loop[-1]
    reads = {"a": "b", "b": "c", "c": "a"}
    assert all(reads[one] == next_ for one, next_ in pairwise(loop))
    assert list(graph(a="b", b="1").cycles()) == []
    assert next(graph(a="a + 1").cycles()).value == "thing.a → thing.a"


def test_a_loop_across_lookups_is_one_too() -> None:
    assert next(graph(total="parent.total + 1").cycles()).value == "thing.total → thing.total"
    score = {"score": tree("thing.total + 1")}
    total = {"total": tree("about.score + 1")}
    (problem,) = Dependencies.of({"thing": total, "place": score}, SHAPES).cycles()
    assert set(problem.value.split(" → ")) == {"thing.total", "place.score"}
    assert list(Dependencies.of({"thing": total, "person": {"score": tree("1")}}, SHAPES).cycles()) == []
