"""The folder of large public inputs, which nobody here wrote."""

from __future__ import annotations

import os
from pathlib import Path

_CHECKOUT = Path(__file__).parents[2]


def shared_folder() -> Path:
    """Beside the checkout, or where AMPARO_SHARED says. It may be absent."""
    return Path(os.environ.get("AMPARO_SHARED", _CHECKOUT.parent / "shared"))
