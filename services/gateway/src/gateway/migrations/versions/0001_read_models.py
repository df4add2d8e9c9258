"""The consumer's positions and clock of the gateway, and the two schemas its case view takes turns in."""

from alembic import context, op

from backbone.eventstore import statements
from backbone.projector import slots_ddl

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make everything; the service's role makes the tables of a read model itself."""
    schema, role = context.config.attributes["schema"], context.config.attributes["role"]
    for statement in [*statements(schema, role), *slots_ddl(schema, "cases", role)]:
        op.get_bind().exec_driver_sql(statement)


def downgrade() -> None:
    """Read models come from the logs; taking them away is a new installation."""
    raise RuntimeError("the first migration cannot be undone")
