"""A list's conditions as somebody without script makes them: the form, what it offers and what it leads to."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

from werkzeug.test import TestResponse

from factories.visitors import Visitor

#: The box in which the first condition is answered.
BOX = "f.0.value"


def sent(visitor: Visitor, page: TestResponse, **changed: str | Sequence[str]) -> TestResponse:
    """The form of conditions with something changed, and the page it leads to."""
    answer = visitor.send(page, changed, "conditions")
    assert answer.status_code == 303, answer.text
    return visitor.client.get(answer.headers["Location"])


def offered(page: TestResponse, kind: str) -> list[str]:
    """What may be chosen in the first condition: of radio buttons or of boxes to tick, by ``kind``."""
    return re.findall(rf'<input type="{kind}" id="[^"]*" name="{BOX}" value="([^"]+)"', page.text)


def chips_on(page: TestResponse) -> list[str]:
    """The conditions of the list that is shown, in words."""
    found = re.findall(r'<li class="chip"><span><span class="of">(.*?)</span> (.*?)</span>', page.text)
    return [html.unescape(f"{of} {text}") for of, text in found]
