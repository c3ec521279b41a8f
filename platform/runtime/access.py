"""Who acts, and what a role permits. Deny by default; every route and service names the permission it needs."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from amparo.metadata.wording import N_
from amparo.runtime.errors import NotPermitted


class Role(StrEnum):
    ADMINISTRATOR = "administrator"
    SUPERVISOR = "supervisor"
    CASEWORKER = "caseworker"
    READER = "reader"


class Permission(StrEnum):
    """``subject.verb``."""

    RECORDS_READ = "records.read"
    RECORDS_CREATE = "records.create"
    RECORDS_UPDATE = "records.update"
    RECORDS_DELETE = "records.delete"
    RECORDS_ERASE = "records.erase"
    RECORDS_EXPORT = "records.export"
    RECORDS_IMPORT = "records.import"
    SENSITIVE_READ = "sensitive.read"
    REPORTS_RUN = "reports.run"
    DEFINITIONS_PUBLISH = "definitions.publish"
    MEMBERS_MANAGE = "members.manage"
    PLACES_MANAGE = "places.manage"
    LEDGER_VERIFY = "ledger.verify"
    KEYS_ROTATE = "keys.rotate"


_READ = frozenset({Permission.RECORDS_READ, Permission.REPORTS_RUN})
_WORK = _READ | {
    Permission.RECORDS_CREATE,
    Permission.RECORDS_UPDATE,
    Permission.RECORDS_DELETE,
    Permission.SENSITIVE_READ,
}
_SUPERVISE = _WORK | {Permission.RECORDS_EXPORT, Permission.RECORDS_IMPORT}

PERMISSIONS_OF: Mapping[Role, frozenset[Permission]] = {
    Role.READER: _READ,
    Role.CASEWORKER: frozenset(_WORK),
    Role.SUPERVISOR: frozenset(_SUPERVISE),
    Role.ADMINISTRATOR: frozenset(Permission),
}


@dataclass(frozen=True, slots=True)
class Actor:
    """A member acting in one organisation through one channel (page, command, import, job)."""

    member: uuid.UUID | None
    name: str
    role: Role
    channel: str

    def may(self, permission: Permission) -> bool:
        return permission in PERMISSIONS_OF[self.role]

    def require(self, permission: Permission) -> None:
        """Raises :class:`NotPermitted`."""
        if not self.may(permission):
            raise NotPermitted(N_("Your role does not include this. Ask an administrator of your organisation."))


def operator_actor(channel: str = "command") -> Actor:
    """Whoever has the machine's shell acts as administrator, without a member's name."""
    return Actor(None, "operator", Role.ADMINISTRATOR, channel)
