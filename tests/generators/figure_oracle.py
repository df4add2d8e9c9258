"""The figures once more, in SQL alone and straight from the published logs of the three services."""

# Nothing here is taken from the product but the names of the facts. Each clock is looked up fact by fact, as
# of the moment; acts lie in [begin ($1), end ($2)), deadlines in (begin, end]. What is excluded is in no
# count; a clock nobody has judged yet is in none either.

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

import asyncpg

_COPIES: Final = """
DROP TABLE IF EXISTS acc, rou, itk, fact;
CREATE TEMP TABLE acc AS SELECT seq, type, case_id, data::jsonb AS d FROM accountability.published
    WHERE recorded_at <= '{as_of}';
CREATE TEMP TABLE rou AS SELECT seq, type, case_id, data::jsonb AS d, coalesce(occurred_at, recorded_at) AS at
    FROM routing.published WHERE recorded_at <= '{as_of}';
CREATE TEMP TABLE itk AS SELECT seq, type, case_id, data::jsonb AS d, coalesce(occurred_at, recorded_at) AS at
    FROM intake.published WHERE recorded_at <= '{as_of}';
CREATE TEMP TABLE fact AS
    SELECT seq, split_part(type, '.', 3) AS what, d->>'clock_id' AS id, case_id, d
    FROM acc WHERE type LIKE 'accountability.clock.%';
CREATE INDEX ON fact (id, seq);
CREATE INDEX ON fact (seq);
CREATE INDEX ON rou (case_id);
ANALYZE fact, acc, rou, itk;
"""
"""What was recorded by the moment; the questions below are asked of these."""

_FACTS: Final = """
WITH kind AS (
    SELECT DISTINCT ON (case_id) case_id, coalesce(d->>'kind', d->>'channel') AS kind FROM itk
    WHERE split_part(type, '.', 3) IN
        ('whistle-raised', 'whistle-signed', 'whistle-recorded', 'letter-submitted', 'letter-recorded')
    ORDER BY case_id, seq DESC
),
kinds AS (
    SELECT * FROM kind UNION ALL
    SELECT case_id, 'dispute' FROM rou WHERE type = 'routing.dispute.dispute-filed.v1'
),
out_case AS (
    SELECT case_id FROM rou WHERE split_part(type, '.', 3) IN ('dispatch-withdrawn', 'whistle-merged')
    UNION SELECT case_id FROM itk WHERE split_part(type, '.', 3) IN ('whistle-withdrawn', 'whistle-merged')
    UNION SELECT n.case_id FROM rou n WHERE n.type = 'routing.dispatch.whistle-not-accepted.v1'
        AND NOT EXISTS (SELECT FROM rou a WHERE a.case_id = n.case_id AND a.seq > n.seq
            AND a.type = 'routing.dispatch.appeal-decided.v1' AND (a.d->>'granted')::boolean)
),
wrong AS (
    SELECT v->>'assignment_id' AS id FROM rou, jsonb_array_elements(d->'voided') v
    WHERE type = 'routing.dispatch.dispatch-corrected.v1'
    UNION SELECT d->>'assignment_id' FROM rou
    WHERE type = 'routing.assignment.assignment-returned.v1' AND (d->>'dispatch_error')::boolean
),
appealed AS (
    SELECT d->>'item' AS id FROM acc
    WHERE type = 'accountability.figure-appeal.figure-appeal-decided.v1' AND (d->>'accepted')::boolean
    UNION SELECT d->>'clock_id' FROM acc
    WHERE type = 'accountability.exemption.good-faith-exemption-granted.v1'
)
"""

