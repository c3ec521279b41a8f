"""The reasons an answer may be missing. A reason is an answer, not a blank (DESIGN D9)."""

from __future__ import annotations

from enum import StrEnum


class Missing(StrEnum):
    """Why there is no value. The member's value is the stored code."""

    UNKNOWN = "unknown"
    REFUSED = "refused"
    NOT_ASKED = "not_asked"
    NOT_APPLICABLE = "not_applicable"
