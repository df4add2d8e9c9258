"""`chuishao import`: what was kept elsewhere, brought in row by row."""

import typer

from chuishao.import_appeals import appeals
from chuishao.import_letters import letters
from chuishao.import_whistles import whistles

app = typer.Typer(help="导入 · import", no_args_is_help=True)
app.command()(letters)
app.command()(appeals)
app.command()(whistles)


@app.callback()
def _group() -> None:
    """导入 · Import what was kept elsewhere."""
