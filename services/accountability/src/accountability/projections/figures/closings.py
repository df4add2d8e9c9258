"""Closings that can be checked, as of a moment: ``$1`` is the moment, then begin and end of the period."""

from typing import Final

from accountability.domain.figures import Measure

_VALID: Final = "{0}.recorded_at <= $1 AND ({0}.until IS NULL OR {0}.until > $1)"


def _valid(alias: str) -> str:
    return _VALID.format(alias)


CLOSED: Final = f"""
SELECT DISTINCT ON (x.case_id) x.case_id, x.cycle, coalesce(m.tier, '') AS tier, coalesce(s.kind, '') AS kind,
    EXISTS (SELECT FROM figures.judgements p WHERE p.case_id = x.case_id AND p.cycle = x.cycle
        AND p.measure = '{Measure.PART.value}' AND {_valid("p")}) AS appraised,
    (SELECT extract(epoch FROM c.done_at - c.started_at)::bigint FROM figures.clocks c
        WHERE c.case_id = x.case_id AND c.measure = '{Measure.HANDLING.value}' AND c.done_at <= x.at
        AND {_valid("c")} ORDER BY c.started_at DESC LIMIT 1) AS seconds
FROM figures.judgements x
LEFT JOIN figures.subjects s ON s.key = x.case_id AND {_valid("s")}
LEFT JOIN figures.answerable l ON l.case_id = x.case_id AND l.cycle = x.cycle AND l.subject = 'lead'
    AND {_valid("l")}
LEFT JOIN figures.members m ON m.key = l.unit AND {_valid("m")}
WHERE x.measure = '{Measure.CLOSING.value}' AND x.at >= $2 AND x.at < $3 AND {_valid("x")}
ORDER BY x.case_id, x.cycle DESC
"""
"""The last closing of each whistle: who led, how it was judged, how long it took from dispatch to done."""
