"""What a WSGI server loads: ``gunicorn amparo.wsgi:app``."""

from __future__ import annotations

from amparo.app import create_app

app = create_app()
