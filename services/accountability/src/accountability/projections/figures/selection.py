"""Selecting what is counted in a period as of a moment; ``$1`` is the moment, then begin and end."""

from typing import Final

from accountability.domain.figures import CLOCKS, EXCLUSIONS, Measure

_VALID: Final = "{0}.recorded_at <= $1 AND ({0}.until IS NULL OR {0}.until > $1)"
_REASONS: Final = "ARRAY[" + ",".join(f"'{each}'" for each in EXCLUSIONS) + "]"
_CLOCKS: Final = "(" + ",".join(f"'{each.value}'" for each in CLOCKS) + ")"


def _valid(alias: str) -> str:
    return _VALID.format(alias)


def _outside(*targets: str) -> str:
    """Joins that find which of X the targets are."""
    return "".join(
        f" LEFT JOIN outside o{number} ON o{number}.target = {target}"
        for number, target in enumerate(targets)
    )


def _reason(count: int) -> str:
    """The first of X, in its order, that one of so many targets is."""
    ranks = ", ".join(f"o{number}.rank" for number in range(count))
    return f"({_REASONS})[least({ranks})]"


_OUTSIDE: Final = (
    f"WITH outside AS (SELECT e.target, min(array_position({_REASONS}, e.reason)) AS rank"
    f" FROM figures.exclusions e WHERE e.holds AND {_valid('e')} GROUP BY e.target)"
)
_KIND: Final = "coalesce(s.kind, '') AS kind"
_SUBJECT: Final = f" LEFT JOIN figures.subjects s ON s.key = x.case_id AND {_valid('s')}"

CLOCK_ITEMS: Final = f"""{_OUTSIDE}
SELECT x.key, x.case_id, x.due AS at, x.original_due, x.done_at, x.measure, x.unit, {_KIND}, x.outcome,
    x.breached, x.ended, {_reason(3)} AS excluded, x.done_at <= x.original_due AS in_original, x.extended,
    CASE WHEN x.measure = '{Measure.REPORT_IN.value}'
        THEN extract(epoch FROM x.done_at - x.started_at)::bigint END AS seconds
FROM figures.clocks x{_SUBJECT}{_outside("x.case_id", "x.subject", "x.key")}
WHERE x.measure IN {_CLOCKS} AND x.due > $2 AND x.due <= $3 AND {_valid("x")}
"""

PART_ITEMS: Final = f"""{_OUTSIDE}
SELECT x.key, x.case_id, x.at, NULL::timestamptz AS original_due, NULL::timestamptz AS done_at,
    '{Measure.ASSIGNMENT.value}' AS measure, x.unit, {_KIND},
    CASE WHEN x.error THEN 'error' ELSE 'right' END AS outcome, false AS breached, x.returning AS ended,
    {_reason(2)} AS excluded, NULL::boolean AS in_original, false AS extended, NULL::bigint AS seconds
FROM figures.parts x{_SUBJECT}{_outside("x.case_id", "x.key")}
WHERE x.at >= $2 AND x.at < $3 AND {_valid("x")}
"""

_CHECK_FAILED: Final = f"""EXISTS (
        SELECT FROM figures.exclusions f WHERE f.reason = 'check-failed' AND f.holds AND {_valid("f")}
        AND (f.target = x.case_id || '/' || x.cycle OR f.target = x.case_id || '/' AND x.cycle = (
            SELECT max(y.cycle) FROM figures.judgements y
            WHERE y.case_id = x.case_id AND y.recorded_at <= f.recorded_at)))"""
"""A spot check says otherwise than the closing: what was judged solved is not."""

JUDGED_ITEMS: Final = f"""{_OUTSIDE}
SELECT x.key, x.case_id, x.at, NULL::timestamptz AS original_due, NULL::timestamptz AS done_at,
    x.measure, coalesce(a.unit, l.unit, CASE WHEN x.measure = '{Measure.RATING.value}' THEN x.subject END, '')
        AS unit, {_KIND}, CASE WHEN x.measure = '{Measure.ISSUE.value}' AND x.outcome = 'solved'
        AND {_CHECK_FAILED} THEN 'unsolved' ELSE x.outcome END AS outcome, false AS breached,
    NULL::text AS ended, {_reason(2)} AS excluded,
    NULL::boolean AS in_original, false AS extended, NULL::bigint AS seconds
FROM figures.judgements x{_SUBJECT}{_outside("x.case_id", "x.key")}
LEFT JOIN figures.answerable a ON x.measure <> '{Measure.RATING.value}' AND a.case_id = x.case_id
    AND a.cycle = x.cycle AND a.subject = x.subject AND {_valid("a")}
LEFT JOIN figures.answerable l ON x.measure <> '{Measure.RATING.value}' AND l.case_id = x.case_id
    AND l.cycle = x.cycle AND l.subject = 'lead' AND {_valid("l")}
WHERE x.measure IN ('{Measure.CLOSING.value}', '{Measure.ISSUE.value}', '{Measure.RATING.value}')
    AND x.at >= $2 AND x.at < $3 AND {_valid("x")}
"""

APPRAISED_ITEMS: Final = f"""{_OUTSIDE}
SELECT x.key || '/' || p.key AS key, x.case_id, x.at, NULL::timestamptz AS original_due,
    NULL::timestamptz AS done_at, x.measure, a.unit, {_KIND},
    CASE WHEN p.reported_in THEN 'reported_in' ELSE 'silent' END AS outcome, false AS breached,
    NULL::text AS ended, {_reason(2)} AS excluded, NULL::boolean AS in_original, false AS extended,
    NULL::bigint AS seconds
FROM figures.judgements x{_SUBJECT}{_outside("x.case_id", "x.key")}
JOIN figures.answerable a ON a.case_id = x.case_id AND a.cycle = x.cycle AND {_valid("a")}
JOIN figures.parts p ON p.key = a.subject AND {_valid("p")}
WHERE x.measure = '{Measure.PART.value}' AND x.at >= $2 AND x.at < $3 AND {_valid("x")}
"""

ALL_ITEMS: Final = (CLOCK_ITEMS, PART_ITEMS, JUDGED_ITEMS, APPRAISED_ITEMS)

GROUPED: Final = (
    "SELECT measure, unit, kind, outcome, breached, ended, excluded, in_original, extended, seconds,"
    " count(*) AS count FROM ({0}) counted GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10"
)
"""Alike things together; the sum of the counts is the number of things."""

LISTED: Final = (
    "SELECT *, 1 AS count FROM ({0}) counted WHERE measure = $4 AND key > $5"
    " AND (CAST($6 AS text) IS NULL OR unit = $6) ORDER BY key LIMIT $7"
)

FOUND: Final = "SELECT *, 1 AS count FROM ({0}) counted WHERE key = $4"

BY_MEASURE: Final = {
    **dict.fromkeys(CLOCKS, CLOCK_ITEMS),
    Measure.ASSIGNMENT: PART_ITEMS,
    Measure.CLOSING: JUDGED_ITEMS,
    Measure.ISSUE: JUDGED_ITEMS,
    Measure.RATING: JUDGED_ITEMS,
    Measure.PART: APPRAISED_ITEMS,
}
