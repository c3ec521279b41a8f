"""What a process has loaded is not looked at for garbage again."""

from __future__ import annotations

import subprocess
import sys

_ASK = """
import gc
from amparo.__main__ import main
from click.testing import CliRunner
before = gc.get_freeze_count(), gc.get_threshold()[0]
CliRunner().invoke(main, ["org", "--help"])
print(*before, gc.get_freeze_count(), gc.get_threshold()[0])
"""


def test_a_command_spares_what_it_loaded() -> None:
    answer = subprocess.run([sys.executable, "-c", _ASK], capture_output=True, text=True, check=True)
    frozen_before, young_before, frozen, young = map(int, answer.stdout.split())
    assert frozen_before == 0
    assert frozen > 10_000
    assert young > young_before
