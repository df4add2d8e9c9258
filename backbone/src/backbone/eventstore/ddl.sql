-- The event store of one service: one log, dense and in commit order, in the service's own schema.
-- @schema@ and @role@ stand for the quoted schema and the quoted role the service connects as; both exist.
-- No function slices an array and no literal holds a colon before a word: SQLAlchemy's text() takes either
-- for a bind parameter.

-- The tables an append writes have no CHECK: PostgreSQL would read it anew in every statement.

-- The only lock. Every append holds this row until it commits, so the numbers follow the commits.
CREATE TABLE @schema@.log_head (
    one boolean PRIMARY KEY DEFAULT true,
    epoch uuid NOT NULL DEFAULT gen_random_uuid(),
    seq bigint NOT NULL DEFAULT 0,
    published_seq bigint NOT NULL DEFAULT 0,
    published_tip bytea NOT NULL DEFAULT '',
    recorded_at timestamptz NOT NULL DEFAULT to_timestamp(0)
) WITH (fillfactor = 10, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);

INSERT INTO @schema@.log_head DEFAULT VALUES;

CREATE TABLE @schema@.stream_head (
    stream text COLLATE "C" PRIMARY KEY,
    version integer NOT NULL,
    tip bytea NOT NULL
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05);

CREATE TABLE @schema@.command_log (
    command_id uuid PRIMARY KEY,
    request_hash bytea NOT NULL,
    answer text NOT NULL,
    seq bigint NOT NULL,
    published_seq bigint NOT NULL,
    recorded_at timestamptz NOT NULL
);

-- data and meta are the very text that is hashed: jsonb would store other bytes.
CREATE TABLE @schema@.event (
    seq bigint PRIMARY KEY,
    stream text COLLATE "C" NOT NULL,
    version integer NOT NULL,
    event_id uuid NOT NULL,
    type text COLLATE "C" NOT NULL,
    schema_version integer NOT NULL,
    data text NOT NULL,
    meta text NOT NULL,
    hash bytea NOT NULL,
    occurred_at timestamptz,
    recorded_at timestamptz NOT NULL,
    UNIQUE (stream, version)
);

CREATE TABLE @schema@.published (
    seq bigint PRIMARY KEY,
    event_id uuid NOT NULL,
    type text COLLATE "C" NOT NULL,
    case_id text COLLATE "C" NOT NULL,
    data text NOT NULL,
    meta text NOT NULL,
    hash bytea NOT NULL,
    occurred_at timestamptz,
    recorded_at timestamptz NOT NULL
);

CREATE INDEX published_of_case ON @schema@.published (case_id, seq);

-- gen is the seq of the event that set the timer. A worker claims by a short update of claimed_until, never by
-- holding the row while it fires: the append of the firing writes this row from another connection.
CREATE TABLE @schema@.deadline (
    key text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    gen bigint NOT NULL,
    due_at timestamptz NOT NULL,
    fired_at timestamptz,
    claimed_until timestamptz,
    PRIMARY KEY (key, name)
) WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05);

CREATE INDEX deadline_unfired ON @schema@.deadline (due_at) WHERE fired_at IS NULL;

-- A consumer's place in a source's log. A reactor has version 1; append_batch advances that row.
CREATE TABLE @schema@.projection (
    name text COLLATE "C" NOT NULL,
    version integer NOT NULL DEFAULT 1,
    source text COLLATE "C" NOT NULL,
    epoch uuid,
    status text COLLATE "C" NOT NULL DEFAULT 'live' CHECK (status IN ('building', 'live', 'retired')),
    seq bigint NOT NULL DEFAULT 0,
    owner text COLLATE "C",
    lease_epoch bigint NOT NULL DEFAULT 0,
    lease_until timestamptz,
    updated_at timestamptz,
    PRIMARY KEY (name, version, source)
) WITH (fillfactor = 10, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);