_CLOCKS: Final = f"""{_FACTS},
clock AS (
    SELECT s.id, s.case_id, s.d->>'kind' AS measure, coalesce(s.d->>'assignment_id', s.case_id) AS subject,
        coalesce(
            (SELECT (f.d->>'started_at')::timestamptz FROM fact f
                WHERE f.id = s.id AND f.what = 'clock-moved' AND f.d->>'started_at' IS NOT NULL
                ORDER BY f.seq DESC LIMIT 1),
            (s.d->>'started_at')::timestamptz) AS started,
        (SELECT (f.d->>'due')::timestamptz FROM fact f WHERE f.id = s.id AND f.d ? 'earliest'
            ORDER BY f.seq DESC LIMIT 1) AS due,
        (SELECT f.d->>'unit' FROM fact f WHERE f.id = s.id AND f.d ? 'earliest'
            ORDER BY f.seq DESC LIMIT 1) AS unit,
        coalesce(
            (SELECT (f.d->>'original_due')::timestamptz FROM fact f
                WHERE f.id = s.id AND f.what = 'clock-moved'
                ORDER BY f.seq DESC LIMIT 1),
            (s.d->>'due')::timestamptz) AS original,
        (SELECT f.d->>'outcome' FROM fact f WHERE f.id = s.id AND f.d ? 'outcome'
            ORDER BY f.seq DESC LIMIT 1) AS outcome,
        (SELECT f.d->>'reason' FROM fact f WHERE f.id = s.id AND f.what = 'clock-voided') AS void,
        (SELECT count(*) FILTER (WHERE f.what = 'clock-breached')
            - count(*) FILTER (WHERE f.what = 'breach-annulled')
            FROM fact f WHERE f.id = s.id) > 0 AS breached,
        (SELECT f.seq FROM fact f
            WHERE f.id = s.id AND (f.what = 'clock-stopped' OR f.d->>'stopped_at' IS NOT NULL)
            ORDER BY f.seq DESC LIMIT 1) AS stop
    FROM fact s WHERE s.what = 'clock-started' AND s.d->>'kind' IN ('C1', 'C2', 'C3', 'C4', 'C5', 'C13')
),
done AS (
    SELECT c.*, coalesce(
        (SELECT (p.d->>'at')::timestamptz FROM fact p WHERE p.id = c.id AND p.what = 'clock-paused'
            AND p.seq < c.stop AND NOT EXISTS (SELECT FROM fact r WHERE r.id = c.id AND r.what = 'clock-moved'
                AND r.d->>'cause' = 'resumed' AND r.seq > p.seq AND r.seq < c.stop)
            ORDER BY p.seq DESC LIMIT 1),
        (SELECT coalesce(f.d->>'stopped_at', f.d->>'at')::timestamptz FROM fact f WHERE f.seq = c.stop)) AS at
    FROM clock c
),
counted AS (
    SELECT d.*, coalesce(k.kind, '') AS kind,
        d.case_id IN (SELECT case_id FROM out_case) OR d.subject IN (SELECT id FROM wrong)
        OR d.id IN (SELECT id FROM appealed)
        OR coalesce(d.outcome, '') = 'returned'
        OR coalesce(d.void, '') IN ('withdrawn', 'merged', 'not-accepted', 'dispatch-corrected',
            'dispatch-error')
        OR (d.void IS NOT NULL AND NOT d.breached AND coalesce(d.outcome, '') <> 'late') AS excluded
    FROM done d LEFT JOIN kinds k USING (case_id) WHERE d.due > $1 AND d.due <= $2
),
judged AS (
    SELECT *, coalesce(outcome, '') <> 'provisional'
        AND (breached OR coalesce(outcome, '') IN ('on_time', 'late')) AS decided
    FROM counted WHERE NOT excluded
)
"""

