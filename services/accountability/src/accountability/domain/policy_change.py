"""政策草案: what a document changes of the policy in force; whatever it does not name stays as it is."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType

from accountability.domain.calendar import SourceDocument, WorkingHours
from accountability.domain.occasions import OCCASIONS
from accountability.domain.policy import ProposePolicy
from accountability.domain.refusals import require
from accountability.domain.terms import (
    ClockKind,
    Ending,
    Profile,
    ProfileLimit,
    QuietHours,
    ReminderRule,
    RungRule,
    Terms,
)
from accountability.domain.working_time import Limit


@dataclass(frozen=True, slots=True)
class PolicyChange:
    """A document on one clock in one scope (empty: the whole county); None leaves a part as it is.

    ``limits`` names the kinds of case whose limit changes; None there takes a limit of its own away.
    ``start``, ``stop`` and ``ending`` may be named, but only as they are.
    """

    kind: ClockKind
    scope: str
    effective_from: date
    effective_to: date | None
    source: SourceDocument
    limits: Mapping[Profile, Limit | None] = field(default_factory=lambda: MappingProxyType({}))
    reminders: tuple[ReminderRule, ...] | None = None
    ladder: tuple[RungRule, ...] | None = None
    hours: WorkingHours | None = None
    quiet: QuietHours | None = None
    start: str | None = None
    stop: str | None = None
    ending: Ending | None = None

    def proposal(self, base: Terms, by: str) -> ProposePolicy:
        """The full terms over those in force; refused where it changes what no policy decides."""
        fixed = OCCASIONS[self.kind]
        kept = (self.start or fixed.start, self.stop or fixed.stop) == (fixed.start, fixed.stop)
        require(kept, "policy-changes-start-or-stop", clock=self.kind.value)
        terms = replace(
            base,
            limits=self._limits(base),
            ending=self.ending or base.ending,
            reminders=base.reminders if self.reminders is None else self.reminders,
            ladder=base.ladder if self.ladder is None else self.ladder,
            hours=self.hours or base.hours,
            quiet=self.quiet or base.quiet,
        )
        return ProposePolicy(
            self.kind, self.scope, terms, self.effective_from, self.effective_to, self.source, by
        )

    def _limits(self, base: Terms) -> tuple[ProfileLimit, ...]:
        limits = {each.profile: each.limit for each in base.limits} | dict(self.limits)
        return tuple(
            ProfileLimit(profile, limit) for profile in Profile if (limit := limits.get(profile)) is not None
        )
