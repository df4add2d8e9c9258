"""Orders, exemptions, shared results, instructions, spot checks and trace-backs as tables."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import RowMapping

from backbone.sheets import Row
from gateway.entrypoints.exported.listed import Asking, Listed, Rows, Wanted, moment
from gateway.projections import supervision_queries as found
from gateway.projections.supervision_tables import (
    exemptions,
    instructions,
    orders,
    results,
    spot_checks,
    trace_backs,
)

Numbers = Mapping[str, str]


class OfCase(Wanted):
    """Of one case, or of all."""

    case_id: str | None = None


class Orders(OfCase):
    """Only those that are open, or only those that are over."""

    open: bool | None = None


class Exemptions(OfCase):
    """Only those that wait, or only those that were decided."""

    waiting: bool | None = None


class Checks(Wanted):
    """Of one period."""

    period: str | None = None


async def _orders(asking: Asking, wanted: Orders) -> Rows:
    viewer, case_id, open_ = asking.viewer, wanted.case_id, wanted.open
    pages = asking.of_cases(
        lambda c, first, after: found.orders_for(c, viewer, case_id, open_, first, after), orders.c.at
    )
    async for rows, numbers in pages:
        yield [_order(asking, row, numbers) for row in rows]


def _order(asking: Asking, row: RowMapping, numbers: Numbers) -> Row:
    return [
        numbers.get(row["case_id"], ""),
        asking.word("rung", row["color"]),
        asking.word("order-state", row["state"]),
        asking.unit(row["unit"]),
        asking.clock(row["kind"]),
        asking.word("authority", row["authority"]),
        asking.yes(row["by_ladder"]),
        asking.unit(row["copied_to"]),
        *(row[name] for name in ("reason", "speaker", "heard", "reply", "words")),
        asking.word("order-cause", row["cause"]),
        *(
            moment(row[name])
            for name in (
                *("proposed_at", "heard_at", "issued_at", "reply_due"),
                *("overdue_at", "replied_at", "ended_at"),
            )
        ),
        row["case_id"],
        row["matter_id"],
    ]


async def _exemptions(asking: Asking, wanted: Exemptions) -> Rows:
    viewer, case_id, waiting = asking.viewer, wanted.case_id, wanted.waiting
    pages = asking.of_cases(
        lambda c, first, after: found.exemptions_for(c, viewer, case_id, waiting, first, after),
        exemptions.c.claimed_at,
    )
    async for rows, numbers in pages:
        yield [
            [
                numbers.get(row["case_id"], ""),
                asking.unit(row["unit"]),
                asking.clock(row["kind"]),
                asking.word("exemption-state", row["state"]),
                asking.word("exemption-ground", row["ground"]),
                row["evidence"],
                asking.unit(row["claimed_by"]),
                moment(row["claimed_at"]),
                asking.unit(row["decided_by"]),
                moment(row["decided_at"]),
                row["reason"],
                row["case_id"],
                row["clock_id"],
            ]
            for row in rows
        ]


async def _results(asking: Asking, wanted: OfCase) -> Rows:
    viewer, case_id = asking.viewer, wanted.case_id
    pages = asking.of_cases(
        lambda c, first, after: found.results_for(c, viewer, case_id, first, after), results.c.at
    )
    async for rows, numbers in pages:
        yield [
            [
                numbers.get(row["case_id"], ""),
                asking.unit(row["unit"]),
                asking.clock(row["kind"]),
                asking.word("shared-result", row["result"]),
                row["words"],
                moment(row["at"]),
                row["case_id"],
                row["matter_id"],
            ]
            for row in rows
        ]


async def _instructions(asking: Asking, wanted: OfCase) -> Rows:
    viewer, case_id = asking.viewer, wanted.case_id
    pages = asking.of_cases(
        lambda c, first, after: found.instructions_for(c, viewer, case_id, first, after), instructions.c.at
    )
    async for rows, numbers in pages:
        yield [
            [
                numbers.get(row["case_id"], ""),
                row["number"],
                asking.units(row["to"]),
                row["words"],
                moment(row["at"]),
                row["case_id"],
            ]
            for row in rows
        ]


async def _checks(asking: Asking, wanted: Checks) -> Rows:
    viewer, period = asking.viewer, wanted.period
    pages = asking.of_cases(
        lambda c, first, after: found.checks_for(c, viewer, period, first, after), spot_checks.c.drawn_at
    )
    async for rows, _ in pages:
        yield [
            [
                row["number"],
                row["period"],
                row["cycle"],
                _stratum(asking, row["stratum"]),
                row["weight"],
                asking.word("spot-check-state", row["state"]),
                asking.word("spot-check-way", row["way"]),
                *(row[name] for name in ("asked", "finding", "checker")),
                asking.unit(row["checker_unit"]),
                moment(row["drawn_at"]),
                moment(row["done_at"]),
                row["case_id"],
                row["check_id"],
            ]
            for row in rows
        ]


def _stratum(asking: Asking, told: str) -> str:
    """Units are compared within their tier, cases within their kind."""
    tier, _, kind = told.partition("/")
    return f"{asking.word('tier', tier)}/{asking.word('whistle-kind', kind)}"


async def _trace_backs(asking: Asking, wanted: OfCase) -> Rows:
    case_id = wanted.case_id
    pages = asking.of_cases(
        lambda c, first, after: found.trace_backs_for(c, case_id, first, after), trace_backs.c.released_at
    )
    async for rows, _ in pages:
        yield [
            [
                row["case_number"],
                row["number"],
                row["reason"],
                row["by"],
                moment(row["released_at"]),
                row["digest"],
                row["case_id"],
            ]
            for row in rows
        ]


LISTS: Final[tuple[Listed[Any], ...]] = (
    Listed(
        name="supervision-orders",
        query="supervisionOrders",
        operations=("read-cases",),
        wanted=Orders,
        columns=(
            *("number", "color", "state", "unit", "clock", "authority", "by-ladder", "copied-to"),
            *("reason", "speaker", "heard", "reply", "closing-words", "cause", "proposed", "heard-at"),
            *("issued", "reply-due", "overdue", "replied", "ended", "case-id", "matter-id"),
        ),
        rows=_orders,
    ),
    Listed(
        name="exemptions",
        query="exemptions",
        operations=("read-cases",),
        wanted=Exemptions,
        columns=(
            *("number", "unit", "clock", "state", "ground", "evidence", "claimed-by", "claimed"),
            *("decided-by", "decided", "reason", "case-id", "clock-id"),
        ),
        rows=_exemptions,
    ),
    Listed(
        name="shared-results",
        query="sharedResults",
        operations=("read-cases",),
        wanted=OfCase,
        columns=("number", "unit", "clock", "result", "words", "at", "case-id", "matter-id"),
        rows=_results,
    ),
    Listed(
        name="instructions",
        query="instructions",
        operations=("read-cases",),
        wanted=OfCase,
        columns=("number", "ordinal", "to", "words", "at", "case-id"),
        rows=_instructions,
    ),
    Listed(
        name="spot-checks",
        query="spotChecks",
        operations=("read-spot-checks",),
        wanted=Checks,
        columns=(
            *("number", "period", "cycle", "stratum", "weight", "state", "check-way", "asked", "finding"),
            *("checker", "checker-unit", "drawn", "done", "case-id", "check-id"),
        ),
        rows=_checks,
    ),
    Listed(
        name="trace-backs",
        query="traceBacks",
        operations=("read-trace-backs",),
        wanted=OfCase,
        # The document is a file of its own, byte for byte what its digest was taken of.
        columns=("number", "ordinal", "reason", "released-by", "released", "digest", "case-id"),
        rows=_trace_backs,
    ),
)
