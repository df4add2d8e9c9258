"""Sessions of people, keys of machine clients, and the record of both."""

from alembic import context, op

from backbone.eventstore.schema import quoted

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables: hashes of ids and keys, sealed tokens, and a record that is only added to."""
    schema, role = (quoted(context.config.attributes[each]) for each in ("schema", "role"))
    op.execute(
        f"""
        CREATE TABLE {schema}.session (
            id_hash bytea PRIMARY KEY,
            subject text NOT NULL,
            tokens_sealed text NOT NULL,
            access_ends_at timestamptz NOT NULL,
            opened_at timestamptz NOT NULL,
            seen_at timestamptz NOT NULL,
            ends_at timestamptz NOT NULL,
            ended_at timestamptz
        )
        """
    )
    op.execute(f"CREATE INDEX session_by_subject ON {schema}.session (subject) WHERE ended_at IS NULL")
    op.execute(f"CREATE INDEX session_by_end ON {schema}.session (ends_at)")
    op.execute(
        f"""
        CREATE TABLE {schema}.machine_client (
            id uuid PRIMARY KEY,
            name text NOT NULL,
            role text NOT NULL,
            unit text NOT NULL,
            operations text[] NOT NULL,
            key_hash bytea NOT NULL,
            issue_key uuid NOT NULL UNIQUE,
            issued_by text NOT NULL,
            issued_at timestamptz NOT NULL,
            ends_at timestamptz NOT NULL,
            revoked_by text,
            revoked_at timestamptz,
            used_at timestamptz
        )
        """
    )
    op.execute(
        f"""
        CREATE TABLE {schema}.identity_record (
            seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            at timestamptz NOT NULL,
            act text NOT NULL,
            actor text NOT NULL,
            about text NOT NULL
        )
        """
    )
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {schema}.session TO {role}")
    op.execute(f"GRANT SELECT, INSERT, UPDATE ON {schema}.machine_client TO {role}")
    op.execute(f"GRANT SELECT, INSERT ON {schema}.identity_record TO {role}")
    op.execute(
        f"""
        CREATE TRIGGER identity_record_is_final BEFORE UPDATE OR DELETE OR TRUNCATE
        ON {schema}.identity_record FOR EACH STATEMENT EXECUTE FUNCTION {schema}.refuse_change()
        """
    )


def downgrade() -> None:
    """A record is never taken away."""
    raise RuntimeError("the record of identities cannot be undone")
