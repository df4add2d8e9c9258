"""Role × operation: who may ask for what, one table for every service and the gateway.

An operation is the command's name in kebab case. Unit, state and the second person are the domain's to check.
Source: who does what in 基层吹哨、部门报到 (roles as in docs/glossary.md).
"""

from collections.abc import Mapping
from typing import Final, Protocol

RESIDENT: Final = "resident"
GRID_WORKER: Final = "grid_worker"
TOWNSHIP_CLERK: Final = "township_clerk"
TOWNSHIP_LEADER: Final = "township_leader"
DEPARTMENT_LIAISON: Final = "department_liaison"
DUTY_OFFICER: Final = "duty_officer"
DEPARTMENT_LEADER: Final = "department_leader"
OFFICE_DISPATCHER: Final = "office_dispatcher"
OFFICE_SUPERVISOR: Final = "office_supervisor"
ESTABLISHMENT_OFFICE: Final = "establishment_office"
COUNTY_LEADER: Final = "county_leader"
DISCIPLINE: Final = "discipline"
AUDITOR: Final = "auditor"
ADMINISTRATOR: Final = "administrator"
SERVICE: Final = "service"

ROLES: Final[Mapping[str, str]] = {
    RESIDENT: "居民",
    GRID_WORKER: "网格员",
    TOWNSHIP_CLERK: "镇街经办",
    TOWNSHIP_LEADER: "镇街领导",
    DEPARTMENT_LIAISON: "部门联络员",
    DUTY_OFFICER: "部门值班员",
    DEPARTMENT_LEADER: "部门领导",
    OFFICE_DISPATCHER: "减负办派单员",
    OFFICE_SUPERVISOR: "减负办督查员",
    ESTABLISHMENT_OFFICE: "编办",
    COUNTY_LEADER: "县领导",
    DISCIPLINE: "纪检组织",
    AUDITOR: "审计员",
    ADMINISTRATOR: "管理员",
    SERVICE: "系统服务",
}
"""Role identifier → Chinese name."""

PEOPLE: Final = frozenset(ROLES) - {SERVICE}
"""The roles an identity provider may give; a service's is its key's alone."""

_TOWNSHIP = frozenset({TOWNSHIP_CLERK, TOWNSHIP_LEADER})
_RESPONDERS = frozenset({DEPARTMENT_LIAISON, DUTY_OFFICER})
_OFFICE = frozenset({OFFICE_DISPATCHER, OFFICE_SUPERVISOR})
_CASEWORK = _TOWNSHIP | _RESPONDERS | _OFFICE | {DEPARTMENT_LEADER, ESTABLISHMENT_OFFICE, COUNTY_LEADER}

