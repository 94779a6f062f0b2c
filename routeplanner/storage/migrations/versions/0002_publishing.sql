-- Publications lay plans on dates; visits come of them; reports say what became of visits.

CREATE TABLE publications (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL REFERENCES organizations (id),
    plan_id uuid NOT NULL,
    start_date date NOT NULL,
    until date NOT NULL, -- the last day, included
    first_week integer NOT NULL, -- of the cycle, in the calendar week of the start date
    lost_weeks text NOT NULL CHECK (lost_weeks IN ('run_on', 'pause')),
    options json NOT NULL, -- as asked for: country, days, absences, rules for lost days
    calendar json NOT NULL, -- days off, make-up days, last days of stores as they were known then
    published_by uuid,
    published_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (organization_id, id),
    FOREIGN KEY (organization_id, plan_id) REFERENCES plans (organization_id, id),
    FOREIGN KEY (organization_id, published_by) REFERENCES people (organization_id, id),
    CHECK (start_date <= until)
);
CREATE INDEX publications_of_plan ON publications (organization_id, plan_id);

CREATE TABLE publication_reps (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL REFERENCES organizations (id),
    publication_id uuid NOT NULL,
    rep_id uuid NOT NULL,
    status text NOT NULL CHECK (status IN ('published', 'superseded', 'withdrawn')),
    driven_until date, -- cut by what superseded it; none: no day of it is left
    n_visits integer NOT NULL, -- laid on dates when it was published
    n_shifted integer NOT NULL,
    n_skipped integer NOT NULL,
    superseded_by uuid, -- the publication
    ended_at timestamptz, -- when it was superseded or withdrawn
    UNIQUE (organization_id, id),
    UNIQUE (organization_id, publication_id, rep_id),
    FOREIGN KEY (organization_id, publication_id) REFERENCES publications (organization_id, id),
    FOREIGN KEY (organization_id, superseded_by) REFERENCES publications (organization_id, id),
    FOREIGN KEY (organization_id, rep_id) REFERENCES reps (organization_id, id)
);
CREATE INDEX publication_reps_of_rep ON publication_reps (organization_id, rep_id);

-- The primary key is the promise: a rep drives one published plan a day.
CREATE TABLE publication_days (
    organization_id uuid NOT NULL REFERENCES organizations (id),
    rep_id uuid NOT NULL,
    date date NOT NULL,
    publication_id uuid NOT NULL,
    working_minutes double precision, -- without lunch; none: a day off
    is_absent boolean NOT NULL, -- a working day on which the rep is away
    PRIMARY KEY (organization_id, rep_id, date),
    FOREIGN KEY (organization_id, publication_id, rep_id)
        REFERENCES publication_reps (organization_id, publication_id, rep_id)
);
CREATE INDEX publication_days_by_date ON publication_days (organization_id, date);
CREATE INDEX publication_days_of_publication
    ON publication_days (organization_id, publication_id, rep_id);

CREATE TABLE publication_changes (
    organization_id uuid NOT NULL,
    publication_id uuid NOT NULL,
    number integer NOT NULL, -- by date, rep and class
    rep_id uuid NOT NULL,
    store_id uuid NOT NULL,
    store_class text NOT NULL,
    from_date date NOT NULL,
    to_date date, -- none: skipped
    cause text NOT NULL,
    cause_name text NOT NULL,
    changed_by text NOT NULL,
    obstacle text,
    PRIMARY KEY (publication_id, number),
    FOREIGN KEY (organization_id, publication_id) REFERENCES publications (organization_id, id),
    FOREIGN KEY (organization_id, rep_id) REFERENCES reps (organization_id, id),
    FOREIGN KEY (organization_id, store_id) REFERENCES stores (organization_id, id)
);

CREATE TABLE publication_frequencies (
    organization_id uuid NOT NULL,
    publication_id uuid NOT NULL,
    number integer NOT NULL, -- by class and store
    rep_id uuid NOT NULL,
    store_id uuid NOT NULL,
    store_class text NOT NULL,
    required integer NOT NULL, -- visits that the unbroken cycle lays in the period
    reached integer NOT NULL,
    PRIMARY KEY (publication_id, number),
    FOREIGN KEY (organization_id, publication_id) REFERENCES publications (organization_id, id),
    FOREIGN KEY (organization_id, rep_id) REFERENCES reps (organization_id, id),
    FOREIGN KEY (organization_id, store_id) REFERENCES stores (organization_id, id)
);