-- A case that a consumer could not go on with, or that waits for another log: later events of it wait here.
CREATE TABLE @schema@.parked (
    consumer text COLLATE "C" NOT NULL,
    source text COLLATE "C" NOT NULL,
    case_id text COLLATE "C" NOT NULL,
    from_seq bigint NOT NULL,
    reason text COLLATE "C" NOT NULL,
    waits_for text,
    error text,
    attempts integer NOT NULL DEFAULT 0,
    since timestamptz NOT NULL,
    PRIMARY KEY (consumer, source, case_id)
);

-- Moves the service's clock; only the owner writes it, in tests and demonstrations.
CREATE TABLE @schema@.clock_offset (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    shift interval NOT NULL DEFAULT interval '0'
);

INSERT INTO @schema@.clock_offset DEFAULT VALUES;

-- The only clock of the service.
CREATE FUNCTION @schema@.chuishao_now() RETURNS timestamptz
LANGUAGE sql VOLATILE PARALLEL RESTRICTED
RETURN (SELECT clock_timestamp() + shift FROM @schema@.clock_offset);

CREATE FUNCTION @schema@.refuse_change() RETURNS trigger
LANGUAGE plpgsql
SET search_path = @schema@, pg_temp
AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END
$$;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON @schema@.event
    FOR EACH STATEMENT EXECUTE FUNCTION @schema@.refuse_change();

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON @schema@.published
    FOR EACH STATEMENT EXECUTE FUNCTION @schema@.refuse_change();

-- ALWAYS: a session in replica role is refused too.
ALTER TABLE @schema@.event ENABLE ALWAYS TRIGGER append_only;

ALTER TABLE @schema@.published ENABLE ALWAYS TRIGGER append_only;

-- The bytes that are hashed after the previous hash of the stream: a line for each number, id, time (microseconds
-- since 1970, or nothing) and length in bytes, then the texts of these lengths. No two rows have the same bytes.
CREATE FUNCTION @schema@.event_bytes(
    seq bigint, stream text, version integer, event_id uuid, type text, schema_version integer,
    occurred_at timestamptz, recorded_at timestamptz, meta text, data text
) RETURNS bytea
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    SELECT convert_to(concat_ws(chr(10), seq, version, event_id, schema_version,
        coalesce((extract(epoch FROM occurred_at) * 1000000)::bigint::text, ''),
        (extract(epoch FROM recorded_at) * 1000000)::bigint,
        octet_length(stream), octet_length(type), octet_length(meta), octet_length(data),
        stream || type || meta || data), 'UTF8')
$$;

CREATE FUNCTION @schema@.published_bytes(
    seq bigint, event_id uuid, type text, case_id text,
    occurred_at timestamptz, recorded_at timestamptz, meta text, data text
) RETURNS bytea
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    SELECT convert_to(concat_ws(chr(10), seq, event_id,
        coalesce((extract(epoch FROM occurred_at) * 1000000)::bigint::text, ''),
        (extract(epoch FROM recorded_at) * 1000000)::bigint,
        octet_length(type), octet_length(case_id), octet_length(meta), octet_length(data),
        type || case_id || meta || data), 'UTF8')
$$;

