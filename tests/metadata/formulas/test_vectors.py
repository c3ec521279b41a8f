"""The vectors that every engine runs, put to the engine in Python."""

from __future__ import annotations

import pytest

from amparo.metadata.formulas.evaluation import compile_formula
from factories.formula_vectors import Vector, vectors


@pytest.mark.parametrize("vector", vectors(), ids=lambda vector: vector.formula)
def test_the_python_engine_gives_what_a_vector_expects(vector: Vector) -> None:
    assert vector.found(compile_formula(vector.tree, vector.blanks)) == vector.expected
