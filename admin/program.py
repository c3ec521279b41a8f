"""The tree of commands, but for those that need the web application."""

from __future__ import annotations

import click

from amparo.admin.commands.backups import backup_organisation, restore_organisation
from amparo.admin.commands.definitions import definition_commands
from amparo.admin.commands.demo import demo
from amparo.admin.commands.erasing import erase_record
from amparo.admin.commands.exporting import export_records
from amparo.admin.commands.files import file_commands
from amparo.admin.commands.formulas import formula_commands
from amparo.admin.commands.keys import key_commands
from amparo.admin.commands.ledger import ledger_commands
from amparo.admin.commands.organisations import migrate, organisation_commands
from amparo.admin.commands.places import place_commands
from amparo.admin.commands.projection import projection_commands
from amparo.admin.commands.reports import report_commands
from amparo.admin.commands.transfer import import_commands
from amparo.admin.commands.users import user_commands
from amparo.admin.commands.worker import worker

#: Every command, in the order of the manual.
COMMANDS: tuple[click.Command, ...] = (
    worker,
    migrate,
    demo,
    organisation_commands,
    user_commands,
    definition_commands,
    formula_commands,
    report_commands,
    import_commands,
    export_records,
    place_commands,
    erase_record,
    ledger_commands,
    projection_commands,
    file_commands,
    key_commands,
    backup_organisation,
    restore_organisation,
)
