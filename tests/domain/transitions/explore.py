"""Finds every state of an aggregate that commands lead to, and what each command does there.

A state is what its subject calls it, so many folded states are one; the first found on the shortest way
stands for it. Nothing is looked up in the code: every answer is the domain's own.
"""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, get_args

from backbone.decider import Aggregate
from backbone.testing import Scenario

MOST_STATES = 200


@dataclass(frozen=True, slots=True)
class Trial:
    """A command as it is tried in every state; ``variant`` tells it from others of its kind."""

    command: Any
    """The command, or a function of the folded state that makes it."""
    variant: str = ""

    def on(self, state: Any) -> Any:
        """The command for a folded state."""
        return self.command(state) if callable(self.command) else self.command


@dataclass(frozen=True, slots=True)
class Subject:
    """An aggregate seen from one side: its states by name, and the commands that are tried."""

    key: str
    """As in the expected table: one lower-case word or two."""
    title: str
    aggregate: Aggregate[Any, Any, Any]
    union: Any
    """The aggregate's ``Command`` union."""
    named: Callable[[Any], str]
    """A folded state's name."""
    trials: Sequence[Trial]


@dataclass(frozen=True, slots=True)
class Row:
    """What one command does in one state: facts and a new state, nothing, or a refusal."""

    state: str
    command: str
    to: str = ""
    published: tuple[str, ...] = ()
    refusal: str = ""

    @property
    def moves(self) -> bool:
        """Whether facts were stated, also where the state keeps its name."""
        return self.to != ""


def explore(subject: Subject) -> list[Row]:
    """Every state × every command, in the order in which they are found."""
    begin = Scenario.of(subject.aggregate)
    known = {subject.named(begin.state)}
    ahead = deque([begin])
    rows = []
    while ahead:
        here = ahead.popleft()
        state = subject.named(here.state)
        for trial in subject.trials:
            command = trial.on(here.state)
            label = type(command).__name__ + (f" ({trial.variant})" if trial.variant else "")
            outcome = here.when(command)
            if outcome.refusal is not None:
                rows.append(Row(state, label, refusal=str(getattr(outcome.refusal, "slug", ""))))
                continue
            if not outcome.events:
                rows.append(Row(state, label))
                continue
            there = here.given(*outcome.events)
            to = subject.named(there.state)
            rows.append(Row(state, label, to, _published(subject, here, outcome.events)))
            if to not in known:
                known.add(to)
                ahead.append(there)
                assert len(known) <= MOST_STATES, f"{subject.key} has too many states: {sorted(known)}"
    return rows


def _published(subject: Subject, scenario: Scenario[Any, Any, Any], events: Sequence[Any]) -> tuple[str, ...]:
    """The facts others learn, by the third part of their names."""
    state, names = scenario.state, []
    for event in events:
        state = subject.aggregate.evolve(state, event, scenario.time)
        told = subject.aggregate.publish(event, state, "00000000-0000-0000-0000-000000000000")
        names += [name.split(".")[2] for name, _, _ in told]
    return tuple(dict.fromkeys(names))


def untried(subjects: Sequence[Subject]) -> list[str]:
    """Commands of the subjects' unions of which no instance is tried anywhere, each with where to add one."""
    missing = []
    for union in dict.fromkeys(subject.union for subject in subjects):
        seen = [subject for subject in subjects if subject.union == union]
        tried = {type(trial.on(each.aggregate.initial)) for each in seen for trial in each.trials}
        where = " or ".join(each.key for each in seen)
        missing += [
            f"{each.__module__}.{each.__name__} has no instance among the trials of {where}"
            for each in get_args(union) or (union,)
            if each not in tried
        ]
    return missing
