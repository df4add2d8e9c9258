"""The command `chuishao`: every subcommand lives in a module of its own and is named here."""

import os
import sys
from typing import Annotated

import typer
from rich.console import Console

from chuishao import clocks, import_letters, logs
from chuishao.data_folder import DataFolder
from chuishao.launcher import Launcher
from chuishao.preparation import compose_env, prepare
from chuishao.status import status
from chuishao.tokens import token
from chuishao.words import CommandFailedError

app = typer.Typer(
    help="吹哨 · one whistle from a township, and the departments report in.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
)
app.command()(status)
app.command()(token)
app.command()(prepare)
app.command()(compose_env)
app.add_typer(import_letters.app, name="import")
app.add_typer(clocks.app, name="clock")
app.command()(logs.verify)
app.command()(logs.rebuild)
app.add_typer(logs.parked_app, name="parked")


@app.command()
def up(
    demo: Annotated[
        bool, typer.Option(help="空库时装载演示县 · load the demo county into an empty log")
    ] = True,
) -> None:
    """启动整个系统 · Run the whole system until Ctrl-C; data stays in .data/ or CHUISHAO_DATA."""
    port = os.environ.get("PORT") or "8000"
    if not port.isascii() or not port.isdigit() or not 1 <= int(port) <= 65_535:
        raise CommandFailedError("launcher-port-invalid", port=port)
    Launcher(DataFolder.here(), int(port), Console(), demo=demo).run()


def main() -> None:
    """Run one command; a failure is one line and the exit code of its kind."""
    try:
        app()
    except CommandFailedError as error:
        print(error, file=sys.stderr)
        sys.exit(error.exit_code)
