"""统计口径: the terms by which figures are weighed are records with a source, and two people change them.

The composite score exists only where such a record enables it.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar, assert_never

from accountability.domain.calendar import SourceDocument
from accountability.domain.figures.terms import DEFAULT_TERMS, FigureTerms
from accountability.domain.refusals import require


@dataclass(frozen=True, slots=True)
class ProposeFigureTerms:
    """Propose terms for periods that begin on a day or later."""

    terms: FigureTerms
    effective_from: date
    source: SourceDocument
    by: str


@dataclass(frozen=True, slots=True)
class ApproveFigureTerms:
    """Approve a proposal; never by whoever proposed it."""

    number: int
    by: str


Command = ProposeFigureTerms | ApproveFigureTerms


@dataclass(frozen=True, slots=True)
class TermsVersion:
    """Terms with their source."""

    number: int
    terms: FigureTerms
    effective_from: date
    source: SourceDocument


@dataclass(frozen=True, slots=True)
class FigureTermsProposed:
    """Terms were proposed under the next number."""

    name: ClassVar[str] = "accountability.figure-policy.figure-terms-proposed.v1"
    version: TermsVersion
    by: str


@dataclass(frozen=True, slots=True)
class FigureTermsApproved:
    """The proposed terms hold from now on."""

    name: ClassVar[str] = "accountability.figure-policy.figure-terms-approved.v1"
    number: int
    by: str


Event = FigureTermsProposed | FigureTermsApproved


@dataclass(frozen=True, slots=True)
class FigurePolicy:
    """Every proposal with its author, and which were approved."""

    proposed: tuple[tuple[TermsVersion, str], ...] = ()
    approved: frozenset[int] = frozenset()

    def in_force(self, first: date) -> TermsVersion | None:
        """The terms of a period that begins on a day; None where the default ones hold."""
        fitting = [
            version
            for version, _ in self.proposed
            if version.number in self.approved and version.effective_from <= first
        ]
        return max(fitting, key=lambda each: (each.effective_from, each.number), default=None)


INITIAL = FigurePolicy()


def terms_of(version: TermsVersion | None) -> FigureTerms:
    """The terms of a version, else the default ones."""
    return DEFAULT_TERMS if version is None else version.terms


def decide(command: Command, policy: FigurePolicy) -> list[Event]:
    """The facts a command makes, or its refusal."""
    match command:
        case ProposeFigureTerms(terms, effective_from, source, by):
            _check(terms, source)
            version = TermsVersion(len(policy.proposed) + 1, terms, effective_from, source)
            if policy.proposed and policy.proposed[-1] == (replace(version, number=version.number - 1), by):
                return []
            return [FigureTermsProposed(version, by)]
        case ApproveFigureTerms(number, by):
            require(1 <= number <= len(policy.proposed), "unknown-policy-proposal", number=number)
            if number in policy.approved:
                return []
            require(policy.proposed[number - 1][1] != by, "second-person-needed")
            return [FigureTermsApproved(number, by)]
        case _:
            assert_never(command)


def evolve(policy: FigurePolicy, event: Event, at: datetime) -> FigurePolicy:
    """The record after a fact."""
    match event:
        case FigureTermsProposed(version, by):
            return replace(policy, proposed=(*policy.proposed, (version, by)))
        case FigureTermsApproved(number):
            return replace(policy, approved=policy.approved | {number})
        case _:
            assert_never(event)


def _check(terms: FigureTerms, source: SourceDocument) -> None:
    require(bool(source.title.strip()), "source-document-missing")
    require(all(0 <= each <= 1 for each in (terms.partly, terms.basically)), "weight-out-of-range")
    require(terms.few >= 1, "limit-must-be-positive")
    if terms.score is not None:
        weights = (terms.score.report_in, terms.score.resolution, terms.score.satisfaction)
        require(all(each >= 0 for each in weights), "weight-out-of-range")
        require(sum(weights, Decimal(0)) == 1, "weights-do-not-sum-to-one")
