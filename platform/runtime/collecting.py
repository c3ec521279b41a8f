"""Python's collector of cyclic garbage, told what stays.

It looks at every object anew each time, the program's own among them, and
made an import of 20,000 rows wait for a fifth of its time: 1.8 seconds of 8.7,
in pauses that lengthened its locks.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

#: New objects after which the young ones are looked at; Python's own figure is 700, less than one page makes.
_YOUNG = 50_000


@contextmanager
def without_collecting() -> Iterator[None]:
    """While modules are loaded: nearly all that they make stays, and looking at it took a tenth of a start."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def collect_seldom() -> None:
    """What is loaded by now is never looked at again, what is new less often. Once per process, when it has loaded."""
    gc.freeze()
    gc.set_threshold(_YOUNG, 20, 20)
