"""通知渠道: where notices go beside the console, who sets a channel up, and how sending goes on."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, get_args

Kind = Literal["email", "webhook", "dingtalk", "wecom"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
ROBOTS: Final = frozenset({"dingtalk", "wecom"})
"""Group robots take 20 messages a minute."""
ROBOT_MESSAGES_A_MINUTE: Final = 20

FIRST_PAUSE_SECONDS: Final = 30.0
LONGEST_PAUSE_SECONDS: Final = 3600.0
MOST_ATTEMPTS: Final = 10
"""About three hours in all."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How sending went: a word for the log, whether to try again, and how long the channel is to rest."""

    result: str
    delivered: bool = False
    again: bool = False
    rest_seconds: float | None = None


DELIVERED: Final = Outcome("ok", delivered=True)


def pause_before(attempt: int, jitter: float) -> float:
    """Seconds before the attempt after the ``attempt``-th; ``jitter`` in [0, 1) takes away up to a half."""
    pause: float = min(FIRST_PAUSE_SECONDS * 2.0 ** (attempt - 1), LONGEST_PAUSE_SECONDS)
    return pause * (1 - jitter / 2)


def urgent(kind: str, params: Mapping[str, Any], *, emergency: bool) -> bool:
    """Whether a notice reaches the duty desk in quiet hours.

    Reminders, and rungs after the first, come when accountability lets them: in quiet hours only those that
    pass them.
    """
    if kind == "ladder":
        return emergency or params.get("rung") != "BLUE"
    return emergency or kind in ("dispatch", "reminder")


def role_of_unit(code: str, unit_class: str) -> str:
    """In whose sight a unit's own channels stand: that of its leader."""
    known = {
        "burden-reduction-office": "office_supervisor",
        "establishment-office": "establishment_office",
        "county-leadership": "county_leader",
    }
    if code in known:
        return known[code]
    return "township_leader" if unit_class == "township" else "department_leader"
