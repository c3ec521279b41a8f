"""How many passwords one address may guess, over all logins together.

Beside the pause of a single login (:mod:`amparo.runtime.people`): whoever tries
one password on a thousand logins is stopped here. The count stands in the
control store, so every process and machine counts together. A right password
takes its guess back: an office behind one address is not slowed down by work.
"""

from __future__ import annotations

import ipaddress

from sqlalchemy import ColumnElement, case, delete, or_, update
from sqlalchemy.dialects import postgresql, sqlite

from amparo.runtime.ledger.writing import clock_microseconds
from amparo.runtime.stores.organisations import Organisations

#: Wrong passwords from one address in one window; then it waits for the window's end.
FREE_GUESSES = 40
WINDOW_SECONDS = 15 * 60
_WINDOW = WINDOW_SECONDS * 1_000_000
#: The network that one subscriber of IPv6 gets.
_IPV6_BITS = 64


def guessing_address(text: str | None) -> str | None:
    """Who is counted: an IPv4 address or an IPv6 network; None for this machine itself and for what is no address.

    A web server in front that does not say who asked is this machine: counting it would shut everybody out.
    """
    try:
        address = ipaddress.ip_address(text or "")
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    if address.is_loopback:
        return None
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((address, _IPV6_BITS), strict=False))
    return str(address)


def take_guess(organisations: Organisations, address: str) -> bool:
    """Counts a guess before it is looked at; False when the address has none left in this window."""
    table = organisations.control.sign_in_address
    now = clock_microseconds()
    is_over = _is_over(table.c.began_at, now)
    dialect = postgresql if organisations.engine.dialect.name == "postgresql" else sqlite
    counted = (
        dialect.insert(table)
        .values(id=organisations.address_mark(address), failed=1, began_at=now)
        .on_conflict_do_update(
            index_elements=[table.c.id],
            set_={
                "failed": case((is_over, 1), else_=table.c.failed + 1),
                "began_at": case((is_over, now), else_=table.c.began_at),
            },
        )
        .returning(table.c.failed)
    )
    with organisations.engine.begin() as connection:
        failed: int = connection.execute(counted).scalar_one()
    return failed <= FREE_GUESSES


def _is_over(began_at: ColumnElement[int], now: int) -> ColumnElement[bool]:
    """Windows that a clock began which was ahead would last until it came true."""
    return or_(began_at <= now - _WINDOW, began_at > now + _WINDOW)


def return_guess(organisations: Organisations, address: str) -> None:
    table = organisations.control.sign_in_address
    mine = (table.c.id == organisations.address_mark(address), table.c.failed > 0)
    with organisations.engine.begin() as connection:
        connection.execute(update(table).where(*mine).values(failed=table.c.failed - 1))


def remove_old_guesses(organisations: Organisations) -> None:
    table = organisations.control.sign_in_address
    with organisations.engine.begin() as connection:
        connection.execute(delete(table).where(_is_over(table.c.began_at, clock_microseconds())))
