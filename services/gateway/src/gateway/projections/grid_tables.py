"""Tables beside the case view: what may be reported to the grids, and who filed which report."""

from sqlalchemy import Column, DateTime, Integer, Table, Text
from sqlalchemy.dialects.postgresql import JSONB

from gateway.projections.tables import metadata

grid_networks = Table(
    "grid_networks",
    metadata,
    Column("version", Integer, primary_key=True),
    Column("source_document", Text, nullable=False),
    Column("admitted", JSONB, nullable=False),
    Column("published_at", DateTime(timezone=True), nullable=False),
)
"""Every admitted list (准入清单) there was; the newest counts. ``admitted``: code and title of each item."""

filings = Table(
    "filings",
    metadata,
    Column("case_id", Text, primary_key=True),
    Column("filed_by", Text, nullable=False),
    Column("ended_at", DateTime(timezone=True)),
)
"""``filed_by`` is the subject who sent a grid report, in whoever's name; ``ended_at``: when it was closed or
routed away, or its reporter was told how the whistle that it became has ended."""
