"""The command `chuishao`: every subcommand lives in a module of its own and is named here."""

import sys
from collections.abc import Mapping
from importlib import import_module
from typing import Any, Final

import typer
from typer.core import TyperGroup
from typer.main import get_command, get_group

from chuishao.words import CommandFailedError

COMMANDS: Final[Mapping[str, str]] = {
    "up": "chuishao.up:up",
    "status": "chuishao.status:status",
    "token": "chuishao.tokens:token",
    "import": "chuishao.imports:app",
    "clock": "chuishao.clocks:app",
    "calendar": "chuishao.special_days:app",
    "policy": "chuishao.policies:app",
    "rules": "chuishao.case_rules:app",
    "list": "chuishao.lists:app",
    "figures": "chuishao.figures:figures",
    "spotcheck": "chuishao.spot_checks:app",
    "verify": "chuishao.logs:verify",
    "rebuild": "chuishao.logs:rebuild",
    "parked": "chuishao.logs:parked_app",
    "prepare": "chuishao.preparation:prepare",
    "compose-env": "chuishao.preparation:compose_env",
}
"""Subcommand → the function or the group of commands, imported only when it is asked for."""


class _Commands(TyperGroup):
    """Finds a subcommand in its module, so that a quick question does not load the whole product."""

    def list_commands(self, ctx: Any) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[cmd_name].partition(":")
        found = getattr(import_module(module), attribute)
        if isinstance(found, typer.Typer):
            return get_group(found)
        alone = typer.Typer(add_completion=False)
        alone.command(cmd_name)(found)
        return get_command(alone)


app = typer.Typer(
    cls=_Commands, add_completion=False, no_args_is_help=True, pretty_exceptions_show_locals=False
)


@app.callback()
def chuishao() -> None:
    """吹哨 · one whistle from a township, and the departments report in."""


def main() -> None:
    """Run one command; a failure is one line and the exit code of its kind."""
    try:
        app()
    except CommandFailedError as error:
        print(error, file=sys.stderr)
        sys.exit(error.exit_code)