-- Appends a group of commands as if they came one after another; one row per command, in order.
--
-- c_*  per command; c_twin is the place of the latest earlier command with the same id (0 = none); c_consumer is
--      a place in k_* (0 = no checkpoint); c_pairs, c_events, c_outgoing are how many rows of s_*, e_* and p_*
--      belong to it and the commands before it
-- k_*  the consumers whose checkpoints are named
-- h_*  the streams that are named, once each
-- s_*  (stream, expected version): s_head is a place in h_*
-- e_*  events, e_head and e_command are places in h_* and c_*
-- p_*  published facts · d_* timers to set or, without time, to cancel
CREATE FUNCTION @schema@.append_batch(
    c_id uuid[], c_hash bytea[], c_answer text[], c_meta text[], c_twin integer[],
    c_consumer integer[], c_old bigint[], c_new bigint[], c_lease bigint[],
    c_pairs integer[], c_events integer[], c_outgoing integer[],
    k_name text[], k_source text[],
    h_stream text[],
    s_head integer[], s_expected integer[],
    e_command integer[], e_head integer[], e_id uuid[], e_type text[], e_schema integer[], e_data text[],
    e_occurred timestamptz[],
    p_command integer[], p_id uuid[], p_type text[], p_case text[], p_data text[], p_occurred timestamptz[],
    d_command integer[], d_key text[], d_name text[], d_at timestamptz[]
) RETURNS TABLE (
    r_outcome text, r_seq bigint, r_published bigint, r_answer text, r_head integer, r_actual integer
)
LANGUAGE plpgsql VOLATILE
SET search_path = @schema@, pg_temp
AS $$
DECLARE
    commands constant integer := cardinality(c_id);
    v_seq bigint;
    v_first bigint;
    v_published bigint;
    v_published_first bigint;
    v_tip bytea;
    v_at timestamptz;
    it record;
    verdict text;
    twin integer;
    k integer;
    pair integer := 1;
    ev integer := 1;
    outgoing integer := 1;
    outcomes text[] := array_fill(NULL::text, ARRAY[commands]);
    seqs bigint[] := array_fill(NULL::bigint, ARRAY[commands]);
    publisheds bigint[] := array_fill(NULL::bigint, ARRAY[commands]);
    answers text[] := array_fill(NULL::text, ARRAY[commands]);
    heads integer[];
    actuals integer[];
    k_seq bigint[];
    k_lease bigint[];
    k_moved boolean[];
    h_version integer[] := array_fill(0, ARRAY[cardinality(h_stream)]);
    h_tip bytea[] := array_fill(''::bytea, ARRAY[cardinality(h_stream)]);
    h_moved boolean[] := array_fill(false, ARRAY[cardinality(h_stream)]);
    e_seq bigint[] := array_fill(NULL::bigint, ARRAY[cardinality(e_id)]);
    e_version integer[] := array_fill(NULL::integer, ARRAY[cardinality(e_id)]);
    e_hash bytea[] := array_fill(NULL::bytea, ARRAY[cardinality(e_id)]);
    p_seq bigint[] := array_fill(NULL::bigint, ARRAY[cardinality(p_id)]);
    p_hash bytea[] := array_fill(NULL::bytea, ARRAY[cardinality(p_id)]);
