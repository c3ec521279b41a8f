"""The tree of commands, but for those that need the web application."""

from __future__ import annotations

import click

from amparo.admin.commands.backups import backup_organisation, restore_organisation
from amparo.admin.commands.definitions import definition_commands
from amparo.admin.commands.demo import demo
from amparo.admin.commands.ledger import ledger_commands
from amparo.admin.commands.organisations import migrate, organisation_commands
from amparo.admin.commands.projection import projection_commands
from amparo.admin.commands.users import user_commands

#: Every command, in the order of the manual.
COMMANDS: tuple[click.Command, ...] = (
    migrate,
    demo,
    organisation_commands,
    user_commands,
    definition_commands,
    ledger_commands,
    projection_commands,
    backup_organisation,
    restore_organisation,
)
