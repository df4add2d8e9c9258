"""The table of enterprises and who serves each, beside the case view."""

from sqlalchemy import Column, DateTime, Index, Table, Text

from gateway.projections.tables import metadata

enterprises = Table(
    "enterprises",
    metadata,
    Column("enterprise_id", Text, primary_key=True),
    Column("number", Text, nullable=False),
    Column("credit_code", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("township", Text, nullable=False),
    Column("village", Text),
    Column("officer", Text),
    Column("officer_key", Text),
    Column("officer_phone", Text),
    Column("officer_unit", Text),
    Column("officer_since", DateTime(timezone=True)),
    Column("ended_at", DateTime(timezone=True)),
    Index("enterprises_by_township", "township", "number"),
    Index("enterprises_by_officer", "officer_unit", "number"),
)
