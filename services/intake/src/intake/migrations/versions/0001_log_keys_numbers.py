"""The log of intake, the keys of personal data apart from it, and the counters of case numbers."""

from alembic import context, op

from backbone.eventstore import statements
from backbone.eventstore.schema import quoted

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make everything; the service's role may add and destroy keys, but not delete that they were."""
    schema = context.config.attributes["schema"]
    role = context.config.attributes["role"]
    for statement in statements(schema, role):
        op.get_bind().exec_driver_sql(statement)
    log, keys, service = quoted(schema), quoted(f"{schema}_keys"), quoted(role)
    op.execute(f"CREATE SCHEMA {keys}")
    op.execute(
        f"""
        CREATE TABLE {keys}.personal_key (
            key_id text COLLATE "C" PRIMARY KEY,
            wrapped bytea,
            made_at timestamptz NOT NULL DEFAULT clock_timestamp(),
            destroyed_at timestamptz,
            CHECK ((wrapped IS NULL) = (destroyed_at IS NOT NULL))
        )
        """
    )
    op.execute(f"GRANT USAGE ON SCHEMA {keys} TO {service}")
    op.execute(f"GRANT SELECT, INSERT, UPDATE ON {keys}.personal_key TO {service}")
    op.execute(
        f"""
        CREATE TABLE {log}.counter (
            series text NOT NULL,
            year integer NOT NULL,
            last integer NOT NULL,
            PRIMARY KEY (series, year)
        ) WITH (fillfactor = 10)
        """
    )
    op.execute(f"GRANT SELECT, INSERT, UPDATE ON {log}.counter TO {service}")


def downgrade() -> None:
    """A log is never taken away."""
    raise RuntimeError("the first migration of a log cannot be undone")