BEGIN
    SELECT h.seq, h.published_seq, h.published_tip, h.recorded_at INTO STRICT v_seq, v_published, v_tip, v_at
        FROM log_head h FOR UPDATE;
    -- Each statement from here on sees every append committed before this one.
    SELECT greatest(v_at, clock_timestamp() + o.shift) INTO STRICT v_at FROM clock_offset o;
    v_first := v_seq;
    v_published_first := v_published;

    FOR it IN
        SELECT c.n, l.request_hash, l.answer, l.seq, l.published_seq
        FROM unnest(c_id) WITH ORDINALITY c(id, n)
        CROSS JOIN LATERAL (SELECT * FROM command_log x WHERE x.command_id = c.id OFFSET 0) l
    LOOP
        IF it.request_hash = c_hash[it.n] THEN
            outcomes[it.n] := 'repeated';
            answers[it.n] := it.answer;
            seqs[it.n] := it.seq;
            publisheds[it.n] := it.published_seq;
        ELSE
            outcomes[it.n] := 'reused';
        END IF;
    END LOOP;

    FOR it IN
        SELECT s.n, h.version, h.tip
        FROM unnest(h_stream) WITH ORDINALITY s(stream, n)
        CROSS JOIN LATERAL (SELECT * FROM stream_head x WHERE x.stream = s.stream OFFSET 0) h
    LOOP
        h_version[it.n] := it.version;
        h_tip[it.n] := it.tip;
    END LOOP;

    IF cardinality(k_name) > 0 THEN
        FOR k IN 1..cardinality(k_name) LOOP
            SELECT j.seq, j.lease_epoch INTO it FROM projection j
                WHERE j.name = k_name[k] AND j.version = 1 AND j.source = k_source[k] FOR UPDATE;
            k_seq[k] := it.seq;
            k_lease[k] := it.lease_epoch;
            k_moved[k] := false;
        END LOOP;
    END IF;

    FOR i IN 1..commands LOOP
        verdict := outcomes[i];
        IF verdict IS NULL AND c_twin[i] > 0 THEN
            twin := c_twin[i];
            WHILE twin > 0 AND outcomes[twin] <> 'stored' LOOP
                twin := c_twin[twin];
            END LOOP;
            IF twin > 0 THEN
                IF c_hash[twin] = c_hash[i] THEN
                    verdict := 'repeated';
                    answers[i] := c_answer[twin];
                    seqs[i] := seqs[twin];
                    publisheds[i] := publisheds[twin];
                ELSE
                    verdict := 'reused';
                END IF;
            END IF;
        END IF;

        k := c_consumer[i];
        IF k > 0 AND verdict IS DISTINCT FROM 'reused' THEN
            IF k_lease[k] IS DISTINCT FROM c_lease[i] THEN
                verdict := 'fenced';
            ELSIF k_seq[k] <> c_old[i] AND (verdict IS NULL OR k_seq[k] < c_new[i]) THEN
                verdict := 'fenced';
            END IF;
        END IF;

        IF verdict IS NULL THEN
            FOR s IN pair..c_pairs[i] LOOP
                IF h_version[s_head[s]] <> s_expected[s] THEN
                    verdict := 'conflict';
                    IF heads IS NULL THEN
                        heads := array_fill(NULL::integer, ARRAY[commands]);
                        actuals := heads;
                    END IF;
                    heads[i] := s_head[s];
                    actuals[i] := h_version[s_head[s]];
                    EXIT;
                END IF;
            END LOOP;
        END IF;

        IF verdict IS NULL THEN
            verdict := 'stored';
            FOR e IN ev..c_events[i] LOOP
                k := e_head[e];
                v_seq := v_seq + 1;
                h_version[k] := h_version[k] + 1;
                h_tip[k] := sha256(h_tip[k] || event_bytes(v_seq, h_stream[k], h_version[k], e_id[e], e_type[e],
                    e_schema[e], e_occurred[e], v_at, c_meta[i], e_data[e]));
                h_moved[k] := true;
                e_seq[e] := v_seq;
                e_version[e] := h_version[k];
                e_hash[e] := h_tip[k];
            END LOOP;
            FOR p IN outgoing..c_outgoing[i] LOOP
                v_published := v_published + 1;
                v_tip := sha256(v_tip || published_bytes(v_published, p_id[p], p_type[p], p_case[p], p_occurred[p],
                    v_at, c_meta[i], p_data[p]));
                p_seq[p] := v_published;
                p_hash[p] := v_tip;
            END LOOP;
            seqs[i] := v_seq;
            publisheds[i] := v_published;
            answers[i] := c_answer[i];
        END IF;

        IF c_consumer[i] > 0 AND verdict IN ('stored', 'repeated') THEN
            k := c_consumer[i];
            IF c_new[i] > k_seq[k] THEN
                k_seq[k] := c_new[i];
                k_moved[k] := true;
            END IF;
        END IF;

        outcomes[i] := verdict;
        pair := c_pairs[i] + 1;
        ev := c_events[i] + 1;
        outgoing := c_outgoing[i] + 1;
    END LOOP;

    INSERT INTO command_log (command_id, request_hash, answer, seq, published_seq, recorded_at)
        SELECT c.id, c.hash, c.answer, c.seq, c.published, v_at
        FROM unnest(outcomes, c_id, c_hash, c_answer, seqs, publisheds) c(outcome, id, hash, answer, seq, published)
        WHERE c.outcome = 'stored';

    IF v_seq > v_first THEN
        INSERT INTO event
            (seq, stream, version, event_id, type, schema_version, data, meta, hash, occurred_at, recorded_at)
            SELECT e.seq, h_stream[e.head], e.version, e.id, e.type, e.schema, e.data, c_meta[e.command], e.hash,
                e.occurred, v_at
            FROM unnest(e_seq, e_version, e_hash, e_command, e_head, e_id, e_type, e_schema, e_data, e_occurred)
                e(seq, version, hash, command, head, id, type, schema, data, occurred)
            WHERE e.seq IS NOT NULL;
        INSERT INTO stream_head (stream, version, tip)
            SELECT h.stream, h.version, h.tip FROM unnest(h_stream, h_version, h_tip, h_moved) h(stream, version, tip, moved)
            WHERE h.moved
            ON CONFLICT (stream) DO UPDATE SET version = excluded.version, tip = excluded.tip;
    END IF;

    IF v_published > v_published_first THEN
        INSERT INTO published (seq, event_id, type, case_id, data, meta, hash, occurred_at, recorded_at)
            SELECT p.seq, p.id, p.type, p.case_id, p.data, c_meta[p.command], p.hash, p.occurred, v_at
            FROM unnest(p_seq, p_hash, p_command, p_id, p_type, p_case, p_data, p_occurred)
                p(seq, hash, command, id, type, case_id, data, occurred)
            WHERE p.seq IS NOT NULL;
    END IF;

    IF cardinality(d_key) > 0 THEN
        -- A timer named by several commands of the group is as the last of them left it.
        FOR it IN
            SELECT DISTINCT ON (d.key, d.name) d.key, d.name, d.at, seqs[d.command] AS gen
            FROM unnest(d_command, d_key, d_name, d_at) WITH ORDINALITY d(command, key, name, at, n)
            WHERE outcomes[d.command] = 'stored'
            ORDER BY d.key, d.name, d.n DESC
        LOOP
            IF it.at IS NULL THEN
                DELETE FROM deadline t WHERE t.key = it.key AND t.name = it.name;
            ELSE
                INSERT INTO deadline (key, name, gen, due_at) VALUES (it.key, it.name, it.gen, it.at)
                    ON CONFLICT (key, name) DO UPDATE
                    SET gen = excluded.gen, due_at = excluded.due_at, fired_at = NULL, claimed_until = NULL;
            END IF;
        END LOOP;
    END IF;

    IF cardinality(k_name) > 0 THEN
        UPDATE projection t SET seq = k.seq, updated_at = v_at
            FROM unnest(k_name, k_source, k_seq, k_moved) k(name, source, seq, moved)
            WHERE k.moved AND t.name = k.name AND t.version = 1 AND t.source = k.source;
    END IF;

    IF v_seq > v_first OR v_published > v_published_first THEN
        UPDATE log_head SET seq = v_seq, published_seq = v_published, published_tip = v_tip, recorded_at = v_at;
    END IF;

    RETURN QUERY SELECT * FROM unnest(outcomes, seqs, publisheds, answers, heads, actuals);
