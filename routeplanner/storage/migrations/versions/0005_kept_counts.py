"""Keep counts of KPIs; write one index less of the audit trail; take back a right."""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_TABLE = """
CREATE TABLE kpi_counts (
    organization_id uuid NOT NULL REFERENCES organizations (id),
    rep_id uuid NOT NULL,
    from_date date NOT NULL, -- of a whole calendar week, month, quarter or year
    until date NOT NULL, -- the last day, included
    digest bytea NOT NULL, -- of everything that was counted, and by which rules
    counts json NOT NULL,
    counted_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (organization_id, rep_id, from_date, until),
    FOREIGN KEY (organization_id, rep_id) REFERENCES reps (organization_id, id)
);
ALTER TABLE kpi_counts ENABLE ROW LEVEL SECURITY;
ALTER TABLE kpi_counts FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON kpi_counts
    USING (organization_id = current_organization())
    WITH CHECK (organization_id = current_organization());
GRANT SELECT, INSERT, UPDATE ON kpi_counts TO routeplanner_app;
"""
# By ids and versions is known whether visits are still those that were counted; so no visit may
# change under its version, whoever changes it. The index holds both.
_VERSIONS = """
CREATE FUNCTION refuse_old_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a row of % is changed without a new version', TG_TABLE_NAME;
END $$;
CREATE TRIGGER refuse_old_version BEFORE UPDATE ON visits
    FOR EACH ROW WHEN (NEW.version <= OLD.version) EXECUTE FUNCTION refuse_old_version();
DROP INDEX visits_of_rep;
CREATE INDEX visits_of_rep ON visits (organization_id, rep_id, date, id) INCLUDE (version);
"""
# One index less is written with every change: the key of the audit trail finds its pages too.
_AUDIT = """
ALTER TABLE audit DROP CONSTRAINT audit_pkey;
DROP INDEX audit_of_organization;
ALTER TABLE audit ADD PRIMARY KEY (organization_id, id);
"""
_BACK = """
ALTER TABLE audit DROP CONSTRAINT audit_pkey;
ALTER TABLE audit ADD PRIMARY KEY (id);
CREATE INDEX audit_of_organization ON audit (organization_id, id);
DROP TABLE kpi_counts;
DROP TRIGGER refuse_old_version ON visits;
DROP FUNCTION refuse_old_version;
DROP INDEX visits_of_rep;
CREATE INDEX visits_of_rep ON visits (organization_id, rep_id, date, id);
GRANT UPDATE ON publication_days TO routeplanner_app;
"""


def upgrade() -> None:
    """Create the table; see to it that visits are known by their versions."""
    op.execute(_TABLE)
    op.execute(_VERSIONS)
    op.execute(_AUDIT)
    op.execute("REVOKE UPDATE ON publication_days FROM routeplanner_app")


def downgrade() -> None:
    """Drop what is kept: it can be counted again."""
    op.execute(_BACK)
