"""Timing two ways of doing the same thing, turn and turn about, so that a busy machine slows both."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """Medians in milliseconds; ``native`` is None where there is nothing to compare with."""

    name: str
    ours: float
    native: float | None
    target: str

    @property
    def ratio(self) -> float | None:
        return self.ours / self.native if self.native else None


def timed(action: Callable[[], object]) -> float:
    """Milliseconds."""
    began = time.perf_counter()
    action()
    return (time.perf_counter() - began) * 1000


def compared(
    name: str, ours: Callable[[], object], native: Callable[[], object] | None, target: str, rounds: int = 15
) -> Figure:
    """One warm-up each, then ``rounds`` of both."""
    ours_times: list[float] = []
    native_times: list[float] = []
    for number in range(rounds + 1):
        taken = timed(ours), timed(native) if native else 0.0
        if number:
            ours_times.append(taken[0])
            native_times.append(taken[1])
    return Figure(name, statistics.median(ours_times), statistics.median(native_times) if native else None, target)


def table(figures: list[Figure]) -> str:
    """As Markdown."""
    lines = ["| what | Amparo ms | native ms | ratio | target |", "|---|---:|---:|---:|---|"]
    for figure in figures:
        native = "" if figure.native is None else f"{figure.native:,.2f}"
        ratio = "" if figure.ratio is None else f"{figure.ratio:.2f}"
        lines.append(f"| {figure.name} | {figure.ours:,.2f} | {native} | {ratio} | {figure.target} |")
    return "\n".join(lines)
