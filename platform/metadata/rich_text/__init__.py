"""Formatted text in a small set of tags: sanitised, made canonical, and written as people type it.

Whatever HTML comes in is cleaned by nh3, read into blocks, and written again
from them: so equal texts have one HTML, and no other tag can come out.
"""

from amparo.metadata.rich_text.html_form import canonical_html, plain_text, typed_text

__all__ = ["canonical_html", "plain_text", "typed_text"]
