"""时限说明: a reader of the text alone adds up every clock to its deadline."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accountability.domain.calendar import Calendar, SourceDocument, SpecialDay, SpecialKind
from accountability.domain.clock import (
    Clock,
    Command,
    Event,
    ExtendClock,
    FallDue,
    MarkOverdueUnconfirmed,
    PauseClock,
    ResumeClock,
    ReturnClock,
    StopClock,
    VoidClock,
)
from accountability.domain.explain import counted, explain
from accountability.domain.moments import shown
from accountability.domain.rulebook import Rulebook
from accountability.domain.terms import ClockKind, Profile
from backbone.testing import Scenario
from contracts.catalogue import catalogue, sentence
from tests.domain.accountability.explanation_reader import read
from tests.domain.accountability.stories import after, at, book, decreed, running, start, started, story

MONDAY = "2026-03-02 10:00"


def text(
    scenario: Scenario[Command, Event, Clock], language: str = "zh", rulebook: Rulebook | None = None
) -> list[str]:
    """The sentences of a clock."""
    explanation = explain(running(scenario), rulebook or book())
    assert all(each.slug in catalogue() for each in explanation.sentences)
    return [sentence(each.slug, language, each.params) for each in explanation.sentences]


def test_can_be_checked_by_hand() -> None:
    assert text(started(ClockKind.C3, "2026-02-13 10:00")) == [
        "时限C3:自2026-02-13(周五) 10:00:00起,限3个工作日。",
        "依据:时限政策C3.1(南乐县吹哨报到时限规定 演示数据)。",
        "工作日历版本:2026.1(国办发明电〔2025〕7号)。",
        "2026-02-13(周五):起始当日,不计。",
        "2026-02-14(周六):调休上班,计1日,累计1日。",
        "2026-02-15(周日)至2026-02-23(周一):春节放假,不计。",
        "2026-02-24(周二):工作日,计1日,累计2日。",
        "2026-02-25(周三):工作日,计1日,累计3日。",
        "计满3个工作日:2026-02-25 24:00。",
        "到期:2026-02-25 24:00。",
    ]


def test_says_the_same_in_english() -> None:
    english = text(started(ClockKind.C3, "2026-02-13 10:00"), "en")
    assert english[0] == "Clock C3: from 2026-02-13 (Fri) 10:00:00, limit 3 working days."
    assert english[5] == "2026-02-15 (Sun) to 2026-02-23 (Mon): holiday (春节), not counted."
    assert english[-1] == "Due: 2026-02-25 24:00."


def test_tells_working_hours_piece_by_piece() -> None:
    assert text(started(ClockKind.C6, "2026-05-08 17:00"))[3:] == [
        "2026-05-08(周五) 17:00:00至2026-05-08(周五) 17:30:00:工作时间,计1800秒(工作时间30分),累计1800秒。",
        "2026-05-08(周五) 17:30:00至2026-05-09(周六) 08:30:00:非工作时间,不计。",
        "2026-05-09(周六) 08:30:00至2026-05-09(周六) 12:00:00:调休上班的工作时间,"
        "计12600秒(工作时间3小时30分),累计14400秒。",
        "计满工作时间4小时:2026-05-09 12:00。",
        "到期:2026-05-09 12:00。",
    ]


def test_tells_pauses_and_extensions_with_their_reasons() -> None:
    clock = after(
        started(ClockKind.C5, MONDAY),
        PauseClock(at("2026-03-04 16:00"), "待镇街确认"),
        ResumeClock(at("2026-03-09 09:00"), book()),
        ExtendClock(at("2026-03-10 10:00"), 2, "雨季停工", book()),
    )
    told = text(clock)
    assert "暂停:2026-03-04(周三) 16:00:00至2026-03-09(周一) 09:00:00,原因:待镇街确认。" in told
    assert "延期:2026-03-10(周二) 10:00:00批准增加2个工作日,原因:雨季停工。" in told
    assert "2026-03-04(周三)至2026-03-06(周五):24:00时处于暂停,不计。" in told
    assert "未延期时的到期:2026-03-16 24:00。" in told
    reading = read(told)
    assert (reading.due, reading.stated, reading.counted, reading.limit) == (
        "2026-03-18 24:00",
        "2026-03-18 24:00",
        9,
        9,
    )


def test_tells_what_is_counted_while_it_stands_still() -> None:
    paused = after(started(ClockKind.C5, MONDAY), PauseClock(at("2026-03-04 16:00"), "挂账"))
    told = text(paused)
    assert told[-1] == "目前暂停,已计1个工作日,恢复后再定到期。"
    assert "暂停:自2026-03-04(周三) 16:00:00起,原因:挂账。" in told
    assert explain(running(paused), book()).deadline is None
    seconds = after(started(ClockKind.C1, MONDAY), PauseClock(at("2026-03-02 12:30:15"), "挂账"))
    assert text(seconds)[-1] == "目前暂停,已计2小时30分15秒,恢复后再定到期。"


@pytest.mark.parametrize(
    "ended", [StopClock(at("2026-03-05 09:00")), VoidClock(at("2026-03-05 09:00"), "撤回")]
)
def test_adds_up_to_the_deadline_of_the_pauses_beginning_when_it_ended_paused(ended: Command) -> None:
    clock = after(started(ClockKind.C5, MONDAY), PauseClock(at("2026-03-04 16:00"), "待镇街确认"), ended)
    told = text(clock)
    assert "结束时仍在暂停;到期按暂停开始时的情形推算:" in told
    assert not [each for each in told if "24:00时处于暂停" in each]
    reading = read(told)
    assert reading.due == reading.stated == shown(running(clock).due)
    assert reading.counted == reading.limit


def test_tells_both_bounds_of_a_provisional_deadline() -> None:
    told = text(started(ClockKind.C3, "2026-12-29 10:00"))
    assert told[2] == "工作日历版本:2026.1 2027.0(国办发明电〔2025〕7号)。"
    assert told[-1] == (
        "安排尚未公布,到期待定:最早2027-01-02 24:00;最迟按周一至周五计到2027-01-04 24:00,"
        "再加14天,遇法定节日顺延,为2027-01-18 24:00。"
    )
    assert read(told).due == read(told).stated == "2027-01-02 24:00"


def test_tells_the_cap_of_the_return_window() -> None:
    friday = replace(start(ClockKind.C10, "2026-03-06 10:00"), cap=at("2026-03-07 10:00"))
    told = text(after(story(), friday))
    assert "不得晚于2026-03-07 10:00。" in told
    assert read(told).due == read(told).stated == "2026-03-07 10:00"


def test_tells_closures_half_days_and_local_days() -> None:
    order = SourceDocument("县防汛指挥部通知")
    specials = (
        SpecialDay(date(2026, 3, 3), SpecialKind.CLOSED, "暴雨", order),
        SpecialDay(date(2026, 3, 4), SpecialKind.MORNING_ONLY, "下午停电", order),
        SpecialDay(date(2026, 3, 5), SpecialKind.AFTERNOON_ONLY, "上午停电", order),
        SpecialDay(date(2026, 3, 6), SpecialKind.LOCAL_HOLIDAY, "古会", order),
        SpecialDay(date(2026, 3, 7), SpecialKind.LOCAL_WORKING_DAY, "补班", order),
    )
    last = replace(decreed()[-1], version=2, special_days=specials)
    rulebook = book(Calendar.of((*decreed(), last)))
    for kind in (ClockKind.C3, ClockKind.C10):
        told = text(started(kind, MONDAY, rulebook=rulebook), rulebook=rulebook)
        assert read(told).due == read(told).stated
        assert not [each for each in told if "{" in each]
    days = text(started(ClockKind.C3, MONDAY, rulebook=rulebook), rulebook=rulebook)
    assert days[4:9] == [
        "2026-03-03(周二):停止办公(暴雨),不计。",
        "2026-03-04(周三):上午办公(下午停电),计1日,累计1日。",
        "2026-03-05(周四):下午办公(上午停电),计1日,累计2日。",
        "2026-03-06(周五):地方放假(古会),不计。",
        "2026-03-07(周六):地方安排上班(补班),计1日,累计3日。",
    ]


@pytest.mark.parametrize(
    ("command", "last"),
    [
        (StopClock(at("2026-03-03 09:00")), "2026-03-03(周二) 09:00:00结束:按时。"),
        (StopClock(at("2026-03-03 11:00")), "2026-03-03(周二) 11:00:00结束:超期。"),
        (ReturnClock(at("2026-03-03 09:00")), "2026-03-03(周二) 09:00:00结束:已退回,不计按时或超期。"),
        (VoidClock(at("2026-03-03 09:00"), "撤回"), "2026-03-03(周二) 09:00:00作废。"),
        (FallDue(at("2026-03-03 11:00")), "已于2026-03-03 10:00超期。"),
        (
            MarkOverdueUnconfirmed(at("2026-03-03 11:00"), ("routing",)),
            "2026-03-03 10:00已过,尚待核实是否超期。",
        ),
    ],
)
def test_tells_how_it_ended(command: Command, last: str) -> None:
    assert text(after(started(ClockKind.C1, MONDAY), command))[-1] == last


def test_tells_of_expiry_and_of_what_was_stopped_while_provisional() -> None:
    assert text(after(started(ClockKind.C7, MONDAY), FallDue(at("2026-03-09 10:00"))))[-1] == (
        "已于2026-03-05 24:00届满。"
    )
    answered = after(started(ClockKind.C3, "2026-12-29 10:00"), StopClock(at("2027-01-05 16:00")))
    assert text(answered)[-1] == "2027-01-05(周二) 16:00:00结束:待公布安排后判定。"


@pytest.mark.parametrize("kind", list(ClockKind))
@pytest.mark.parametrize("profile", list(Profile))
@pytest.mark.parametrize("moment", ["2026-02-13 17:30", "2026-09-26 23:59:59", "2026-12-30 00:00"])
def test_adds_up_for_every_clock(kind: ClockKind, profile: Profile, moment: str) -> None:
    scenario = started(kind, moment, profile)
    reading = read(text(scenario))
    assert reading.due == reading.stated == shown(running(scenario).deadline.earliest)
    assert reading.counted == reading.limit
    assert not [each for each in text(scenario, "en") if "{" in each]


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_adds_up_over_any_pauses_and_extensions(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from([ClockKind.C1, ClockKind.C5, ClockKind.C6, ClockKind.C9]))
    moment = at("2026-01-05 00:00") + timedelta(seconds=data.draw(st.integers(0, 300 * 86400)))
    scenario = after(story(), replace(start(kind, MONDAY), at=moment))
    for gap, length in data.draw(
        st.lists(st.tuples(st.integers(0, 90000), st.integers(1, 900000)), max_size=3)
    ):
        begin = moment + timedelta(seconds=gap)
        moment = begin + timedelta(seconds=length)
        scenario = after(scenario, PauseClock(begin, "挂账"), ResumeClock(moment, book()))
        if (
            data.draw(st.booleans())
            and scenario.when(extension := _extension(scenario, moment)).refusal is None
        ):
            scenario = after(scenario, extension)
    clock = running(scenario)
    reading = read(text(scenario))
    assert reading.due == reading.stated == shown(clock.deadline.earliest)
    assert reading.counted == reading.limit == clock.limit.amount


def _extension(scenario: Scenario[Command, Event, Clock], moment: datetime) -> ExtendClock:
    return ExtendClock(moment, running(scenario).base.amount, "雨季", book())


def test_knows_how_much_was_used_up_at_any_moment() -> None:
    clock = running(started(ClockKind.C5, MONDAY))
    assert [counted(clock, book(), at(moment)) for moment in ("2026-03-02 23:00", "2026-03-05 12:00")] == [
        0,
        2,
    ]
    report_in = running(started(ClockKind.C1, MONDAY))
    assert counted(report_in, book(), at("2026-03-02 11:30")) == 5400
    assert counted(report_in, book(), at("2026-03-09 11:30")) == 86400
    paused = after(started(ClockKind.C1, MONDAY), PauseClock(at("2026-03-02 11:00"), "挂账"))
    assert counted(running(paused), book(), at("2026-03-02 18:00")) == 3600
