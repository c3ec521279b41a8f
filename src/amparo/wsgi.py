"""What a WSGI server loads: ``gunicorn amparo.wsgi:app``."""

from __future__ import annotations

from amparo.app import create_app
from amparo.runtime.collecting import collect_seldom

app = create_app()
collect_seldom()
