"""Studies: questions of a scenario that many plans answer, as jobs."""

from typing import Any

from alembic import op
from alembic.util import CommandError

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_TABLE = """
    CREATE TABLE studies (
        id uuid PRIMARY KEY,
        organization_id uuid NOT NULL REFERENCES organizations (id),
        name text NOT NULL,
        kind text NOT NULL CHECK (kind IN ('what_if', 'prices', 'fit')),
        scenario_id uuid NOT NULL,
        warm_start_plan_id uuid, -- that every search begins with
        options json NOT NULL, -- what is asked, and how each plan is searched for
        status text NOT NULL CHECK (
            status IN ('queued', 'solving', 'solved', 'canceled', 'failed')
        ),
        attempt integer NOT NULL DEFAULT 0, -- every write of a worker is conditional on its own
        failed_attempts integer NOT NULL DEFAULT 0,
        lease_until timestamptz,
        cancel_requested_at timestamptz,
        progress jsonb,
        failure jsonb, -- code, message, issues
        result json,
        plans jsonb, -- that were kept as drafts: alternative, plan_id, scenario_id
        created_by uuid,
        queued_at timestamptz NOT NULL DEFAULT now(),
        solving_at timestamptz,
        solved_at timestamptz,
        canceled_at timestamptz,
        failed_at timestamptz,
        UNIQUE (organization_id, id),
        FOREIGN KEY (organization_id, scenario_id) REFERENCES scenarios (organization_id, id),
        FOREIGN KEY (organization_id, warm_start_plan_id) REFERENCES plans (organization_id, id),
        FOREIGN KEY (organization_id, created_by) REFERENCES people (organization_id, id)
    );
    CREATE INDEX studies_of_scenario ON studies (organization_id, scenario_id);
    CREATE INDEX studies_unfinished ON studies (lease_until)
        WHERE status IN ('queued', 'solving');

    ALTER TABLE studies ENABLE ROW LEVEL SECURITY;
    ALTER TABLE studies FORCE ROW LEVEL SECURITY;
    CREATE POLICY tenant ON studies
        USING (organization_id = current_organization())
        WITH CHECK (organization_id = current_organization());
    GRANT SELECT, INSERT, UPDATE ON studies TO routeplanner_app;

    CREATE POLICY system ON studies FOR SELECT TO routeplanner_system USING (true);
    GRANT SELECT (id, organization_id, status, attempt, lease_until, queued_at)
        ON studies TO routeplanner_system;
"""


def upgrade() -> None:
    """Create the table with its policies and grants."""
    # Without parameters psycopg takes many statements at once.
    driver: Any = op.get_bind().connection.driver_connection
    driver.execute(_TABLE)


def downgrade() -> None:
    """Refuse: results of studies would be lost."""
    raise CommandError("There is no way back from migration 0006; restore a back-up instead.")
