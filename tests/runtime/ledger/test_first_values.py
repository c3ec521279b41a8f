"""The fast way of writing new records says the same as the plain one."""

from __future__ import annotations

import uuid

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from amparo.runtime.keys import OrganisationKeys
from amparo.runtime.ledger.facts import Fact, first_leaf_content, leaf_content, leaf_hash, leaf_opening, leaf_run
from amparo.runtime.ledger.first_values import FirstValue, FirstValues, first_facts
from amparo.runtime.stores.organisation import OrganisationStore
from amparo.runtime.stores.round_trips import send_together

RECORD = uuid.UUID("0190e2a8-1111-7000-8000-000000000001")
KEY = OrganisationKeys.new().new_record_key(RECORD).leaf_key
TEXTS = [
    "a",
    "\\",
    "\\N",
    "\\.",
    "a\tb\nc\r\nd",
    "'",
    '"',
    '\\"',
    "{}",
    "NULL",
    ",",
    "ក",
    "\u2028",
    "\x7f",
    "\U0001f44d",
    " ",
    "\\t",
    "\x1b",
]


@given(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])))
def test_the_short_way_to_a_leaf_gives_the_same_leaf(text: str) -> None:
    fact = Fact(RECORD, 20, text, None, None, None)
    assert first_leaf_content(leaf_opening("person.name"), text) == leaf_content("person.name", fact)


def test_the_leaves_of_a_record_in_one_run_are_those_of_its_facts() -> None:
    facts = [Fact(RECORD, 20, text, None, None, None) for text in TEXTS]
    run = leaf_run(KEY, [leaf_content("person.name", fact) for fact in facts])
    assert run == b"".join(leaf_hash(KEY, "person.name", fact) for fact in facts)


def test_every_text_is_kept_as_it_is_however_many_are_written(store: OrganisationStore) -> None:
    fact = store.tables.fact
    for tx, repeated, is_together in ((101, 1, True), (102, 1, False), (103, 40, False)):
        texts: list[FirstValue] = [(16 + n, text, None) for n, text in enumerate(TEXTS)]
        new: dict[uuid.UUID, list[FirstValue]] = {uuid.uuid4(): texts for _ in range(repeated)}
        new[RECORD] = [(16, None, "refused")]
        new[uuid.uuid4()] = []
        facts = first_facts(store)
        first = [FirstValues(record, values, [facts.part(value) for value in values]) for record, values in new.items()]
        with store.engine.begin() as connection:
            if is_together:
                send_together(connection)
            facts.write(connection, tx, first)
        with store.asking() as connection:
            rows = connection.execute(select(fact).where(fact.c.tx == tx)).all()
        kept = {(row.record, row.field, row.new, row.new_missing) for row in rows}
        assert kept == {(record, *value) for record, values in new.items() for value in values}
        assert all(row.old is None and row.old_missing is None and row.leaf is None for row in rows)
