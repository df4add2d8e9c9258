"""People, places and beginnings that the stories of intake share."""

from dataclasses import replace
from datetime import UTC, datetime

from backbone.testing import Scenario
from intake.application.publishing import LETTER, WHISTLE
from intake.domain import letter, whistle
from intake.domain.letter import facts as letter_facts
from intake.domain.whistle.commands import Signature
from intake.domain.whistle.facts import (
    Content,
    DepartmentRating,
    Issue,
    IssueJudgement,
    WhistleAwaitingConfirmation,
    WhistleDispatched,
    WhistleDrafted,
    WhistleHandling,
    WhistleRaised,
    WhistleSigned,
)

YUANCUN = "410923102"
HANZHANG = "410923101"
WATER = "water-resources"
FARMING = "agriculture-rural"
TRANSPORT = "transport"
MORNING = datetime(2026, 3, 3, 0, 30, tzinfo=UTC)
"""Tuesday 3 March 2026, 08:30 in China."""
NUMBER = "NL-2026-000001"

DITCH = Issue("ditch", "sealed ditch", "SL-03")
FIELDS = Issue("fields", "sealed fields")
FLOOD = Content(
    village="410923102201",
    kind="public_appeal",
    ground="cross_department",
    text="sealed flood",
    issues=(DITCH, FIELDS),
    departments=(WATER, FARMING),
    raised_by="sealed clerk",
)
"""元村镇: after the storm a ditch is blocked and fields stand under water."""
FIREWORKS = replace(FLOOD, kind="emergency", text="sealed fireworks")
"""疑似烟花爆竹存放点: an emergency."""

AT_ONCE = Signature("sealed leader")
IN_THE_MORNING = Signature("sealed leader", MORNING)

DRAFTED = WhistleDrafted(YUANCUN, FLOOD)
RAISED = WhistleRaised(NUMBER, emergency=False)
SIGNED = WhistleSigned("sealed leader", None)
DISPATCHED = WhistleDispatched((WATER, FARMING))
HANDLING = WhistleHandling()
DITCH_SOLVED = IssueJudgement("ditch", "solved")
FIELDS_SOLVED = IssueJudgement("fields", "solved")
FIELDS_PARTLY = IssueJudgement("fields", "partly")
WATER_SATISFIED = DepartmentRating(WATER, "satisfied")
FARMING_SATISFIED = DepartmentRating(FARMING, "satisfied")
AWAITING = WhistleAwaitingConfirmation((DITCH_SOLVED, FIELDS_SOLVED), cycle=1)

nothing_yet: Scenario[whistle.Command, whistle.Event, whistle.Whistle] = Scenario.of(WHISTLE)
a_draft = nothing_yet.given(DRAFTED)
a_raised_whistle = a_draft.given(RAISED)
a_signed_whistle = a_raised_whistle.given(SIGNED)
a_dispatched_whistle = a_signed_whistle.given(DISPATCHED)
a_whistle_in_handling = a_dispatched_whistle.given(HANDLING)
a_concluded_whistle = a_whistle_in_handling.given(AWAITING)
a_raised_emergency = nothing_yet.given(
    WhistleDrafted(YUANCUN, FIREWORKS), WhistleRaised(NUMBER, emergency=True)
)

LETTER_NUMBER = "NL-XJ-2026-000001"
POTHOLE = letter.Content(
    channel="express",
    number=LETTER_NUMBER,
    anonymous=False,
    title="sealed title",
    text="sealed text",
    writer="sealed writer",
    township=YUANCUN,
)
no_letter_yet: Scenario[letter.Command, letter.Event, letter.Letter] = Scenario.of(LETTER)
a_letter = no_letter_yet.given(letter_facts.LetterSubmitted(POTHOLE))
an_answered_letter = a_letter.given(letter_facts.LetterResponded("sealed answer", final=False))
a_resolved_letter = an_answered_letter.given(letter_facts.LetterResolved("sealed result"))
