"""The log of who read which case."""

from alembic import context, op

from backbone.eventstore.schema import quoted

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table: rows are only ever added."""
    schema, role = (quoted(context.config.attributes[each]) for each in ("schema", "role"))
    op.execute(
        f"""
        CREATE TABLE {schema}.read_log (
            seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            at timestamptz NOT NULL,
            subject text NOT NULL,
            role text NOT NULL,
            unit text NOT NULL,
            way text NOT NULL,
            case_ids text[] NOT NULL
        )
        """
    )
    op.execute(f"CREATE INDEX read_log_by_case ON {schema}.read_log USING gin (case_ids)")
    op.execute(f"CREATE INDEX read_log_by_subject ON {schema}.read_log (subject, seq)")
    op.execute(f"GRANT SELECT, INSERT ON {schema}.read_log TO {role}")
    op.execute(
        f"""
        CREATE TRIGGER read_log_is_final BEFORE UPDATE OR DELETE OR TRUNCATE
        ON {schema}.read_log FOR EACH STATEMENT EXECUTE FUNCTION {schema}.refuse_change()
        """
    )


def downgrade() -> None:
    """A log is never taken away."""
    raise RuntimeError("the log of reading cannot be undone")
