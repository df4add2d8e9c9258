"""Files that came with cases, sealed."""

from alembic import context, op

from backbone.eventstore.schema import quoted

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table; what is in a row is ciphertext and is never changed."""
    schema, role = (quoted(context.config.attributes[each]) for each in ("schema", "role"))
    op.execute(
        f"""
        CREATE TABLE {schema}.attachment (
            attachment_id uuid PRIMARY KEY,
            case_id text NOT NULL,
            content bytea NOT NULL,
            kept_at timestamptz NOT NULL DEFAULT clock_timestamp()
        )
        """
    )
    # Ciphertext does not get smaller, so nobody tries.
    op.execute(f"ALTER TABLE {schema}.attachment ALTER COLUMN content SET STORAGE EXTERNAL")
    op.execute(f"GRANT SELECT, INSERT, DELETE ON {schema}.attachment TO {role}")


def downgrade() -> None:
    """Files are never taken away with a version."""
    raise RuntimeError("the attachments of cases cannot be undone")
