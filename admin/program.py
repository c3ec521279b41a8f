"""The tree of commands, but for those that need the web application; a command is loaded when it is asked for."""

from __future__ import annotations

from collections import UserDict
from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any

import click

from amparo.runtime.collecting import without_collecting

#: Every command, in the order of the manual: the module that has it, and its name there.
COMMANDS: Mapping[str, str] = {
    "worker": "amparo.admin.commands.worker:worker",
    "migrate": "amparo.admin.commands.organisations:migrate",
    "demo": "amparo.admin.commands.demo:demo",
    "org": "amparo.admin.commands.organisations:organisation_commands",
    "user": "amparo.admin.commands.users:user_commands",
    "definitions": "amparo.admin.commands.definitions:definition_commands",
    "formula": "amparo.admin.commands.formulas:formula_commands",
    "report": "amparo.admin.commands.reports:report_commands",
    "import": "amparo.admin.commands.transfer:import_commands",
    "export": "amparo.admin.commands.exporting:export_records",
    "places": "amparo.admin.commands.places:place_commands",
    "erase": "amparo.admin.commands.erasing:erase_record",
    "ledger": "amparo.admin.commands.ledger:ledger_commands",
    "projection": "amparo.admin.commands.projection:projection_commands",
    "files": "amparo.admin.commands.files:file_commands",
    "keys": "amparo.admin.commands.keys:key_commands",
    "backup": "amparo.admin.commands.backups:backup_organisation",
    "restore": "amparo.admin.commands.backups:restore_organisation",
}


class LoadedCommands(UserDict[str, click.Command]):
    """Commands by name, each loaded when it is asked for: the server would wait for what all the others need.

    ``places`` says for each ``module:name``.
    """

    def __init__(self, places: Mapping[str, str]) -> None:
        super().__init__()
        self._places = places

    def __getitem__(self, name: str) -> click.Command:
        if name not in self.data:
            module, _, attribute = self._places[name].partition(":")
            with without_collecting():
                self.data[name] = getattr(import_module(module), attribute)
        return self.data[name]

    def __contains__(self, name: object) -> bool:
        return name in self._places

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)


class Program(click.Group):
    """The whole command line, whose refusals are sentences instead of tracebacks."""

    def invoke(self, context: click.Context) -> Any:
        with without_collecting():
            # It needs the databases' errors, and with them half of what a command loads.
            told_plainly = import_module("amparo.admin.refusals").told_plainly
        with told_plainly(context):
            return super().invoke(context)
