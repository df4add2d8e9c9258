"""权责争议裁量: what a command makes of a dispute: facts, nothing, or a refusal."""

from typing import assert_never

from routing.domain.dispute import settling, talking
from routing.domain.dispute.commands import (
    AcceptDispute,
    AgreeOnDuty,
    Command,
    DecideReconsideration,
    FileDispute,
    GiveStatement,
    NotAcceptDispute,
    NoteExecution,
    OpenCoordination,
    OpenNegotiation,
    RecordHearing,
    ReferUp,
    RequestReconsideration,
    RuleOnDuty,
    SettleAtOnce,
)
from routing.domain.dispute.facts import Event
from routing.domain.dispute.state import Dispute, Stage
from routing.domain.refusals import require


def decide(command: Command, dispute: Dispute) -> list[Event]:
    """The facts that follow from a command; raises ``Refused`` with nothing changed."""
    match command:
        case FileDispute():
            return talking.file(command, dispute)
        case SettleAtOnce(filing, agreement):
            return settling.settle_at_once(filing, agreement, dispute)
        case NoteExecution(number, effect):
            return settling.note_execution(number, effect, dispute)
        case ReferUp():
            return settling.refer_up(command, dispute)
        case _:
            require(dispute.stage is not Stage.NONE, "unknown-case")
    match command:
        case AcceptDispute():
            return talking.accept(dispute)
        case NotAcceptDispute(reason):
            return talking.not_accept(reason, dispute)
        case OpenNegotiation():
            return talking.negotiate(dispute)
        case OpenCoordination():
            return talking.coordinate(dispute)
        case GiveStatement(by, words):
            return talking.give_statement(by, words, dispute)
        case RecordHearing():
            return talking.record_hearing(command, dispute)
        case AgreeOnDuty():
            return settling.agree(command, dispute)
        case RuleOnDuty():
            return settling.rule(command, dispute)
        case RequestReconsideration():
            return settling.request_reconsideration(command, dispute)
        case DecideReconsideration():
            return settling.decide_reconsideration(command, dispute)
        case _:
            assert_never(command)
