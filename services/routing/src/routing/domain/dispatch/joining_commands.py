"""并哨会签指令: what may be asked where whistles are joined and where departments sign together."""

from dataclasses import dataclass

from routing.domain.dispatch.facts import AdoptedCase, ProposalKind


@dataclass(frozen=True, slots=True)
class JoiningPart:
    """A department of the child with the issues it answers for."""

    unit: str
    issue_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Adopt:
    """W13, to the parent: take the child's issues and departments on, all of ``adopted`` with the child."""

    child: str
    emergency: bool
    adopted: tuple[AdoptedCase, ...]
    parts: tuple[JoiningPart, ...]


@dataclass(frozen=True, slots=True)
class MergeInto:
    """W13, to the child: it goes on in the parent. Only ever stored together with ``Adopt``."""

    parent: str


@dataclass(frozen=True, slots=True)
class AskToCountersign:
    """会签, by the lead: all assists at once."""

    unit: str
    by: str
    kind: ProposalKind
    proposal: str


@dataclass(frozen=True, slots=True)
class Countersign:
    """会签, by an assist: it agrees, or objects with a sentence."""

    unit: str
    by: str
    agrees: bool
    words: str = ""
