"""``amparo files check``, as an administrator runs it."""

from __future__ import annotations

import io
import json

from amparo.runtime.access import operator_actor
from amparo.runtime.files.staging import Place, stage
from amparo.runtime.records import service
from amparo.runtime.releases.publishing import publish
from amparo.runtime.stores.organisations import Organisations
from factories import files
from factories.clinic import clinic_document, with_field
from factories.command_line import Amparo

FIELD = {"id": "p.paper", "name": "paper", "type": "file", "label": "Paper"}


def test_files_are_checked_against_the_ledger(amparo: Amparo, clinic: str, organisations: Organisations) -> None:
    store, operator = organisations.open(clinic), operator_actor()
    publish(store, operator, with_field(clinic_document(), "person", FIELD))
    definition = store.newest_release().object("person").definition.by_name["paper"]
    paper = stage(store, operator, definition, Place("p.paper", None), "a.pdf", io.BytesIO(files.PDF))
    saved = service.create(store, operator, "person", {"name": "Sokha", "paper": paper})
    assert amparo("files", "check", clinic).stdout == f"Right. Files: 1 ({len(files.PDF)} bytes).\n"
    store.files.content(saved.record, paper.id).unlink()
    found = amparo("files", "check", clinic, status=1).stdout
    assert f"Record {saved.record}: the content of file {paper.id} is missing." in found
    told = json.loads(amparo("files", "check", clinic, "--format", "json", status=1).stdout)
    assert (told["files"], told["faults"], told["named"][0]["what"]) == (1, 1, "missing")
