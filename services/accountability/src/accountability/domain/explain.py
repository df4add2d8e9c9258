"""时限说明: every counted and skipped piece of a clock, in sentences a person can check by hand.

A sentence is a slug of the catalogue with its parameters; parameters that read differently in the two
languages come twice, with ``_zh`` and ``_en``. Pieces follow one another without gaps, from the start to the
deadline, so that adding up what is counted gives the limit.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from accountability.domain.calendar import SLACK, Bound, Calendar
from accountability.domain.clock.ledger import Running
from accountability.domain.clock.schedules import pinned
from accountability.domain.moments import DAY, SECOND, closing_day, day_of, instant, local, shown
from accountability.domain.rulebook import Rulebook
from accountability.domain.terms import PolicyVersion
from accountability.domain.working_time import Deadline, Limit, Stretch, Unit, stretches

_WEEKDAYS_ZH = "一二三四五六日"
_WEEKDAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the catalogue: its slug and what fills it."""

    slug: str
    params: dict[str, object]


@dataclass(frozen=True, slots=True)
class Explanation:
    """How a deadline came about: the pieces as data, and everything in sentences."""

    unit: Unit
    limit: int
    pieces: tuple[Stretch, ...]
    """Skipped pieces of one reason are one piece; a paused clock ends with the moment it was paused, one that
    has ended while paused goes on to the deadline it had then."""
    deadline: Deadline | None
    """None while the clock is paused."""
    sentences: tuple[Sentence, ...]


def explain(clock: Running, book: Rulebook) -> Explanation:
    """The explanation of a clock with the policy and calendar it has pinned."""
    policy, calendar = pinned(clock, book)
    pieces = tuple(_merged(_pieces(clock, policy, calendar)))
    paused = clock.paused_at is not None and not clock.ended and clock.breached_at is None
    due = None if paused else clock.deadline
    sentences = [
        *_grounds(clock, policy, calendar),
        *_counting(clock.limit.unit, pieces),
        *_conclusion(clock, policy, calendar, pieces, due),
        *_fate(clock),
    ]
    return Explanation(clock.limit.unit, clock.limit.amount, pieces, due, tuple(sentences))


def counted(clock: Running, book: Rulebook, at: datetime) -> int:
    """How much of the limit was used up at a moment, in days or seconds; the rest of ``limit`` remains.

    Only the past is counted: a clock that is paused or has ended used up nothing more.
    """
    last = min(each for each in (instant(at), clock.paused_at, clock.stopped_at, clock.voided_at) if each)
    return sum(piece.counted for piece in _until(_walk(clock, *pinned(clock, book)), last, clock.limit))


def _walk(clock: Running, policy: PolicyVersion, calendar: Calendar) -> Iterator[Stretch]:
    return stretches(clock.limit, clock.started_at, calendar, policy.terms.hours, clock.pauses)


def _pieces(clock: Running, policy: PolicyVersion, calendar: Calendar) -> Iterator[Stretch]:
    walk = _walk(clock, policy, calendar)
    return walk if clock.paused_at is None or clock.ended else _until(walk, clock.paused_at, clock.limit)


def _until(walk: Iterable[Stretch], at: datetime, limit: Limit) -> Iterator[Stretch]:
    for piece in walk:
        if piece.end < at:
            yield piece
            continue
        if piece.begin < at and not piece.counted:
            yield replace(piece, end=at)
        elif piece.begin < at and limit.unit.counts_days:
            yield replace(piece, end=at, counted=0, reason="paused", note="")
        elif piece.begin < at:
            yield replace(piece, end=at, counted=int((at - piece.begin) / SECOND))
        return


def _merged(pieces: Iterable[Stretch]) -> Iterator[Stretch]:
    held: Stretch | None = None
    for piece in pieces:
        alike = held is not None and (held.counted, held.reason, held.note) == (0, piece.reason, piece.note)
        if held and alike and not piece.counted:
            held = replace(held, end=piece.end)
            continue
        if held:
            yield held
        held = piece
    if held:
        yield held


def _grounds(clock: Running, policy: PolicyVersion, calendar: Calendar) -> Iterator[Sentence]:
    yield Sentence(
        "explain-clock",
        {"clock": clock.kind.value, **_moment("start", clock.started_at), **amount_in_words(clock.base)},
    )
    source = policy.source
    yield Sentence(
        "explain-policy",
        {
            "version": policy.label,
            "title": source.title,
            "number": f" {source.number}" if source.number else "",
        },
    )
    if clock.limit.unit.needs_calendar:
        label = clock.schedule.calendar_version
        titles = [
            plan.source.number or plan.source.title
            for plan in calendar.plans
            if f"{plan.year}.{plan.version}" in label.split()
        ]
        yield Sentence("explain-calendar", {"version": label, "sources": "、".join(titles) or "–"})
    else:
        yield Sentence("explain-calendar-time", {})
    for extension in clock.extensions:
        more = amount_in_words(Limit(clock.base.unit, extension.amount))
        yield Sentence(
            "explain-extension", {**_moment("at", extension.at), **more, "reason": extension.reason}
        )
    if clock.extensions:
        yield Sentence("explain-limit-extended", amount_in_words(clock.limit))
    ends = [*(pause.end for pause in clock.pauses), None]
    begins = [*(pause.begin for pause in clock.pauses), clock.paused_at]
    for begin, end, reason in zip(begins, ends, clock.pause_reasons, strict=False):
        if begin is not None:
            slug = "explain-pause" if end else "explain-pause-open"
            yield Sentence(
                slug, {**_moment("begin", begin), **_moment("end", end or begin), "reason": reason}
            )
    if clock.paused_at is not None and clock.ended:
        yield Sentence("explain-ended-paused", {})


