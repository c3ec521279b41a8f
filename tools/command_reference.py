"""The manual's page of commands, made from the commands themselves."""

from __future__ import annotations

from collections.abc import Iterator

import click

from amparo.__main__ import main

WIDTH = 100


def command_page() -> str:
    parts = ["# Commands", "What `amparo COMMAND --help` prints, in one place."]
    for name, command, context in commands_below(main, context_of(main, "amparo")):
        parts += [f"## {name}", f"```\n{help_text(command, context)}\n```"]
    return "\n\n".join(parts) + "\n"


def context_of(command: click.Command, name: str, parent: click.Context | None = None) -> click.Context:
    return click.Context(command, info_name=name, parent=parent, **command.context_settings)


def help_text(command: click.Command, context: click.Context) -> str:
    context.terminal_width = WIDTH
    context.max_content_width = WIDTH
    return command.get_help(context).rstrip()


def commands_below(group: click.Group, context: click.Context) -> Iterator[tuple[str, click.Command, click.Context]]:
    """The group itself, then each of its commands in the group's own order, subgroups opened."""
    yield context.command_path, group, context
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if command is None or command.hidden:
            continue
        below = context_of(command, name, context)
        if isinstance(command, click.Group):
            yield from commands_below(command, below)
        else:
            yield below.command_path, command, below
