"""Names of hosts, as the internet knows them (ASCII) and as people read them."""

from __future__ import annotations

import ipaddress

import idna

_LONGEST = 253


def ascii_host(text: str) -> str:
    """The host in lower case and ASCII: ``Bücher.example`` is ``xn--bcher-kva.example``.

    Raises :class:`ValueError` for what is no host with a domain.
    """
    if len(text) > _LONGEST:
        raise ValueError("A host has at most 253 characters.")
    try:
        host = idna.encode(text, uts46=True, std3_rules=True).decode("ascii").lower()
    except (idna.IDNAError, UnicodeError) as fault:
        raise ValueError(str(fault)) from None
    if "." not in host.strip(".") or host.endswith(".") or len(host) > _LONGEST or host.rpartition(".")[2].isdigit():
        raise ValueError(f"{text!r} has no domain.")
    return host


def readable_host(host: str) -> str:
    """The host in the letters of its language; as it is where that cannot be told."""
    try:
        return idna.decode(host)
    except (idna.IDNAError, UnicodeError):
        return host


def is_address(text: str) -> bool:
    """Whether the text is the number of a host, such as 192.0.2.1."""
    try:
        ipaddress.ip_address(text.strip("[]"))
    except ValueError:
        return False
    return True
