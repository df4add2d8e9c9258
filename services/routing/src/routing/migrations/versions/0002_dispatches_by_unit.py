"""An index of the log: which dispatches name a unit, for the day it is merged or ended."""

from alembic import context, op

from backbone.eventstore.schema import quoted

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Only facts that name a unit are indexed, under every unit they name."""
    log = quoted(context.config.attributes["schema"])
    op.get_bind().exec_driver_sql(
        f"""
        CREATE INDEX dispatches_by_unit ON {log}.event
        USING gin (jsonb_path_query_array(data::jsonb, '$.**.unit'))
        WHERE stream >= 'dispatch-' AND stream < 'dispatch.' AND data LIKE '%"unit":"%'
        """
    )


def downgrade() -> None:
    """Nothing is lost with it."""
    op.drop_index("dispatches_by_unit", schema=context.config.attributes["schema"])