_RATES: Final = f"""{_CLOCKS}
SELECT measure AS what, unit, kind,
    count(*) FILTER (WHERE outcome = 'on_time' AND NOT breached)::numeric AS numerator,
    count(*)::bigint AS denominator, NULL::float8 AS median, NULL::float8 AS p90
FROM judged WHERE decided GROUP BY 1, 2, 3
UNION ALL
SELECT measure || ' original', unit, kind, count(*) FILTER (WHERE at <= original)::numeric, count(*),
    NULL, NULL
FROM judged WHERE decided AND measure IN ('C5', 'C13') GROUP BY 1, 2, 3
UNION ALL
SELECT 'C1 time', unit, kind, 0::numeric, count(*),
    percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM at - started)) / 3600,
    percentile_cont(0.9) WITHIN GROUP (ORDER BY extract(epoch FROM at - started)) / 3600
FROM judged WHERE measure = 'C1' AND at IS NOT NULL GROUP BY 2, 3
UNION ALL
SELECT measure || ' excluded', unit, kind, 0::numeric, count(*), NULL, NULL
FROM counted WHERE excluded GROUP BY 1, 2, 3
"""

_PARTS: Final = """,
told AS (
    SELECT r.seq, r.case_id, r.at, r.type, a FROM rou r CROSS JOIN LATERAL jsonb_array_elements(
        coalesce(r.d->'assignments', '[]') || coalesce(r.d->'issued', '[]') || coalesce(r.d->'changed', '[]')
        || CASE WHEN r.d ? 'kept' THEN jsonb_build_array(r.d->'kept') ELSE '[]' END) a
    WHERE split_part(r.type, '.', 3) IN ('dispatch-issued', 'dispatch-corrected', 'assignment-returned',
        'assignment-released', 'appeal-decided', 'cycle-opened', 'child-adopted', 'assignment-moved',
        'dispatch-recorded')
),
part AS (
    SELECT DISTINCT ON (a->>'assignment_id') a->>'assignment_id' AS id, case_id,
        coalesce((SELECT (r.d->>'dispatched_at')::timestamptz FROM rou r WHERE r.seq = t.seq), at) AS at
    FROM told t ORDER BY a->>'assignment_id', seq
),
owner AS (
    SELECT DISTINCT ON (a->>'assignment_id') a->>'assignment_id' AS id, a->>'unit' AS unit
    FROM told ORDER BY a->>'assignment_id', seq DESC
),
left_at AS (
    SELECT seq, v->>'assignment_id' AS id FROM rou, jsonb_array_elements(d->'voided') v
    WHERE type = 'routing.dispatch.dispatch-corrected.v1'
    UNION ALL SELECT seq, d->>'assignment_id' FROM rou
    WHERE split_part(type, '.', 3) IN ('assignment-returned', 'assignment-released')
    UNION ALL SELECT seq, d->'absorbed'->>'assignment_id' FROM rou
    WHERE type = 'routing.assignment.assignment-moved.v1' AND jsonb_typeof(d->'absorbed') = 'object'
),
renewed AS (
    SELECT seq, case_id FROM rou WHERE type = 'routing.dispatch.cycle-opened.v1'
        OR (type = 'routing.dispatch.appeal-decided.v1' AND (d->>'granted')::boolean)
),
returned AS (
    SELECT DISTINCT ON (d->>'assignment_id') d->>'assignment_id' AS id, split_part(type, '.', 3) AS what
    FROM rou WHERE split_part(type, '.', 3) IN ('return-requested', 'return-refused', 'assignment-returned')
    ORDER BY d->>'assignment_id', seq DESC
),
assigned AS (
    SELECT p.id, o.unit, coalesce(k.kind, '') AS kind, r.what AS returned,
        p.id IN (SELECT id FROM wrong) AS wrong
    FROM part p JOIN owner o USING (id) LEFT JOIN kinds k USING (case_id) LEFT JOIN returned r USING (id)
    WHERE p.at >= $1 AND p.at < $2 AND p.case_id NOT IN (SELECT case_id FROM out_case)
        AND p.id NOT IN (SELECT id FROM appealed)
),
conclusion AS (
    SELECT seq, case_id, (d->>'cycle')::int AS cycle, d->>'unit' AS lead FROM rou
    WHERE type = 'routing.assignment.lead-concluded.v1'
    UNION ALL SELECT seq, case_id, 1, d->'assignments'->0->>'unit' FROM rou
    WHERE type = 'routing.dispatch.dispatch-recorded.v1'
),
at_conclusion AS (
    SELECT DISTINCT ON (c.seq, t.a->>'assignment_id') c.case_id, c.cycle, t.seq AS told, c.seq AS concluded,
        t.a->>'assignment_id' AS id, t.a->>'unit' AS unit, t.a->'issue_ids' AS issues
    FROM conclusion c JOIN told t ON t.case_id = c.case_id AND t.seq <= c.seq
    WHERE t.seq >= coalesce(
        (SELECT max(n.seq) FROM renewed n WHERE n.case_id = c.case_id AND n.seq < c.seq), 0)
    ORDER BY c.seq, t.a->>'assignment_id', t.seq DESC
),
answer AS (
    SELECT x.case_id, x.cycle, x.unit, i AS issue
    FROM at_conclusion x, jsonb_array_elements_text(x.issues) i
    WHERE NOT EXISTS (SELECT FROM left_at l WHERE l.id = x.id AND l.seq > x.told AND l.seq < x.concluded)
),
closing AS (
    SELECT seq, case_id, at, (d->>'cycle')::int AS cycle, (d->>'appraised')::boolean AS appraised,
        d->'verdicts' AS verdicts, d->'ratings' AS ratings FROM itk
    WHERE type = 'intake.whistle.whistle-closed.v1'
    UNION ALL SELECT seq, case_id, (d->>'closed_at')::timestamptz, 1, (d->>'appraised')::boolean,
        d->'verdicts',
        (SELECT coalesce(jsonb_agg(u) FILTER (WHERE u->>'rating' IS NOT NULL), '[]')
            FROM jsonb_array_elements(d->'departments') u)
    FROM itk WHERE type = 'intake.whistle.whistle-recorded.v1'
),
said AS (
    SELECT seq, case_id, at, cycle, v FROM closing, jsonb_array_elements(verdicts) v WHERE appraised
    UNION ALL SELECT seq, case_id, at, (d->>'cycle')::int, v FROM itk, jsonb_array_elements(d->'verdicts') v
    WHERE type = 'intake.whistle.adopted-issues-judged.v1'
),
verdict AS (
    SELECT DISTINCT ON (case_id, cycle, v->>'issue_id') case_id, cycle, v,
        first_value(at) OVER (PARTITION BY case_id, cycle, v->>'issue_id' ORDER BY seq) AS at
    FROM said ORDER BY case_id, cycle, v->>'issue_id', seq DESC
),
rating AS (
    SELECT case_id, at, r FROM closing, jsonb_array_elements(ratings) r WHERE appraised
    UNION ALL SELECT case_id, at, r FROM itk, jsonb_array_elements(d->'ratings') r
    WHERE type = 'intake.whistle.adopted-issues-judged.v1'
)
"""

