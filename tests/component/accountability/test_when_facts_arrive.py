"""Which clocks the facts of other services start, stop, pause and end."""

from contracts.events import intake, routing
from tests.component.accountability.county import (
    CASE,
    LETTER,
    SEALED,
    TRANSPORT,
    WATER,
    WHISTLE,
    YUANCUN,
    County,
    at,
)

FRIDAY = at("2026-05-08 10:00")
ISSUED = routing.DispatchIssued(
    case_id=CASE,
    township=YUANCUN,
    emergency=False,
    complex=False,
    provisional=True,
    assignments=(WATER, TRANSPORT),
    cycle=1,
    reason="镇街建议",
)
REPORTED_IN = routing.DepartmentReportedIn(
    case_id=CASE,
    assignment_id=WATER.assignment_id,
    unit=WATER.unit,
    part="lead",
    mode="on_site",
    handler_sealed=SEALED,
    phone_sealed=SEALED,
)
CONCLUDED = routing.LeadConcluded(
    case_id=CASE,
    assignment_id=WATER.assignment_id,
    unit=WATER.unit,
    township=YUANCUN,
    sentence_sealed=SEALED,
    results=(),
    cycle=1,
)
REOPENED = routing.DispatchReopened(
    case_id=CASE, emergency=False, complex=False, cycle=2, assignments=(WATER, TRANSPORT)
)
REWORKED = intake.WhistleReworked(case_id=CASE, reason_sealed=SEALED, cycle=2)


def closed(cycle: int = 1) -> intake.WhistleClosed:
    """The township has closed the whistle."""
    return intake.WhistleClosed(case_id=CASE, appraised=True, cycle=cycle)


async def test_a_signature_starts_the_promise(county: County) -> None:
    await county.hears(intake.WhistleSigned(**WHISTLE, emergency=False, signed_by_sealed=SEALED))

    promise = await county.clock("C0")
    assert (promise.started_at, promise.due) == (FRIDAY, at("2026-05-09 10:00"))


async def test_a_scheduled_dispatch_starts_the_promise_at_its_hour(county: County) -> None:
    monday = at("2026-05-11 08:30")
    signed = intake.WhistleSigned(**WHISTLE, emergency=False, signed_by_sealed=SEALED, dispatch_at=monday)

    await county.hears(signed)
    assert await county.kinds() == {}

    await county.hears(ISSUED.model_copy(update={"scheduled": True}), monday)
    assert (await county.clock("C0")).started_at == monday


async def test_an_emergency_runs_from_its_raising_and_has_two_hours(county: County) -> None:
    emergency = {**WHISTLE, "kind": "emergency"}
    await county.hears(intake.WhistleRaised(**emergency, emergency=True))
    await county.hears(ISSUED.model_copy(update={"emergency": True}))

    assert (await county.clock("C0")).due == at("2026-05-08 12:00")
    assert (await county.clock("C1", WATER.assignment_id)).due == at("2026-05-08 12:00")
    assert (await county.clock("C5")).due == at("2026-05-09 10:00")
    assert (await county.clock("C13", WATER.assignment_id)).due == at("2026-05-08 22:00")
    assert (await county.clock("C6")).due == at("2026-05-08 10:30")

    await county.hears(
        intake.WhistleSigned(**emergency, emergency=True, signed_by_sealed=SEALED), at("2026-05-08 11:00")
    )
    assert (await county.clock("C14")).outcome == "on_time"


async def test_a_dispatch_starts_every_department_and_the_case(county: County) -> None:
    await county.hears(ISSUED)

    assert await county.kinds() == {"C1": 2, "C10": 2, "C13": 1, "C5": 1, "C6": 1}
    assert (await county.clock("C1", TRANSPORT.assignment_id)).due == at("2026-05-09 10:00")
    assert (await county.clock("C13", WATER.assignment_id)).due == at("2026-05-13 00:00")
    assert (await county.clock("C5")).due == at("2026-05-19 00:00")
    assert (await county.clock("C6")).due == at("2026-05-08 16:00")


async def test_the_return_window_never_outlasts_the_report_in(county: County) -> None:
    await county.hears(ISSUED, at("2026-05-09 16:00"))

    report_in = await county.clock("C1", WATER.assignment_id)
    window = await county.clock("C10", WATER.assignment_id)
    assert window.due <= report_in.due == at("2026-05-10 16:00")


