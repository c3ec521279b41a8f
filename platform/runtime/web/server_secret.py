"""The secret that signs sessions, and keys made of it for what else leaves with a page and comes back."""

from __future__ import annotations

import hmac

from flask import current_app


def server_secret() -> bytes:
    key = current_app.secret_key or b""
    return key.encode() if isinstance(key, str) else key


def key_for(purpose: bytes) -> bytes:
    """32 bytes, alike on every machine of the installation."""
    return hmac.digest(server_secret(), purpose, "sha256")
