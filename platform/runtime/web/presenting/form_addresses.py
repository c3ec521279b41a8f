"""Where a form is kept and opened again, and where it leads to without saving."""

from __future__ import annotations

import hashlib
from urllib.parse import parse_qsl

from flask import url_for

from amparo.runtime.web.addresses import list_url, new_url, record_url
from amparo.runtime.web.entries import identifier_of
from amparo.runtime.web.presenting.forms import Draft
from amparo.runtime.web.sent_again import mark_of
from amparo.runtime.web.visits import Visit
from amparo.runtime.web.widgets.reference import object_of


def draft_key(visit: Visit, draft: Draft) -> str:
    """Where the browser keeps what is typed; says nothing about whom.

    What is begun for one case never fills the form of another, and what one person typed never that of the next.
    """
    about = hashlib.sha256(draft.brought.encode()).hexdigest()[:10] if draft.brought else ""
    return f"{mark_of(visit.person)}/{visit.slug}/{draft.definition.name}/{draft.record or 'new'}{about}"


def form_address(visit: Visit, draft: Draft) -> str:
    """Where the form begins anew, about what it is about."""
    name = draft.definition.name
    if draft.record is not None:
        return url_for("forms.edit", slug=visit.slug, object_name=name, record_id=draft.record)
    return new_url(visit, name, dict(parse_qsl(draft.brought)))


def way_back(visit: Visit, draft: Draft) -> str:
    """To the record; of a new one to what it was begun for, or to the list."""
    if draft.record is not None:
        return record_url(visit, draft.definition.name, draft.record)
    for name, text in parse_qsl(draft.brought):
        field, identifier = draft.definition.by_name.get(name), identifier_of(text)
        if field is not None and identifier is not None and field.targets and identifier in draft.labels:
            return record_url(visit, object_of(field, draft.labels[identifier]), identifier)
    return list_url(visit, draft.definition.name)
