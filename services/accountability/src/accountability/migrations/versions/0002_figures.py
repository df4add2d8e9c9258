"""The two schemas in which the counted things of the figures take turns."""

from alembic import context, op

from backbone.projector import slots_ddl

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make them; the service's role makes the tables itself."""
    attributes = context.config.attributes
    for statement in slots_ddl(attributes["schema"], "figures", attributes["role"]):
        op.get_bind().exec_driver_sql(statement)


def downgrade() -> None:
    """Read models come from the logs; taking them away is a new installation."""
    raise RuntimeError("the figures' schemas cannot be taken away")