END
$$;

-- The published head and a time such that no fact recorded later gets a time at or before it, even if the clock
-- is set back in between. Reads the clock after the lock. Needs no flush: the next append brings one.
CREATE FUNCTION @schema@.published_head(OUT epoch uuid, OUT seq bigint, OUT clock timestamptz)
LANGUAGE plpgsql VOLATILE
SET search_path = @schema@, pg_temp
AS $$
DECLARE
    recorded timestamptz;
BEGIN
    PERFORM set_config('synchronous_commit', 'off', true);
    SELECT h.epoch, h.published_seq, h.recorded_at INTO STRICT epoch, seq, recorded FROM log_head h FOR UPDATE;
    clock := chuishao_now();
    IF clock >= recorded THEN
        UPDATE log_head SET recorded_at = clock + interval '1 microsecond';
    END IF;
END
$$;

REVOKE ALL ON FUNCTION @schema@.chuishao_now, @schema@.event_bytes, @schema@.published_bytes,
    @schema@.append_batch, @schema@.published_head FROM PUBLIC;

GRANT USAGE ON SCHEMA @schema@ TO @role@;

GRANT SELECT, INSERT ON @schema@.event, @schema@.published, @schema@.command_log TO @role@;

GRANT SELECT, UPDATE ON @schema@.log_head TO @role@;

GRANT SELECT, INSERT, UPDATE ON @schema@.stream_head TO @role@;

GRANT SELECT, INSERT, UPDATE, DELETE ON @schema@.deadline, @schema@.projection, @schema@.parked TO @role@;

GRANT SELECT ON @schema@.clock_offset TO @role@;

GRANT EXECUTE ON FUNCTION @schema@.chuishao_now, @schema@.event_bytes, @schema@.published_bytes,
    @schema@.append_batch, @schema@.published_head TO @role@;
