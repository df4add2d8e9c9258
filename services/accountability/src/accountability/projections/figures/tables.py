"""The tables of the figures: rows are never changed, a later one takes the place of an earlier.

``recorded_at`` is when the fact behind a row was recorded, ``until`` when the next row of the same key was;
a moment is asked for by the rows that are valid then. Every row comes from the facts of one service alone,
so its history does not depend on how the logs of several services happened to arrive.
"""

from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    text,
)

metadata = MetaData(schema="figures")


def _moment(name: str, **options: Any) -> Column[Any]:
    return Column(name, DateTime(timezone=True), **options)


def _versioned(name: str, *columns: Any) -> Table:
    """A table of rows with validity; one row of a key is the present one."""
    return Table(
        name,
        metadata,
        Column("key", Text, nullable=False),
        Column("seq", BigInteger, nullable=False),
        _moment("recorded_at", nullable=False),
        _moment("until"),
        *columns,
        PrimaryKeyConstraint("key", "seq"),
        Index(f"{name}_present", "key", unique=True, postgresql_where=text("until IS NULL")),
    )


clocks = _versioned(
    "clocks",
    Column("measure", Text, nullable=False),
    Column("case_id", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("unit", Text, nullable=False),
    _moment("started_at", nullable=False),
    _moment("due", nullable=False),
    _moment("original_due", nullable=False),
    _moment("paused_at"),
    _moment("done_at"),
    Column("outcome", Text),
    Column("breached", Boolean, nullable=False),
    Column("ended", Text),
    Column("extended", Boolean, nullable=False),
    Index("clocks_by_due", "measure", "due"),
)
"""The clocks that are measured. ``done_at`` is the moment that was judged."""

parts = _versioned(
    "parts",
    Column("case_id", Text, nullable=False),
    Column("unit", Text, nullable=False),
    _moment("at", nullable=False),
    Column("part", Text, nullable=False),
    Column("issue_ids", ARRAY(Text), nullable=False),
    Column("live", Boolean, nullable=False),
    Column("error", Boolean, nullable=False),
    Column("returning", Text),
    Column("reported_in", Boolean, nullable=False),
    Index("parts_by_dispatch", "at"),
    Index("parts_by_case", "case_id"),
)
"""Assignments. ``live`` ones are the present departments of the whistle."""

answerable = _versioned(
    "answerable",
    Column("case_id", Text, nullable=False),
    Column("cycle", Integer, nullable=False),
    Column("subject", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Index("answerable_by_case", "case_id", "cycle"),
)
"""Who answered for what when the lead concluded: an issue, the whole (``lead``), a part (its assignment)."""

judgements = _versioned(
    "judgements",
    Column("measure", Text, nullable=False),
    Column("case_id", Text, nullable=False),
    Column("cycle", Integer, nullable=False),
    Column("subject", Text, nullable=False),
    _moment("at", nullable=False),
    Column("outcome", Text, nullable=False),
    Index("judgements_by_closing", "measure", "at"),
    Index("judgements_by_case", "case_id"),
)
"""Closings, verdicts and ratings. ``subject`` is an issue, a rated unit, or ``lead``."""

exclusions = _versioned(
    "exclusions",
    Column("target", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("holds", Boolean, nullable=False),
    Index("exclusions_by_target", "target"),
)
"""X: a case, an assignment or one item that stands outside."""

subjects = _versioned("subjects", Column("kind", Text, nullable=False))
"""What kind of case a case is."""

members = _versioned(
    "members",
    Column("name", Text, nullable=False),
    Column("short_name", Text, nullable=False),
    Column("tier", Text, nullable=False),
)
"""Units and the tier they are compared in."""
