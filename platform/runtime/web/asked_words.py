"""Words typed to find records: kept out of addresses, and so out of histories and of the logs of servers.

They are posted, sealed, and travel in the address as sealed text that opens
only in the session in which they were typed. So going back, loading again,
paging and a second tab work as with any address, the server keeps nothing, and
an address that is copied or found later tells nobody a name.
"""

from __future__ import annotations

import base64
import binascii
import json
import secrets
from collections.abc import Mapping

from flask import request, session
from flask_babel import gettext
from werkzeug.datastructures import MultiDict

from amparo.runtime.keys import KeyProblem
from amparo.runtime.web.visits import Visit

#: The name under which sealed words stand in an address.
ASKED = "asked"
#: The box of every search.
QUESTION = "q"
_SESSION_KEY = "asked_words"


def sealed(visit: Visit, words: Mapping[str, str]) -> dict[str, str]:
    """The part of an address that stands for what was typed, by the names of its boxes; nothing for nothing."""
    if not any(words.values()):
        return {}
    content = json.dumps(dict(words), ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
    text = base64.urlsafe_b64encode(visit.store.keys.seal_content(content, _place(visit)))
    return {ASKED: text.decode().rstrip("=")}


def asked_arguments(visit: Visit) -> tuple[MultiDict[str, str], str | None]:
    """What this request asks, the typed words in their places; and a sentence where they can no longer be read.

    Of a form the boxes count, of an address everything but a question in the clear, which no page makes.
    """
    given = request.form if request.method == "POST" else request.args
    arguments = MultiDict(given)
    if request.method != "POST":
        arguments.pop(QUESTION, None)
    text = arguments.pop(ASKED, "")
    if not text:
        return arguments, None
    words = _opened(visit, text)
    if words is None:
        return arguments, gettext("What was searched for is kept only until you leave. Write it again.")
    for name, typed in words.items():
        arguments.setdefault(name, typed)
    return arguments, None


def asked_question(visit: Visit) -> str:
    """What stands in the search box of this page."""
    arguments, _ = asked_arguments(visit)
    return arguments.get(QUESTION, "").strip()


def _opened(visit: Visit, text: str) -> dict[str, str] | None:
    try:
        content = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        words: dict[str, str] = json.loads(visit.store.keys.unseal_content(content, _place(visit)))
    except (KeyProblem, KeyError, IndexError, ValueError, binascii.Error):
        return None
    return words


def _place(visit: Visit) -> bytes:
    """The person and the session that the words belong to; both end with Leave."""
    if _SESSION_KEY not in session:
        session[_SESSION_KEY] = secrets.token_hex(16)
    return b"asked:" + visit.person.id.bytes + str(session[_SESSION_KEY]).encode()