ALLOWED: Final[Mapping[str, frozenset[str]]] = {
    # whistle
    "draft-whistle": _TOWNSHIP,
    "raise-whistle": _TOWNSHIP,
    "submit-whistle": _TOWNSHIP,
    "discard-whistle": _TOWNSHIP,
    "send-back-whistle": frozenset({TOWNSHIP_LEADER}),
    "sign-whistle": frozenset({TOWNSHIP_LEADER}),
    "close-out-whistle": frozenset({TOWNSHIP_CLERK, TOWNSHIP_LEADER}),
    "rework-whistle": frozenset({TOWNSHIP_LEADER}),
    "withdraw-whistle": frozenset({TOWNSHIP_LEADER}),
    "appeal-whistle": frozenset({TOWNSHIP_LEADER}),
    "raise-again": frozenset({TOWNSHIP_LEADER, OFFICE_SUPERVISOR}),
    "record-whistle": _OFFICE,
    "propose-correction": _OFFICE,
    "approve-correction": _OFFICE,
    "decline-correction": _OFFICE,
    # dispatch and assignment
    "confirm-dispatch": frozenset({OFFICE_DISPATCHER}),
    "correct-dispatch": frozenset({OFFICE_DISPATCHER}),
    "report-in": _RESPONDERS,
    "give-feedback": _RESPONDERS,
    "conclude": _RESPONDERS,
    "request-return": frozenset({DEPARTMENT_LEADER}),
    "accept-return": frozenset({OFFICE_DISPATCHER}),
    "refuse-return": frozenset({OFFICE_DISPATCHER}),
    "consent-to-withdrawal": frozenset({OFFICE_DISPATCHER}),
    "refuse-withdrawal": frozenset({OFFICE_DISPATCHER}),
    "not-accept-whistle": frozenset({OFFICE_DISPATCHER}),
    "decide-appeal": frozenset({OFFICE_SUPERVISOR}),
    "merge-whistles": frozenset({OFFICE_DISPATCHER}),
    "judge-adopted-issues": frozenset({TOWNSHIP_CLERK, TOWNSHIP_LEADER}),
    "ask-to-countersign": _RESPONDERS,
    "countersign": _RESPONDERS | {DEPARTMENT_LEADER},
    "apply-for-parking": frozenset({DEPARTMENT_LEADER}),
    "object-to-parking": _TOWNSHIP,
    "approve-parking": frozenset({OFFICE_SUPERVISOR, COUNTY_LEADER}),
    "refuse-parking": frozenset({OFFICE_SUPERVISOR, COUNTY_LEADER}),
    "review-parking": frozenset({DEPARTMENT_LEADER, OFFICE_SUPERVISOR}),
    "reach-milestone": frozenset({DEPARTMENT_LIAISON, DEPARTMENT_LEADER}),
    "end-parking": frozenset({DEPARTMENT_LIAISON, DEPARTMENT_LEADER, OFFICE_SUPERVISOR}),
    "apply-for-extension": frozenset({DEPARTMENT_LEADER}),
    "grant-extension": frozenset({OFFICE_SUPERVISOR, COUNTY_LEADER}),
    "refuse-extension": frozenset({OFFICE_SUPERVISOR, COUNTY_LEADER}),
    "release-assignment": _TOWNSHIP | {OFFICE_DISPATCHER},
    # dispute
    "file-dispute": _OFFICE | {DEPARTMENT_LEADER, TOWNSHIP_LEADER, ESTABLISHMENT_OFFICE},
    "settle-dispute": frozenset({ESTABLISHMENT_OFFICE, OFFICE_DISPATCHER}),
    "give-statement": frozenset({DEPARTMENT_LEADER, TOWNSHIP_LEADER}),
    "request-reconsideration": frozenset({DEPARTMENT_LEADER, TOWNSHIP_LEADER}),
    "accept-dispute": frozenset({ESTABLISHMENT_OFFICE}),
    "not-accept-dispute": frozenset({ESTABLISHMENT_OFFICE}),
    "open-negotiation": frozenset({ESTABLISHMENT_OFFICE}),
    "open-coordination": frozenset({ESTABLISHMENT_OFFICE}),
    "record-hearing": frozenset({ESTABLISHMENT_OFFICE}),
    "agree-on-duty": frozenset({ESTABLISHMENT_OFFICE}),
    "rule-on-duty": frozenset({ESTABLISHMENT_OFFICE}),
    "refer-dispute-up": frozenset({ESTABLISHMENT_OFFICE}),
    "decide-reconsideration": frozenset({ESTABLISHMENT_OFFICE}),
    # task-down review
    "propose-task-down": frozenset({DEPARTMENT_LEADER}),
    "start-review": frozenset({OFFICE_SUPERVISOR}),
    "record-task-hearing": frozenset({OFFICE_SUPERVISOR}),
    "decide-task-down": frozenset({OFFICE_SUPERVISOR}),
    "issue-task": frozenset({DEPARTMENT_LEADER}),
    "evaluate-task": frozenset({OFFICE_SUPERVISOR, TOWNSHIP_LEADER}),
    "cite-review": _OFFICE | {DEPARTMENT_LEADER, TOWNSHIP_LEADER},
    "register-unit": frozenset({ADMINISTRATOR}),
    "rename-unit": frozenset({ADMINISTRATOR}),
    "merge-units": frozenset({ADMINISTRATOR}),
    "end-unit": frozenset({ADMINISTRATOR}),
    "publish-responsibility-list": frozenset({ESTABLISHMENT_OFFICE}),
    # letter
    "submit-letter": _TOWNSHIP | {RESIDENT, GRID_WORKER},
    "respond-to-letter": frozenset({OFFICE_SUPERVISOR}),
    "resolve-letter": frozenset({OFFICE_SUPERVISOR}),
    "not-accept-letter": frozenset({OFFICE_SUPERVISOR}),
    "record-letter": frozenset({OFFICE_SUPERVISOR}),
    "release-letter": frozenset({OFFICE_SUPERVISOR}),
    "hand-over-letter": frozenset({OFFICE_SUPERVISOR}),
    "report-on-letter": _TOWNSHIP | _RESPONDERS | {DEPARTMENT_LEADER},
    "refer-letter-up": frozenset({OFFICE_SUPERVISOR}),
    "appraise-letter": _TOWNSHIP | {RESIDENT, GRID_WORKER},
    "read-back-letter": frozenset({SERVICE}),
    "promote-letter": frozenset({OFFICE_SUPERVISOR}),
    # grid report
    "publish-grid-network": frozenset({ADMINISTRATOR}),
    "file-grid-report": _TOWNSHIP | {RESIDENT, GRID_WORKER},
    "record-grid-report": frozenset({OFFICE_SUPERVISOR}),
    "close-grid-report": _TOWNSHIP | {GRID_WORKER},
    "route-away-grid-report": _TOWNSHIP | {GRID_WORKER},
    "promote-grid-report": _TOWNSHIP,
    "reply-to-reporter": _TOWNSHIP | {GRID_WORKER},
    "read-service-requests": _TOWNSHIP | _OFFICE | {RESIDENT, GRID_WORKER, COUNTY_LEADER},
    # attachments
    "add-attachment": _TOWNSHIP | _RESPONDERS | _OFFICE | {RESIDENT, GRID_WORKER, DEPARTMENT_LEADER},
    "remove-attachment": _TOWNSHIP | _RESPONDERS | _OFFICE | {RESIDENT, GRID_WORKER, DEPARTMENT_LEADER},
    "keep-attachments": frozenset({SERVICE}),
    # enterprises
    "register-enterprise": _TOWNSHIP | _OFFICE,
    "assign-service-officer": _TOWNSHIP | _OFFICE,
    "relieve-service-officer": _TOWNSHIP | _OFFICE,
    "end-enterprise": _TOWNSHIP | _OFFICE,
    "read-enterprises": _CASEWORK,
    # clocks, calendar, policy
    "publish-calendar-year": frozenset({OFFICE_SUPERVISOR}),
    "propose-policy": frozenset({ADMINISTRATOR}),
    "approve-policy": frozenset({ADMINISTRATOR}),
    "try-policy": frozenset({ADMINISTRATOR, OFFICE_SUPERVISOR, COUNTY_LEADER, AUDITOR}),
    # supervision, exemptions, spot checks, trace-backs
    "supervise": frozenset({OFFICE_SUPERVISOR, COUNTY_LEADER}),
    "give-hint": frozenset({OFFICE_SUPERVISOR, COUNTY_LEADER}),
    "hear-unit": frozenset({OFFICE_SUPERVISOR, COUNTY_LEADER}),
    "issue-order": frozenset({OFFICE_SUPERVISOR, COUNTY_LEADER}),
    "decline-order": frozenset({OFFICE_SUPERVISOR, COUNTY_LEADER}),
    "reply-to-order": frozenset(
        {DEPARTMENT_LEADER, TOWNSHIP_LEADER, OFFICE_SUPERVISOR, ESTABLISHMENT_OFFICE}
    ),
    "close-order": frozenset({OFFICE_SUPERVISOR, COUNTY_LEADER}),
    "withdraw-order": frozenset({OFFICE_SUPERVISOR, COUNTY_LEADER}),
    "refer-to-discipline": frozenset({OFFICE_SUPERVISOR, COUNTY_LEADER}),
    "instruct": frozenset({COUNTY_LEADER}),
    "clear-name": frozenset({OFFICE_SUPERVISOR, COUNTY_LEADER}),
    "claim-exemption": frozenset(
        {DEPARTMENT_LEADER, TOWNSHIP_LEADER, OFFICE_SUPERVISOR, ESTABLISHMENT_OFFICE}
    ),
    "decide-exemption": frozenset({OFFICE_SUPERVISOR, COUNTY_LEADER}),
    "draw-spot-checks": frozenset({OFFICE_SUPERVISOR}),
    "assign-spot-check": frozenset({OFFICE_SUPERVISOR}),
    "record-spot-check": _CASEWORK,
    "read-spot-checks": _CASEWORK,
    "release-trace-back": frozenset({OFFICE_SUPERVISOR}),
    "read-trace-backs": frozenset({OFFICE_SUPERVISOR, COUNTY_LEADER, DISCIPLINE}),
    # figures
    "freeze-period": frozenset({OFFICE_SUPERVISOR}),
    "restate-period": frozenset({OFFICE_SUPERVISOR}),
    "approve-restatement": frozenset({OFFICE_SUPERVISOR, COUNTY_LEADER}),
    "appeal-figure": frozenset({DEPARTMENT_LEADER, TOWNSHIP_LEADER}),
    "decide-figure-appeal": frozenset({OFFICE_SUPERVISOR}),
    # reading
    "read-cases": _CASEWORK | {RESIDENT, GRID_WORKER, DISCIPLINE, AUDITOR},
    "read-clocks": _OFFICE | {COUNTY_LEADER, AUDITOR, SERVICE},
    "read-figures": _OFFICE
    | {COUNTY_LEADER, AUDITOR, DEPARTMENT_LEADER, DEPARTMENT_LIAISON, TOWNSHIP_LEADER, ESTABLISHMENT_OFFICE},
    "read-directory": frozenset(ROLES),
    "read-log": frozenset({AUDITOR}),
    "read-events": frozenset({AUDITOR, SERVICE}),
    "read-personal-data-keys": frozenset({SERVICE}),
    "erase-personal-data": frozenset({ADMINISTRATOR}),
    "operate-consumers": frozenset({ADMINISTRATOR, SERVICE}),
    # notices outside, and what people keep for themselves
    "manage-channels": frozenset({TOWNSHIP_LEADER, DEPARTMENT_LEADER, OFFICE_SUPERVISOR, ADMINISTRATOR}),
    "subscribe-by-mail": _CASEWORK,
    "keep-calendar-feed": _CASEWORK,
    "keep-own-views": _CASEWORK | {RESIDENT, GRID_WORKER, DISCIPLINE, AUDITOR},
    # identities
    "read-people": PEOPLE,
    "revoke-sessions": frozenset({ADMINISTRATOR}),
    "manage-machine-clients": frozenset({ADMINISTRATOR}),
    "read-identity-records": frozenset({ADMINISTRATOR, AUDITOR}),
}
"""Operation → roles that may ask for it."""


def allowed(role: str, operation: str) -> bool:
    """Whether a role may ask for an operation; an unknown operation raises ``KeyError``."""
    return role in ALLOWED[operation]


class NotPermitted(Exception):
    """The role may not ask for this; the edge answers 403."""

    status = 403
    slug = "not-permitted"

    def __init__(self, role: str, operation: str) -> None:
        super().__init__(f"{role} may not {operation}")
        self.params: Mapping[str, object] = {"role": role, "operation": operation}


class Caller(Protocol):
    """Whoever asks, with one role."""

    @property
    def role(self) -> str:
        """The role's identifier."""
        ...


def may(caller: Caller, operation: str) -> bool:
    """Whether a caller may ask for an operation: by role and, for a machine client, by its ``operations``."""
    operations: frozenset[str] | None = getattr(caller, "operations", None)
    return allowed(caller.role, operation) and (operations is None or operation in operations)


def permit(caller: Caller, operation: str) -> None:
    """Raise ``NotPermitted`` unless the caller may ask for the operation."""
    if not may(caller, operation):
        raise NotPermitted(caller.role, operation)