async def test_a_complex_matter_has_ten_days(county: County) -> None:
    await county.hears(ISSUED.model_copy(update={"complex": True}))

    assert (await county.clock("C5")).due == at("2026-05-22 00:00")


async def test_the_desk_stops_its_own_clock(county: County) -> None:
    await county.hears(ISSUED)
    await county.hears(
        routing.DispatchConfirmed(case_id=CASE, legal_basis="水法", complex=False), at("2026-05-08 16:00")
    )

    assert (await county.clock("C6")).outcome == "on_time"


async def test_the_dispatchers_word_makes_a_matter_complex_and_keeps_the_old_deadline_visible(
    county: County,
) -> None:
    await county.hears(ISSUED)
    confirmed = routing.DispatchConfirmed(case_id=CASE, legal_basis="水法", complex=True)
    await county.hears(confirmed, at("2026-05-08 11:00"))

    handling = await county.clock("C5")
    assert handling.due == at("2026-05-22 00:00")
    moved = [each for each in county.store.facts if each.type == "accountability.clock.clock-moved.v1"]
    assert len(moved) == 1
    assert '"old_due":"2026-05-18T16:00:00Z"' in moved[0].data

    await county.hears(confirmed, at("2026-05-08 11:30"))
    assert len([each for each in county.store.facts if each.type == moved[0].type]) == 1


async def test_a_correction_voids_the_wrong_department_and_starts_the_right_one(county: County) -> None:
    power = WATER.model_copy(
        update={"assignment_id": "a0000000-0000-5000-8000-000000000003", "unit": "power-supply"}
    )
    await county.hears(ISSUED)
    handling = (await county.clock("C5")).due
    correction = routing.DispatchCorrected(
        case_id=CASE,
        legal_basis="电力法",
        emergency=False,
        complex=False,
        voided=(WATER,),
        issued=(power,),
        cycle=1,
    )
    await county.hears(correction, at("2026-05-08 11:00"))

    for kind in ("C1", "C10", "C13"):
        assert (await county.clock(kind, WATER.assignment_id)).voided_at == at("2026-05-08 11:00")
    assert (await county.clock("C1", power.assignment_id)).due == at("2026-05-09 11:00")
    assert (await county.clock("C13", power.assignment_id)).unit == "power-supply"
    assert (await county.clock("C5")).due == handling


async def test_a_lead_that_reports_in_keeps_the_promise_too(county: County) -> None:
    await county.hears(intake.WhistleSigned(**WHISTLE, emergency=False, signed_by_sealed=SEALED))
    await county.hears(ISSUED)
    await county.hears(REPORTED_IN, at("2026-05-08 15:00"))

    for kind, subject in (("C0", CASE), ("C1", WATER.assignment_id), ("C10", WATER.assignment_id)):
        assert (await county.clock(kind, subject)).outcome == "on_time"
    assert (await county.clock("C1", TRANSPORT.assignment_id)).runs


async def test_a_late_report_in_stays_late_for_ever(county: County) -> None:
    await county.hears(ISSUED)
    await county.hears(REPORTED_IN, at("2026-05-09 10:00:01"))

    clock = await county.clock("C1", WATER.assignment_id)
    assert (clock.outcome, clock.breached_at) == ("late", at("2026-05-09 10:00"))


async def test_only_the_leads_feedback_stops_the_feedback_clock(county: County) -> None:
    await county.hears(ISSUED)
    feedback = {"case_id": CASE, "first": True, "content_sealed": SEALED}
    await county.hears(
        routing.FeedbackGiven(
            **feedback, assignment_id=TRANSPORT.assignment_id, unit=TRANSPORT.unit, part="assist"
        )
    )
    assert (await county.clock("C13", WATER.assignment_id)).runs

    await county.hears(
        routing.FeedbackGiven(**feedback, assignment_id=WATER.assignment_id, unit=WATER.unit, part="lead")
    )
    assert (await county.clock("C13", WATER.assignment_id)).outcome == "on_time"


async def test_concluding_pauses_handling_and_asks_the_township(county: County) -> None:
    await county.hears(ISSUED)
    await county.hears(CONCLUDED, at("2026-05-11 10:00"))

    assert (await county.clock("C5")).paused_at == at("2026-05-11 10:00")
    assert (await county.clock("C13", WATER.assignment_id)).outcome == "on_time"
    confirmation = await county.clock("C7")
    assert (confirmation.unit, confirmation.due) == (YUANCUN, at("2026-05-15 00:00"))


