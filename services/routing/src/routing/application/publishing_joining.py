"""From the facts of merging and countersigning to the published language."""

from dataclasses import asdict

from contracts.events import routing as published
from routing.application.publishing_returns import Outbound, assigned, out
from routing.domain.dispatch import Dispatch, facts

JoiningFact = (
    facts.ChildAdopted | facts.WhistleMerged | facts.CountersigningAsked | facts.DepartmentCountersigned
)


def publish_joining(event: JoiningFact, state: Dispatch, case_id: str) -> Outbound:
    """What others learn."""
    match event:
        case facts.ChildAdopted():
            adoption = published.ChildAdopted(
                case_id=case_id,
                township=state.township,
                child=event.child,
                adopted=tuple(published.AdoptedCase(**asdict(each)) for each in event.adopted),
                issued=tuple(assigned(each, state) for each in event.issued),
                changed=tuple(assigned(each, state) for each in event.changed),
                emergency=state.emergency,
                complex=state.complex,
                cycle=state.cycle,
            )
            return [out(adoption)]
        case facts.WhistleMerged(parent):
            merged = published.WhistleMerged(case_id=case_id, township=state.township, parent=parent)
            return [out(merged)]
        case facts.CountersigningAsked():
            question = published.CountersigningAsked(
                case_id=case_id,
                assignment_id=event.assignment_id,
                unit=event.unit,
                round=event.round,
                kind=event.kind,
                content_sealed=event.proposal,
                asked=event.asked,
            )
            return [out(question)]
        case facts.DepartmentCountersigned(assignment_id, unit, round_, agrees, words):
            answer = published.DepartmentCountersigned(
                case_id=case_id,
                assignment_id=assignment_id,
                unit=unit,
                round=round_,
                agrees=agrees,
                words_sealed=words,
            )
            return [out(answer)]
