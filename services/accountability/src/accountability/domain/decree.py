"""放假通知: reading a decree file into the commands that publish its year and apply its corrections."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from accountability.domain.calendar import Holiday, SourceDocument
from accountability.domain.calendar_year import CorrectYear, PublishYear
from accountability.domain.refusals import Refused


def read_decree(text: str) -> tuple[PublishYear | CorrectYear, ...]:
    """The publication and the later corrections in a decree file (JSON, UTF-8), in order.

    ``{"year": 2019, "source": {"title", "number", "issued"}, "holidays": [{"name", "first", "last"}, …],
    "make_up_days": ["2019-02-02", …], "corrections": [{"source", "holidays", "make_up_days"}, …]}``

    Dates are ISO; a correction names all days of the year anew. Anything else is ``decree-unreadable``.
    """
    try:
        content = json.loads(text)
        year = int(content["year"])
        published = PublishYear(year, *_days(content))
        corrections = [CorrectYear(year, *_days(each)) for each in content.get("corrections", ())]
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise Refused("decree-unreadable", cause=f"{type(error).__name__}: {error}") from error
    return (published, *corrections)


def _days(
    content: Mapping[str, Any],
) -> tuple[tuple[Holiday, ...], tuple[date, ...], SourceDocument]:
    source = content["source"]
    issued = source.get("issued")
    return (
        tuple(
            Holiday(str(each["name"]), date.fromisoformat(each["first"]), date.fromisoformat(each["last"]))
            for each in content["holidays"]
        ),
        tuple(date.fromisoformat(each) for each in content["make_up_days"]),
        SourceDocument(
            str(source["title"]),
            str(source.get("number", "")),
            date.fromisoformat(issued) if issued else None,
        ),
    )
