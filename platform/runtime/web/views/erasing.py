"""Erasing a record for good: what would be lost, the written reason, and that it is done."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from amparo.runtime.access import Permission
from amparo.runtime.planner.records import read_record
from amparo.runtime.records import service
from amparo.runtime.records.service import Loss
from amparo.runtime.web.addresses import list_url, record_url
from amparo.runtime.web.presenting.questions import anchor_of
from amparo.runtime.web.presenting.records import heading_words, title_words
from amparo.runtime.web.routing import Pages
from amparo.runtime.web.shell import say_done
from amparo.runtime.web.visits import Visit
from amparo.runtime.web.widgets.base import Question

pages = Pages("erasing", __name__)

REASON = "reason"


@pages.route("/o/<slug>/<object_name>/<uuid:record_id>/erase", permission=Permission.RECORDS_ERASE)
def ask(visit: Visit, object_name: str, record_id: uuid.UUID) -> ResponseReturnValue:
    return _question(visit, object_name, record_id)


@pages.route("/o/<slug>/<object_name>/<uuid:record_id>/erase", permission=Permission.RECORDS_ERASE, methods=["POST"])
def erase(visit: Visit, object_name: str, record_id: uuid.UUID) -> ResponseReturnValue:
    reason = request.form.get(REASON, "")
    if not reason.strip():
        missing = gettext("Write down why this is erased. The reason is kept; what was erased is not.")
        return _question(visit, object_name, record_id, [missing]), 422
    erased = service.erase(visit.store, visit.actor, object_name, record_id, reason)
    said = ngettext("%(num)s record is erased for good.", "%(num)s records are erased for good.", erased.records)
    say_done(said)
    return redirect(list_url(visit, object_name))


def _question(visit: Visit, object_name: str, record_id: uuid.UUID, errors: Sequence[str] = ()) -> str:
    found = read_record(visit.store, visit.actor, object_name, record_id, deleted=True, release=visit.release)
    foreseen = service.foresee_erasure(visit.store, visit.actor, object_name, record_id)
    _, who = heading_words(visit, found)
    reason = Question(
        REASON,
        anchor_of(REASON),
        gettext("Why it is erased"),
        "long_text",
        help=gettext("This stays. Do not name the person in it."),
        required=True,
        errors=errors,
        rows=3,
    )
    return render_template(
        "pages/erase.html",
        title=title_words(visit, found),
        who=who,
        losses=_counted(visit, foreseen.losses),
        pointing=_counted(visit, foreseen.pointing),
        reason=reason,
        action=url_for("erasing.erase", slug=visit.slug, object_name=object_name, record_id=record_id),
        way_back=record_url(visit, object_name, record_id),
    )


def _counted(visit: Visit, losses: Sequence[Loss]) -> list[dict[str, str | int]]:
    """How many of each object, in the organisation's words."""
    objects = visit.release.objects
    return [
        {
            "figure": loss.records,
            "text": visit.words.object(objects[loss.object].definition)
            if loss.records == 1
            else visit.words.plural(objects[loss.object].definition),
        }
        for loss in losses
    ]
