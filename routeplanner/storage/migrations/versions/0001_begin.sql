-- Organizations, people, keys, master data, scenarios, plans, imports and the audit trail.

-- Who asks; set for every transaction in storage/database.py and nowhere else.
CREATE FUNCTION current_organization() RETURNS uuid LANGUAGE sql STABLE AS
$$ SELECT nullif(current_setting('routeplanner.organization_id', true), '')::uuid $$;
CREATE FUNCTION current_person() RETURNS uuid LANGUAGE sql STABLE AS
$$ SELECT nullif(current_setting('routeplanner.person_id', true), '')::uuid $$;
CREATE FUNCTION current_import() RETURNS uuid LANGUAGE sql STABLE AS
$$ SELECT nullif(current_setting('routeplanner.import_id', true), '')::uuid $$;

CREATE TABLE organizations (
    id uuid PRIMARY KEY,
    name text NOT NULL UNIQUE CHECK (name <> ''),
    time_zone text NOT NULL,
    language text NOT NULL CHECK (language IN ('en', 'zh')),
    settings jsonb NOT NULL DEFAULT '{}',
    version integer NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE people (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL REFERENCES organizations (id),
    external_id text NOT NULL,
    name text NOT NULL,
    role text NOT NULL CHECK (role IN ('admin', 'planner', 'supervisor', 'rep')),
    is_active boolean NOT NULL DEFAULT true,
    version integer NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (organization_id, id),
    UNIQUE (organization_id, external_id)
);

CREATE TABLE keys (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL REFERENCES organizations (id),
    person_id uuid NOT NULL,
    name text NOT NULL,
    prefix text NOT NULL, -- what is shown of the key
    digest bytea NOT NULL UNIQUE, -- SHA-256 of the key, which has 256 random bits
    scopes text[] NOT NULL,
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz,
    last_used_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (organization_id, id),
    FOREIGN KEY (organization_id, person_id) REFERENCES people (organization_id, id)
);
CREATE INDEX keys_of_person ON keys (organization_id, person_id);

CREATE TABLE accounts (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL REFERENCES organizations (id),
    external_id text NOT NULL,
    name text NOT NULL,
    tags text[] NOT NULL DEFAULT '{}',
    note text,
    is_active boolean NOT NULL DEFAULT true,
    version integer NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (organization_id, id),
    UNIQUE (organization_id, external_id)
);

CREATE TABLE reps (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL REFERENCES organizations (id),
    external_id text NOT NULL,
    name text NOT NULL,
    lat double precision NOT NULL CHECK (lat BETWEEN -90 AND 90), -- of the base
    lon double precision NOT NULL CHECK (lon BETWEEN -180 AND 180),
    tags text[] NOT NULL DEFAULT '{}',
    details jsonb NOT NULL DEFAULT '{}', -- the other fields of the domain's rep
    appointments jsonb NOT NULL DEFAULT '[]',
    is_active boolean NOT NULL DEFAULT true,
    version integer NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (organization_id, id),
    UNIQUE (organization_id, external_id)
);

-- A rep is one of their own reps; a supervisor leads several.
CREATE TABLE person_reps (
    organization_id uuid NOT NULL,
    person_id uuid NOT NULL,
    rep_id uuid NOT NULL,
    PRIMARY KEY (person_id, rep_id),
    FOREIGN KEY (organization_id, person_id)
        REFERENCES people (organization_id, id) ON DELETE CASCADE,
    FOREIGN KEY (organization_id, rep_id) REFERENCES reps (organization_id, id) ON DELETE CASCADE
);
CREATE INDEX person_reps_of_rep ON person_reps (organization_id, rep_id);

CREATE TABLE stores (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL REFERENCES organizations (id),
    external_id text NOT NULL,
    name text NOT NULL,
    lat double precision NOT NULL CHECK (lat BETWEEN -90 AND 90),
    lon double precision NOT NULL CHECK (lon BETWEEN -180 AND 180),
    account_id uuid,
    rep_id uuid,
    status text NOT NULL CHECK (status IN ('open', 'new', 'suspended', 'closed')),
    tags text[] NOT NULL DEFAULT '{}',
    details jsonb NOT NULL DEFAULT '{}', -- the other fields of the domain's store
    is_active boolean NOT NULL DEFAULT true,
    version integer NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (organization_id, id),
    UNIQUE (organization_id, external_id),
    FOREIGN KEY (organization_id, account_id) REFERENCES accounts (organization_id, id),
    FOREIGN KEY (organization_id, rep_id) REFERENCES reps (organization_id, id)
);
CREATE INDEX stores_of_rep ON stores (organization_id, rep_id);
CREATE INDEX stores_of_account ON stores (organization_id, account_id);
CREATE INDEX stores_in_order ON stores (organization_id, id);

CREATE TABLE policies (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL REFERENCES organizations (id),
    external_id text NOT NULL,
    content json NOT NULL, -- as it came: the order of its keys is part of a scenario's hash
    is_active boolean NOT NULL DEFAULT true,
    version integer NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (organization_id, id),
    UNIQUE (organization_id, external_id)
);

CREATE TABLE scenarios (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL REFERENCES organizations (id),
    name text NOT NULL,
    content json NOT NULL,
    content_hash text NOT NULL,
    n_stores integer NOT NULL,
    n_stores_of_rep jsonb NOT NULL DEFAULT '{}', -- by the rep that stores name
    reps text[] NOT NULL,
    created_by uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (organization_id, id),
    FOREIGN KEY (organization_id, created_by) REFERENCES people (organization_id, id)
);

CREATE TABLE plans (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL REFERENCES organizations (id),
    name text NOT NULL DEFAULT 'plan',
    scenario_id uuid NOT NULL,
    parent_id uuid, -- the plan that this one was edited from, or starts from
    options json NOT NULL, -- method, seed, termination
    status text NOT NULL CHECK (status IN ('queued', 'solving', 'solved', 'canceled', 'failed')),
    attempt integer NOT NULL DEFAULT 0, -- every write of a worker is conditional on its own
    failed_attempts integer NOT NULL DEFAULT 0,
    lease_until timestamptz,
    cancel_requested_at timestamptz,
    progress jsonb,
    failure jsonb, -- code, message, issues
    content json, -- the best plan so far
    violations json,
    created_by uuid,
    queued_at timestamptz NOT NULL DEFAULT now(),
    solving_at timestamptz,
    solved_at timestamptz,
    canceled_at timestamptz,
    failed_at timestamptz,
    UNIQUE (organization_id, id),
    FOREIGN KEY (organization_id, scenario_id) REFERENCES scenarios (organization_id, id),
    FOREIGN KEY (organization_id, parent_id) REFERENCES plans (organization_id, id),
    FOREIGN KEY (organization_id, created_by) REFERENCES people (organization_id, id)
);
CREATE INDEX plans_of_scenario ON plans (organization_id, scenario_id);
CREATE INDEX plans_unfinished ON plans (lease_until) WHERE status IN ('queued', 'solving');

CREATE TABLE plan_events (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organization_id uuid NOT NULL,
    plan_id uuid NOT NULL,
    at timestamptz NOT NULL DEFAULT now(),
    event text NOT NULL,
    data jsonb NOT NULL,
    FOREIGN KEY (organization_id, plan_id)
        REFERENCES plans (organization_id, id) ON DELETE CASCADE
);
CREATE INDEX plan_events_of_plan ON plan_events (organization_id, plan_id, id);

CREATE TABLE plan_reviews (
    organization_id uuid NOT NULL,
    plan_id uuid NOT NULL,
    rep text NOT NULL, -- as the scenario names the rep
    status text NOT NULL CHECK (
        status IN ('draft', 'submitted', 'approved', 'returned', 'published', 'superseded')
    ),
    comment text,
    changed_by uuid,
    changed_at timestamptz NOT NULL DEFAULT now(),
    version integer NOT NULL,
    PRIMARY KEY (plan_id, rep),
    FOREIGN KEY (organization_id, plan_id)
        REFERENCES plans (organization_id, id) ON DELETE CASCADE,
    FOREIGN KEY (organization_id, changed_by) REFERENCES people (organization_id, id)
);
CREATE INDEX plan_reviews_by_rep ON plan_reviews (organization_id, rep, status);

CREATE TABLE imports (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL REFERENCES organizations (id),
    mode text NOT NULL CHECK (mode IN ('create', 'update', 'upsert', 'sync')),
    status text NOT NULL CHECK (
        status IN ('queued', 'running', 'done', 'unconfirmed', 'failed', 'undone')
    ),
    file_name text NOT NULL,
    file bytea, -- gone when the import has ended
    options jsonb NOT NULL,
    counts jsonb,
    to_deactivate text[], -- external ids, of an import that waits for confirmation
    failure jsonb,
    attempt integer NOT NULL DEFAULT 0,
    failed_attempts integer NOT NULL DEFAULT 0,
    lease_until timestamptz,
    created_by uuid,
    queued_at timestamptz NOT NULL DEFAULT now(),
    running_at timestamptz,
    ended_at timestamptz,
    undone_at timestamptz,
    UNIQUE (organization_id, id),
    FOREIGN KEY (organization_id, created_by) REFERENCES people (organization_id, id)
);
CREATE INDEX imports_unfinished ON imports (lease_until) WHERE status IN ('queued', 'running');

CREATE TABLE import_rows (
    organization_id uuid NOT NULL,
    import_id uuid NOT NULL,
    number integer NOT NULL, -- of the issue, in the order of the file
    issue jsonb NOT NULL,
    PRIMARY KEY (import_id, number),
    FOREIGN KEY (organization_id, import_id)
        REFERENCES imports (organization_id, id) ON DELETE CASCADE
);

CREATE TABLE idempotency (
    organization_id uuid NOT NULL REFERENCES organizations (id),
    person_id uuid NOT NULL,
    key text NOT NULL,
    fingerprint bytea NOT NULL, -- of method, path and body
    status_code integer,
    headers jsonb,
    body bytea,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (organization_id, person_id, key)
);
CREATE INDEX idempotency_by_age ON idempotency (created_at);

CREATE TABLE audit (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organization_id uuid NOT NULL,
    at timestamptz NOT NULL DEFAULT now(),
    person_id uuid,
    request_id text,
    import_id uuid,
    action text NOT NULL,
    entity text NOT NULL,
    entity_id uuid NOT NULL,
    before jsonb,
    after jsonb
);
CREATE INDEX audit_of_organization ON audit (organization_id, id);
CREATE INDEX audit_of_entity ON audit (organization_id, entity, entity_id, id);
CREATE INDEX audit_of_import ON audit (organization_id, import_id) WHERE import_id IS NOT NULL;

-- Every change of master data and of who may do what, whichever way it came, as one statement.
CREATE FUNCTION record_changes() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    unseen text[] := ARRAY['updated_at', 'version', 'last_used_at', 'digest'];
    who uuid := current_person();
    import uuid := current_import();
    request text := nullif(current_setting('routeplanner.request_id', true), '');
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO audit
            (organization_id, person_id, request_id, import_id, action, entity, entity_id, after)
        SELECT current_organization(), who, request, import, 'created', TG_TABLE_NAME, n.id,
            to_jsonb(n) - unseen
        FROM new_rows n;
    ELSIF TG_OP = 'UPDATE' THEN
        INSERT INTO audit
            (organization_id, person_id, request_id, import_id, action, entity, entity_id,
             before, after)
        SELECT current_organization(), who, request, import, 'updated', TG_TABLE_NAME, o.id,
            to_jsonb(o) - unseen, to_jsonb(n) - unseen
        FROM old_rows o JOIN new_rows n USING (id)
        WHERE to_jsonb(o) - unseen IS DISTINCT FROM to_jsonb(n) - unseen;
    ELSE
        INSERT INTO audit
            (organization_id, person_id, request_id, import_id, action, entity, entity_id, before)
        SELECT current_organization(), who, request, import, 'deleted', TG_TABLE_NAME, o.id,
            to_jsonb(o) - unseen
        FROM old_rows o;
    END IF;
    RETURN NULL;
END $$;

DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY
        ARRAY['organizations', 'people', 'keys', 'accounts', 'reps', 'stores', 'policies']
    LOOP
        EXECUTE format('CREATE TRIGGER record_inserts AFTER INSERT ON %I
            REFERENCING NEW TABLE AS new_rows
            FOR EACH STATEMENT EXECUTE FUNCTION record_changes()', name);
        EXECUTE format('CREATE TRIGGER record_updates AFTER UPDATE ON %I
            REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
            FOR EACH STATEMENT EXECUTE FUNCTION record_changes()', name);
        EXECUTE format('CREATE TRIGGER record_deletes AFTER DELETE ON %I
            REFERENCING OLD TABLE AS old_rows
            FOR EACH STATEMENT EXECUTE FUNCTION record_changes()', name);
    END LOOP;
END $$;

-- Whose data a person sees is told of the person, with all reps after and before: those that are
-- either there now or changed, not both.
CREATE FUNCTION record_ties() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO audit
        (organization_id, person_id, request_id, import_id, action, entity, entity_id,
         before, after)
    SELECT current_organization(), current_person(),
        nullif(current_setting('routeplanner.request_id', true), ''), current_import(),
        'updated', 'people', c.person_id,
        jsonb_build_object('reps', ARRAY(
            SELECT external_id FROM reps WHERE (id = ANY(n.reps)) <> (id = ANY(c.reps))
            ORDER BY external_id)),
        jsonb_build_object('reps', ARRAY(
            SELECT external_id FROM reps WHERE id = ANY(n.reps) ORDER BY external_id))
    FROM (SELECT person_id, array_agg(rep_id) AS reps FROM changed_rows GROUP BY person_id) c,
        LATERAL (SELECT ARRAY(
            SELECT rep_id FROM person_reps p WHERE p.person_id = c.person_id) AS reps) n;
    RETURN NULL;
END $$;
CREATE TRIGGER record_inserts AFTER INSERT ON person_reps
    REFERENCING NEW TABLE AS changed_rows FOR EACH STATEMENT EXECUTE FUNCTION record_ties();
CREATE TRIGGER record_deletes AFTER DELETE ON person_reps
    REFERENCING OLD TABLE AS changed_rows FOR EACH STATEMENT EXECUTE FUNCTION record_ties();

-- Event streams listen to one channel for all plans.
CREATE FUNCTION tell_plan_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('plan_events', json_build_object(
        'organization_id', NEW.organization_id, 'plan_id', NEW.plan_id, 'id', NEW.id,
        'event', NEW.event, 'data', NEW.data)::text);
    RETURN NULL;
END $$;
CREATE TRIGGER tell_plan_event AFTER INSERT ON plan_events
    FOR EACH ROW EXECUTE FUNCTION tell_plan_event();

-- Tenancy. `routeplanner_app` sees one organization, the owner of the tables too (FORCE).
DO $$
DECLARE name text;
BEGIN
    ALTER TABLE organizations ENABLE ROW LEVEL SECURITY;
    ALTER TABLE organizations FORCE ROW LEVEL SECURITY;
    CREATE POLICY tenant ON organizations
        USING (id = current_organization()) WITH CHECK (id = current_organization());
    FOREACH name IN ARRAY ARRAY[
        'people', 'keys', 'accounts', 'reps', 'person_reps', 'stores', 'policies', 'scenarios',
        'plans', 'plan_events', 'plan_reviews', 'imports', 'import_rows', 'idempotency', 'audit'
    ] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY tenant ON %I
            USING (organization_id = current_organization())
            WITH CHECK (organization_id = current_organization())', name);
    END LOOP;
END $$;

-- A key is found by its digest before its organization is known.
CREATE POLICY presented ON keys FOR SELECT USING (
    encode(digest, 'hex') = nullif(current_setting('routeplanner.key_digest', true), '')
);

GRANT USAGE ON SCHEMA public TO routeplanner_app, routeplanner_system;
GRANT SELECT, INSERT, UPDATE ON organizations, people, keys, accounts, reps, stores, policies,
    plans, plan_reviews, imports TO routeplanner_app;
GRANT SELECT, INSERT, DELETE ON person_reps, import_rows TO routeplanner_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON idempotency TO routeplanner_app;
GRANT SELECT, INSERT ON scenarios, plan_events, audit TO routeplanner_app;

-- `routeplanner_system` looks after jobs of all organizations and sees no more than they need.
CREATE POLICY system ON organizations FOR SELECT TO routeplanner_system USING (true);
CREATE POLICY system ON plans FOR SELECT TO routeplanner_system USING (true);
CREATE POLICY system ON imports FOR SELECT TO routeplanner_system USING (true);
CREATE POLICY system ON idempotency TO routeplanner_system USING (true);
CREATE POLICY system ON plan_events TO routeplanner_system USING (event = 'progress');
GRANT SELECT (id, name) ON organizations TO routeplanner_system;
GRANT SELECT (id, organization_id, status, attempt, lease_until, queued_at)
    ON plans, imports TO routeplanner_system;
GRANT SELECT (organization_id, created_at), DELETE ON idempotency TO routeplanner_system;
GRANT SELECT (plan_id, at, event), DELETE ON plan_events TO routeplanner_system;

-- Jobs are enqueued in the transaction that writes their row. The INSERT returns the id, and its
-- refusal of a second entry is known by the queueing lock.
GRANT INSERT ON procrastinate_jobs, procrastinate_events TO routeplanner_app;
GRANT SELECT (id, queueing_lock) ON procrastinate_jobs TO routeplanner_app;
GRANT SELECT (status, queueing_lock) ON procrastinate_jobs TO routeplanner_system;
GRANT SELECT ON procrastinate_workers, alembic_version TO routeplanner_system;
GRANT USAGE ON SEQUENCE procrastinate_jobs_id_seq, procrastinate_events_id_seq TO routeplanner_app;
