"""The closed lists of the GraphQL interface."""

from enum import Enum

import strawberry


@strawberry.enum(description="案件类型 kind of case")
class CaseType(Enum):
    WHISTLE = "whistle"
    LETTER = "letter"
    GRID_REPORT = "grid_report"
    DISPUTE = "dispute"
    TASK_DOWN_REVIEW = "task_down_review"


@strawberry.enum(description="案件状态 state of a case")
class CaseState(Enum):
    DRAFT = "draft"
    DISCARDED = "discarded"
    AWAITING_SIGNATURE = "awaiting_signature"
    SIGNED = "signed"
    DISPATCHED = "dispatched"
    HANDLING = "handling"
    PARKED = "parked"
    AWAITING_CONFIRMATION = "awaiting_confirmation"
    CLOSED = "closed"
    SUBMITTED = "submitted"
    RESPONDED = "responded"
    RESOLVED = "resolved"
    NOT_ACCEPTED = "not_accepted"
    WITHDRAWN = "withdrawn"
    MERGED = "merged"
    REFERRED_UP = "referred_up"
    APPRAISED = "appraised"
    REPORTED = "reported"
    CLOSED_IN_GRID = "closed_in_grid"
    CLOSED_BY_TOWNSHIP = "closed_by_township"
    ROUTED_AWAY = "routed_away"
    PROMOTED = "promoted"
    FILED = "filed"
    ACCEPTED = "accepted"
    NEGOTIATING = "negotiating"
    COORDINATING = "coordinating"
    RULED = "ruled"
    AGREED = "agreed"
    EXECUTED = "executed"
    PROPOSED = "proposed"
    UNDER_REVIEW = "under_review"
    APPROVED = "approved"
    APPROVED_WITH_CONDITIONS = "approved_with_conditions"
    REFUSED = "refused"
    ISSUED = "issued"
    EVALUATED = "evaluated"


@strawberry.enum(description="吹哨类别 kind of whistle")
class WhistleKind(Enum):
    PUBLIC_APPEAL = "public_appeal"
    KEY_WORK = "key_work"
    JOINT_ENFORCEMENT = "joint_enforcement"
    EMERGENCY = "emergency"


@strawberry.enum(description="吹哨理由 ground of a whistle")
class Ground(Enum):
    CROSS_DEPARTMENT = "cross_department"
    NO_POWER = "no_power"
    OWNER_UNCLEAR = "owner_unclear"


@strawberry.enum(description="意见来源 channel of a letter")
class Channel(Enum):
    EXPRESS = "express"
    INQUIRY = "inquiry"


@strawberry.enum(description="主办或协办 part of a department")
class Part(Enum):
    LEAD = "lead"
    ASSIST = "assist"


@strawberry.enum(description="派单状态 state of an assignment")
class AssignmentState(Enum):
    AWAITING_REPORT_IN = "awaiting_report_in"
    REPORTED_IN = "reported_in"
    CONCLUDED = "concluded"
    RETURN_REQUESTED = "return_requested"
    RETURNED = "returned"
    RELEASED = "released"
    MERGED = "merged"


@strawberry.enum(description="报到方式 how a department reports in")
class Mode(Enum):
    ON_SITE = "on_site"
    ONLINE = "online"
    WRITTEN = "written"


@strawberry.enum(description="办理结果 result or verdict of one issue")
class Result(Enum):
    SOLVED = "solved"
    PARTLY = "partly"
    UNSOLVED = "unsolved"
    EXPLAINED = "explained"


@strawberry.enum(description="评价 rating of a department")
class Rating(Enum):
    SATISFIED = "satisfied"
    BASICALLY = "basically"
    DISSATISFIED = "dissatisfied"


@strawberry.enum(description="时限状态 state of a clock")
class ClockState(Enum):
    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"
    VOIDED = "voided"
    EXPIRED = "expired"
    OVERDUE_UNCONFIRMED = "overdue_unconfirmed"


@strawberry.enum(description="时限筛选 clocks to filter cases by")
class ClockFilter(Enum):
    RUNNING = "running"
    DUE_SOON = "due_soon"
    BREACHED = "breached"
    PAUSED = "paused"
    OVERDUE_UNCONFIRMED = "overdue_unconfirmed"
    PROVISIONAL = "provisional"


@strawberry.enum(description="时限结果 outcome of a clock")
class ClockOutcome(Enum):
    ON_TIME = "on_time"
    LATE = "late"
    PROVISIONAL = "provisional"
    RETURNED = "returned"


@strawberry.enum(description="上报来源 who reports to the grid")
class Source(Enum):
    RESIDENT = "resident"
    VILLAGE = "village"
    GRID_WORKER = "grid_worker"
    STAFF = "staff"


@strawberry.enum(description="事项归口 what a report is about; all but the first are routed away")
class Matter(Enum):
    ORDINARY = "ordinary"
    SERVICE = "service"
    PERMIT = "permit"
    EMERGENCY_LINE = "emergency_line"
    LITIGATION = "litigation"
    PETITION = "petition"
    DISCIPLINE = "discipline"
    SECRET = "secret"


@strawberry.enum(description="签发后何时派单:默认工作时间外顺延至下一工作日开始上班时")
class DispatchWhen(Enum):
    DEFAULT = "default"
    NOW = "now"


@strawberry.enum(description="角色 role of a person or machine client")
class Role(Enum):
    RESIDENT = "resident"
    GRID_WORKER = "grid_worker"
    TOWNSHIP_CLERK = "township_clerk"
    TOWNSHIP_LEADER = "township_leader"
    DEPARTMENT_LIAISON = "department_liaison"
    DUTY_OFFICER = "duty_officer"
    DEPARTMENT_LEADER = "department_leader"
    OFFICE_DISPATCHER = "office_dispatcher"
    OFFICE_SUPERVISOR = "office_supervisor"
    ESTABLISHMENT_OFFICE = "establishment_office"
    COUNTY_LEADER = "county_leader"
    DISCIPLINE = "discipline"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"
