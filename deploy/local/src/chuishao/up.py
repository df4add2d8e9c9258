"""`chuishao up`: the whole system on this machine, until it is asked to stop."""

import os
from typing import Annotated

import typer
from rich.console import Console

from chuishao.data_folder import DataFolder
from chuishao.launcher import Launcher
from chuishao.words import CommandFailedError


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
