"""`chuishao token`: a bearer token of a development identity, for this machine only."""

import re
from typing import Annotated

import typer

from chuishao.system import DAY_SECONDS, System
from chuishao.words import CommandFailedError
from contracts.permissions import ROLES, SERVICE

_UNITS = {"": 1.0, "s": 1.0, "m": 60.0, "h": 3_600.0, "d": DAY_SECONDS}
_LONGEST_SECONDS = 30 * DAY_SECONDS


def token(
    who: Annotated[str, typer.Option("--as", metavar="ROLE@UNIT", help="角色@单位 · role and unit")],
    name: Annotated[str | None, typer.Option(help="姓名 · name of the person")] = None,
    sub: Annotated[str | None, typer.Option(help="主体标识 · subject, the same person every time")] = None,
    ttl: Annotated[str, typer.Option(help="有效期 · lifetime, e.g. 45m, 12h, 7d")] = "12h",
) -> None:
    """发放开发用令牌 · Issue a bearer token of a development identity."""
    role, unit = role_and_unit(who)
    lifetime = _seconds(ttl)
    print(System.running().token(role, unit, name=name, subject=sub, lifetime=lifetime))


def role_and_unit(who: str) -> tuple[str, str]:
    """The parts of ROLE@UNIT; `CommandFailedError` for another form or a role no person has."""
    role, _, unit = who.partition("@")
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]*", unit):
        raise CommandFailedError("token-form")
    people = [known for known in ROLES if known != SERVICE]
    if role not in people:
        raise CommandFailedError("token-role-unknown", role=role, roles=", ".join(people))
    return role, unit


def _seconds(text: str) -> float:
    parsed = re.fullmatch(r"([0-9]{1,9})([smhd]?)", text)
    seconds = 0.0 if parsed is None else int(parsed[1]) * _UNITS[parsed[2]]
    if not 1 <= seconds <= _LONGEST_SECONDS:
        raise CommandFailedError("token-lifetime-invalid", text=text)
    return seconds
