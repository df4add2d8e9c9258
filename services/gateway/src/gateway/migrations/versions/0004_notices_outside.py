"""Channels that notices leave by, their deliveries, saved views and calendar feeds."""

from alembic import context, op

from backbone.eventstore.schema import quoted

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables: addresses, secrets and views sealed, tokens and codes as hashes."""
    schema, role = (quoted(context.config.attributes[each]) for each in ("schema", "role"))
    op.execute(
        f"""
        CREATE TABLE {schema}.channel (
            id uuid PRIMARY KEY,
            unit text NOT NULL,
            role text NOT NULL,
            subject text,
            kind text NOT NULL,
            name_sealed text NOT NULL,
            address_sealed text NOT NULL,
            secret_sealed text,
            duty_desk boolean NOT NULL,
            made_by text NOT NULL,
            made_at timestamptz NOT NULL,
            verified_at timestamptz,
            active_since timestamptz,
            paused_at timestamptz,
            removed_at timestamptz,
            code_proof text,
            code_at timestamptz,
            code_tries int NOT NULL DEFAULT 0,
            last_result text,
            last_at timestamptz,
            rests_until timestamptz,
            CHECK (kind IN ('email', 'webhook', 'dingtalk', 'wecom')),
            CHECK (subject IS NULL OR kind = 'email')
        )
        """
    )
    op.execute(f"CREATE INDEX channel_by_unit ON {schema}.channel (unit) WHERE removed_at IS NULL")
    op.execute(
        f"""
        CREATE TABLE {schema}.delivery (
            id uuid PRIMARY KEY,
            channel_id uuid NOT NULL REFERENCES {schema}.channel (id),
            notice_id text NOT NULL,
            case_id text NOT NULL,
            clock_id text,
            kind text NOT NULL,
            params jsonb NOT NULL,
            noticed_at timestamptz NOT NULL,
            state text NOT NULL,
            next_at timestamptz,
            leased_until timestamptz,
            attempts int NOT NULL DEFAULT 0,
            tried_at timestamptz,
            result text,
            queued_at timestamptz NOT NULL,
            delivered_at timestamptz,
            resent_by text,
            UNIQUE (notice_id, channel_id),
            CHECK (state IN ('waiting', 'sending', 'delivered', 'failed', 'dropped'))
        )
        """
    )
    op.execute(f"CREATE INDEX delivery_due ON {schema}.delivery (next_at) WHERE state = 'waiting'")
    op.execute(f"CREATE INDEX delivery_leased ON {schema}.delivery (leased_until) WHERE state = 'sending'")
    op.execute(f"CREATE INDEX delivery_by_channel ON {schema}.delivery (channel_id, queued_at)")
    op.execute(f"CREATE INDEX delivery_by_trial ON {schema}.delivery (channel_id, tried_at)")
    op.execute(
        f"""
        CREATE TABLE {schema}.saved_view (
            id uuid PRIMARY KEY,
            subject text NOT NULL,
            name_proof text NOT NULL,
            view_sealed text NOT NULL,
            saved_at timestamptz NOT NULL,
            UNIQUE (subject, name_proof)
        )
        """
    )
    op.execute(
        f"""
        CREATE TABLE {schema}.calendar_feed (
            token_hash bytea PRIMARY KEY,
            subject text NOT NULL,
            role text NOT NULL,
            unit text NOT NULL,
            made_at timestamptz NOT NULL,
            ends_at timestamptz NOT NULL,
            revoked_at timestamptz,
            read_at timestamptz
        )
        """
    )
    op.execute(
        f"CREATE UNIQUE INDEX calendar_feed_of_one ON {schema}.calendar_feed (subject)"
        " WHERE revoked_at IS NULL"
    )
    op.execute(f"GRANT SELECT, INSERT, UPDATE ON {schema}.channel, {schema}.calendar_feed TO {role}")
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {schema}.delivery, {schema}.saved_view TO {role}")


def downgrade() -> None:
    """What was sent is never forgotten."""
    raise RuntimeError("the log of deliveries cannot be undone")
