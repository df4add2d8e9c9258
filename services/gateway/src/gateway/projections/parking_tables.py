"""Tables of parking and extension in the case view."""

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    DateTime,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
)

from gateway.projections.tables import metadata


def _moment(name: str) -> Column[object]:
    return Column(name, DateTime(timezone=True))


parkings = Table(
    "parkings",
    metadata,
    Column("case_id", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("unit", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("second", Boolean, nullable=False),
    Column("ground", Text, nullable=False),
    Column("plan", Text, nullable=False),
    Column("owner", Text, nullable=False),
    Column("owner_key", Text),
    Column("sunset", Date, nullable=False),
    Column("objection", Text),
    Column("reason", Text),
    Column("cause", Text),
    Column("review", Text),
    Column("applied_at", DateTime(timezone=True), nullable=False),
    _moment("approved_at"),
    _moment("reviewed_at"),
    _moment("ended_at"),
    PrimaryKeyConstraint("case_id", "number"),
)
"""Applications for parking and what became of them; ``reason`` is the refusal's or the early end's."""

milestones = Table(
    "milestones",
    metadata,
    Column("case_id", Text, nullable=False),
    Column("parking", Integer, nullable=False),
    Column("number", Integer, nullable=False),
    Column("due", Date, nullable=False),
    Column("text", Text, nullable=False),
    _moment("reached_at"),
    PrimaryKeyConstraint("case_id", "parking", "number"),
)

extensions = Table(
    "extensions",
    metadata,
    Column("case_id", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("unit", Text, nullable=False),
    Column("clock_id", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("second", Boolean, nullable=False),
    Column("amount", Integer, nullable=False),
    Column("measure", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("refusal", Text),
    Column("cause", Text),
    Column("due_before", DateTime(timezone=True), nullable=False),
    Column("applied_at", DateTime(timezone=True), nullable=False),
    _moment("decided_at"),
    PrimaryKeyConstraint("case_id", "number"),
)
"""Applications for more time; ``amount`` is in the clock's own unit, ``measure``."""