def _counting(unit: Unit, pieces: Sequence[Stretch]) -> Iterator[Sentence]:
    total = 0
    for piece in pieces:
        total += piece.counted
        if unit.counts_days:
            first = day_of(piece.begin)
            when = _days(first, max(first, closing_day(piece.end)))
        else:
            when = _span(piece.begin, piece.end)
        kind = "counted" if piece.counted else "skipped"
        amount = amount_in_words(Limit(unit, piece.counted))
        numbers = {"counted": piece.counted, "total": total, "note": piece.note}
        measure = "days" if unit.counts_days else "time"
        yield Sentence(f"explain-{measure}-{kind}-{piece.reason}", {**when, **amount, **numbers})


def _conclusion(
    clock: Running, policy: PolicyVersion, calendar: Calendar, pieces: Sequence[Stretch], due: Deadline | None
) -> Iterator[Sentence]:
    if due is None:
        used = Limit(clock.limit.unit, sum(piece.counted for piece in pieces))
        yield Sentence("explain-standing-still", amount_in_words(used))
        return
    reached = pieces[-1].end if pieces else due.earliest
    yield Sentence("explain-sum", {**amount_in_words(clock.limit), "reached": shown(reached)})
    if clock.cap is not None and clock.cap < reached:
        yield Sentence("explain-cap", {"cap": shown(clock.cap)})
    if due.provisional:
        likely = reached
        walk = stretches(
            clock.limit, clock.started_at, calendar, policy.terms.hours, clock.pauses, Bound.LIKELY
        )
        for piece in walk:
            likely = piece.end
        yield Sentence(
            "explain-provisional",
            {
                "likely": shown(likely),
                "slack": SLACK.days,
                "latest": shown(due.latest),
                "earliest": shown(due.earliest),
            },
        )
    else:
        yield Sentence("explain-due", {"due": shown(due.due)})
    if clock.extensions:
        yield Sentence("explain-original-due", {"due": shown(clock.schedule.original_due)})


def _fate(clock: Running) -> Iterator[Sentence]:
    if clock.breached_at is not None:
        yield Sentence("explain-breached", {"at": shown(clock.breached_at)})
    elif clock.unconfirmed:
        yield Sentence("explain-unconfirmed", {"due": shown(clock.due)})
    if clock.expired_at is not None:
        yield Sentence("explain-expired", {"at": shown(clock.expired_at)})
    if clock.voided_at is not None:
        yield Sentence("explain-voided", _moment("at", clock.voided_at))
    if clock.stopped_at is not None and clock.outcome is not None:
        yield Sentence(f"explain-stopped-{clock.outcome.replace('_', '-')}", _moment("at", clock.stopped_at))


def amount_in_words(limit: Limit) -> dict[str, object]:
    """How long, as people say it: ``amount_zh`` and ``amount_en``."""
    if limit.unit.counts_days:
        worked = limit.unit is Unit.WORKING_DAYS
        zh = f"{limit.amount}个{'工作日' if worked else '自然日'}"
        plural = "" if limit.amount == 1 else "s"
        return {
            "amount_zh": zh,
            "amount_en": f"{limit.amount} {'working' if worked else 'calendar'} day{plural}",
        }
    hours, rest = divmod(limit.amount, 3600)
    parts = [(hours, "小时", "h"), (rest // 60, "分", "min"), (rest % 60, "秒", "s")]
    said = [part for part in parts if part[0]] or [(0, "秒", "s")]
    worked_zh, worked_en = ("工作时间", "of working time") if limit.unit is Unit.WORKING_SECONDS else ("", "")
    zh = worked_zh + "".join(f"{number}{unit}" for number, unit, _ in said)
    en = " ".join(f"{number} {unit}" for number, _, unit in said) + (f" {worked_en}" if worked_en else "")
    return {"amount_zh": zh, "amount_en": en}


def _moment(name: str, at: datetime) -> dict[str, object]:
    there = local(at)
    zh, en = _day(there.date())
    clock = there.strftime("%H:%M:%S")
    return {f"{name}_zh": f"{zh} {clock}", f"{name}_en": f"{en} {clock}"}


def _day(day: date) -> tuple[str, str]:
    return f"{day}(周{_WEEKDAYS_ZH[day.weekday()]})", f"{day} ({_WEEKDAYS_EN[day.weekday()]})"


def _days(first: date, last: date) -> dict[str, object]:
    (first_zh, first_en), (last_zh, last_en) = _day(first), _day(last)
    if first == last:
        return {"when_zh": first_zh, "when_en": first_en}
    return {"when_zh": f"{first_zh}至{last_zh}", "when_en": f"{first_en} to {last_en}"}


def _span(begin: datetime, end: datetime) -> dict[str, object]:
    opens, closes = _moment("at", begin), _moment("at", end)
    if local(end).strftime("%H%M%S") == "000000" and end > begin:
        zh, en = _day(local(end).date() - DAY)
        closes = {"at_zh": f"{zh} 24:00:00", "at_en": f"{en} 24:00:00"}
    return {
        "when_zh": f"{opens['at_zh']}至{closes['at_zh']}",
        "when_en": f"{opens['at_en']} to {closes['at_en']}",
    }