_QUALITY: Final = f"""{_FACTS}{_PARTS}
SELECT 'accuracy' AS what, unit, kind, count(*) FILTER (WHERE NOT wrong)::numeric AS numerator,
    count(*) AS denominator, NULL::float8 AS median, NULL::float8 AS p90 FROM assigned GROUP BY 2, 3
UNION ALL SELECT 'return', unit, kind, count(returned)::numeric, count(*), NULL, NULL
    FROM assigned GROUP BY 2, 3
UNION ALL SELECT 'upheld', unit, kind, count(*) FILTER (WHERE returned = 'assignment-returned')::numeric,
    count(*), NULL, NULL
    FROM assigned WHERE returned IN ('assignment-returned', 'return-refused') GROUP BY 2, 3
UNION ALL SELECT 'rework', coalesce(c.lead, ''), coalesce(k.kind, ''),
    count(*) FILTER (WHERE cycle > 1)::numeric, count(*), NULL, NULL
    FROM closing LEFT JOIN conclusion c USING (case_id, cycle) LEFT JOIN kinds k USING (case_id)
    WHERE at >= $1 AND at < $2 AND case_id NOT IN (SELECT case_id FROM out_case) GROUP BY 2, 3
UNION ALL SELECT 'resolution', coalesce(a.unit, c.lead, ''), coalesce(k.kind, ''),
    count(*) FILTER (WHERE v->>'verdict' = 'solved' AND NOT EXISTS (SELECT FROM acc f
        WHERE f.type = 'accountability.spot-check.spot-check-failed.v1' AND f.case_id = x.case_id
        AND coalesce((f.d->>'cycle')::int, x.cycle) = x.cycle))::numeric, count(*), NULL, NULL
    FROM verdict x
    LEFT JOIN answer a ON a.case_id = x.case_id AND a.cycle = x.cycle AND a.issue = v->>'issue_id'
    LEFT JOIN conclusion c ON c.case_id = x.case_id AND c.cycle = x.cycle
    LEFT JOIN kinds k ON k.case_id = x.case_id
    WHERE at >= $1 AND at < $2 AND x.case_id NOT IN (SELECT case_id FROM out_case) GROUP BY 2, 3
UNION ALL SELECT 'satisfaction', r->>'unit', coalesce(k.kind, ''),
    sum(CASE r->>'rating' WHEN 'satisfied' THEN 1 WHEN 'basically' THEN 0.9 ELSE 0 END), count(*), NULL, NULL
    FROM rating LEFT JOIN kinds k USING (case_id)
    WHERE at >= $1 AND at < $2 AND case_id NOT IN (SELECT case_id FROM out_case) GROUP BY 2, 3
"""

