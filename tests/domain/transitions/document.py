"""Writes what the domain does in every state as one document; `make transitions`."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from tests.domain.transitions import of_accountability, of_intake, of_routing, of_rules, of_supervision
from tests.domain.transitions.explore import Row, Subject, explore

FILE: Final = Path(__file__).parents[3] / "docs" / "transitions.md"
SUBJECTS: Final[Sequence[Subject]] = (
    *of_intake.SUBJECTS[:1],
    *of_routing.SUBJECTS[:3],
    *of_accountability.SUBJECTS,
    *of_routing.SUBJECTS[3:],
    *of_intake.SUBJECTS[1:],
    *of_supervision.SUBJECTS,
    *of_rules.SUBJECTS,
)
_HEAD: Final = """# Transitions

Written by `make transitions` from the domain itself: every state that commands lead to, and every command
tried in it. What may happen is compared with `tests/domain/transitions/expected.txt`, written by hand. A
command that only follows another service (`Note…`, `Await…`, `Open…`) is never refused; it has no effect.
"""


def document() -> str:
    """All subjects, in Markdown."""
    return "\n".join([_HEAD, *(_subject(subject) for subject in SUBJECTS)])


def _subject(subject: Subject) -> str:
    rows = explore(subject)
    states = list(dict.fromkeys(row.state for row in rows))
    about = [_state(state, [row for row in rows if row.state == state]) for state in states]
    return "\n".join([f"## {subject.title}\n", *about])


def _state(state: str, rows: Sequence[Row]) -> str:
    lines = [f"### {state}\n"]
    moves = [row for row in rows if row.moves]
    if moves:
        lines += ["| command | new state | published |", "|---|---|---|"]
        for row in moves:
            to = "the same" if row.to == state else row.to
            lines.append(f"| {row.command} | {to} | {', '.join(row.published) or '–'} |")
        lines.append("")
    refusals: dict[str, list[str]] = {}
    for row in rows:
        if row.refusal:
            refusals.setdefault(row.refusal, []).append(row.command)
    lines += [f"- `{slug}`: {', '.join(commands)}" for slug, commands in sorted(refusals.items())]
    idle = [row.command for row in rows if not row.moves and not row.refusal]
    if idle:
        lines.append(f"- no effect: {', '.join(idle)}")
    return "\n".join([*lines, ""])
