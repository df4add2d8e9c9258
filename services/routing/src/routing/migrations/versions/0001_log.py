"""The log of routing: its events are dispatches, units and the responsibility list."""

from alembic import context, op

from backbone.eventstore import statements

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the log."""
    attributes = context.config.attributes
    for statement in statements(attributes["schema"], attributes["role"]):
        op.get_bind().exec_driver_sql(statement)


def downgrade() -> None:
    """A log is never taken away."""
    raise RuntimeError("the first migration of a log cannot be undone")