CALLED: Final[Mapping[str, str]] = {
    "C1": "report-in",
    "C1 time": "report-in-time",
    "C13": "first-feedback",
    "C13 original": "first-feedback-original",
    "C5": "handling",
    "C5 original": "handling-original",
    "C3": "letter-response",
    "C4": "letter-resolution",
    "C2": "dispute",
    "resolution": "resolution",
    "satisfaction": "satisfaction",
    "rework": "rework",
    "return": "return",
    "upheld": "upheld",
    "accuracy": "dispatch-accuracy",
}
"""What a query calls a figure → what the product calls it."""

Place = tuple[str, str, str]
"""Figure, unit, kind."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What a figure has to come to; median and P90 in hours to six places."""

    numerator: Decimal
    denominator: int
    median: float | None = None
    p90: float | None = None


async def figures_by_sql(
    connection: "asyncpg.Connection[Any]", begin: datetime, end: datetime, as_of: datetime
) -> dict[Place, Expected]:
    """Every figure with something counted, by unit and kind; the connection reads all three schemas."""
    await connection.execute(_COPIES.format(as_of=as_of.isoformat()))
    found: dict[Place, Expected] = {}
    for query in (_RATES, _QUALITY):
        for row in await connection.fetch(query, begin, end):
            if row["what"] in CALLED:
                found[CALLED[row["what"]], row["unit"], row["kind"]] = _expected(row)
    return found


async def excluded_by_sql(
    connection: "asyncpg.Connection[Any]", begin: datetime, end: datetime, as_of: datetime
) -> dict[Place, int]:
    """How many clocks stand outside, by unit and kind; the figure is that of the current deadline."""
    await connection.execute(_COPIES.format(as_of=as_of.isoformat()))
    rows = await connection.fetch(_RATES, begin, end)
    return {
        (CALLED[row["what"].split()[0]], row["unit"], row["kind"]): row["denominator"]
        for row in rows
        if row["what"].endswith("excluded")
    }


def _expected(row: Mapping[str, Any]) -> Expected:
    hours = [None if row[name] is None else round(row[name], 6) for name in ("median", "p90")]
    return Expected(Decimal(row["numerator"]).normalize(), row["denominator"], *hours)
