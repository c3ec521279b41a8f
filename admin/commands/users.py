"""``amparo user``."""

from __future__ import annotations

import sys

import click

from amparo.admin.installation import installation
from amparo.admin.printing import format_option, print_rows
from amparo.runtime.access import Role
from amparo.runtime.members import create_member, deactivate, list_members
from amparo.runtime.people import is_known_login, set_password

_password_stdin = click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")


@click.group("user")
def user_commands() -> None:
    """Let people into an organisation, and out of it."""


def _asked_password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    return str(click.prompt("Password (12 characters or more)", hide_input=True, confirmation_prompt=True))


@user_commands.command("create")
@click.argument("org")
@click.argument("login")
@click.option("--name", required=True, help="The name colleagues see.")
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True, help="What the person may do.")
@_password_stdin
def create_user(org: str, login: str, name: str, role: str, password_stdin: bool) -> None:
    """Let somebody into organisation ORG, to sign in as LOGIN.

    Somebody who signs in for another organisation already keeps their password.

    \b
    Example:
      amparo user create riverside dara@riverside.example --name "Sok Dara" --role caseworker
    """
    with installation() as organisations:
        organisations.find(org)
        known = is_known_login(organisations, login)
        password = None if known else _asked_password(password_stdin)
        member = create_member(organisations, org, login, name, Role(role), password)
    click.echo(f"{member.login} may sign in to {org} as {role}{', with the password they have' if known else ''}.")


@user_commands.command("list")
@click.argument("org")
@format_option("table", "json")
def list_users(org: str, form: str) -> None:
    """List the members of organisation ORG.

    \b
    Example:
      amparo user list riverside
    """
    with installation() as organisations:
        rows = [(each.login, each.name, each.role.value, each.active) for each in list_members(organisations.open(org))]
    print_rows(("login", "name", "role", "active"), rows, form)


@user_commands.command("password")
@click.argument("login")
@_password_stdin
def change_password(login: str, password_stdin: bool) -> None:
    """Give LOGIN a new password. Everything they are signed in to ends.

    \b
    Example:
      amparo user password dara@riverside.example
    """
    with installation() as organisations:
        set_password(organisations, login, _asked_password(password_stdin))
    click.echo(f"{login} has a new password.")


@user_commands.command("deactivate")
@click.argument("org")
@click.argument("login")
def deactivate_user(org: str, login: str) -> None:
    """End LOGIN's membership of organisation ORG. What they did keeps their name.

    \b
    Example:
      amparo user deactivate riverside dara@riverside.example
    """
    with installation() as organisations:
        deactivate(organisations, org, login)
    click.echo(f"{login} is out of {org}.")
