"""Whose session at the provider a session is, the logouts a provider told of, and what callers asked for."""

from alembic import context, op

from backbone.eventstore.schema import quoted

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Name sessions as the provider does; earlier ones by their person alone."""
    schema, role = (quoted(context.config.attributes[each]) for each in ("schema", "role"))
    op.execute(f"ALTER TABLE {schema}.session ADD provider_subject text, ADD provider_session text")
    op.execute(f"UPDATE {schema}.session SET provider_subject = subject")
    op.execute(f"ALTER TABLE {schema}.session ALTER provider_subject SET NOT NULL")
    for column in ("provider_subject", "provider_session"):
        op.execute(f"CREATE INDEX session_by_{column} ON {schema}.session ({column}) WHERE ended_at IS NULL")
    op.execute(
        f"""
        CREATE TABLE {schema}.provider_logout (
            id_hash bytea PRIMARY KEY,
            provider_session text,
            told_at timestamptz NOT NULL
        )
        """
    )
    op.execute(f"CREATE INDEX provider_logout_by_session ON {schema}.provider_logout (provider_session)")
    op.execute(f"CREATE INDEX provider_logout_by_time ON {schema}.provider_logout (told_at)")
    # Counted anew after a crash, and so kept out of the write-ahead log and of backups.
    op.execute(
        f"""
        CREATE UNLOGGED TABLE {schema}.request_bucket (
            caller bytea PRIMARY KEY,
            granted int NOT NULL,
            remaining double precision NOT NULL,
            counted_at timestamptz NOT NULL
        ) WITH (fillfactor = 50)
        """
    )
    op.execute(
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON {schema}.provider_logout, {schema}.request_bucket TO {role}"
    )


def downgrade() -> None:
    """Sessions would be left that nobody at the provider could end."""
    raise RuntimeError("what the provider has ended cannot be forgotten")
