"""个人信息删除: the keys of persons or cases are destroyed, so that facts stay and words go."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from intake.domain.refusals import require


@dataclass(frozen=True, slots=True)
class ErasePersonalData:
    """Destroy these keys, on request of the person they concern."""

    key_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PersonalDataErased:
    """These keys are gone; readers forget the words they sealed."""

    name: ClassVar[str] = "intake.personal-data.personal-data-erased.v1"
    key_ids: tuple[str, ...]


Command = ErasePersonalData
Event = PersonalDataErased


@dataclass(frozen=True, slots=True)
class Erasure:
    """What one request has erased."""

    key_ids: tuple[str, ...] = ()


INITIAL = Erasure()


def evolve(erasure: Erasure, event: Event, at: datetime) -> Erasure:
    """The erasure after its fact."""
    return Erasure(event.key_ids)


def decide(command: Command, erasure: Erasure) -> list[Event]:
    """State the erasure once."""
    require(len(command.key_ids) > 0, "nothing-to-erase")
    if set(command.key_ids) <= set(erasure.key_ids):
        return []
    return [PersonalDataErased(command.key_ids)]
