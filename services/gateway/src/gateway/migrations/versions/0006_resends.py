"""Fingerprints of reports that came without an idempotency key."""

from alembic import context, op

from backbone.eventstore.schema import quoted

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table: keyed hashes, none of the words."""
    schema, role = (quoted(context.config.attributes[each]) for each in ("schema", "role"))
    op.execute(
        f"""
        CREATE TABLE {schema}.resend (
            fingerprint bytea PRIMARY KEY,
            command_key uuid NOT NULL,
            first_at timestamptz NOT NULL
        )
        """
    )
    op.execute(f"CREATE INDEX resend_by_time ON {schema}.resend (first_at)")
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {schema}.resend TO {role}")


def downgrade() -> None:
    """A report that was sent before would be taken twice."""
    raise RuntimeError("what was sent cannot be forgotten")
