"""The database objects of one service's store, as SQL for its migration."""

import re
from importlib.resources import files

_TOKEN = re.compile(r"""\$\$.*?\$\$|--[^\n]*|'[^']*'|"[^"]*"|;""", re.DOTALL)
_IDENTIFIER_BYTES = 63


def ddl(schema: str, role: str) -> str:
    """One script for psql, ``asyncpg`` without arguments or any driver that takes several statements.

    ``schema`` exists; ``role`` is whom the service connects as and gets exactly the rights it needs. Raises
    ``ValueError`` for a name PostgreSQL would cut or cannot hold.
    """
    template = (files(__package__) / "ddl.sql").read_text(encoding="utf-8")
    return template.replace("@schema@", quoted(schema)).replace("@role@", quoted(role))


def statements(schema: str, role: str) -> list[str]:
    """The script one statement at a time, for drivers that prepare what they run.

    In a migration: ``for statement in statements(schema, role): op.execute(statement)``.
    """
    return split(ddl(schema, role))


def split(script: str) -> list[str]:
    """The statements of a script, without the comments before them; ``$$`` bodies stay whole."""
    found: list[str] = []
    text, start = [], 0
    for token in _TOKEN.finditer(script):
        if token[0] == ";":
            text.append(script[start : token.start()])
            found.append("".join(text).strip())
            text, start = [], token.end()
        elif token[0].startswith("--"):
            text.append(script[start : token.start()])
            start = token.end()
    return found


def quoted(name: str) -> str:
    """A name as an SQL identifier, whatever it holds."""
    if not name or "\x00" in name or len(name.encode()) > _IDENTIFIER_BYTES:
        raise ValueError(f"no PostgreSQL identifier: {name!r}")
    return '"' + name.replace('"', '""') + '"'
