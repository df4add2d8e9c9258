"""Tables of supervision, exemptions, spot checks and trace-backs in the case view."""

from sqlalchemy import (
    ARRAY,
    Boolean,
    Column,
    DateTime,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
)

from gateway.projections.tables import metadata


def _moment(name: str, *, known: bool = False) -> Column[object]:
    return Column(name, DateTime(timezone=True), nullable=not known)


orders = Table(
    "orders",
    metadata,
    Column("matter_id", Text, nullable=False),
    Column("color", Text, nullable=False),
    Column("case_id", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("kind", Text),
    Column("state", Text, nullable=False),
    Column("authority", Text, nullable=False),
    Column("by_ladder", Boolean, nullable=False),
    Column("copied_to", Text),
    Column("reason", Text),
    Column("speaker", Text),
    Column("heard", Text),
    Column("reply", Text),
    Column("words", Text),
    Column("cause", Text),
    _moment("proposed_at"),
    _moment("heard_at"),
    _moment("issued_at"),
    _moment("reply_due"),
    _moment("overdue_at"),
    _moment("replied_at"),
    _moment("ended_at"),
    _moment("at", known=True),
    PrimaryKeyConstraint("matter_id", "color"),
    Index("orders_by_case", "case_id"),
    Index("orders_by_moment", "at"),
)
"""Orders of a matter; ``words`` accept the reply, or say why it was declined or withdrawn.

``overdue_at`` is the ``reply_due`` that passed without a reply.
"""

exemptions = Table(
    "exemptions",
    metadata,
    Column("clock_id", Text, primary_key=True),
    Column("case_id", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("ground", Text, nullable=False),
    Column("claimed_by", Text, nullable=False),
    Column("evidence", Text, nullable=False),
    Column("decided_by", Text),
    Column("reason", Text),
    _moment("claimed_at", known=True),
    _moment("decided_at"),
    Index("exemptions_by_case", "case_id"),
)

results = Table(
    "results",
    metadata,
    Column("matter_id", Text, nullable=False),
    Column("result", Text, nullable=False),
    Column("case_id", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("kind", Text),
    Column("words", Text),
    _moment("at", known=True),
    PrimaryKeyConstraint("matter_id", "result"),
    Index("results_by_case", "case_id"),
)
"""结果共享: what was decided of a matter, so that it is not pursued twice."""

instructions = Table(
    "instructions",
    metadata,
    Column("case_id", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("to", ARRAY(Text), nullable=False),
    Column("words", Text, nullable=False),
    _moment("at", known=True),
    PrimaryKeyConstraint("case_id", "number"),
)

spot_checks = Table(
    "spot_checks",
    metadata,
    Column("check_id", Text, primary_key=True),
    Column("case_id", Text, nullable=False),
    Column("period", Text, nullable=False),
    Column("cycle", Integer, nullable=False),
    Column("stratum", Text, nullable=False),
    Column("weight", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("checker", Text),
    Column("checker_unit", Text),
    Column("way", Text),
    Column("asked", Text),
    Column("finding", Text),
    _moment("drawn_at", known=True),
    _moment("done_at"),
    Index("spot_checks_by_case", "case_id"),
    Index("spot_checks_by_checker", "checker"),
)

trace_backs = Table(
    "trace_backs",
    metadata,
    Column("case_id", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("digest", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("document", Text, nullable=False),
    _moment("released_at", known=True),
    PrimaryKeyConstraint("case_id", "number"),
)
