"""What was deleted of one object, last first: who took it away, what went with it, and the way back."""

from __future__ import annotations

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from amparo.runtime.access import Permission
from amparo.runtime.planner.lists import list_page
from amparo.runtime.web.addresses import list_url, with_arguments
from amparo.runtime.web.list_requests import PAGE_SIZE
from amparo.runtime.web.presenting.deleted import deleted_items, deleted_query
from amparo.runtime.web.presenting.lengths import length_mark, length_of, length_words
from amparo.runtime.web.presenting.lists import view_links
from amparo.runtime.web.routing import Pages
from amparo.runtime.web.visits import Visit

pages = Pages("deleted", __name__)


@pages.route("/o/<slug>/<object_name>/deleted", permission=Permission.RECORDS_DELETE)
def deleted_list(visit: Visit, object_name: str) -> ResponseReturnValue:
    definition = visit.release.object(object_name).definition
    query = deleted_query(visit, definition, request.args.get("after") or None)
    page = list_page(visit.store, visit.actor, query, release=visit.release)
    length = length_of(visit, query)
    own_url = url_for("deleted.deleted_list", slug=visit.slug, object_name=object_name)
    return render_template(
        "pages/deleted.html",
        plural=visit.words.plural(definition),
        list_url=list_url(visit, object_name),
        tabs=view_links(visit, definition, own_url, length_mark(length, visit.language)),
        items=deleted_items(visit, definition, page.records),
        shown=len(page.records),
        total=length_words(length, visit.language),
        size=PAGE_SIZE,
        more_url=with_arguments(own_url, {"after": page.next}) if page.next else None,
    )
