"""Putting intake together: the use cases over whichever store, keys, files and calendar they are given."""

from dataclasses import dataclass

from backbone.eventstore import EventStore
from backbone.sealing import Sealer
from intake.adapters.blobs import media_type_of
from intake.adapters.handed_letters import ReadHandedLetters
from intake.application.attachments import Attachments, Rules
from intake.application.corrections import CorrectedTimes
from intake.application.enterprises import Enterprises
from intake.application.erasure import Erasure
from intake.application.grid_reports import GridReports
from intake.application.letters import Letters
from intake.application.merged_whistles import MergedWhistles
from intake.application.numbers import Numbers
from intake.application.ports import Blobs, HandedLetters, KeyStore, Numbering, OpeningHours
from intake.application.reactions import Follower
from intake.application.read_back import ReadBacks
from intake.application.recorded_whistles import RecordedWhistles
from intake.application.reporters import Reporters
from intake.application.whistles import Whistles


@dataclass(frozen=True, slots=True)
class Intake:
    """What intake can do."""

    store: EventStore
    keys: KeyStore
    attachments: Attachments
    whistles: Whistles
    recorded_whistles: RecordedWhistles
    merged_whistles: MergedWhistles
    letters: Letters
    read_backs: ReadBacks
    grid_reports: GridReports
    enterprises: Enterprises
    corrections: CorrectedTimes
    erasure: Erasure
    follower: Follower
    reporters: Reporters


def intake(
    store: EventStore,
    keys: KeyStore,
    numbering: Numbering,
    opening_hours: OpeningHours,
    blobs: Blobs,
    *,
    number_prefix: str = "NL",
    rules: Rules | None = None,
    handed: HandedLetters | None = None,
) -> Intake:
    """Intake over these parts; without ``handed`` the whole log is read when a unit goes into another."""
    sealer = Sealer(keys)
    numbers = Numbers(numbering, number_prefix)
    whistles = Whistles(store, sealer, numbers, opening_hours)
    return Intake(
        store=store,
        keys=keys,
        attachments=Attachments(store, keys, blobs, media_type_of, rules or Rules()),
        whistles=whistles,
        recorded_whistles=RecordedWhistles(store, sealer, numbers),
        merged_whistles=MergedWhistles(store, sealer),
        read_backs=ReadBacks(store, sealer),
        letters=Letters(store, sealer, numbers, whistles),
        grid_reports=GridReports(store, sealer, numbers, whistles),
        enterprises=Enterprises(store, sealer, numbers),
        corrections=CorrectedTimes(store, sealer),
        erasure=Erasure(store, keys),
        follower=Follower(store, handed or ReadHandedLetters(store)),
        reporters=Reporters(store, sealer),
    )
