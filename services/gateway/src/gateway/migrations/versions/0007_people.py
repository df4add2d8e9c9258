"""Who has signed in, under the last claims seen."""

from alembic import context, op

from backbone.eventstore.schema import quoted

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table: names are ciphertext under their person's own key."""
    schema, role = (quoted(context.config.attributes[each]) for each in ("schema", "role"))
    op.execute(
        f"""
        CREATE TABLE {schema}.person (
            subject text PRIMARY KEY,
            name_sealed text,
            role text NOT NULL,
            unit text NOT NULL,
            first_at timestamptz NOT NULL,
            last_at timestamptz NOT NULL
        )
        """
    )
    op.execute(f"CREATE INDEX person_by_unit ON {schema}.person (unit, subject)")
    op.execute(f"GRANT SELECT, INSERT, UPDATE ON {schema}.person TO {role}")


def downgrade() -> None:
    """Whoever signed in would be asked for again."""
    op.execute(f"DROP TABLE {quoted(context.config.attributes['schema'])}.person")
