"""派单规则: a whistle goes to the owner in the list, else provisionally to whom the township named (W3)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID, uuid5

from routing.domain.dispatch.facts import Assigned, CitedItem, DispatchIssued, Issue, Reason
from routing.domain.responsibility_list import Item, Version
from routing.domain.unit import THE_TOWNSHIP

_ASSIGNMENTS: Final = UUID("6f2b1c1e-8d0a-5a54-9c5e-2f6f3f0b7d11")
"""Name space of assignment ids."""


@dataclass(frozen=True, slots=True)
class Request:
    """What the township asked for; ``departments`` are the registered ones in the order they were named."""

    case_id: str
    township: str
    emergency: bool
    issues: tuple[Issue, ...]
    departments: tuple[str, ...]
    left_out: tuple[str, ...]
    signed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """The departments of a whistle: one lead, its assists, and who answers for each issue by issue id."""

    reason: Reason
    lead: str
    assists: tuple[str, ...]
    answerable: Mapping[str, str]


def issue(request: Request, duties: Version | None, scheduled: bool) -> DispatchIssued:
    """Send a whistle out for the first time."""
    items = duties.items_of(each.item_code for each in request.issues if each.item_code) if duties else ()
    choice = choose(request, items)
    provisional = choice.reason != "dispatched-by-list"
    departments = (choice.lead, *choice.assists)
    return DispatchIssued(
        case_id=request.case_id,
        township=request.township,
        emergency=request.emergency,
        complex=any(item.complex for item in items),
        provisional=provisional,
        scheduled=scheduled,
        issue_ids=tuple(each.issue_id for each in request.issues),
        assignments=assign(request.case_id, departments, choice.answerable, provisional, 1, frozenset()),
        cycle=1,
        reason=choice.reason,
        list_version=duties.number if duties else None,
        cited=tuple(CitedItem(item.code, item.title) for item in items),
        left_out=tuple(unit for unit in request.left_out if unit not in departments),
        signed_at=request.signed_at,
    )


def choose(request: Request, items: tuple[Item, ...]) -> Choice:
    """One owner of all issues in the list leads for good; otherwise the named departments, provisionally.

    The provisional lead is the named department that owns most issues by the list, else the first named;
    an issue whose owner was named is that department's to answer, any other the lead's.
    """
    by_code = {item.code: item for item in items}
    of_issue = {each.issue_id: by_code.get(each.item_code or "") for each in request.issues}
    owners = {key: item.department if item else None for key, item in of_issue.items()}
    reason = _reason(of_issue)
    if reason == "dispatched-by-list":
        lead = next(owner for owner in owners.values() if owner is not None)
        helpers = (*(unit for item in items for unit in item.assists), *request.departments)
        return Choice(reason, lead, _others(lead, helpers), dict.fromkeys(owners, lead))
    # Units that nobody registered are better than none: the desk sees them and corrects.
    named = _unique(request.departments or request.left_out)
    votes = list(owners.values())
    lead = max(named, key=lambda unit: (votes.count(unit), -named.index(unit)))
    return Choice(
        reason,
        lead,
        _others(lead, named),
        {key: owner if owner in named else lead for key, owner in owners.items()},
    )


def assign(
    case_id: str,
    departments: tuple[str, ...],
    answerable: Mapping[str, str],
    provisional: bool,
    cycle: int,
    given_ids: frozenset[str],
) -> tuple[Assigned, ...]:
    """The assignments of these departments, the first of which leads; no id is given twice."""
    return tuple(
        Assigned(
            assignment_id=assignment_id(case_id, unit, cycle, given_ids),
            unit=unit,
            part="assist" if number else "lead",
            issue_ids=tuple(key for key, answers in answerable.items() if answers == unit),
            provisional=provisional,
        )
        for number, unit in enumerate(departments)
    )


def assignment_id(case_id: str, unit: str, cycle: int, given_ids: frozenset[str]) -> str:
    """The id of a department's assignment in a cycle; a later one of the same cycle gets another."""
    name = f"{case_id}/{unit}/{cycle}"
    given, number = str(uuid5(_ASSIGNMENTS, name)), 2
    while given in given_ids:
        given, number = str(uuid5(_ASSIGNMENTS, f"{name}/{number}")), number + 1
    return given


def _reason(of_issue: Mapping[str, Item | None]) -> Reason:
    if None in of_issue.values():
        return "dispatched-without-item"
    owners = {item.department for item in of_issue.values() if item is not None}
    if None in owners:
        return "dispatched-despite-own-duty"
    return "dispatched-by-list" if len(owners) == 1 else "dispatched-with-several-owners"


def _others(lead: str, units: Iterable[str]) -> tuple[str, ...]:
    return tuple(unit for unit in _unique(units) if unit not in (lead, THE_TOWNSHIP))


def _unique(units: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(units))