async def test_closing_judges_handling_by_the_moment_the_lead_concluded(county: County) -> None:
    await county.hears(ISSUED)
    await county.hears(CONCLUDED, at("2026-05-18 20:00"))
    await county.hears(closed(), at("2026-05-21 20:00"))

    assert (await county.clock("C5")).outcome == "on_time"
    assert (await county.clock("C7")).outcome == "on_time"


async def test_rework_resumes_handling_and_gives_the_lead_three_days(county: County) -> None:
    await county.hears(ISSUED)
    await county.hears(CONCLUDED, at("2026-05-11 10:00"))
    await county.hears(REWORKED, at("2026-05-12 10:00"))
    await county.hears(REOPENED, at("2026-05-12 10:00:01"))

    assert (await county.clock("C5")).runs
    assert (await county.clock("C7")).ended
    rework = await county.clock("C8", cycle=2)
    assert (rework.unit, rework.due) == (WATER.unit, at("2026-05-16 00:00"))

    await county.hears(CONCLUDED.model_copy(update={"cycle": 2}), at("2026-05-13 10:00"))
    assert (await county.clock("C8", cycle=2)).outcome == "on_time"
    assert (await county.clock("C7", cycle=2)).runs


async def test_a_closed_whistle_leaves_no_clock_running(county: County) -> None:
    await county.hears(intake.WhistleSigned(**WHISTLE, emergency=False, signed_by_sealed=SEALED))
    await county.hears(ISSUED)
    await county.hears(CONCLUDED)
    await county.hears(closed())
    await county.hears(routing.DispatchClosed(case_id=CASE))

    assert (await county.clock("C1", TRANSPORT.assignment_id)).voided_at == FRIDAY
    assert not county.store.deadlines


async def test_a_letter_runs_two_clocks_in_parallel(county: County) -> None:
    await county.hears(intake.LetterSubmitted(**LETTER))
    await county.hears(intake.LetterResponded(case_id=CASE, content_sealed=SEALED), at("2026-05-12 23:59"))

    assert (await county.clock("C3")).outcome == "on_time"
    assert (await county.clock("C4")).runs
    await county.hears(intake.LetterResolved(case_id=CASE, content_sealed=SEALED), at("2026-05-19 00:00:01"))
    assert (await county.clock("C4")).outcome == "late"


async def test_a_final_response_and_a_refusal_stop_both(county: County) -> None:
    await county.hears(intake.LetterSubmitted(**LETTER))
    await county.hears(intake.LetterResponded(case_id=CASE, content_sealed=SEALED, final=True))

    assert [(await county.clock(kind)).outcome for kind in ("C3", "C4")] == ["on_time", "on_time"]


async def test_a_letter_referred_up_stops_both(county: County) -> None:
    await county.hears(intake.LetterSubmitted(**LETTER))
    await county.hears(intake.LetterReferredUp(case_id=CASE, authority="市减负办", reason_sealed=SEALED))

    assert [(await county.clock(kind)).outcome for kind in ("C3", "C4")] == ["on_time", "on_time"]


async def test_a_recorded_letter_is_judged_without_any_timer(county: County) -> None:
    recorded = intake.LetterRecorded(
        **{**LETTER, "channel": "inquiry"},
        submitted_at=at("2019-09-30 10:00"),
        responded_at=at("2019-10-10 09:00"),
        resolved_at=at("2019-10-21 09:00"),
        answer_sealed=SEALED,
        approved_by="supervisor-2",
    )
    await county.hears(recorded)

    response, resolution = await county.clock("C3"), await county.clock("C4")
    assert (response.outcome, response.due) == ("on_time", at("2019-10-11 00:00"))
    assert (resolution.outcome, resolution.breached_at) == ("late", at("2019-10-16 00:00"))
    assert not county.store.deadlines
    assert not [event for event in await county.store.read(0, 100_000) if "reminder" in event.type]


async def test_a_fact_that_comes_twice_changes_nothing(county: County) -> None:
    await county.hears(ISSUED, seq=1)
    before = await county.store.read(0, 100_000)

    await county.hears(ISSUED, seq=1)
    await county.hears(ISSUED, seq=2)

    assert [each.id for each in await county.store.read(0, 100_000)] == [each.id for each in before]
