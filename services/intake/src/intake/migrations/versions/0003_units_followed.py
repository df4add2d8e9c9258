"""Routing's log is read once more from its beginning, for the units that intake follows from here on."""

from alembic import context, op

from backbone.eventstore.schema import quoted

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Begin again; what was carried out for a fact before is known by its command and not done twice."""
    schema = quoted(context.config.attributes["schema"])
    op.execute(f"UPDATE {schema}.projection SET seq = 0 WHERE name = 'whistles' AND source = 'routing'")


def downgrade() -> None:
    """Reading twice changes nothing, so there is nothing to undo."""
