"""What leaves compressed, and what does not."""

from __future__ import annotations

import gc
import gzip
import warnings

import pytest
from werkzeug.test import EnvironBuilder

from amparo.runtime.web.compression import gzipped
from factories.visitors import Visitor

ASKS = {"Accept-Encoding": "gzip, deflate, br"}


def test_a_page_leaves_compressed_where_the_browser_takes_it(caseworker: Visitor) -> None:
    plain = caseworker.client.get(caseworker.at("person/"))
    packed = caseworker.client.get(caseworker.at("person/"), headers=ASKS)
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert int(packed.headers["Content-Length"]) == len(packed.data) < len(plain.data) / 2
    assert b"</html>" in gzip.decompress(packed.data)
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert packed.headers["Cache-Control"] == "no-store"


def test_style_and_script_leave_compressed_and_may_be_asked_for_again(caseworker: Visitor) -> None:
    page = caseworker.client.get(caseworker.at("you")).text
    address = page.split('href="/static/dist/')[1].split('"')[0]
    address = f"/static/dist/{address}"
    with caseworker.client.get(address) as plain, caseworker.client.get(address, headers=ASKS) as packed:
        assert packed.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(packed.data) == plain.data
        tag = packed.headers["ETag"]
    with caseworker.client.get(address, headers={**ASKS, "If-None-Match": tag}) as again:
        assert again.status_code == 304


@pytest.mark.parametrize(("method", "is_known"), [("HEAD", False), ("GET", True)])
def test_a_file_whose_content_is_not_sent_is_closed(caseworker: Visitor, method: str, is_known: bool) -> None:
    with caseworker.client.get("/static/favicon.svg") as whole:
        headers = [("If-None-Match", whole.headers["ETag"])] if is_known else []
    # As a server calls it: the test client keeps what it gets and would close it.
    environ = EnvironBuilder("/static/favicon.svg", method=method, headers=headers).get_environ()
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        list(caseworker.client.application.wsgi_app(environ, lambda *_: lambda _: None))
        gc.collect()
    assert not [each for each in told if each.category is ResourceWarning]


def test_nothing_is_compressed_that_another_site_asks_for(caseworker: Visitor) -> None:
    asked = caseworker.client.get(caseworker.at("search"), headers={**ASKS, "Sec-Fetch-Site": "cross-site"})
    assert asked.status_code == 200
    assert "Content-Encoding" not in asked.headers


def test_the_length_of_equal_contents_differs() -> None:
    content = b"an answer, " * 100
    packed = [gzipped(content) for _ in range(50)]
    assert {gzip.decompress(each) for each in packed} == {content}
    assert len({len(each) for each in packed}) > 10