-- The id of a published visit follows from plan, store and date, that of an ad hoc one may be the
-- caller's, so that visits can be opened without a network. It is unique in the organization.
CREATE TABLE visits (
    organization_id uuid NOT NULL REFERENCES organizations (id),
    id uuid NOT NULL,
    version integer NOT NULL,
    rep_id uuid NOT NULL,
    store_id uuid NOT NULL,
    store_class text NOT NULL, -- on that date; empty: the store had none
    date date NOT NULL,
    origin text NOT NULL CHECK (origin IN ('plan', 'ad_hoc')),
    plan_id uuid,
    publication_id uuid,
    template text NOT NULL DEFAULT '', -- the label of the route that it comes from
    due_date date, -- where the unbroken cycle lays it
    position integer, -- 1-based in the route of the day
    planned_start integer, -- seconds since midnight, local
    planned_minutes double precision, -- in the store
    goals text[] NOT NULL DEFAULT '{}',
    -- What the reports come to; see routeplanner.domain.visit.
    status text NOT NULL CHECK (
        status IN ('planned', 'started', 'done', 'missed', 'skipped', 'canceled')
    ),
    reason text,
    started_at timestamptz,
    ended_at timestamptz,
    minutes double precision, -- in the store, of a visit that is done
    open_points text[] NOT NULL DEFAULT '{}',
    missed_at timestamptz, -- found after the day
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, rep_id) REFERENCES reps (organization_id, id),
    FOREIGN KEY (organization_id, store_id) REFERENCES stores (organization_id, id),
    FOREIGN KEY (organization_id, plan_id) REFERENCES plans (organization_id, id),
    FOREIGN KEY (organization_id, publication_id) REFERENCES publications (organization_id, id),
    CHECK ((origin = 'plan') = (publication_id IS NOT NULL))
);
CREATE INDEX visits_of_rep ON visits (organization_id, rep_id, date, id);
CREATE INDEX visits_of_store ON visits (organization_id, store_id, date, id);
CREATE INDEX visits_by_date ON visits (organization_id, date, id);
CREATE INDEX visits_by_status ON visits (organization_id, status, date, id);
CREATE INDEX visits_of_publication ON visits (organization_id, publication_id, date, id);

-- Reports are only ever added. Of each kind the last recorded one holds.
CREATE TABLE visit_events (
    organization_id uuid NOT NULL REFERENCES organizations (id),
    client_id text NOT NULL, -- the caller's, so that a report that is sent twice is one
    visit_id uuid NOT NULL,
    kind text NOT NULL CHECK (
        kind IN ('check_in', 'check_out', 'skip', 'not_visited', 'cancel')
    ),
    recorded_at timestamptz NOT NULL, -- when it was written down
    at timestamptz, -- of a check-in or check-out
    reason text,
    note text NOT NULL DEFAULT '',
    open_points text[] NOT NULL DEFAULT '{}',
    lat double precision CHECK (lat BETWEEN -90 AND 90),
    lon double precision CHECK (lon BETWEEN -180 AND 180),
    is_withdrawn boolean NOT NULL, -- takes back what was reported of this kind
    ad_hoc_rep_id uuid, -- where the visit is, as a report of an ad hoc visit says
    ad_hoc_store_id uuid,
    ad_hoc_date date,
    received_at timestamptz NOT NULL DEFAULT now(),
    reported_by uuid,
    PRIMARY KEY (organization_id, client_id),
    FOREIGN KEY (organization_id, visit_id) REFERENCES visits (organization_id, id),
    FOREIGN KEY (organization_id, reported_by) REFERENCES people (organization_id, id),
    FOREIGN KEY (organization_id, ad_hoc_rep_id) REFERENCES reps (organization_id, id),
    FOREIGN KEY (organization_id, ad_hoc_store_id) REFERENCES stores (organization_id, id)
);
CREATE INDEX visit_events_of_visit ON visit_events (organization_id, visit_id);

-- Tenancy, as in 0001.
DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY[
        'publications', 'publication_reps', 'publication_days', 'publication_changes',
        'publication_frequencies', 'visits', 'visit_events'
    ] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY tenant ON %I
            USING (organization_id = current_organization())
            WITH CHECK (organization_id = current_organization())', name);
    END LOOP;
END $$;

GRANT SELECT, INSERT ON publications, publication_changes, publication_frequencies, visit_events
    TO routeplanner_app;
GRANT SELECT, INSERT, UPDATE ON publication_reps, visits TO routeplanner_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON publication_days TO routeplanner_app;

-- Visits are missed by the day of their organization.
GRANT SELECT (time_zone) ON organizations TO routeplanner_system;

-- The plan of the trigger's query is kept with the connection, made for as many rows as the first
-- statement had changed. Old and new rows must then not be joined row by row.
ALTER FUNCTION record_changes() SET enable_nestloop = off;

-- The audit trail. Visits that a publication creates are told by the publication itself.
CREATE FUNCTION record_ad_hoc_visits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO audit (organization_id, person_id, request_id, action, entity, entity_id, after)
    SELECT current_organization(), current_person(),
        nullif(current_setting('routeplanner.request_id', true), ''),
        'created', 'visits', n.id, to_jsonb(n) - ARRAY['updated_at', 'version']
    FROM new_rows n WHERE n.origin = 'ad_hoc';
    RETURN NULL;
END $$;

CREATE TRIGGER record_inserts AFTER INSERT ON publications
    REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION record_changes();
CREATE TRIGGER record_inserts AFTER INSERT ON publication_reps
    REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION record_changes();
CREATE TRIGGER record_updates AFTER UPDATE ON publication_reps
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION record_changes();
CREATE TRIGGER record_inserts AFTER INSERT ON visits
    REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION record_ad_hoc_visits();
CREATE TRIGGER record_updates AFTER UPDATE ON visits
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION record_changes();
