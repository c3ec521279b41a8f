"""What happens to a test when this machine lacks what it needs."""

from __future__ import annotations

import os
from typing import NoReturn

import pytest


def report_absence(what: str) -> NoReturn:
    """Skip with a stated reason on a person's machine; fail where CI promises that everything is there."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{what} is absent, and CI=true promises it", pytrace=False)
    pytest.skip(f"{what} is absent")
