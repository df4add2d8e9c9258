"""延期裁量: what a command makes of an extension: facts, nothing, or a refusal."""

from typing import assert_never

from accountability.domain.clock import Running
from accountability.domain.clock.extending import require_extendable
from accountability.domain.extension.commands import (
    ApplyForExtension,
    Command,
    GrantExtension,
    NoteOvertaken,
    NoteUndecided,
    RefuseExtension,
)
from accountability.domain.extension.facts import (
    Event,
    ExtensionAppliedFor,
    ExtensionGranted,
    ExtensionLapsed,
    ExtensionLeftUndecided,
    ExtensionRefused,
)
from accountability.domain.extension.state import Extension, Stage
from accountability.domain.handling import require_in_hand, require_lead, require_level
from accountability.domain.moments import instant
from accountability.domain.refusals import require


def decide(command: Command, extension: Extension) -> list[Event]:
    """The facts that follow from a command; raises ``Refused`` with nothing changed."""
    match command:
        case ApplyForExtension():
            return _apply(command, extension)
        case GrantExtension():
            return _grant(command, extension)
        case RefuseExtension(county_leader, reason):
            if extension.stage is Stage.REFUSED:
                return []
            applied = _applied(extension)
            require_level(not applied.second, county_leader)
            require(reason != "", "refusing-an-extension-needs-a-reason")
            return [ExtensionRefused(applied.number, reason)]
        case NoteUndecided(cause, at):
            if extension.stage is not Stage.APPLIED:
                return []
            return [ExtensionLeftUndecided(extension.number, cause, instant(at))]
        case NoteOvertaken(cause, number):
            waits = extension.stage is Stage.APPLIED and number is None
            in_vain = extension.stage is Stage.GRANTED and number == extension.number
            return [ExtensionLapsed(extension.number, cause)] if waits or in_vain else []
        case _:
            assert_never(command)


def _apply(command: ApplyForExtension, extension: Extension) -> list[Event]:
    require_lead(command.by, command.handling)
    applied = extension.applied
    if extension.stage is Stage.APPLIED and applied is not None:
        same = (applied.lead, applied.amount) == (command.by, command.amount)
        require(same, "extension-applied-for-already")
        return []
    require_in_hand(command.handling)
    require(command.reason != "", "reason-missing")
    clock = _extendable(command, command.amount)
    return [
        ExtensionAppliedFor(
            number=extension.number + 1,
            lead=command.by,
            clock_id=command.clock_id,
            amount=command.amount,
            unit=clock.limit.unit.value,
            reason=command.reason,
            due=clock.due,
            second=len(clock.extensions) >= command.limits.office_decides,
        )
    ]


def _grant(command: GrantExtension, extension: Extension) -> list[Event]:
    if extension.stage is Stage.GRANTED:
        return []
    applied = _applied(extension)
    require_level(not applied.second, command.county_leader)
    _extendable(command, applied.amount)
    return [ExtensionGranted(applied.number, instant(command.at))]


def _extendable(command: ApplyForExtension | GrantExtension, amount: int) -> Running:
    clock, limits = require_extendable(command.clock, amount, command.at), command.limits
    longest, version = limits.longest(clock.base.amount), command.rules_version
    require(amount <= longest, "extension-exceeds-the-original", most=longest, rules_version=version)
    often = len(clock.extensions) < limits.most
    require(often, "extended-as-often-as-allowed", most=limits.most, rules_version=version)
    return clock


def _applied(extension: Extension) -> ExtensionAppliedFor:
    require(extension.stage is Stage.APPLIED, "no-extension-applied-for")
    assert extension.applied is not None, "what is applied for was"
    return extension.applied
