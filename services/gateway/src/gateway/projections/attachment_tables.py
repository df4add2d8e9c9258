"""The table of files that came with cases; the files themselves stay with intake."""

from sqlalchemy import BigInteger, Boolean, Column, DateTime, Index, Table, Text, text

from gateway.projections.tables import metadata

attachments = Table(
    "attachments",
    metadata,
    Column("attachment_id", Text, primary_key=True),
    Column("case_id", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("added_at", DateTime(timezone=True), nullable=False),
    Column("removed_at", DateTime(timezone=True)),
    Column("erased", Boolean, nullable=False, server_default=text("false")),
    Index("attachments_by_case", "case_id", "added_at"),
)
